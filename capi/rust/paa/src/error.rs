//! What a failed call reports.

use std::ffi::CStr;
use std::fmt;

use paa_sys as sys;

use crate::text;

/// What a call of this crate gives.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of failure a call met.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value outside the documented range, or parts of different models.
    InvalidArgument,
    /// A file, folder, tensor, field or model that must exist does not.
    NotFound,
    /// The operating system refused to read or write.
    Io,
    /// The bytes are damaged or are not what they claim to be.
    BadFormat,
    /// The input is valid, but the library does not handle it.
    Unsupported,
    /// A named limit (pixels, bytes, depth, tokens) was passed.
    LimitExceeded,
    /// Two parts do not belong together (hash, shape, model pair).
    Mismatch,
    /// The caller asked to stop, by [`Cancel`](crate::Cancel) or by the progress closure of
    /// [`RunOptions`](crate::RunOptions).
    Cancelled,
    /// The library could not allocate memory.
    OutOfMemory,
    /// A fault in the library itself; please report it.
    Internal,
    /// A status that this crate does not know: the library is newer.
    Other(i32),
}

impl ErrorKind {
    fn of(status: sys::paa_status) -> ErrorKind {
        match status {
            sys::PAA_INVALID_ARGUMENT => ErrorKind::InvalidArgument,
            sys::PAA_NOT_FOUND => ErrorKind::NotFound,
            sys::PAA_IO => ErrorKind::Io,
            sys::PAA_BAD_FORMAT => ErrorKind::BadFormat,
            sys::PAA_UNSUPPORTED => ErrorKind::Unsupported,
            sys::PAA_LIMIT_EXCEEDED => ErrorKind::LimitExceeded,
            sys::PAA_MISMATCH => ErrorKind::Mismatch,
            sys::PAA_CANCELLED => ErrorKind::Cancelled,
            sys::PAA_OUT_OF_MEMORY => ErrorKind::OutOfMemory,
            sys::PAA_INTERNAL => ErrorKind::Internal,
            other => ErrorKind::Other(other),
        }
    }

    pub(crate) fn status(self) -> sys::paa_status {
        match self {
            ErrorKind::InvalidArgument => sys::PAA_INVALID_ARGUMENT,
            ErrorKind::NotFound => sys::PAA_NOT_FOUND,
            ErrorKind::Io => sys::PAA_IO,
            ErrorKind::BadFormat => sys::PAA_BAD_FORMAT,
            ErrorKind::Unsupported => sys::PAA_UNSUPPORTED,
            ErrorKind::LimitExceeded => sys::PAA_LIMIT_EXCEEDED,
            ErrorKind::Mismatch => sys::PAA_MISMATCH,
            ErrorKind::Cancelled => sys::PAA_CANCELLED,
            ErrorKind::OutOfMemory => sys::PAA_OUT_OF_MEMORY,
            ErrorKind::Internal => sys::PAA_INTERNAL,
            ErrorKind::Other(other) => other,
        }
    }

    /// The library's name for it, such as "bad format"; "unknown status" for [`ErrorKind::Other`].
    pub fn name(self) -> &'static str {
        // SAFETY: takes any number; a zero-terminated text that is never freed.
        unsafe { text::of_static(sys::paa_status_name(self.status())) }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a call failed. Displayed, it is the message: what is wrong, where and what to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    pub(crate) fn invalid_argument(message: String) -> Error {
        Error { kind: ErrorKind::InvalidArgument, message }
    }

    pub(crate) fn unsupported(message: String) -> Error {
        Error { kind: ErrorKind::Unsupported, message }
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// A sentence or two for a person: what is wrong, where and what to do.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// For `?` in a chat closure, which gives a kind alone.
impl From<Error> for ErrorKind {
    fn from(error: Error) -> ErrorKind {
        error.kind
    }
}

/// Turns a status into a result. To be called by the thread that made the call, before it makes another one.
pub(crate) fn check(status: sys::paa_status) -> Result<()> {
    if status == sys::PAA_OK {
        return Ok(());
    }
    // SAFETY: a zero-terminated text that stays until this thread's next failed call.
    let message = unsafe { CStr::from_ptr(sys::paa_last_error()) };
    Err(Error { kind: ErrorKind::of(status), message: message.to_string_lossy().into_owned() })
}
