//! How one particular person will rate a photo, predicted from a profile alone. Safe Rust over `libpaa_capi`, the C
//! library of paa, which must have been built before.
//!
//! | | | |
//! |---|---|---|
//! | load a model | [`Model::load`] | |
//! | describe a person | [`Profile::from_json`], [`Profile::read`], then [`Model::prepare`] | once a person |
//! | look at photos | [`Photo::read`], [`Photo::decode`], [`Photo::from_rgb`], then [`Model::encode`] | once a photo |
//! | score | [`Model::score_photos`] (one person), [`Model::score_people`] (one photo) | |
//!
//! And for one person who says what they think of photos:
//!
//! | | |
//! |---|---|
//! | open their file | [`Person::open`], then [`Person::rate`], [`Person::choose`] ...; [`Interview::begin`] to ask |
//! | learn | [`Predictor::new`], [`Predictor::see`] (once a photo), [`Predictor::learn`] |
//! | predict | [`Predictor::predict`], [`Predictor::explain`]; [`Predictor::ask`]: what to ask them next |
//!
//! ```no_run
//! use paa::{Model, Photo, Profile};
//!
//! fn main() -> paa::Result<()> {
//!     let model = Model::load("")?; // the default
//!     let person = model.prepare(&Profile::from_json(r#"{"age": 30, "interests": ["hiking"]}"#)?)?;
//!     let photos = model.encode(&[Photo::read("sea.jpg")?, Photo::read("cat.jpg")?])?;
//!     println!("{:?}", model.score_photos(&person, &photos)?.means);
//!     Ok(())
//! }
//! ```
//!
//! Rules that hold everywhere:
//! - What a call makes belongs to the caller and is freed when dropped, in any order.
//! - Threads may share everything that a call takes by reference; what changes something takes `&mut self`.
//! - Paths are passed to the system as they are; one with a zero byte inside is refused.
//! - Nothing is printed. See [`set_log_callback`].
#![deny(missing_docs, missing_debug_implementations, unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
#![deny(rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)]

#[cfg(not(unix))]
compile_error!("paa passes paths as the bytes that Unix has them in; other systems are not supported yet");

mod cancel;
mod chat;
mod error;
mod features;
mod handle;
mod interview;
mod load_options;
mod log;
mod metrics;
mod model;
mod person;
mod photo;
mod predictor;
mod profile;
mod run;
mod scores;
mod sized_struct;
mod text;

pub use cancel::Cancel;
pub use chat::ChatReply;
pub use error::{Error, ErrorKind, Result};
pub use features::Features;
pub use interview::{Interview, InterviewOptions, InterviewQuestion};
pub use load_options::{LoadOptions, Precision};
pub use log::{clear_log_callback, set_log_callback, LogLevel};
pub use metrics::Metrics;
pub use model::{Model, ModelInfo};
pub use person::{Concept, Person, PersonInfo, Preference, Said, Verdict};
pub use photo::{Photo, PhotoOptions, Tokens};
pub use predictor::{AskOptions, AskedPhoto, Explanation, Predictions, Predictor, PredictorOptions, Reason, Seen};
pub use profile::{Prepared, Profile};
pub use run::RunOptions;
pub use scores::{Scores, LEVELS, LEVEL_COUNT};

/// The C library's version, `MAJOR.MINOR.PATCH`.
///
/// ```
/// assert_eq!(paa::version().split('.').count(), 3);
/// ```
pub fn version() -> &'static str {
    // SAFETY: a zero-terminated text that is never freed.
    unsafe { text::of_static(paa_sys::paa_version()) }
}

/// The page of the documentation, whose programs must compile.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/rust.md")]
struct Page;
