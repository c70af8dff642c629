//! An interview about what a person finds beautiful.

use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Arc;

use paa_sys as sys;

use crate::cancel::Cancel;
use crate::chat::{Chat, ChatReply};
use crate::error::{check, ErrorKind, Result};
use crate::handle::Handle;
use crate::model::Model;
use crate::person::Person;
use crate::sized_struct::initialised;
use crate::text::{self, ZeroEnded};

/// How a person is interviewed.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct InterviewOptions {
    language: Option<PathBuf>,
    questions: Option<i32>,
    minutes: Option<i32>,
    chat: Option<Arc<Chat>>,
    photos: Vec<PathBuf>,
}

impl InterviewOptions {
    /// The library's defaults.
    pub fn new() -> InterviewOptions {
        InterviewOptions::default()
    }

    /// "en" (the default), "de", or the file of a guide.
    pub fn language(mut self, language: impl AsRef<Path>) -> InterviewOptions {
        self.language = Some(language.as_ref().to_owned());
        self
    }

    /// At most so many questions, 4 to 60; 16.
    pub fn questions(mut self, questions: i32) -> InterviewOptions {
        self.questions = Some(questions);
        self
    }

    /// After so many minutes the summary comes; 0, the default: no limit.
    pub fn minutes(mut self, minutes: i32) -> InterviewOptions {
        self.minutes = Some(minutes);
        self
    }

    /// Asks and reads by a language model of the caller's: `answer` gets a request, JSON as of OpenAI's chat
    /// completions, and adds the reply's text. Two threads of the library's may call it at once. Where it fails
    /// to ask, the guide's own question stands in; a panic goes on out of the next call with the interview. Without it
    /// the guide's own questions are asked, and the model reads the answers.
    pub fn chat(
        mut self,
        answer: impl Fn(&str, &mut ChatReply<'_>) -> std::result::Result<(), ErrorKind> + Send + Sync + 'static,
    ) -> InterviewOptions {
        self.chat = Some(Chat::new(answer));
        self
    }

    /// Paths of photos to show two at a time, an even number; none.
    pub fn photos<P: AsRef<Path>>(mut self, paths: impl IntoIterator<Item = P>) -> InterviewOptions {
        self.photos = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        self
    }
}

/// What an interview asks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InterviewQuestion {
    /// Its number, from 1 on.
    pub turn: usize,
    /// Whether this is the summary, the last question: agreeing ends, another answer corrects.
    pub summary: bool,
    /// The words.
    pub text: String,
    /// Photos to show with it: none, one or two paths.
    pub photos: Vec<PathBuf>,
}

/// A running interview: a question out, an answer in. Each answer is on the disk before the next question, so an
/// interview that was broken off goes on. Dropped, it stops reading; what was said stays on the disk.
///
/// ```no_run
/// # fn main() -> paa::Result<()> {
/// let model = paa::Model::load("")?;
/// let mut anna = paa::Person::open("anna.json")?;
/// let mut interview = paa::Interview::begin(Some(&model), &anna, paa::InterviewOptions::new())?;
/// while let Some(question) = interview.ask()? {
///     println!("{}", question.text);
///     let mut line = String::new();
///     std::io::stdin().read_line(&mut line).unwrap();
///     interview.answer(&line)?;
/// }
/// interview.finish(&mut anna)?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Interview {
    handle: Handle<sys::paa_interview>, // freed before the closure that it may call
    chat: Option<Arc<Chat>>,
}

impl Interview {
    /// Begins an interview, or goes on with the one that was broken off. `person` must have a file, beside which the
    /// interview is kept. `model` reads the answers; not needed if the options' chat does.
    ///
    /// # Errors
    /// `InvalidArgument`, `Unsupported` (no guide, or no reader without chat, for that language), `BadFormat`,
    /// `Mismatch` (one in another language was begun), `Io` (another program holds it).
    pub fn begin(model: Option<&Model>, person: &Person, options: InterviewOptions) -> Result<Interview> {
        let mut c = initialised(sys::paa_interview_options_init)?;
        if let Some(language) = &options.language {
            (c.language, c.language_size) = text::of_path(language);
        }
        c.questions = options.questions.unwrap_or(c.questions);
        c.minutes = options.minutes.unwrap_or(c.minutes);
        (c.chat, c.chat_user_data) = Chat::to_c(options.chat.as_ref());
        let photos = ZeroEnded::of(&options.photos)?;
        (c.photos, c.photo_count) = (photos.as_ptr(), photos.len());
        let model = model.map_or(ptr::null(), Model::as_ptr);
        // SAFETY: live handles and paths; the closure lives as long as the interview.
        let made = Handle::made_by(|out| unsafe { sys::paa_interview_begin(out, model, person.as_ptr(), &c) });
        let handle = Chat::resume_panic(options.chat.as_ref(), made)?;
        Ok(Interview { handle, chat: options.chat })
    }

