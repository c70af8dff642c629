//! Structs of the C library that begin with their size.

use std::mem::{size_of, MaybeUninit};

use paa_sys as sys;

use crate::error::{check, Result};

/// A struct with the library's defaults. `init` must be the function of `T` that fills it in.
pub fn initialised<T>(init: unsafe extern "C" fn(*mut T, usize) -> sys::paa_status) -> Result<T> {
    let mut place = MaybeUninit::uninit();
    // SAFETY: there is room for T. An init that succeeds has written all of it.
    unsafe {
        check(init(place.as_mut_ptr(), size_of::<T>()))?;
        Ok(place.assume_init())
    }
}
