//! Predictions for one person, from what they said of photos.

use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Arc;

use paa_sys as sys;

use crate::cancel::Cancel;
use crate::chat::{Chat, ChatReply};
use crate::error::{check, ErrorKind, Result};
use crate::handle::Handle;
use crate::model::Model;
use crate::person::Person;
use crate::photo::Photo;
use crate::run::RunOptions;
use crate::scores::LEVEL_COUNT;
use crate::sized_struct::initialised;
use crate::text;

/// What a [`Predictor`] is made from, besides model and person.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct PredictorOptions {
    population: PathBuf,
    cache: PathBuf,
    chat: Option<Arc<Chat>>,
    chat_id: String,
}

impl PredictorOptions {
    /// The library's defaults.
    pub fn new() -> PredictorOptions {
        PredictorOptions::default()
    }

    /// File of what other people's ratings tell. Default: the model folder's.
    pub fn population(mut self, path: impl AsRef<Path>) -> PredictorOptions {
        self.population = path.as_ref().to_owned();
        self
    }

    /// Folder where what the model saw in photos is remembered. Default: nowhere.
    pub fn cache(mut self, folder: impl AsRef<Path>) -> PredictorOptions {
        self.cache = folder.as_ref().to_owned();
        self
    }

    /// Rates photos on concepts where the population asks for that, by a language model of the caller's: `answer` gets
    /// a request, JSON as of OpenAI's chat completions, and adds the reply's text. Four threads of the library's
    /// call it at once. What needed the reply of one that fails does so with `Cancelled`, if that is the kind, else
    /// with `Io`; a panic goes on out of it.
    pub fn chat(
        mut self,
        answer: impl Fn(&str, &mut ChatReply<'_>) -> std::result::Result<(), ErrorKind> + Send + Sync + 'static,
    ) -> PredictorOptions {
        self.chat = Some(Chat::new(answer));
        self
    }

    /// Tells this language model from others in the cache. Default: nothing is remembered of what it says.
    pub fn chat_id(mut self, id: impl Into<String>) -> PredictorOptions {
        self.chat_id = id.into();
        self
    }
}

/// A photo as a predictor has seen it, by [`Predictor::see`]: a few thousand numbers. Never changes. Of use with the
/// predictor that made it and with others of the same model, profile and concepts.
#[derive(Debug)]
pub struct Seen(Handle<sys::paa_seen>);

impl Seen {
    fn as_ptr(&self) -> *const sys::paa_seen {
        self.0.as_ptr()
    }
}

/// Predicted ratings, in the order in which the photos were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// Expected ratings, on the person's scale.
    pub means: Vec<f64>,
    /// Standard deviations of a rating, same units.
    pub spreads: Vec<f64>,
    /// Standard deviations of the mean alone, which more verdicts take away.
    pub deviations: Vec<f64>,
    /// The probability of each of the [`LEVELS`](crate::LEVELS).
    pub levels: Vec<[f64; LEVEL_COUNT]>,
}

/// What adds to a rating or takes away from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Such as "vivid colours".
    pub text: String,
    /// Points of the person's scale that it adds; below 0: takes away.
    pub points: f64,
}

/// Why a photo is expected to get its rating. `usual` and the points of all reasons sum to the mean before it is cut to
/// the ends of the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What this person usually gives.
    pub usual: f64,
    /// What adds to it or takes away, the strongest first.
    pub reasons: Vec<Reason>,
}

/// What [`Predictor::ask`] looks for.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AskOptions {
    count: Option<usize>,
    pairs: bool,
    threshold: Option<f64>,
}

impl AskOptions {
    /// One question: how many stars.
    pub fn new() -> AskOptions {
        AskOptions::default()
    }

    /// How many questions are wanted, each as if those before were answered; 1.
    pub fn count(mut self, count: usize) -> AskOptions {
        self.count = Some(count);
        self
    }

    /// Asks which of two photos is better, rather than how many stars.
    pub fn pairs(mut self, pairs: bool) -> AskOptions {
        self.pairs = pairs;
        self
    }

    /// Points that an answer must be expected to teach; the population's.
    pub fn threshold(mut self, points: f64) -> AskOptions {
        self.threshold = Some(points);
        self
    }

    fn to_c(&self) -> Result<sys::paa_ask_options> {
        let mut options = initialised(sys::paa_ask_options_init)?;
        options.count = self.count.unwrap_or(options.count);
        options.pairs = self.pairs.into();
        options.threshold = self.threshold.unwrap_or(options.threshold);
        Ok(options)
    }
}

