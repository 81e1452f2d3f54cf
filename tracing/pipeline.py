"""From the parts of one program to the collector: gathered, reduced to what may leave, sent by OTLP over HTTP."""

import logging
from importlib.metadata import version
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from tracing.allowed import OnlyWhatIsAllowed
from tracing.engine import Tracing
from tracing.register import Onlooker
from tracing.spans import OwnIds, Spans

LAST_WORDS_SECONDS = 2.0
"""How long a program that ends waits for the collector."""


class Pipeline:
    """The way of one program's traces, open from now on. Nothing of it is global: only what is ours is told."""

    def __init__(self, program: str) -> None:
        _silence()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,  # the collector chooses: an id made of the time is no lot
            resource=Resource.create({"service.name": f"echeance_{program}", "service.version": version("echeance")}),
            id_generator=OwnIds(),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(OnlyWhatIsAllowed(OTLPSpanExporter())))
        tracer = self._provider.get_tracer("echeance")
        self.spans = Spans(tracer)
        self.interceptor = Tracing(self.spans)
        self._onlooker = Onlooker(tracer)
        self._onlooker.begin()

    def close(self) -> None:
        """Send what is left, if the collector takes it soon."""
        self._onlooker.end()
        ending = Thread(target=self._provider.shutdown, name="last traces", daemon=True)
        ending.start()
        ending.join(LAST_WORDS_SECONDS)


def _silence() -> None:
    """The library would log addresses and answers of the collector, and not as we log; see `OnlyWhatIsAllowed`."""
    library = logging.getLogger("opentelemetry")
    library.addHandler(logging.NullHandler())
    library.propagate = False
