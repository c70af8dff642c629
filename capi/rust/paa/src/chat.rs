//! A chat model of the caller's.

use std::any::Any;
use std::fmt;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use paa_sys as sys;

use crate::error::{check, ErrorKind, Result};
use crate::text;

/// Where a chat closure puts its reply.
#[derive(Debug)]
pub struct ChatReply<'a>(&'a mut sys::paa_chat_reply);

impl ChatReply<'_> {
    /// Adds a piece of the reply; many small ones are as good as one.
    ///
    /// # Errors
    /// `Cancelled` (no more is wanted: return soon), `BadFormat` (more than 4 MiB in all).
    pub fn add(&mut self, piece: &str) -> Result<()> {
        // SAFETY: a live reply and a live text.
        check(unsafe { sys::paa_chat_reply_add(self.0, piece.as_ptr().cast(), piece.len()) })
    }
}

type Answer = dyn Fn(&str, &mut ChatReply<'_>) -> std::result::Result<(), ErrorKind> + Send + Sync;

/// A chat closure, which any thread may call, and what it has panicked with: a panic must not cross C.
pub struct Chat {
    answer: Box<Answer>,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Chat {
    pub fn new(
        answer: impl Fn(&str, &mut ChatReply<'_>) -> std::result::Result<(), ErrorKind> + Send + Sync + 'static,
    ) -> Arc<Chat> {
        Arc::new(Chat { answer: Box::new(answer), panic: Mutex::new(None) })
    }

    /// What C takes. The Chat must live as long as C may call it.
    pub fn to_c(chat: Option<&Arc<Chat>>) -> (sys::paa_chat_callback, *mut c_void) {
        match chat {
            Some(chat) => (Some(call), Arc::as_ptr(chat) as *mut c_void),
            None => (None, ptr::null_mut()),
        }
    }

    /// Gives `result`, unless the closure has panicked: then the panic goes on.
    pub fn resume_panic<T>(chat: Option<&Arc<Chat>>, result: Result<T>) -> Result<T> {
        let panic = chat.and_then(|chat| chat.panic.lock().unwrap_or_else(PoisonError::into_inner).take());
        match panic {
            Some(panic) => resume_unwind(panic),
            None => result,
        }
    }
}

impl fmt::Debug for Chat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Chat")
    }
}

unsafe extern "C" fn call(
    reply: *mut sys::paa_chat_reply,
    request: *const c_char,
    size: usize,
    user_data: *mut c_void,
) -> sys::paa_status {
    // SAFETY: Chat::to_c passes a Chat that lives and that is only shared. The reply is this call's own.
    let (chat, request, mut reply) =
        unsafe { (&*user_data.cast::<Chat>(), text::copied(request, size), ChatReply(&mut *reply)) };
    match catch_unwind(AssertUnwindSafe(|| (chat.answer)(&request, &mut reply))) {
        Ok(Ok(())) => sys::PAA_OK,
        Ok(Err(kind)) => kind.status(),
        Err(panic) => {
            *chat.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            sys::PAA_CANCELLED
        }
    }
}
