"""Requests as parts of traces: off unless asked for, a mistake told by its kind, a collector that is away harmless."""

import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest
from opentelemetry.trace import SpanContext, StatusCode, TraceState, get_current_span
from uuid_utils.compat import uuid7

from local.ports import HOST, free_port
from tests.api.test_mistakes import TYPED, ask
from tests.collector import Collector, collecting
from tests.stories.scan import found_in_bytes, personal
from tracing import parts
from tracing.switch import are_wanted, interceptors, traces_of


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that this program is told of."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.address}/v1/traces")
        yield collector


@pytest.mark.parametrize(("path", "status", "kind"), [("mistake", 500, "KeyError"), ("away", 503, "OperationalError")])
async def test_a_failure_is_told_by_its_kind_and_not_by_its_words(
    collector: Collector, path: str, status: int, kind: str
) -> None:
    with traces_of("api"):
        await ask(f"/{path}/{TYPED}")
    [part] = collector.parts
    assert part.program == "echeance_api"
    assert part.name == f"GET /api/v1/{path}/{{name}}"
    assert part.facts["http.response.status_code"] == status
    assert part.facts.get("error.type") == kind
    assert found_in_bytes(b"".join(collector.bodies), personal(TYPED), "traces") == []


async def test_an_address_that_nobody_has_is_not_repeated(collector: Collector) -> None:
    with traces_of("api"):
        await ask(f"/nowhere/{TYPED}?who={TYPED}")
    assert [part.name for part in collector.parts] == ["GET none"]
    assert found_in_bytes(b"".join(collector.bodies), personal(TYPED), "traces") == []


async def test_what_others_say_of_the_program_is_told_only_where_it_is_listed(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,contact=Vasseur")
    with traces_of("api"), parts.part("keep", {"echeance.command.kind": TYPED, "who": TYPED}) as told:
        told.named(TYPED)
        told.says("http.route", f"/{TYPED}")
        span = get_current_span()
        span.record_exception(ValueError(TYPED))
        span.set_status(StatusCode.ERROR, TYPED)
        span.add_link(SpanContext(1, 2, is_remote=True, trace_state=TraceState([("house", "vasseur")])), {"who": TYPED})
    [part] = collector.parts
    assert part.name == "part"
    assert part.facts == {}
    assert [link.span_id for link in part.span.links] == [bytes(7) + b"\x02"]
    assert b"deployment.environment.name" in collector.bodies[0]
    assert found_in_bytes(collector.bodies[0], personal(TYPED), "traces") == []


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://localhost:4318/v1/metrics"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_traces_are_told_only_where_somebody_wants_them(environment: dict[str, str], wanted: bool) -> None:
    assert are_wanted(environment) is wanted


def test_while_they_are_off_nothing_is_told_and_nothing_is_loaded() -> None:
    with traces_of("api"), parts.part("keep") as told:
        told.says("echeance.command.kind", "approve")
        assert (told.carried, parts.are_on(), interceptors()) == (None, False, [])
    look = (
        "import sys, worker, api.app, api.relay; print([m for m in sys.modules if m.startswith('opentelemetry.sdk')])"
    )
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


async def test_a_collector_that_is_away_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "planted-collector-password"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://somebody:{secret}@{HOST}:{free_port()}")
    with traces_of("api"):
        await ask(f"/mistake/{TYPED}")
        begin = monotonic()
    assert monotonic() - begin < 4
    said = capfd.readouterr()
    assert secret not in said.out + said.err


async def test_each_of_several_commands_in_one_request_has_a_trace_of_its_own(collector: Collector) -> None:
    first, second = uuid7(), uuid7()
    with (
        traces_of("api"),
        parts.choosing(first),
        parts.part("request", of=first),
    ):
        assert [parts.chosen_id(), parts.chosen_id()] == [first, None]
        for command in (first, second):
            with parts.part("deliver", of=command):
                pass
    [own], [request, _] = collector.trace(second), collector.trace(first)
    assert [part.name for part in collector.trace(first)] == ["request", "deliver"]
    assert own.name == "deliver"
    assert [link.span_id for link in own.span.links] == [request.span.span_id]
