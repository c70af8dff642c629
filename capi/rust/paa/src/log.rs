//! Receiving the library's log.

use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};
use std::{mem, ptr};

use paa_sys as sys;

use crate::error::{check, Result};
use crate::text;

/// How much a line of the log matters, least first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum LogLevel {
    /// For those who look for a fault; failed calls are logged so, too.
    Debug,
    /// What the library does.
    Info,
    /// What may not be as the caller wants it.
    Warning,
}

impl LogLevel {
    fn of(level: i32) -> LogLevel {
        match level {
            sys::PAA_LOG_DEBUG => LogLevel::Debug,
            sys::PAA_LOG_INFO => LogLevel::Info,
            _ => LogLevel::Warning,
        }
    }
}

type Callback = Box<dyn FnMut(LogLevel, &str) + Send>;

/// The callback that C has, or NULL.
struct Installed(*mut Callback);

impl Drop for Installed {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: made by Box::into_raw, and C has it no more.
            drop(unsafe { Box::from_raw(self.0) });
        }
    }
}

// SAFETY: it owns a Callback, which is Send.
unsafe impl Send for Installed {}

static INSTALLED: Mutex<Installed> = Mutex::new(Installed(ptr::null_mut()));

/// Sends the log of the whole process to `callback`, a line at a time, without newline. At the start the library is
/// silent.
///
/// Any thread calls it, one call at a time. It must not call this crate: that would wait for itself for ever. If it
/// panics, the panic stays in it and the logging ends. When this function returns, an earlier callback is running no
/// more and has been dropped. Thread-safe.
///
/// # Errors
/// `OutOfMemory`; the earlier callback then stays.
pub fn set_log_callback(callback: impl FnMut(LogLevel, &str) + Send + 'static) -> Result<()> {
    replace(Some(Box::new(callback)))
}

/// Silences the library again. Thread-safe.
///
/// # Errors
/// As [`set_log_callback`].
pub fn clear_log_callback() -> Result<()> {
    replace(None)
}

fn replace(callback: Option<Callback>) -> Result<()> {
    let receiver: sys::paa_log_callback = callback.as_ref().map(|_| receive as _);
    let mut exchanged = Installed(callback.map_or(ptr::null_mut(), |callback| Box::into_raw(Box::new(callback))));
    {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the new callback lives until C has let go of it.
        check(unsafe { sys::paa_set_log_callback(receiver, exchanged.0.cast()) })?;
        mem::swap(&mut *installed, &mut exchanged);
    }
    Ok(()) // the old one is dropped outside the lock: what it holds may log when it is dropped
}

unsafe extern "C" fn receive(level: i32, data: *const c_char, size: usize, user_data: *mut c_void) -> sys::paa_status {
    // SAFETY: `replace` passes a Callback that lives until C has let go of it, and C calls it once at a time.
    let (callback, line) = unsafe { (&mut *user_data.cast::<Callback>(), text::copied(data, size)) };
    match catch_unwind(AssertUnwindSafe(|| callback(LogLevel::of(level), &line))) {
        Ok(()) => sys::PAA_OK,
        Err(panic) => {
            mem::forget(panic); // dropping what a panic carries may panic
            sys::PAA_INTERNAL
        }
    }
}
