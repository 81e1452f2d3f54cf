"""A command is followed through all programs, and nobody's words leave with its trace, whatever fails."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from temporalio.api.common.v1 import Header
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from bench.complaints import Complaint
from bench.house import running_house, staff_of
from db.models import CommandRow
from local.demo import DEMO_PASSWORD
from local.sink import Sink
from tests.collector import Collector, ToldPart, collecting
from tests.servers import require
from tests.stories import acts
from tests.stories.house import StoryHouse, open_house
from tests.stories.scan import found_in_bytes, personal
from tests.stories.test_secrecy import EVERYTHING_PERSONAL, NAME, SUBJECT, TEXT, a_story_with_every_incident
from tests.workflows.workshop import own_namespace
from tracing.switch import interceptors, traces_of
from worker import WORKFLOWS

TYPED_PASSWORD = "planted-typed-password"
SECRETS = EVERYTHING_PERSONAL | personal(TYPED_PASSWORD, DEMO_PASSWORD)


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that every program of this test is told of."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        yield collector


async def everything_that_is_refused(house: StoryHouse) -> None:
    """Wrong values, wrong password, nothing there, no JSON, an address that nobody has, with words in each."""
    for status, method, path, body in (
        (401, "POST", "/token", {"login": NAME, "password": TYPED_PASSWORD}),
        (422, "POST", "/complaints", {"subject": SUBJECT, "text": TEXT}),
        (404, "GET", f"/complaints/{NAME}", None),
        (404, "GET", f"/{TYPED_PASSWORD}/{NAME}?text={TEXT}", None),
    ):
        answer = await house.as_("malo.quere", method, path, body)
        assert answer.status_code == status, answer.text
    odd = {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate": f"house={TYPED_PASSWORD}",
        "baggage": f"who={TYPED_PASSWORD}",
        "User-Agent": TYPED_PASSWORD,
    }
    assert (await house.as_("malo.quere", "GET", "/tasks", **odd)).status_code == 200


@pytest.mark.proof
async def test_nothing_about_people_leaves_with_a_trace(
    engine: str, insurer: str, sink: Sink, tmp_path: Path, collector: Collector
) -> None:
    with traces_of("story"):
        environment = WorkflowEnvironment.from_client(await own_namespace(engine))
        async with open_house(environment, insurer, sink, tmp_path, failing=[Exception]) as house:
            await a_story_with_every_incident(house)
            await everything_that_is_refused(house)
            approvals = commands_of(house, "approve")
            letters = commands_of(house, "record_handover")
            broken = commands_of(house, "acknowledge")[-1]
            await headers_hold_two_ids_and_nothing_else(house.client)
            await a_replay_tells_nothing(house.client)
    everything = b"".join(collector.bodies)
    assert found_in_bytes(everything, SECRETS, "traces") == []
    assert b"0af7651916cd43dd8448eb211c80319c" not in everything.hex().encode()
    it_was_all_told(collector.parts)
    an_approval_is_followed_to_the_mail_server(collector, approvals[-1])
    assert not any(part.trace in letters for part in collector.parts), "what follows at once stays in the trace"
    what_the_relay_brings_is_in_its_command_s_trace(collector, broken)
    each_update_was_told_once(collector.parts)


def commands_of(house: StoryHouse, kind: str) -> list[UUID]:
    with house.house.sessions() as session:
        wanted = select(CommandRow.id).where(CommandRow.kind == kind).order_by(CommandRow.order)
        return list(session.scalars(wanted))


def it_was_all_told(parts: list[ToldPart]) -> None:
    """It would hold nothing either if nothing had been told: refusals, failures and the mail server's are there."""
    assert {part.facts.get("http.response.status_code") for part in parts} >= {200, 201, 401, 403, 404, 422}
    kinds = {part.facts.get("error.type") for part in parts}
    assert any(part.name == "hand to mail server" and "error.type" in part.facts for part in parts), kinds
    assert any(part.name == "commit" and "error.type" in part.facts for part in parts), kinds
    assert {part.facts.get("echeance.outcome") for part in parts} >= {"applied", "accepted", "rejected"}
    assert not any(part.span.events or part.span.status.message for part in parts)


