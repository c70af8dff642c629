//! What is said of a person, and what a model makes of it.

use std::path::Path;
use std::ptr;

use paa_sys as sys;

use crate::error::{check, Result};
use crate::handle::Handle;
use crate::text;

/// What is said of a person. Never changes.
#[derive(Debug)]
pub struct Profile(Handle<sys::paa_profile>);

impl Profile {
    /// Reads a profile, a JSON object such as `{"age": 34, "gender": "female", "about": "I like quiet landscapes."}`.
    /// All fields may be missing: `{}` is anyone.
    ///
    /// # Errors
    /// `BadFormat` (not JSON, an unknown field, a wrong type, a value out of range; the message names it),
    /// `LimitExceeded`.
    pub fn from_json(json: &str) -> Result<Profile> {
        // SAFETY: `json` is a live slice, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_profile_from_json(out, json.as_ptr().cast(), json.len()) }).map(Profile)
    }

    /// The same from a file.
    ///
    /// # Errors
    /// As [`Profile::from_json`]; also `NotFound`, `Io`, `InvalidArgument` (an empty path).
    pub fn read(path: impl AsRef<Path>) -> Result<Profile> {
        let (data, size) = text::of_path(path.as_ref());
        // SAFETY: as above.
        Handle::made_by(|out| unsafe { sys::paa_profile_read(out, data, size) }).map(Profile)
    }

    pub(crate) fn new(handle: Handle<sys::paa_profile>) -> Profile {
        Profile(handle)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_profile {
        self.0.as_ptr()
    }
}

/// A profile as one model has read it, by [`Model::prepare`](crate::Model::prepare). Never changes; of use only with a
/// model of the same hash.
#[derive(Debug)]
pub struct Prepared {
    handle: Handle<sys::paa_prepared>,
    text: String,
}

impl Prepared {
    pub(crate) fn new(handle: Handle<sys::paa_prepared>) -> Result<Prepared> {
        let (mut data, mut size) = (ptr::null(), 0);
        // SAFETY: a live handle; the text lives as long as it.
        let text = unsafe {
            check(sys::paa_prepared_text(&mut data, &mut size, handle.as_ptr()))?;
            text::copied(data, size)
        };
        Ok(Prepared { handle, text })
    }

    /// The profile in the words the model reads, such as "a woman, 30 to 34 years old, university.".
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_prepared {
        self.handle.as_ptr()
    }
}
