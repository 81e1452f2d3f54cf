"""What may leave in a trace: the one list. Whatever is not on it stays here, and so do all texts of failures.

A name that is listed is not enough: its value must look like what it is said to be, so that nobody's words leave under
the name of something else.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import structlog
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, Status
from opentelemetry.util.types import AttributeValue

log = structlog.get_logger()
Check = Callable[[AttributeValue], bool]


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _number(value: AttributeValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ID = _like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORD = _like(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_ROUTE = _like(r"none|/([A-Za-z0-9_.-]+|\{[a-z_]+(:[a-z]+)?\}|/){0,60}")
_PART = _like(r"([A-Z]+ )?(/([A-Za-z0-9_.-]+|\{[a-z_]+(:[a-z]+)?\}|/){0,60}|[a-z_]+( [a-z_]+){0,3}|none)")
_VERSION = _like(r"[A-Za-z0-9_.+-]{1,60}")

ALLOWED: Mapping[str, Check] = {
    "http.request.method": _like(r"[A-Za-z]{3,7}"),
    "http.route": _ROUTE,
    "http.response.status_code": _number,
    "error.type": _WORD,
    "echeance.command.id": _ID,
    "echeance.command.kind": _WORD,
    "echeance.command.attempts": _number,
    "echeance.case.id": _ID,
    "echeance.letter.id": _ID,
    "echeance.letter.round": _number,
    "echeance.message.id": _ID,
    "echeance.outcome": _WORD,
    "echeance.workflow": _WORD,
    "echeance.activity": _WORD,
    "echeance.activity.attempt": _number,
    "echeance.activity.waited_ms": _number,
    "echeance.task_queue": _WORD,
    "echeance.update": _WORD,
    "db.statements": _number,
    "db.statements_ms": _number,
    "db.ended": _WORD,
    "smtp.code": _number,
}
"""What may be said of a part, and what it must look like."""

ABOUT_THE_PROGRAM: Mapping[str, Check] = {
    "service.name": _WORD,
    "service.namespace": _WORD,
    "service.version": _VERSION,
    "service.instance.id": _VERSION,
    "deployment.environment.name": _WORD,
    "telemetry.sdk.language": _WORD,
    "telemetry.sdk.name": _WORD,
    "telemetry.sdk.version": _VERSION,
}
"""What may be said of the program that tells it; `OTEL_RESOURCE_ATTRIBUTES` may add those that are listed."""


class OnlyWhatIsAllowed(SpanExporter):
    """Passes parts on with what is listed, and nothing else."""

    def __init__(self, way: SpanExporter) -> None:
        self._way = way

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send what may be sent. A collector that is away costs traces, nothing else; that is logged."""
        sent = self._way.export([allowed(span) for span in spans])
        if sent is not SpanExportResult.SUCCESS:
            log.warning("traces_not_sent", parts=len(spans))
        return sent

    def shutdown(self) -> None:
        """Send no more."""
        self._way.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Nothing is held back here."""
        return self._way.force_flush(timeout_millis)


def allowed(span: ReadableSpan) -> ReadableSpan:
    """The same part without events, texts of failures, and whatever is not listed."""
    context = span.get_span_context()
    assert context is not None
    return ReadableSpan(
        name=span.name if _PART(span.name) else "part",
        context=_bare(context),
        parent=_bare(span.parent) if span.parent else None,
        resource=Resource(_checked(span.resource.attributes, ABOUT_THE_PROGRAM)),
        attributes=_checked(span.attributes or {}, ALLOWED),
        links=[Link(_bare(link.context)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=InstrumentationScope("echeance"),
    )


def _bare(context: SpanContext) -> SpanContext:
    """Ids only: a trace's state is free text."""
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)


def _checked(said: Mapping[str, AttributeValue], listed: Mapping[str, Check]) -> dict[str, AttributeValue]:
    return {name: value for name, value in said.items() if name in listed and listed[name](value)}
