"""`GET /metrics`, for Prometheus: what the register says now, and how this process has answered.

It names no person and no case. It stands beside the health checks, outside the API: the proxy in front keeps it inside
(docs/operations.md).
"""

from collections.abc import Iterator, Mapping
from time import perf_counter

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.house import TheHouse
from db.queries.metrics import Pulse, Waiting, pulse

router = APIRouter()
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_KINDS = ("commands", "letters", "messages")


class Answers:
    """How this process has answered so far: times by method and route, answers by status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "echeance_http_seconds",
            "How long an answer took",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.count = Counter(
            "echeance_http_answers", "Answers given", ["method", "route", "status"], registry=self.registry
        )


class Stopwatch:
    """Notes the time and status of every answer, under the route's own name, never under the address asked for."""

    def __init__(self, app: ASGIApp, answers: Answers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and look at the clock before and after."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begin = 500, perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            method, route = _known(scope["method"]), _route(scope)
            self._answers.seconds.labels(method, route).observe(perf_counter() - begin)
            self._answers.count.labels(method, route, str(status)).inc()


def _known(method: str) -> str:
    """The method, if it is one: a label never holds what a stranger has made up."""
    return method if method in {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} else "other"


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "none"


class RegisterNow(Collector):
    """The register's pulse as gauges."""

    def __init__(self, told: Pulse) -> None:
        self._pulse = told

    def collect(self) -> Iterator[Gauge]:
        """Each gauge with its labels."""
        cases = Gauge("echeance_cases_open", "Cases that have not ended", labels=["procedure", "state"])
        for labels, count in self._pulse.open_cases.items():
            cases.add_metric(list(labels), count)
        yield cases
        yield _by_name("echeance_deadlines_overdue", "Open deadlines that are past", self._pulse.overdue)
        yield _by_name(
            "echeance_deadlines_due_within_a_day", "Open deadlines of the next 24 hours", self._pulse.due_within_a_day
        )
        for kind in _KINDS:
            waiting: Waiting = getattr(self._pulse, kind)
            yield Gauge(f"echeance_{kind}_waiting", f"{kind.capitalize()} that wait", waiting.count)
            yield Gauge(
                f"echeance_{kind}_oldest_seconds", f"Age of the oldest of the {kind}", waiting.oldest.total_seconds()
            )
        yield Gauge("echeance_possible_doubles", "Letters that may have left twice", self._pulse.possible_doubles)
        if self._pulse.canary is not None:
            age = self._pulse.canary.total_seconds()
            yield Gauge("echeance_canary_age_seconds", "Since the canary's timer last fired", age)


def _by_name(metric: str, what: str, counts: Mapping[str, int]) -> Gauge:
    gauge = Gauge(metric, what, labels=["name"])
    for name, count in counts.items():
        gauge.add_metric([name], count)
    return gauge


@router.get("/metrics", include_in_schema=False)
def metrics(house: TheHouse) -> Response:
    """Everything, in Prometheus' text format."""
    with house.sessions() as session:
        told = pulse(session, house.now())
    now = CollectorRegistry()
    now.register(RegisterNow(told))
    return Response(generate_latest(now) + generate_latest(_answers.registry), media_type=CONTENT_TYPE_LATEST)


_answers = Answers()


def install(app: FastAPI) -> None:
    """The route, and the stopwatch around everything."""
    app.include_router(router)
    app.add_middleware(Stopwatch, answers=_answers)
