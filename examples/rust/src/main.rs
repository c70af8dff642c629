//! Scores photos for the person that a profile describes, through the crate `paa` (docs/rust.md).
//!
//!     score MODEL PROFILE.json PHOTO...        MODEL is a folder or a name; "" is the default model
//!
//! Prints a line a photo: expected rating, its standard deviation, path. A photo that cannot be read does not stop the
//! others; the exit status is then 1.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use paa::{Model, Photo, Prepared, Profile};

fn complain(what: &str, error: &paa::Error) {
    eprintln!("score: {what}: {error}");
}

fn load(model: &OsStr, profile: &OsStr) -> Result<(Model, Prepared), ExitCode> {
    let failed = |what| {
        move |error| {
            complain(what, &error);
            ExitCode::FAILURE
        }
    };
    let model = Model::load(model).map_err(failed("the model"))?;
    let profile = Profile::read(profile).map_err(failed("the profile"))?;
    let person = model.prepare(&profile).map_err(failed("the profile"))?;
    Ok((model, person))
}

/// Expected rating and standard deviation. The photo is decoded, seen by the vision encoder and scored; nothing else
/// remains of it.
fn score_photo(model: &Model, person: &Prepared, path: &Path) -> paa::Result<(f64, f64)> {
    let tokens = model.encode(&[Photo::read(path)?])?;
    let scores = model.score_photos(person, &tokens)?;
    Ok((scores.means[0], scores.spreads[0]))
}

fn score_all(model: &Model, person: &Prepared, paths: &[OsString]) -> ExitCode {
    let mut status = ExitCode::SUCCESS;
    for path in paths.iter().map(Path::new) {
        match score_photo(model, person, path) {
            Ok((mean, spread)) => println!("{mean:.4}  {spread:.4}  {}", path.display()),
            Err(error) => {
                complain(&path.display().to_string(), &error);
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    if let [model, profile, paths @ ..] = arguments.as_slice() {
        if !paths.is_empty() {
            return match load(model, profile) {
                Ok((model, person)) => score_all(&model, &person, paths),
                Err(status) => status,
            };
        }
    }
    eprintln!("usage: score MODEL PROFILE.json PHOTO...");
    ExitCode::from(2)
}
