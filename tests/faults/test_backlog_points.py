"""Programs die between any two steps of an operation: it is proposed once, a place is taken once, it is paid once."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import faultpoints
from faultpoints import Fault
from local.sink import Sink
from tests.api.counter import NOON
from tests.faults.dying import die, dies
from tests.stories.acts import enters, kinds_before
from tests.stories.backlog_acts import (
    CLAIRE,
    GENERAL,
    MANAGER,
    OPERATIONS,
    a_proposal,
    approves,
    has_activity,
    is_known,
    operation_of,
    sessions,
)
from tests.stories.house import open_house, settles
from tests.stories.lending_acts import AUDITOR, an_operation_on_complaints, runs


async def test_whoever_dies_at_a_step_of_an_operation_it_happens_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faultpoints, "die", die)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        # It is proposed: whoever sends it again gets the same one, and its directors are asked once.
        has_activity(house)
        asked = a_proposal(house)
        for point in ("operation_kept", "operation_decided"):
            await dies(house, monkeypatch, point, MANAGER, "/backlog", asked)
        told = await house.as_(MANAGER, "POST", "/backlog", asked, **{"Idempotency-Key": "operation_kept"})
        reference = told.json()["reference"]
        await house.relay()
        assert len((await house.get(OPERATIONS, "/backlog"))["operations"]) == 2

        # It is approved: the API dies before it is delivered, and the worker once it is decided.
        plan_hash = (await operation_of(house, reference))["plan_hash"]
        [task] = await house.inbox(OPERATIONS, reference)
        way, body = f"/tasks/{task['id']}/complete", {"outcome": "approve", "plan_hash": plan_hash}
        await dies(house, monkeypatch, "command_kept", OPERATIONS, way, body)
        monkeypatch.setattr(faultpoints, "armed", Fault("decision_committed"))
        await house.relay()

        async def asked_next() -> int:
            return len(await house.inbox(GENERAL, reference))

        await settles(asked_next, 1, 30)
        assert await approves(house, GENERAL, reference) == "planned"

        # A place is taken, and the answer lost: asked again, it is the same place.
        await is_known(house, CLAIRE)
        [first, *_] = await sessions(house, reference)
        way = f"/backlog/{reference}/sessions/{first['id']}/sign-up"
        await dies(house, monkeypatch, "place_taken", CLAIRE, way, {})
        again = await house.as_(CLAIRE, "POST", way)
        assert (again.json()["status"], again.json()["seat"]) == ("seated", 1)
        [first, *_] = await sessions(house, reference)
        assert [one["login"] for one in first["people"]] == [CLAIRE]
        journal = await house.get(OPERATIONS, f"/cases/{reference}/journal")
        events = [one["event"] for one in journal["lines"]]
        assert (events.count("OperationApproved"), events.count("SignedUp")) == (2, 1)


async def test_whoever_dies_while_cases_are_given_out_each_is_lent_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faultpoints, "die", die)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        # The cases of its first evening are given out, and the answer lost.
        complaint = await enters(house, CLAIRE)
        reference = await an_operation_on_complaints(house)
        await runs(house, reference)
        [evening] = await sessions(house, reference)
        way = f"/backlog/{reference}/sessions/{evening['id']}/dispatch"
        await dies(house, monkeypatch, "cases_dispatched", MANAGER, way, {})

        # The worker dies once the case has agreed; whoever gave them out asks again.
        monkeypatch.setattr(faultpoints, "armed", Fault("decision_committed"))
        await house.relay()
        await settles(lambda: kinds_before(house, AUDITOR, complaint), ["acknowledge"], 30)
        again = await house.as_(MANAGER, "POST", way, {}, **{"Idempotency-Key": "cases_dispatched"})
        assert again.status_code == 200
        await house.relay()
        told = await house.get(OPERATIONS, f"/backlog/{reference}/dispatch")
        assert [(one["case"], one["ended_at"]) for one in told["loans"]] == [(complaint, None)]
        lines = (await house.get(OPERATIONS, f"/cases/{complaint}/journal"))["lines"]
        assert [one["event"] for one in lines].count("CaseLent") == 1
