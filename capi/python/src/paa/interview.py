"""An interview about what a person finds beautiful: a question out, an answer in."""

import dataclasses
import json
import os
import threading
from ctypes import byref, c_char_p, c_void_p, cast
from typing import Any, Dict, Optional, Sequence, Tuple

from . import _declarations
from ._handle import Handle
from ._library import check, initialised, library, take_text, text_of
from .chat import Chat, ChatCall
from .errors import InvalidArgument
from .model import Model
from .person import Path, Person
from .run import Cancel


@dataclasses.dataclass(frozen=True)
class InterviewQuestion:
    """What is asked."""

    turn: int  #: number, from 1 on
    text: str
    summary: bool  #: the last question: agreeing ends the interview, another answer corrects
    photos: Tuple[str, ...]  #: paths of photos to show with it


class Interview(Handle):
    """A running interview. Each answer is on the disk before the next question.

        interview = paa.Interview(person, model)
        while (question := interview.ask()) is not None:
            interview.answer(input(question.text + "\\n> "))
        interview.finish()

    Threads may share it; their calls wait for each other.
    """

    _free_name = "paa_interview_free"

    def __init__(self, person: Person, model: Optional[Model] = None, *, language: Path = "en", questions: int = 16,
                 minutes: int = 0, chat: Optional[Chat] = None, photos: Sequence[Path] = ()) -> None:
        """Begins an interview, or goes on with the one that was broken off.

        Args:
            person: Must have a file, beside which the interview is kept.
            model: Reads the answers to the guide's own questions. Not needed with `chat`.
            language: "en", "de", or the file of a guide.
            questions: At most, 4 to 60.
            minutes: After so many the summary comes; 0: no limit.
            chat: A language model of the program's own, which asks and reads. Called by two threads at once, and it
                must not use this interview. What it raises where a question is asked for is raised by ask(); elsewhere
                it goes to threading.excepthook, and to "faults" of the snapshot.
            photos: Paths of photos to show two at a time.

        Errors: InvalidArgument, Unsupported (no such language), BadFormat, Mismatch (one in another language was
        begun), IoError (another program holds it).
        """
        options = initialised(_declarations.InterviewOptions, "paa_interview_options_init")
        options.language = os.fsencode(language)
        options.language_size = len(options.language)
        for name, value in (("questions", questions), ("minutes", minutes)):
            if not 0 <= value < 2**31:
                raise InvalidArgument(f"{name} is {value}; it must be from 0 to 2**31 - 1")
            setattr(options, name, value)
        self._chat = ChatCall(chat)
        options.chat = self._chat.callback
        paths = (c_char_p * len(photos))(*[os.fsencode(path) for path in photos])
        options.photos, options.photo_count = cast(paths, c_void_p), len(photos)
        reader, known = model._use() if model is not None else None, person._use()
        pointer = c_void_p()
        with person._lock:
            check(library().paa_interview_begin(byref(pointer), reader.pointer if reader is not None else None,
                                                known.pointer, byref(options)))
        self._person = person
        self._lock = threading.RLock()
        self._take(pointer, self._chat)

    def ask(self, cancel: Optional[Cancel] = None) -> Optional[InterviewQuestion]:
        """The question that waits for an answer; None when the interview is over. Errors: Cancelled, IoError."""
        question = initialised(_declarations.InterviewQuestion, "paa_interview_question_init")
        owned, flag = self._use(), cancel._use() if cancel is not None else None
        with self._lock:
            with self._chat.told():
                check(library().paa_interview_ask(byref(question), owned.pointer,
                                                  flag.pointer if flag is not None else None))
            if question.turn == 0:
                return None
            photos = tuple(os.fsdecode(path) for path in (question.photo, question.other) if path)
            return InterviewQuestion(question.turn, text_of(question.text), bool(question.summary), photos)

    def answer(self, text: str) -> None:
        """Answers it; nothing but white space skips it. Errors: InvalidArgument (too long, nothing asked), IoError."""
        said = text.encode("utf-8", "surrogatepass")
        self._call("paa_interview_answer", said, len(said))

    def skip(self) -> None:
        """Goes on without an answer. Errors: as answer."""
        self._call("paa_interview_skip")

    def back(self) -> None:
        """Takes the last answer back; its question is asked again. Errors: NotFound (nothing was answered), IoError."""
        self._call("paa_interview_back")

    def stop(self) -> None:
        """The person has had enough: the summary comes next, or, if it is what waits, is agreed to."""
        self._call("paa_interview_stop")

    def snapshot(self) -> Dict[str, Any]:
        """How it stands: "turns", "preferences" so far, "unread" (answers not read yet), "over", "faults"."""
        owned, pointer = self._use(), c_void_p()
        with self._lock:
            check(library().paa_interview_snapshot(byref(pointer), owned.pointer))
        snapshot: Dict[str, Any] = json.loads(take_text(pointer))
        return snapshot

    def finish(self, cancel: Optional[Cancel] = None) -> None:
        """Waits until all answers are read, and writes preferences, concepts and transcript to the person.

        Also before it is over: what was said counts as it is. Errors: Cancelled, IoError; nothing is lost then.
        """
        owned, flag = self._use(), cancel._use() if cancel is not None else None
        person = Person(self._person.path)  # a chat may use the other one while its last answers are waited for
        written = person._use()
        with self._lock:
            check(library().paa_interview_finish(owned.pointer, written.pointer,
                                                 flag.pointer if flag is not None else None))
        if not self._person.closed:
            self._person.reload()

    def _call(self, name: str, *arguments: Any) -> None:
        owned = self._use()
        with self._lock:
            check(getattr(library(), name)(owned.pointer, *arguments))
