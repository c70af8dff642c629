//! Owning what the C library makes.

use std::ptr::{self, NonNull};

use paa_sys as sys;

use crate::error::{check, Result};

/// A type of the C library that a function of its own frees.
pub trait Freed: Sized {
    const FREE: unsafe extern "C" fn(*mut Self);
}

macro_rules! freed {
    ($($handle:ident by $free:ident;)+) => {
        $(impl Freed for sys::$handle {
            const FREE: unsafe extern "C" fn(*mut Self) = sys::$free;
        })+
    };
}

freed! {
    paa_cancel by paa_cancel_free;
    paa_model by paa_model_free;
    paa_profile by paa_profile_free;
    paa_prepared by paa_prepared_free;
    paa_photo by paa_photo_free;
    paa_tokens by paa_tokens_free;
    paa_text by paa_text_free;
    paa_person by paa_person_free;
    paa_predictor by paa_predictor_free;
    paa_seen by paa_seen_free;
    paa_reasons by paa_reasons_free;
    paa_interview by paa_interview_free;
    paa_features by paa_features_free;
}

/// The only owner of a handle.
#[derive(Debug)]
pub struct Handle<T: Freed>(NonNull<T>);

// SAFETY: paa.h binds no handle to a thread, and lets threads share those that it takes as const. A method of this
// crate takes &self only where C takes const, but for those of Cancel, which may be called at any time by any thread.
unsafe impl<T: Freed> Send for Handle<T> {}
// SAFETY: as above.
unsafe impl<T: Freed> Sync for Handle<T> {}

impl<T: Freed> Handle<T> {
    /// Takes what `make` writes to its argument. `make` returns a function's status.
    pub fn made_by(make: impl FnOnce(*mut *mut T) -> sys::paa_status) -> Result<Handle<T>> {
        let mut pointer = ptr::null_mut();
        check(make(&mut pointer))?;
        // SAFETY: the call has succeeded, so the handle is ours.
        Ok(unsafe { Handle::owned(pointer) })
    }

    /// # Safety
    /// `pointer` comes from a successful call and has no other owner.
    pub unsafe fn owned(pointer: *mut T) -> Handle<T> {
        Handle(NonNull::new(pointer).expect("a call that succeeds makes its handle"))
    }

    pub fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Freed> Drop for Handle<T> {
    fn drop(&mut self) {
        // SAFETY: the one owner frees once, and no call can use the handle now.
        unsafe { T::FREE(self.0.as_ptr()) }
    }
}
