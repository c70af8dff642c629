//! A loaded model: reads people, looks at photos, scores.

use std::borrow::Borrow;
use std::path::Path;
use std::ptr;

use paa_sys as sys;

use crate::error::{check, Result};
use crate::handle::Handle;
use crate::load_options::{LoadOptions, Precision};
use crate::photo::{Photo, Tokens};
use crate::profile::{Prepared, Profile};
use crate::run::RunOptions;
use crate::scores::Scores;
use crate::sized_struct::initialised;
use crate::text;

/// What a loaded model is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelInfo {
    /// Of the model folder.
    pub name: String,
    /// 12 hexadecimal digits over everything that decides a score.
    pub hash: String,
    /// What the model was trained on and what it cannot tell; may be empty.
    pub data_note: String,
    /// The lowest rating of the scale that scores are on.
    pub scale_low: f64,
    /// The highest.
    pub scale_high: f64,
    /// [`Precision::F32`] or [`Precision::Bf16`], as chosen.
    pub precision: Precision,
}

impl ModelInfo {
    fn of(model: &Handle<sys::paa_model>) -> Result<ModelInfo> {
        let mut info = initialised(sys::paa_model_info_init)?;
        // SAFETY: an initialised struct and a live handle. The texts live as long as the model.
        unsafe {
            check(sys::paa_model_describe(&mut info, model.as_ptr()))?;
            Ok(ModelInfo {
                name: text::copied(info.name, info.name_size),
                hash: text::copied(info.hash, info.hash_size),
                data_note: text::copied(info.data_note, info.data_note_size),
                scale_low: info.scale_low,
                scale_high: info.scale_high,
                precision: if info.precision == sys::PAA_PRECISION_BF16 { Precision::Bf16 } else { Precision::F32 },
            })
        }
    }
}

/// A frozen language model, a frozen vision encoder and trained fusion modules. Never changes: threads may share it,
/// and their calls run side by side.
///
/// Photos, tokens and people are taken as slices of values or of references: `&[Photo]`, `&[&Photo]`, `&[Arc<Photo>]`.
#[derive(Debug)]
pub struct Model {
    handle: Handle<sys::paa_model>,
    info: ModelInfo,
}

impl Model {
    /// Loads a model folder. `name` is a folder, or the name of one under `${PAA_HOME:-~/.cache/paa}/models`; empty:
    /// the one that the variable `PAA_MODEL` names, else the default.
    ///
    /// # Errors
    /// `NotFound`, `Mismatch` (hash, length, shape, or fusion modules trained for another pair), `BadFormat`,
    /// `Unsupported`, `Io`, `OutOfMemory`, `InvalidArgument`.
    pub fn load(name: impl AsRef<Path>) -> Result<Model> {
        Model::load_with(name, &LoadOptions::new())
    }

    /// The same with options.
    ///
    /// # Errors
    /// As [`Model::load`]; also `Cancelled`.
    pub fn load_with(name: impl AsRef<Path>, options: &LoadOptions<'_>) -> Result<Model> {
        let (data, size) = text::of_path(name.as_ref());
        // SAFETY: the name, the options and all that they point to live, and `out` can be written to.
        let handle = options
            .with_c(|options| Handle::made_by(|out| unsafe { sys::paa_model_load(out, data, size, options) }))?;
        Ok(Model { info: ModelInfo::of(&handle)?, handle })
    }

    /// What this model is.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Lets the model read a profile. Costs a forward pass, and makes each score cheap.
    ///
    /// # Errors
    /// `LimitExceeded` (a profile of more than 256 tokens; never cut), `OutOfMemory`.
    pub fn prepare(&self, profile: &Profile) -> Result<Prepared> {
        // SAFETY: live handles, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_model_prepare(out, self.as_ptr(), profile.as_ptr()) })
            .and_then(Prepared::new)
    }

