"""A language model of the program's own, as the library asks it."""

import ctypes
import json
import sys
import types
from typing import Any, Callable, Dict, Iterable, Optional, Union

from ._declarations import ChatCallback
from ._library import library

#: Takes a request as of OpenAI's chat completions: {"messages": [{"role", "content"}], "max_tokens", ...}, with
#: "response_format" where the reply must be JSON of a given schema. Returns the reply, or its pieces.
Chat = Callable[[Dict[str, Any]], Union[str, Iterable[str]]]

_FAILED = 3  # PAA_IO


def chat_callback(chat: Optional[Chat]) -> Any:
    """The callback that C calls; null for None. To be kept alive as long as C may call it.

    What `chat` raises goes to sys.unraisablehook, and what needed the reply fails.
    """
    if chat is None:
        return ChatCallback()
    answer = chat

    def call(reply: int, request: int, size: int, _user_data: Optional[int]) -> int:
        try:
            said = answer(json.loads(ctypes.string_at(request, size)))
            for piece in (said,) if isinstance(said, str) else said:
                data = piece.encode("utf-8", "surrogatepass")
                if library().paa_chat_reply_add(reply, data, len(data)) != 0:
                    break  # no more is wanted, or the library has noted what is wrong with it
            return 0
        except BaseException as error:
            hook: Any = sys.unraisablehook
            hook(types.SimpleNamespace(exc_type=type(error), exc_value=error, exc_traceback=error.__traceback__,
                                       err_msg="Exception ignored in a chat callback of paa", object=None))
            return _FAILED

    return ChatCallback(call)
