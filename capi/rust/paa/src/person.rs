//! Everything that is known of one person, in a file of their own.

use std::path::Path;
use std::ptr;

use paa_sys as sys;

use crate::error::{check, Error, Result};
use crate::handle::Handle;
use crate::photo::Photo;
use crate::profile::Profile;
use crate::sized_struct::initialised;
use crate::text;

/// Numbers about a [`Person`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PersonInfo {
    /// The lowest rating of the person's scale; 1 unless it was set.
    pub scale_low: f64,
    /// The highest; 7.
    pub scale_high: f64,
    /// Verdicts that hold, not those that were changed later.
    pub verdicts: usize,
    /// Likes and dislikes from interviews.
    pub preferences: usize,
    /// The person's own concepts.
    pub concepts: usize,
    /// Finished interviews.
    pub interviews: usize,
}

/// What was said of a photo, or of two. Photos are named by their [hash](Photo::hash).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Said {
    /// "I give this photo so many stars."
    Stars {
        /// The photo.
        photo: String,
        /// On the person's scale.
        stars: f64,
    },
    /// "I like this one more than that one."
    Preference {
        /// The one liked more.
        better: String,
        /// The other one.
        worse: String,
    },
    /// "I keep this photo."
    Keep {
        /// The photo.
        photo: String,
    },
    /// "I throw this photo away."
    Reject {
        /// The photo.
        photo: String,
    },
}

/// A verdict of a person's.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// What was said.
    pub said: Said,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub time_ms: i64,
}

/// A like or dislike that was understood in an interview.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Preference {
    /// "dislikes crowded beaches".
    pub statement: String,
    /// In the person's words: "crowded beaches".
    pub subject: String,
    /// What they said, as it stands in their answer.
    pub quote: String,
    /// Whether they like it.
    pub likes: bool,
    /// 1 mild, 2, 3 strong.
    pub strength: u32,
    /// 0 to 1: how sure the reader is that this was meant.
    pub confidence: f64,
}

/// What photos are rated on for one person: a question with two ends.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Concept {
    /// By which it is known: unique within the person.
    pub name: String,
    /// "How much of old boats is in this photo?"
    pub question: String,
    /// What the one end means.
    pub low: String,
    /// What the other end means.
    pub high: String,
    /// What the person said of the high end: -3 (dislikes it strongly) to 3; 0: nothing, or both.
    pub stated: f64,
    /// Whether it counts; the person may switch it off.
    pub enabled: bool,
}

/// Everything that is known of one person: profile, verdicts about photos, preferences from interviews, concepts. One
/// file that the person owns, or only in memory.
///
/// What changes the person takes `&mut self`; it is on the disk when the call returns, written in one step. Other
/// programs may write to the file between calls, and nothing of theirs is lost. After a failure the person is as
/// before.
///
/// ```
/// # fn main() -> paa::Result<()> {
/// let mut person = paa::Person::new()?; // in memory; Person::open("anna.json") keeps it
/// let (sea, cat) = (paa::Photo::from_rgb(&[40, 90, 160], 1, 1)?, paa::Photo::from_rgb(&[90, 70, 60], 1, 1)?);
/// person.rate(&sea, 6.0)?;
/// person.choose(&sea, &cat)?;
/// assert_eq!(person.info()?.verdicts, 2);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Person(Handle<sys::paa_person>);

