"""Programs die between any two steps of a finding: it is opened once, and closed once, by two people."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import faultpoints
from faultpoints import Fault
from local.sink import Sink
from tests.api.counter import NOON
from tests.factories.uploads import A_PDF
from tests.faults.dying import die, dies
from tests.stories.finding_acts import AUDITOR, CONTROL, ENORA, delivers, proposes, says, state, what_is_found
from tests.stories.house import open_house, settles


async def test_whoever_dies_at_a_step_of_a_finding_it_happens_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faultpoints, "die", die)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        # It is opened: whoever sends it again gets the same one.
        found = what_is_found(house)
        for point in ("finding_kept", "finding_decided"):
            await dies(house, monkeypatch, point, AUDITOR, "/findings", found)
        told = await house.as_(AUDITOR, "POST", "/findings", found, **{"Idempotency-Key": "finding_kept"})
        reference = told.json()["reference"]
        await house.relay()
        assert len((await house.get(AUDITOR, "/findings"))["findings"]) == 2

        # It is confirmed: the API dies before it is delivered, and once it is decided.
        await proposes(house, ENORA, reference)
        await says(house, AUDITOR, reference, "accept_plan", "accept")
        await delivers(house, ENORA, reference, A_PDF)
        await says(house, AUDITOR, reference, "verify", "verified")
        [task] = await house.inbox(CONTROL, reference)
        way = f"/tasks/{task['id']}/complete"
        await dies(house, monkeypatch, "command_kept", CONTROL, way, {"outcome": "confirm"})
        assert await state(house, reference) == "confirming"
        monkeypatch.setattr(faultpoints, "armed", Fault("decision_committed"))
        await house.relay()
        await settles(lambda: state(house, reference), "closed", 30)
        again = await house.as_(CONTROL, "POST", way, {"outcome": "confirm"}, **{"Idempotency-Key": "command_kept"})
        assert (again.status_code, again.json()["status"]) == (200, "applied")
        journal = await house.get(AUDITOR, f"/cases/{reference}/journal")
        events = [one["event"] for one in journal["lines"]]
        assert (events.count("RemediationConfirmed"), events.count("FindingEnded")) == (1, 1)
