//! Text and paths on their way into the C library and out of it.

use std::ffi::CStr;
use std::os::raw::c_char;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::{ptr, slice};

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
    let start = if data.is_null() { ptr::NonNull::<u8>::dangling().as_ptr() } else { data.cast() };
    // SAFETY: as the caller says.
    String::from_utf8_lossy(unsafe { slice::from_raw_parts(start, size) }).into_owned()
}

/// A text of the library's that it never frees.
///
/// # Safety
/// `data` has a zero at its end and lives as long as the program.
pub unsafe fn of_static(data: *const c_char) -> &'static str {
    // SAFETY: as the caller says.
    unsafe { CStr::from_ptr(data) }.to_str().unwrap_or("")
}
