"""Parts as spans of OpenTelemetry. Imported only when traces are switched on."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
    use_span,
)
from uuid_utils.compat import uuid7

from tracing.parts import Fact, Facts, Part

_ROLES = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "internal": SpanKind.INTERNAL}
_trace: ContextVar[UUID | None] = ContextVar("trace", default=None)


class OwnIds(RandomIdGenerator):
    """A command's trace bears the command's id; every other a new one of the same kind."""

    def generate_trace_id(self) -> int:
        """The id of the trace that begins now."""
        return (_trace.get() or uuid7()).int


class SpanPart:
    """A span that is going on."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def says(self, name: str, value: Fact) -> None:
        """See `tracing.parts.Part`."""
        self._span.set_attribute(name, value)

    def named(self, name: str) -> None:
        """See `tracing.parts.Part`."""
        self._span.update_name(name)

    def failed(self, kind: str) -> None:
        """See `tracing.parts.Part`."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)

    def end(self) -> None:
        """It is over."""
        self._span.end()

    @property
    def carried(self) -> str | None:
        """See `tracing.parts.Part`."""
        context = self._span.get_span_context()
        return f"{context.trace_id:032x}-{context.span_id:016x}" if context.is_valid else None


class Spans:
    """Makes parts with a tracer."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    def part(
        self, name: str, facts: Facts, *, role: str, of: UUID | None, after: str | None
    ) -> AbstractContextManager[Part]:
        """See `tracing.parts.part`."""
        around = _remote(after) if after else get_current_span()
        known = around.get_span_context()
        if of is None or known.trace_id == of.int:
            return self._span(name, facts, role, set_span_in_context(around, Context()), [], None)
        return self._span(name, facts, role, Context(), [Link(known)] if known.is_valid else [], of)

    def begun(self, name: str, facts: Facts, after: str) -> SpanPart:
        """A part that goes on until it is told to end; whatever runs here meanwhile does not belong to it by itself."""
        return SpanPart(self.tracer.start_span(name, set_span_in_context(_remote(after)), SpanKind.SERVER, facts))

    def current(self) -> Part:
        """The part that goes on here."""
        return SpanPart(get_current_span())

    @contextmanager
    def _span(
        self, name: str, facts: Facts, role: str, context: Context, links: list[Link], of: UUID | None
    ) -> Iterator[Part]:
        token = _trace.set(of)
        try:
            span = self.tracer.start_span(name, context, _ROLES[role], facts, links)
        finally:
            _trace.reset(token)
        with _current(span):
            yield SpanPart(span)


@contextmanager
def _current(span: Span) -> Iterator[None]:
    """Make it the current one, and end it; of a failure its kind is noted."""
    with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except BaseException as error:
            SpanPart(span).failed(kind_of(error))
            raise


def kind_of(error: BaseException) -> str:
    """What kind of failure it is; of one that the engine has carried, what it was at home."""
    kind = getattr(error, "type", None)
    return kind if isinstance(kind, str) else type(error).__name__


def _remote(carried: str) -> Span:
    trace, _, span = carried.partition("-")
    return NonRecordingSpan(SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(1)))
