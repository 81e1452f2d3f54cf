"""Transactions as parts: how many statements they took and how long, never a statement or its values.

By a few events of SQLAlchemy's: what OpenTelemetry offers for it tells nothing of SQLAlchemy 2.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span
from sqlalchemy import Connection, Engine, ExceptionContext, event

_KEY = "traced"


@dataclass
class Transaction:
    """A transaction that is going on."""

    span: Span
    statements: int = 0
    seconds: float = 0.0
    begun: float = 0.0

    def end(self, how: str) -> None:
        """It is over."""
        self.span.set_attribute("db.statements", self.statements)
        self.span.set_attribute("db.statements_ms", round(1000 * self.seconds, 2))
        self.span.set_attribute("db.ended", how)
        self.span.end()


class Onlooker:
    """Looks on at every transaction that is part of something; those of the programs' own rounds are not told."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._events: dict[str, Callable[..., None]] = {
            "begin": self._begin,
            "before_cursor_execute": self._before,
            "after_cursor_execute": self._after,
            "handle_error": self._failed,
            "commit": lambda connection: _end(connection, "committed"),
            "rollback": lambda connection: _end(connection, "rolled_back"),
        }

    def begin(self) -> None:
        """Look on from now on, at every engine of this program."""
        for name, heard in self._events.items():
            event.listen(Engine, name, heard)

    def end(self) -> None:
        """Look on no more."""
        for name, heard in self._events.items():
            event.remove(Engine, name, heard)

    def _begin(self, connection: Connection) -> None:
        connection.info.pop(_KEY, None)
        if get_current_span().is_recording():
            span = self._tracer.start_span("transaction", kind=SpanKind.CLIENT)
            connection.info[_KEY] = Transaction(span)

    def _before(self, connection: Connection, *_call: Any) -> None:
        if (told := _told(connection)) is not None:
            told.statements += 1
            told.begun = perf_counter()

    def _after(self, connection: Connection, *_call: Any) -> None:
        if (told := _told(connection)) is not None:
            told.seconds += perf_counter() - told.begun

    def _failed(self, failure: ExceptionContext) -> None:
        if failure.connection is not None and (told := _told(failure.connection)) is not None:
            told.span.set_attribute("error.type", type(failure.original_exception).__name__)
            told.span.set_status(StatusCode.ERROR)
            if failure.is_disconnect:  # nobody will say that it is over
                _end(failure.connection, "lost")


def _told(connection: Connection) -> Transaction | None:
    if connection.invalidated:
        return None
    told: Transaction | None = connection.info.get(_KEY)
    return told


def _end(connection: Connection, how: str) -> None:
    if (told := _told(connection)) is not None:
        del connection.info[_KEY]
        told.end(how)
