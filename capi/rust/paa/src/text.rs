//! Text and paths on their way into the C library and out of it.

use std::ffi::{CStr, CString, OsStr};
use std::os::raw::c_char;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::{ptr, slice};

use paa_sys as sys;

use crate::error::{check, Error, Result};
use crate::handle::Handle;

/// Pointer and length of what C takes as `path, path_size`.
pub fn of_path(path: &Path) -> (*const c_char, usize) {
    let bytes = path.as_os_str().as_bytes();
    (bytes.as_ptr().cast(), bytes.len())
}

/// A copy of `size` bytes. What is no UTF-8, such as a part of a path, is replaced.
///
/// # Safety
/// `size` bytes can be read at `data`, which may be NULL if there are none.
pub unsafe fn copied(data: *const c_char, size: usize) -> String {
    // SAFETY: as the caller says.
    String::from_utf8_lossy(unsafe { bytes(data, size) }).into_owned()
}

/// The same as a path, which need be no UTF-8.
///
/// # Safety
/// As [`copied`].
pub unsafe fn copied_path(data: *const c_char, size: usize) -> PathBuf {
    // SAFETY: as the caller says.
    OsStr::from_bytes(unsafe { bytes(data, size) }).into()
}

/// # Safety
/// As [`copied`], for as long as the bytes are used.
unsafe fn bytes<'a>(data: *const c_char, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    // SAFETY: as the caller says.
    unsafe { slice::from_raw_parts(data.cast(), size) }
}

/// Texts as an array of C's, a zero byte at the end of each.
pub struct ZeroEnded {
    _texts: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl ZeroEnded {
    /// Error: `InvalidArgument` (a zero byte inside).
    pub fn of(texts: &[impl AsRef<OsStr>]) -> Result<ZeroEnded> {
        let zero_ended = |text: &OsStr| {
            CString::new(text.as_bytes())
                .map_err(|_| Error::invalid_argument(format!("{} has a zero byte inside", text.to_string_lossy())))
        };
        let texts: Vec<_> = texts.iter().map(|text| zero_ended(text.as_ref())).collect::<Result<_>>()?;
        Ok(ZeroEnded { pointers: texts.iter().map(|text| text.as_ptr()).collect(), _texts: texts })
    }

    pub fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }

    pub fn len(&self) -> usize {
        self.pointers.len()
    }
}

/// The text that `make` writes to its argument. `make` returns a function's status.
pub fn made_by(make: impl FnOnce(*mut *mut sys::paa_text) -> sys::paa_status) -> Result<String> {
    let text = Handle::made_by(make)?;
    let (mut data, mut size) = (ptr::null(), 0);
    // SAFETY: a live handle and places to write to; the bytes live as long as it.
    unsafe {
        check(sys::paa_text_get(&mut data, &mut size, text.as_ptr()))?;
        Ok(copied(data, size))
    }
}

/// A text of the library's that it never frees.
///
/// # Safety
/// `data` has a zero at its end and lives as long as the program.
pub unsafe fn of_static(data: *const c_char) -> &'static str {
    // SAFETY: as the caller says.
    unsafe { CStr::from_ptr(data) }.to_str().unwrap_or("")
}