def an_approval_is_followed_to_the_mail_server(collector: Collector, command_id: UUID) -> None:
    told = collector.trace(command_id)
    names = [part.name for part in told if part.name != "transaction"]
    way = ["keep", "deliver", "send update", "take update", "commit", "produce_letter", "hand_over_letter"]
    assert names[0] == "POST /api/v1/tasks/{task_id}/complete"
    assert [name for name in names if name in way][: len(way)] == way
    assert "hand to mail server" in names
    parents: dict[Any, str] = {part.span.span_id: part.name for part in told}
    above = {part.name: parents.get(part.span.parent_span_id) for part in told}
    assert above["take update"] == "send update"
    assert above["hand to mail server"] == "hand_over_letter"
    commit = next(part for part in told if part.name == "commit")
    assert commit.facts["echeance.command.id"] == str(command_id)
    [inside] = [part for part in told if part.span.parent_span_id == commit.span.span_id]
    assert (inside.name, inside.facts["db.ended"]) == ("transaction", "committed")
    assert 5 < inside.facts["db.statements"] < 20
    assert 0 < inside.facts["db.statements_ms"] < inside.milliseconds < commit.milliseconds


async def headers_hold_two_ids_and_nothing_else(client: Client) -> None:
    seen = 0
    async for listed in client.list_workflows():
        async for event in client.get_workflow_handle(listed.id, run_id=listed.run_id).fetch_history_events():
            for header in headers_of(event):
                assert set(header.fields) <= {"echeance-trace"}
                for payload in header.fields.values():
                    assert re.fullmatch(rb'"[0-9a-f]{32}-[0-9a-f]{16}"', payload.data)
                    seen += 1
    assert seen > 10


def headers_of(event: HistoryEvent) -> list[Header]:
    return [
        event.workflow_execution_started_event_attributes.header,
        event.activity_task_scheduled_event_attributes.header,
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.header,
    ]


async def a_replay_tells_nothing(client: Client) -> None:
    """In the sandbox, which tells what a workflow must not touch."""
    replayer = Replayer(
        workflows=WORKFLOWS,
        data_converter=client.data_converter,
        interceptors=interceptors(),
        workflow_runner=SandboxedWorkflowRunner(),
    )
    async for listed in client.list_workflows("WorkflowType = 'complaint'"):
        history = await client.get_workflow_handle(listed.id, run_id=listed.run_id).fetch_history()
        await replayer.replay_workflow(history)


def each_update_was_told_once(parts: list[ToldPart]) -> None:
    taken = [(part.trace, part.facts["echeance.command.id"]) for part in parts if part.name == "take update"]
    assert len(taken) == len(set(taken)) > 10


def what_the_relay_brings_is_in_its_command_s_trace(collector: Collector, command_id: UUID) -> None:
    names = [part.name for part in collector.trace(command_id) if part.name != "transaction"]
    assert names[:4] == ["deliver", "send update", "take update", "commit"]


async def test_what_happens_long_afterwards_is_a_trace_of_its_own(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path, collector: Collector
) -> None:
    with traces_of("story"):
        async with open_house(skipping_environment, insurer, sink, tmp_path) as house:
            await acts.enters(house, "malo.quere")
            await house.sleep(timedelta(days=4))
            reminders = commands_of(house, "remind")
    assert reminders
    for reminder in reminders:
        names = {part.name for part in collector.trace(reminder)}
        assert names >= {"commit", "transaction"}
    assert {part.facts.get("echeance.command.kind") for part in collector.parts if part.trace not in reminders} == {
        None,
        "register",
    }


@pytest.mark.proof
async def test_a_trace_says_in_which_program_each_part_was(collector: Collector) -> None:
    """The programs as they are shipped, each a process of its own, which end with what they still had to tell."""
    for server in ("postgres", "engine"):
        require(server)
    with running_house() as running:
        async with staff_of(running) as staff:
            complaint = Complaint(staff)
            await complaint.enter()
            await complaint.acknowledge()
    told = [part for part in collector.parts if part.facts.get("echeance.command.kind") == "acknowledge"]
    [trace] = {part.trace for part in told}
    programs = {part.name: part.program for part in collector.trace(trace) if part.name != "transaction"}
    assert programs == {
        "POST /api/v1/tasks/{task_id}/complete": "echeance_api",
        "keep": "echeance_api",
        "deliver": "echeance_api",
        "send update": "echeance_api",
        "take update": "echeance_worker",
        "commit": "echeance_worker",
        "produce_letter": "echeance_worker",
        "hand_over_letter": "echeance_worker",
        "hand to mail server": "echeance_worker",
    }
