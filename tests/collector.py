"""A collector of traces: a small server on this machine that takes OTLP over HTTP, and keeps every byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class ToldPart:
    """A part as it arrived, with the program that told it."""

    program: str
    span: Span

    @property
    def name(self) -> str:
        """What it is called."""
        return self.span.name

    @property
    def trace(self) -> UUID:
        """The trace that it belongs to: the id of its command."""
        return UUID(bytes=self.span.trace_id)

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of it."""
        return {
            one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value") for one in self.span.attributes
        }

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.span.end_time_unix_nano - self.span.start_time_unix_nano) / 1_000_000


@dataclass
class Collector:
    """What has arrived so far, as bytes and as parts."""

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)

    @property
    def parts(self) -> list[ToldPart]:
        """All parts, in the order in which they arrived."""
        return [
            ToldPart(_program(told.resource), span)
            for body in self.bodies
            for told in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in told.scope_spans
            for span in scope.spans
        ]

    def trace(self, command_id: UUID) -> list[ToldPart]:
        """The parts of a command's trace, in the order in which they began."""
        parts = [part for part in self.parts if part.trace == command_id]
        return sorted(parts, key=lambda part: part.span.start_time_unix_nano)


def _program(resource: Any) -> str:
    return str(next(one.value.string_value for one in resource.attributes if one.key == "service.name"))


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens."""
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    collector.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
