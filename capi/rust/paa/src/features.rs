//! Features of photos by name.

use std::borrow::Borrow;
use std::ptr;

use paa_sys as sys;

use crate::error::{check, Result};
use crate::handle::Handle;
use crate::model::Model;
use crate::photo::Photo;
use crate::run::RunOptions;
use crate::text;

/// Computes features of photos: numbers that depend on photo and model, not on a person. Never changes; keeps what it
/// needs of the model.
///
/// ```no_run
/// # fn main() -> paa::Result<()> {
/// let features = paa::Features::new(&paa::Model::load("")?, &["statistics", "composition"])?;
/// for row in features.compute(&[paa::Photo::read("sea.jpg")?])? {
///     for (name, value) in features.names().iter().zip(row) {
///         println!("{name}: {value}");
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Features {
    handle: Handle<sys::paa_features>,
    names: Vec<String>,
}

impl Features {
    /// Features of the named groups: "score", "pooled", "classes", "hidden", "statistics", "composition".
    ///
    /// # Errors
    /// `InvalidArgument` (no such group), `Unsupported` (classes of a model without class names), `OutOfMemory`.
    pub fn new(model: &Model, groups: &[&str]) -> Result<Features> {
        let groups = groups.join(",");
        // SAFETY: a live handle and a live text; `out` can be written to.
        let handle = Handle::made_by(|out| unsafe {
            sys::paa_features_new(out, model.as_ptr(), groups.as_ptr().cast(), groups.len())
        })?;
        Ok(Features { names: names(&handle)?, handle })
    }

    /// The names of the columns, such as "statistics: brightness".
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A row of numbers for each photo, a number for each column.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn compute(&self, photos: &[impl Borrow<Photo>]) -> Result<Vec<Vec<f32>>> {
        self.compute_with(photos, RunOptions::new())
    }

    /// The same, watched.
    ///
    /// # Errors
    /// As [`Features::compute`]; also `Cancelled`.
    pub fn compute_with(&self, photos: &[impl Borrow<Photo>], run: RunOptions<'_>) -> Result<Vec<Vec<f32>>> {
        let photos: Vec<_> = photos.iter().map(|photo| photo.borrow().as_ptr()).collect();
        let columns = self.names.len();
        let mut rows = vec![0.0; photos.len() * columns];
        // SAFETY: live handles, and room for a row of each photo.
        run.call(|options| unsafe {
            let features = self.handle.as_ptr();
            sys::paa_features_compute(rows.as_mut_ptr(), features, photos.as_ptr(), photos.len(), options)
        })?;
        Ok(rows.chunks(columns.max(1)).map(<[f32]>::to_vec).collect())
    }
}

fn names(features: &Handle<sys::paa_features>) -> Result<Vec<String>> {
    let mut columns = 0;
    // SAFETY: a live handle and a place to write to.
    check(unsafe { sys::paa_features_columns(&mut columns, features.as_ptr()) })?;
    let name = |column| {
        let (mut data, mut size) = (ptr::null(), 0);
        // SAFETY: a live handle and places to write to; the text lives as long as the features.
        unsafe {
            check(sys::paa_features_name(&mut data, &mut size, features.as_ptr(), column))?;
            Ok(text::copied(data, size))
        }
    };
    (0..columns).map(name).collect()
}
