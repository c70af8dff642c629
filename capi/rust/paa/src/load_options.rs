//! How a model is loaded.

use std::ffi::OsString;
use std::path::Path;

use paa_sys as sys;

use crate::cancel::Cancel;
use crate::error::{Error, Result};
use crate::sized_struct::initialised;
use crate::text::ZeroEnded;

/// The number type of the language model's matrix products.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Precision {
    /// [`Precision::Bf16`] where the CPU has AVX512-BF16 or AMX, else [`Precision::F32`].
    Auto,
    /// 32 bits.
    F32,
    /// 16 bits, the upper half of 32: faster where the CPU has instructions for it.
    Bf16,
}

impl Precision {
    fn to_c(self) -> i32 {
        match self {
            Precision::Auto => sys::PAA_PRECISION_AUTO,
            Precision::F32 => sys::PAA_PRECISION_F32,
            Precision::Bf16 => sys::PAA_PRECISION_BF16,
        }
    }
}

/// How a model is loaded.
///
/// ```no_run
/// # fn main() -> paa::Result<()> {
/// let options = paa::LoadOptions::new().precision(paa::Precision::F32).threads(1);
/// let model = paa::Model::load_with("", &options)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct LoadOptions<'a> {
    precision: Precision,
    threads: u32,
    verify_max_bytes: Option<u64>,
    cancel: Option<&'a Cancel>,
    roles: Vec<OsString>,
    paths: Vec<OsString>,
}

impl Default for LoadOptions<'_> {
    fn default() -> Self {
        LoadOptions {
            precision: Precision::Auto,
            threads: 0,
            verify_max_bytes: None,
            cancel: None,
            roles: Vec::new(),
            paths: Vec::new(),
        }
    }
}

impl<'a> LoadOptions<'a> {
    /// The library's defaults.
    pub fn new() -> LoadOptions<'a> {
        LoadOptions::default()
    }

    /// The number type; [`Precision::Auto`].
    pub fn precision(mut self, precision: Precision) -> LoadOptions<'a> {
        self.precision = precision;
        self
    }

    /// Threads of one call. 0, the default: libtorch's setting. Others set it for the whole process; 1 is best where as
    /// many calls run side by side as there are cores.
    pub fn threads(mut self, threads: u32) -> LoadOptions<'a> {
        self.threads = threads;
        self
    }

    /// Parts up to this size have their SHA-256 checked, larger ones their length; 512 MiB.
    pub fn verify_max_bytes(mut self, bytes: u64) -> LoadOptions<'a> {
        self.verify_max_bytes = Some(bytes);
        self
    }

    /// Lets `cancel` stop the loading.
    pub fn cancel(mut self, cancel: &'a Cancel) -> LoadOptions<'a> {
        self.cancel = Some(cancel);
        self
    }

    /// Takes a part, "llm", "vision", "fusion" or "class_names", from another file than the folder's. The parts must go
    /// together as those of a folder.
    pub fn part(mut self, role: &str, path: impl AsRef<Path>) -> LoadOptions<'a> {
        self.roles.push(role.into());
        self.paths.push(path.as_ref().into());
        self
    }

    /// Makes a call by `function` with what C takes.
    pub(crate) fn with_c<T>(&self, function: impl FnOnce(&sys::paa_load_options) -> Result<T>) -> Result<T> {
        let (roles, paths) = (ZeroEnded::of(&self.roles)?, ZeroEnded::of(&self.paths)?);
        let mut options = initialised(sys::paa_load_options_init)?;
        options.precision = self.precision.to_c();
        options.threads = i32::try_from(self.threads)
            .map_err(|_| Error::invalid_argument(format!("threads is {}, more than {}", self.threads, i32::MAX)))?;
        options.verify_max_bytes = self.verify_max_bytes.unwrap_or(options.verify_max_bytes);
        options.cancel = Cancel::optional(self.cancel);
        (options.roles, options.paths, options.part_count) = (roles.as_ptr(), paths.as_ptr(), roles.len());
        function(&options)
    }
}
