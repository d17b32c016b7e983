"""Log lines carry the request's id and keys, never what a user typed or a record holds."""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar
from types import TracebackType

request_id: ContextVar[str] = ContextVar("request_id", default="-")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithRequestId(logging.Filter):
    """Puts the id of the request in hand on every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, with its id."""
        # Django itself logs refused requests when the context of the request is already gone.
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "log_id", None) or request_id.get()
        return True


class KeysOnly(logging.Formatter):
    """Writes where a bug happened, but not the message of the exception.

    A database error quotes the row it refused, which may hold a name or an identity number.
    """

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the base class names it
        """The frames and the types of an exception and its causes."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
