"""A language model of the program's own, as the library asks it."""

import contextlib
import ctypes
import json
import threading
from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Set, Union

from ._declarations import ChatCallback
from ._handle import in_callback
from ._library import library

#: Takes a request as of OpenAI's chat completions: {"messages": [{"role", "content"}], "max_tokens", ...}, with
#: "response_format" where the reply must be JSON of a given schema. Returns the reply, or its pieces.
Chat = Callable[[Dict[str, Any]], Union[str, Iterable[str]]]

_FAILED = 3  # PAA_IO


class ChatCall:
    """The callback that C calls for a language model, and what that has raised. To be kept as long as C may call it."""

    def __init__(self, chat: Optional[Chat]) -> None:
        self.callback = ChatCallback() if chat is None else ChatCallback(self._answer)
        self._chat = chat
        self._callers: Set[int] = set()  # threads that are in a call and can be told
        self._raised: Dict[int, BaseException] = {}

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """For the time of a call: what the chat raises in this thread is raised at the end."""
        thread = threading.get_ident()
        self._callers.add(thread)
        try:
            yield
        finally:
            self._callers.discard(thread)
            raised = self._raised.pop(thread, None)
            if raised is not None:
                raise raised

    def _answer(self, reply: int, request: int, size: int, _user_data: Optional[int]) -> int:
        status = _FAILED
        in_callback.depth = getattr(in_callback, "depth", 0) + 1
        try:
            said = self._chat(json.loads(ctypes.string_at(request, size))) if self._chat is not None else ""
            for piece in (said,) if isinstance(said, str) else said:
                data = piece.encode("utf-8", "surrogatepass")
                if library().paa_chat_reply_add(reply, data, len(data)) != 0:
                    break  # no more is wanted, or the library has noted what is wrong with it
            status = 0
        except BaseException as error:  # it must not be lost inside C
            self._note(error)
        finally:
            in_callback.depth -= 1
        return status

    def _note(self, error: BaseException) -> None:
        if threading.get_ident() in self._callers:
            self._raised[threading.get_ident()] = error
        else:  # a thread of the library's, to which nobody returns
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))
