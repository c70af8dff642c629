//! Stopping calls of other threads.

use std::ptr;

use paa_sys as sys;

use crate::error::Result;
use crate::handle::Handle;

/// A flag that one thread raises to stop calls of others, which then fail with
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). It may serve many calls at once; share it by reference or in
/// an [`Arc`](std::sync::Arc). Every method may be called at any time by any thread.
#[derive(Debug)]
pub struct Cancel(Handle<sys::paa_cancel>);

impl Cancel {
    /// Makes a flag that is not raised.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn new() -> Result<Cancel> {
        // SAFETY: `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_cancel_new(out) }).map(Cancel)
    }

    /// Raises the flag: every call that looks at it ends soon, also calls begun later. Safe in a signal handler.
    pub fn request(&self) {
        // SAFETY: a live handle; callable at any time by any thread. Fails for NULL only.
        unsafe { sys::paa_cancel_request(self.as_ptr()) };
    }

    /// Lowers the flag again.
    pub fn reset(&self) {
        // SAFETY: as above.
        unsafe { sys::paa_cancel_reset(self.as_ptr()) };
    }

    /// What C takes where a flag may be NULL.
    pub(crate) fn optional(cancel: Option<&Cancel>) -> *const sys::paa_cancel {
        cancel.map_or(ptr::null(), |cancel| cancel.as_ptr())
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::paa_cancel {
        self.0.as_ptr()
    }
}