    /// The question that waits for an answer; `None`: the interview is over. Takes as long as finding it does: a
    /// summary waits until all answers are read.
    ///
    /// # Errors
    /// `Io`; the interview stands as before.
    pub fn ask(&mut self) -> Result<Option<InterviewQuestion>> {
        self.ask_until(None)
    }

    /// The same, as long as `cancel` is not raised.
    ///
    /// # Errors
    /// As [`Interview::ask`]; also `Cancelled`.
    pub fn ask_until(&mut self, cancel: Option<&Cancel>) -> Result<Option<InterviewQuestion>> {
        let mut question = initialised(sys::paa_interview_question_init)?;
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_ask(&mut question, interview, Cancel::optional(cancel)) })?;
        // SAFETY: the texts live until the next call.
        let read = unsafe {
            InterviewQuestion {
                turn: question.turn.unsigned_abs() as usize,
                summary: question.summary != 0,
                text: text::copied(question.text, question.text_size),
                photos: [(question.photo, question.photo_size), (question.other, question.other_size)]
                    .into_iter()
                    .filter(|(_, size)| *size > 0)
                    .map(|(data, size)| text::copied_path(data, size))
                    .collect(),
            }
        };
        Ok(Some(read).filter(|question| question.turn > 0))
    }

    /// Answers it, in at most 200,000 bytes; nothing but white space skips it. On the disk when this returns.
    ///
    /// # Errors
    /// `InvalidArgument` (no question waits, too long), `Io`.
    pub fn answer(&mut self, text: &str) -> Result<()> {
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_answer(interview, text.as_ptr().cast(), text.len()) })
    }

    /// Goes on without an answer.
    ///
    /// # Errors
    /// As [`Interview::answer`].
    pub fn skip(&mut self) -> Result<()> {
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_skip(interview) })
    }

    /// Takes the last answer back; its question is asked again.
    ///
    /// # Errors
    /// As [`Interview::answer`]; also `NotFound` (nothing was answered yet).
    pub fn back(&mut self) -> Result<()> {
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_back(interview) })
    }

    /// The person has had enough: the summary comes next, or, if it is what waits, is agreed to.
    ///
    /// # Errors
    /// As [`Interview::answer`].
    pub fn stop(&mut self) -> Result<()> {
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_stop(interview) })
    }

    /// How it stands, as JSON: `{"id", "language", "over", "turns": [{"turn", "kind", "topic", "question", "answer"}],
    /// "preferences": [{"statement", "polarity", "strength", "confidence", "turn", "quote", ...}], "unread",
    /// "faults"}`: what was understood so far of answers that are read; `unread` are not.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn snapshot(&mut self) -> Result<String> {
        // SAFETY: a live handle that nothing else uses; `out` can be written to.
        let made = text::made_by(|out| unsafe { sys::paa_interview_snapshot(out, self.handle.as_ptr()) });
        Chat::resume_panic(self.chat.as_ref(), made)
    }

    /// Waits until all answers are read, writes preferences, concepts and transcript to `person`, the one it was begun
    /// with, and ends the interview, whose own file goes. Also before it is over: what was said counts as it is. After
    /// success nothing but dropping it is left.
    ///
    /// # Errors
    /// `Io`, `InvalidArgument`; nothing is lost then.
    pub fn finish(&mut self, person: &mut Person) -> Result<()> {
        self.finish_until(person, None)
    }

    /// The same, as long as `cancel` is not raised.
    ///
    /// # Errors
    /// As [`Interview::finish`]; also `Cancelled`.
    pub fn finish_until(&mut self, person: &mut Person, cancel: Option<&Cancel>) -> Result<()> {
        let (person, cancel) = (person.as_mut_ptr(), Cancel::optional(cancel));
        // SAFETY: `call` passes a live handle that nothing else uses.
        self.call(|interview| unsafe { sys::paa_interview_finish(interview, person, cancel) })
    }

    /// Makes a call with a live handle that nothing else uses.
    fn call(&mut self, function: impl FnOnce(*mut sys::paa_interview) -> sys::paa_status) -> Result<()> {
        let result = check(function(self.handle.as_ptr()));
        Chat::resume_panic(self.chat.as_ref(), result)
    }
}