/// What to ask a person next.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedPhoto {
    /// Index of the photo.
    pub photo: usize,
    /// Of a pair, the index of the other one.
    pub other: Option<usize>,
    /// Points that the answer is expected to take off the mean spread.
    pub gain: f64,
}

/// Learns from a person's verdicts, beginning from what other people's ratings tell, and predicts how they rate photos.
/// It keeps what it needs of the model. Threads may share it where it is taken by `&self`.
///
/// ```no_run
/// # fn main() -> paa::Result<()> {
/// let model = paa::Model::load("")?;
/// let mut anna = paa::Person::open("anna.json")?;
/// let photos = [paa::Photo::read("sea.jpg")?, paa::Photo::read("cat.jpg")?];
/// anna.rate(&photos[0], 6.0)?;
///
/// let mut predictor = paa::Predictor::new(&model, &anna)?;
/// let seen = predictor.see(&photos)?;
/// predictor.learn(&mut anna, &seen)?;
/// println!("{:?}", predictor.predict(&seen)?.means);
/// for reason in predictor.explain(&seen[1])?.reasons {
///     println!("{:+.1}  {}", reason.points, reason.text);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Predictor {
    handle: Handle<sys::paa_predictor>, // freed before the closure that it may call
    chat: Option<Arc<Chat>>,
}

impl Predictor {
    /// Makes a predictor that knows the person's profile and concepts and predicts from them alone; verdicts come with
    /// [`Predictor::learn`].
    ///
    /// # Errors
    /// `NotFound` (a model without population), `Mismatch` (a population of another model), `BadFormat`, `Io`,
    /// `LimitExceeded` (a profile too long), `OutOfMemory`.
    pub fn new(model: &Model, person: &Person) -> Result<Predictor> {
        Predictor::new_with(model, person, PredictorOptions::new())
    }

    /// The same with options.
    ///
    /// # Errors
    /// As [`Predictor::new`].
    pub fn new_with(model: &Model, person: &Person, options: PredictorOptions) -> Result<Predictor> {
        let mut c = initialised(sys::paa_predictor_options_init)?;
        (c.population, c.population_size) = text::of_path(&options.population);
        (c.cache, c.cache_size) = text::of_path(&options.cache);
        (c.chat, c.chat_user_data) = Chat::to_c(options.chat.as_ref());
        (c.chat_id, c.chat_id_size) = (options.chat_id.as_ptr().cast(), options.chat_id.len());
        // SAFETY: live handles and texts; the closure lives as long as the predictor.
        let made = Handle::made_by(|out| unsafe { sys::paa_predictor_new(out, model.as_ptr(), person.as_ptr(), &c) });
        let handle = Chat::resume_panic(options.chat.as_ref(), made)?;
        Ok(Predictor { handle, chat: options.chat })
    }

    /// Lets the model look at photos, as they were decoded. Gives what was seen in the same order.
    ///
    /// # Errors
    /// `InvalidArgument` (photos that [`Model::fit`] made), `Io` (the cache, or the chat closure failed), `Cancelled`
    /// (by the chat closure), `OutOfMemory`.
    pub fn see(&mut self, photos: &[impl Borrow<Photo>]) -> Result<Vec<Seen>> {
        self.see_with(photos, RunOptions::new())
    }

    /// The same, watched.
    ///
    /// # Errors
    /// As [`Predictor::see`]; also `Cancelled`.
    pub fn see_with(&mut self, photos: &[impl Borrow<Photo>], run: RunOptions<'_>) -> Result<Vec<Seen>> {
        let photos: Vec<_> = photos.iter().map(|photo| photo.borrow().as_ptr()).collect();
        let mut made = vec![ptr::null_mut(); photos.len()];
        // SAFETY: live handles, of which nothing else uses the predictor, and an array for as many.
        let result = run.call(|options| unsafe {
            sys::paa_predictor_see(made.as_mut_ptr(), self.handle.as_ptr(), photos.as_ptr(), photos.len(), options)
        });
        Chat::resume_panic(self.chat.as_ref(), result)?;
        // SAFETY: the call has succeeded, so the handles are ours.
        Ok(made.into_iter().map(|pointer| Seen(unsafe { Handle::owned(pointer) })).collect())
    }

    /// Learns from all verdicts of `person` anew. Of photos in `seen` what was seen is written to the person, of other
    /// rated photos the files are looked at where the person last had them, and written, too, so that they may go
    /// afterwards. Gives the number of photos that could not be found: verdicts about them do not count yet.
    ///
    /// # Errors
    /// `InvalidArgument` (a photo of another predictor's), `Io`, `OutOfMemory`.
    pub fn learn(&mut self, person: &mut Person, seen: &[impl Borrow<Seen>]) -> Result<usize> {
        self.learn_until(person, seen, None)
    }

