"""Switch traces on for a program, as OpenTelemetry's standard variables say, and off again in good order."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tracing import parts

if TYPE_CHECKING:
    from tracing.engine import Tracing

_WHERE = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_interceptors: list["Tracing"] = []


def are_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether somebody has said where traces go, and nobody that they do not."""
    off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not off and any(environment.get(name) for name in _WHERE)


@contextmanager
def traces_of(program: str) -> Iterator[None]:
    """Tell what this program does, if that is wanted; what is not yet sent at the end leaves within seconds."""
    if not are_wanted():
        yield
        return
    from tracing.pipeline import Pipeline

    pipeline = Pipeline(program)
    _interceptors.append(pipeline.interceptor)
    parts.use(pipeline.spans)
    try:
        yield
    finally:
        parts.use(None)
        _interceptors.clear()
        pipeline.close()


def interceptors() -> list["Tracing"]:
    """What a client of the engine is given; nothing while traces are off."""
    return list(_interceptors)