    /// Makes a copy at the size that the vision encoder reads. It has the same tokens, so a caller who decodes many
    /// photos ahead can drop the large ones.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn fit(&self, photo: &Photo) -> Result<Photo> {
        // SAFETY: live handles, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_model_fit(out, self.as_ptr(), photo.as_ptr()) }).map(Photo::new)
    }

    /// Lets the vision encoder look at photos, any number of them. Gives their tokens in the same order.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn encode(&self, photos: &[impl Borrow<Photo>]) -> Result<Vec<Tokens>> {
        self.encode_with(photos, RunOptions::new())
    }

    /// The same, watched.
    ///
    /// # Errors
    /// As [`Model::encode`]; also `Cancelled`.
    pub fn encode_with(&self, photos: &[impl Borrow<Photo>], run: RunOptions<'_>) -> Result<Vec<Tokens>> {
        let photos: Vec<_> = photos.iter().map(|photo| photo.borrow().as_ptr()).collect();
        let mut made = vec![ptr::null_mut(); photos.len()];
        // SAFETY: live handles, and an array for as many.
        run.call(|options| unsafe {
            sys::paa_model_encode(made.as_mut_ptr(), self.as_ptr(), photos.as_ptr(), photos.len(), options)
        })?;
        // SAFETY: the call has succeeded, so the handles are ours.
        Ok(made.into_iter().map(|pointer| Tokens::new(unsafe { Handle::owned(pointer) })).collect())
    }

    /// Scores photos for one person. `person` and `photos` must come from a model of the same hash.
    ///
    /// # Errors
    /// `InvalidArgument` (a person or tokens of another model), `OutOfMemory`.
    pub fn score_photos(&self, person: &Prepared, photos: &[impl Borrow<Tokens>]) -> Result<Scores> {
        self.score_photos_with(person, photos, RunOptions::new())
    }

    /// The same, watched.
    ///
    /// # Errors
    /// As [`Model::score_photos`]; also `Cancelled`.
    pub fn score_photos_with(
        &self,
        person: &Prepared,
        photos: &[impl Borrow<Tokens>],
        run: RunOptions<'_>,
    ) -> Result<Scores> {
        let photos: Vec<_> = photos.iter().map(|tokens| tokens.borrow().as_ptr()).collect();
        let mut scores = Scores::zeros(photos.len());
        let (means, spreads, levels) = scores.as_mut_ptrs();
        let (model, person, items, count) = (self.as_ptr(), person.as_ptr(), photos.as_ptr(), photos.len());
        // SAFETY: live handles, and arrays for as many scores as there are photos.
        run.call(|options| unsafe {
            sys::paa_model_score_photos(means, spreads, levels, model, person, items, count, options)
        })?;
        Ok(scores)
    }

    /// Scores one photo for many people, in their order.
    ///
    /// # Errors
    /// As [`Model::score_photos`].
    pub fn score_people(&self, people: &[impl Borrow<Prepared>], photo: &Tokens) -> Result<Scores> {
        self.score_people_with(people, photo, RunOptions::new())
    }

    /// The same, watched.
    ///
    /// # Errors
    /// As [`Model::score_people`]; also `Cancelled`.
    pub fn score_people_with(
        &self,
        people: &[impl Borrow<Prepared>],
        photo: &Tokens,
        run: RunOptions<'_>,
    ) -> Result<Scores> {
        let people: Vec<_> = people.iter().map(|person| person.borrow().as_ptr()).collect();
        let mut scores = Scores::zeros(people.len());
        let (means, spreads, levels) = scores.as_mut_ptrs();
        let (model, photo, items, count) = (self.as_ptr(), photo.as_ptr(), people.as_ptr(), people.len());
        // SAFETY: live handles, and arrays for as many scores as there are people.
        run.call(|options| unsafe {
            sys::paa_model_score_people(means, spreads, levels, model, items, count, photo, options)
        })?;
        Ok(scores)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_model {
        self.handle.as_ptr()
    }
}