    /// The same, as long as `cancel` is not raised.
    ///
    /// # Errors
    /// As [`Predictor::learn`]; also `Cancelled`.
    pub fn learn_until(
        &mut self,
        person: &mut Person,
        seen: &[impl Borrow<Seen>],
        cancel: Option<&Cancel>,
    ) -> Result<usize> {
        let seen = pointers(seen);
        let cancel = Cancel::optional(cancel);
        let mut unseen = 0;
        // SAFETY: live handles, of which nothing else uses predictor and person.
        let result = check(unsafe {
            let person = person.as_mut_ptr();
            sys::paa_predictor_learn(&mut unseen, self.handle.as_ptr(), person, seen.as_ptr(), seen.len(), cancel)
        });
        Chat::resume_panic(self.chat.as_ref(), result)?;
        Ok(unseen)
    }

    /// Predicts the person's ratings of photos.
    ///
    /// # Errors
    /// `InvalidArgument` (a photo of another predictor's), `OutOfMemory`.
    pub fn predict(&self, photos: &[impl Borrow<Seen>]) -> Result<Predictions> {
        let photos = pointers(photos);
        let zeros = vec![0.0; photos.len()];
        let (mut means, mut spreads, mut deviations) = (zeros.clone(), zeros.clone(), zeros);
        let mut levels = vec![[0.0; LEVEL_COUNT]; photos.len()];
        // SAFETY: live handles, and arrays for as many predictions as there are photos.
        check(unsafe {
            sys::paa_predictor_predict(
                means.as_mut_ptr(),
                spreads.as_mut_ptr(),
                deviations.as_mut_ptr(),
                levels.as_mut_ptr().cast(),
                self.handle.as_ptr(),
                photos.as_ptr(),
                photos.len(),
            )
        })?;
        Ok(Predictions { means, spreads, deviations, levels })
    }

    /// Takes a prediction apart.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn explain(&self, photo: &Seen) -> Result<Explanation> {
        let (mut usual, mut count) = (0.0, 0);
        // SAFETY: live handles and places to write to.
        let reasons = Handle::made_by(|out| unsafe {
            sys::paa_predictor_explain(out, &mut usual, &mut count, self.handle.as_ptr(), photo.as_ptr())
        })?;
        let reason = |index| {
            let (mut data, mut size, mut points) = (ptr::null(), 0, 0.0);
            // SAFETY: a live handle and places to write to; the text lives as long as the reasons.
            unsafe {
                check(sys::paa_reasons_get(&mut data, &mut size, &mut points, reasons.as_ptr(), index))?;
                Ok(Reason { text: text::copied(data, size), points })
            }
        };
        Ok(Explanation { usual, reasons: (0..count).map(reason).collect::<Result<_>>()? })
    }

    /// What to ask the person next: of these photos, those whose ratings would make the predictions for all of them
    /// surest. What was asked before (verdicts, [`Person::skip`]) is left out. Gives questions, perhaps none, the best
    /// first.
    ///
    /// # Errors
    /// As [`Predictor::predict`]; also `InvalidArgument` (options out of range).
    pub fn ask(&self, person: &Person, seen: &[impl Borrow<Seen>], options: &AskOptions) -> Result<Vec<AskedPhoto>> {
        let mut c = options.to_c()?;
        let seen = pointers(seen);
        // No more than there can be, so that the arrays fit into memory whatever is asked for.
        let most = if options.pairs { seen.len().saturating_mul(seen.len()) } else { seen.len() };
        c.count = c.count.min(most.max(1));
        let (mut photos, mut others, mut gains) = (vec![0; c.count], vec![0; c.count], vec![0.0; c.count]);
        let mut found = 0;
        // SAFETY: live handles, and arrays for as many questions as the options want.
        check(unsafe {
            sys::paa_predictor_ask(
                &mut found,
                photos.as_mut_ptr(),
                others.as_mut_ptr(),
                gains.as_mut_ptr(),
                self.handle.as_ptr(),
                person.as_ptr(),
                seen.as_ptr(),
                seen.len(),
                &c,
            )
        })?;
        let asked = |index: usize| AskedPhoto {
            photo: photos[index],
            other: options.pairs.then(|| others[index]),
            gain: gains[index],
        };
        Ok((0..found).map(asked).collect())
    }
}

fn pointers(seen: &[impl Borrow<Seen>]) -> Vec<*const sys::paa_seen> {
    seen.iter().map(|one| one.borrow().as_ptr()).collect()
}
