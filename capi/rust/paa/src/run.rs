//! Watching and stopping long calls.

use std::any::Any;
use std::fmt;
use std::ops::ControlFlow;
use std::os::raw::c_void;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

use paa_sys as sys;

use crate::cancel::Cancel;
use crate::error::{check, Result};
use crate::sized_struct::initialised;

type Progress<'a> = Box<dyn FnMut(usize, usize) -> ControlFlow<()> + 'a>;

/// How one long call is watched and stopped.
///
/// ```no_run
/// # fn f(model: paa::Model, photos: Vec<paa::Photo>, cancel: paa::Cancel) -> paa::Result<()> {
/// use std::ops::ControlFlow;
/// let run = paa::RunOptions::new().cancel(&cancel).progress(|done, total| {
///     println!("{done} of {total}");
///     ControlFlow::Continue(())
/// });
/// let tokens = model.encode_with(&photos, run)?;
/// # Ok(()) }
/// ```
///
/// The flag must outlive the options:
///
/// ```compile_fail,E0597
/// let run = {
///     let cancel = paa::Cancel::new().unwrap();
///     paa::RunOptions::new().cancel(&cancel)
/// };
/// # drop(run);
/// ```
#[derive(Default)]
#[must_use]
pub struct RunOptions<'a> {
    cancel: Option<&'a Cancel>,
    progress: Option<Progress<'a>>,
}

impl<'a> RunOptions<'a> {
    /// Nothing watches or stops the call.
    pub fn new() -> RunOptions<'a> {
        RunOptions::default()
    }

    /// Lets `cancel` stop the call.
    pub fn cancel(mut self, cancel: &'a Cancel) -> RunOptions<'a> {
        self.cancel = Some(cancel);
        self
    }

    /// Lets `progress` be told after each step of up to 64 photos or people how many of all of them are done, as
    /// `progress(done, total)`. The thread that makes the call calls it.
    ///
    /// `ControlFlow::Break` ends the call with [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). A panic ends it
    /// too, and goes on out of the call.
    pub fn progress(mut self, progress: impl FnMut(usize, usize) -> ControlFlow<()> + 'a) -> RunOptions<'a> {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Makes a call by `function`, which hands its argument to a function of C's and returns that one's status.
    pub(crate) fn call(self, function: impl FnOnce(*const sys::paa_run_options) -> sys::paa_status) -> Result<()> {
        let mut options = initialised(sys::paa_run_options_init)?;
        if let Some(cancel) = self.cancel {
            options.cancel = cancel.as_ptr();
        }
        let mut watcher = self.progress.map(|progress| Watcher { progress, panic: None });
        if let Some(watcher) = &mut watcher {
            options.progress = Some(step);
            options.progress_user_data = (watcher as *mut Watcher<'_>).cast();
        }
        let result = check(function(&options));
        match watcher.and_then(|watcher| watcher.panic) {
            Some(panic) => resume_unwind(panic),
            None => result,
        }
    }
}

impl fmt::Debug for RunOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let progress = self.progress.as_ref().map(|_| "..");
        formatter.debug_struct("RunOptions").field("cancel", &self.cancel).field("progress", &progress).finish()
    }
}

/// The progress closure, and what it has panicked with: a panic must not cross C.
struct Watcher<'a> {
    progress: Progress<'a>,
    panic: Option<Box<dyn Any + Send>>,
}

unsafe extern "C" fn step(done: usize, total: usize, user_data: *mut c_void) -> sys::paa_status {
    // SAFETY: RunOptions::call passes a Watcher that lives as long as its call and that nothing else uses meanwhile.
    let watcher = unsafe { &mut *user_data.cast::<Watcher<'_>>() };
    match catch_unwind(AssertUnwindSafe(|| (watcher.progress)(done, total))) {
        Ok(ControlFlow::Continue(())) => sys::PAA_OK,
        Ok(ControlFlow::Break(())) => sys::PAA_CANCELLED,
        Err(panic) => {
            watcher.panic = Some(panic);
            sys::PAA_CANCELLED
        }
    }
}