impl Person {
    /// A new person, in memory only.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn new() -> Result<Person> {
        // SAFETY: no path; `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_person_open(out, ptr::null(), 0) }).map(Person)
    }

    /// Opens a person file. It need not exist: the first change makes it.
    ///
    /// # Errors
    /// `BadFormat`, `Unsupported` (written by a newer version), `Io`, `InvalidArgument` (an empty path).
    pub fn open(path: impl AsRef<Path>) -> Result<Person> {
        let (data, size) = text::of_path(path.as_ref());
        if size == 0 {
            return Err(Error::invalid_argument("path is empty; Person::new makes a person in memory".to_owned()));
        }
        // SAFETY: a live path; `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_person_open(out, data, size) }).map(Person)
    }

    /// The same in memory, from what [`Person::to_json`] made: for programs that keep it elsewhere.
    ///
    /// # Errors
    /// `BadFormat`, `Unsupported` (written by a newer version).
    pub fn from_json(json: &str) -> Result<Person> {
        // SAFETY: a live text; `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_person_from_json(out, json.as_ptr().cast(), json.len()) }).map(Person)
    }

    /// The whole person as the text of a person file.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn to_json(&self) -> Result<String> {
        // SAFETY: a live handle; `out` can be written to.
        text::made_by(|out| unsafe { sys::paa_person_to_json(out, self.as_ptr()) })
    }

    /// Takes in what other programs have written to the file since. Does nothing in memory.
    ///
    /// # Errors
    /// As [`Person::open`].
    pub fn reload(&mut self) -> Result<()> {
        // SAFETY: a live handle that nothing else uses.
        check(unsafe { sys::paa_person_reload(self.as_mut_ptr()) })
    }

    /// Deletes a person file, its lock and an unfinished interview.
    ///
    /// # Errors
    /// `NotFound` (there is none), `Io`, `InvalidArgument` (an empty path).
    pub fn delete_file(path: impl AsRef<Path>) -> Result<()> {
        let (data, size) = text::of_path(path.as_ref());
        // SAFETY: a live path.
        check(unsafe { sys::paa_person_delete_file(data, size) })
    }

    /// Scale and counts.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn info(&self) -> Result<PersonInfo> {
        let mut info = initialised(sys::paa_person_info_init)?;
        // SAFETY: an initialised struct and a live handle.
        check(unsafe { sys::paa_person_describe(&mut info, self.as_ptr()) })?;
        Ok(PersonInfo {
            scale_low: info.scale_low,
            scale_high: info.scale_high,
            verdicts: info.verdict_count,
            preferences: info.preference_count,
            concepts: info.concept_count,
            interviews: info.interview_count,
        })
    }

    /// What the person says of themselves.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn profile(&self) -> Result<Profile> {
        // SAFETY: a live handle; `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_person_profile(out, self.as_ptr()) }).map(Profile::new)
    }

    /// Puts `profile` in place of the old one. Predictors made before keep the old one.
    ///
    /// # Errors Of this and of all that change the person: `Io` (disk full, locked by another program for ten seconds),
    /// `BadFormat` (somebody has damaged the file), `OutOfMemory`.
    pub fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        // SAFETY: live handles; nothing else uses the person.
        check(unsafe { sys::paa_person_set_profile(self.as_mut_ptr(), profile.as_ptr()) })
    }

    /// Sets the ends of the scale of ratings, `low` below `high`.
    ///
    /// # Errors
    /// As [`Person::set_profile`]; also `InvalidArgument` (no scale), `Mismatch` (verdicts are there already).
    pub fn set_scale(&mut self, low: f64, high: f64) -> Result<()> {
        // SAFETY: a live handle that nothing else uses.
        check(unsafe { sys::paa_person_set_scale(self.as_mut_ptr(), low, high) })
    }

    /// "I give this photo `stars`", on the person's scale. A later rating of a photo takes the place of an earlier one.
    ///
    /// # Errors
    /// As [`Person::set_profile`]; also `InvalidArgument` (not on the scale, or a photo that [`Model::fit`] made).
    ///
    /// [`Model::fit`]: crate::Model::fit
    pub fn rate(&mut self, photo: &Photo, stars: f64) -> Result<()> {
        // SAFETY: live handles; nothing else uses the person.
        check(unsafe { sys::paa_person_rate(self.as_mut_ptr(), photo.as_ptr(), stars) })
    }

    /// "I like `better` more than `worse`."
    ///
    /// # Errors
    /// As [`Person::rate`].
    pub fn choose(&mut self, better: &Photo, worse: &Photo) -> Result<()> {
        // SAFETY: as above.
        check(unsafe { sys::paa_person_choose(self.as_mut_ptr(), better.as_ptr(), worse.as_ptr()) })
    }

    /// "I keep this photo" (`true`), "I throw it away" (`false`).
    ///
    /// # Errors
    /// As [`Person::rate`].
    pub fn keep(&mut self, photo: &Photo, keep: bool) -> Result<()> {
        // SAFETY: as above.
        check(unsafe { sys::paa_person_keep(self.as_mut_ptr(), photo.as_ptr(), keep.into()) })
    }

    /// Notes that the person was asked about a photo, or which of two is better, and need not be asked again.
    ///
    /// # Errors
    /// As [`Person::rate`].
    pub fn skip(&mut self, photo: &Photo, other: Option<&Photo>) -> Result<()> {
        let other = other.map_or(ptr::null(), Photo::as_ptr);
        // SAFETY: as above; `other` may be NULL.
        check(unsafe { sys::paa_person_skip(self.as_mut_ptr(), photo.as_ptr(), other) })
    }

    /// Takes back all that was said of a photo; older copies of the file do not bring it back.
    ///
    /// # Errors
    /// As [`Person::rate`]; also `NotFound` (nothing was said of it).
    pub fn forget(&mut self, photo: &Photo) -> Result<()> {
        // SAFETY: as above.
        check(unsafe { sys::paa_person_forget(self.as_mut_ptr(), photo.as_ptr()) })
    }

    /// Takes in what `other`, the same person elsewhere, holds: the same verdict counts once, of two the later one
    /// holds.
    ///
    /// # Errors
    /// As [`Person::set_profile`]; also `Mismatch` (another scale).
    pub fn merge(&mut self, other: &Person) -> Result<()> {
        // SAFETY: as above.
        check(unsafe { sys::paa_person_merge(self.as_mut_ptr(), other.as_ptr()) })
    }

    /// The verdicts that hold, in the order in which they were said.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn verdicts(&self) -> Result<Vec<Verdict>> {
        let read = |index| {
            let mut verdict = initialised(sys::paa_verdict_init)?;
            // SAFETY: an initialised struct and a live handle. Its texts live until the person is changed.
            let (photo, other) = unsafe {
                check(sys::paa_person_verdict(&mut verdict, self.as_ptr(), index))?;
                (text::copied(verdict.photo, verdict.photo_size), text::copied(verdict.other, verdict.other_size))
            };
            let said = match verdict.kind {
                sys::PAA_VERDICT_STARS => Said::Stars { photo, stars: verdict.stars },
                sys::PAA_VERDICT_CHOICE => Said::Preference { better: photo, worse: other },
                sys::PAA_VERDICT_KEEP => Said::Keep { photo },
                sys::PAA_VERDICT_REJECT => Said::Reject { photo },
                kind => return Err(Error::unsupported(format!("a verdict of kind {kind}: the library is newer"))),
            };
            Ok(Verdict { said, time_ms: verdict.time_ms })
        };
        (0..self.info()?.verdicts).map(read).collect()
    }

    /// The likes and dislikes from interviews.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn preferences(&self) -> Result<Vec<Preference>> {
        let read = |index| {
            let mut preference = initialised(sys::paa_preference_init)?;
            // SAFETY: an initialised struct and a live handle. Its texts live until the person is changed.
            unsafe {
                check(sys::paa_person_preference(&mut preference, self.as_ptr(), index))?;
                Ok(Preference {
                    statement: text::copied(preference.statement, preference.statement_size),
                    subject: text::copied(preference.subject, preference.subject_size),
                    quote: text::copied(preference.quote, preference.quote_size),
                    likes: preference.likes != 0,
                    strength: preference.strength.unsigned_abs(),
                    confidence: preference.confidence,
                })
            }
        };
        (0..self.info()?.preferences).map(read).collect()
    }

    /// The person's concepts, also those switched off.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn concepts(&self) -> Result<Vec<Concept>> {
        let read = |index| {
            let mut concept = initialised(sys::paa_concept_init)?;
            // SAFETY: an initialised struct and a live handle. Its texts live until the person is changed.
            unsafe {
                check(sys::paa_person_concept(&mut concept, self.as_ptr(), index))?;
                Ok(Concept {
                    name: text::copied(concept.name, concept.name_size),
                    question: text::copied(concept.question, concept.question_size),
                    low: text::copied(concept.low, concept.low_size),
                    high: text::copied(concept.high, concept.high_size),
                    stated: concept.stated,
                    enabled: concept.enabled != 0,
                })
            }
        };
        (0..self.info()?.concepts).map(read).collect()
    }

    /// Switches a concept on or off. Predictors made before go on as they were.
    ///
    /// # Errors
    /// As [`Person::set_profile`]; also `NotFound`.
    pub fn enable_concept(&mut self, name: &str, enabled: bool) -> Result<()> {
        // SAFETY: a live text and a live handle that nothing else uses.
        check(unsafe {
            sys::paa_person_enable_concept(self.as_mut_ptr(), name.as_ptr().cast(), name.len(), enabled.into())
        })
    }

    /// Lets photos be rated on other words ("wooden boats"); the name stays.
    ///
    /// # Errors
    /// As [`Person::enable_concept`].
    pub fn reword_concept(&mut self, name: &str, words: &str) -> Result<()> {
        let (name, name_size) = (name.as_ptr().cast(), name.len());
        // SAFETY: live texts and a live handle that nothing else uses.
        check(unsafe {
            sys::paa_person_reword_concept(self.as_mut_ptr(), name, name_size, words.as_ptr().cast(), words.len())
        })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_person {
        self.0.as_ptr()
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut sys::paa_person {
        self.0.as_ptr()
    }
}
