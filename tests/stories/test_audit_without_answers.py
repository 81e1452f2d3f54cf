"""A delegate never answers the report: its date passes, the auditor goes on, the delegate speaks on the finding."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.factories.audits import AUDITOR, CONTROL, OTHER_AUDITOR, USER
from tests.stories.audit_acts import asks, completes, done, makes_report, plans, told
from tests.stories.finding_acts import proposes
from tests.stories.house import StoryHouse, open_house, settles

PARIS = ZoneInfo("Europe/Paris")
STARTS = datetime(2031, 9, 8, 9, tzinfo=PARIS)
"""A Monday."""
SILENT = {"reason": "Relancé trois fois, sans réponse."}


@pytest.mark.proof
async def test_a_delegate_that_stays_silent_does_not_hold_its_audit_up(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, STARTS) as house:
        # Monday 8 September 2031: an audit that asks for one piece, launched, validated the same day
        reference = (await plans(house, STARTS + timedelta(hours=1), pieces=["tariff-table"]))["reference"]
        held = {"outcome": "hold_launch", "held_on": "2031-09-08"}
        await completes(house, AUDITOR, reference, "hold_launch_meeting", **held)
        await validated(house, reference)

        # The delegate has until Tuesday 23 September; on that day nobody goes on without it
        [asked] = await house.inbox(USER, reference)
        assert (asked["kind"], asked["due_at"][:10]) == ("answer_findings", "2031-09-23")
        await house.sleep_until(datetime(2031, 9, 23, 16, tzinfo=PARIS))
        assert not (await told(house, reference))["possible"]["end_answers"]["may"]
        early = await asks(house, AUDITOR, reference, "end-answers", SILENT)
        assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong_step")

        # The day after, an auditor does; the delegate's people do not
        await house.sleep_until(datetime(2031, 9, 24, 9, tzinfo=PARIS))
        assert (await asks(house, USER, reference, "end-answers", SILENT)).status_code == 403
        await done(await asks(house, AUDITOR, reference, "end-answers", SILENT))

        # The delegate reads it and cannot answer any more
        ours = await house.get(USER, f"/delegate/audits/{reference}")
        assert (ours["answers_ended_on"], ours["answers_ended_because"]) == ("2031-09-24", SILENT["reason"])
        assert ours["report"]["recommendations"][0]["reply"] is None
        answers = {"outcome": "answer", "answers": [{"number": 1, "reply": "accept"}]}
        late = await house.as_(USER, "POST", f"/delegate/tasks/{asked['id']}/complete", answers)
        assert late.status_code in (404, 409)

        # The schedule is agreed on without it, and it speaks on the finding
        agreed = {"outcome": "agree", "held_on": "2031-09-24"}
        assert await completes(house, AUDITOR, reference, "agree_schedule", **agreed) == "following_up"
        await house.relay()
        finding = next(one for one in (await told(house, reference))["findings"] if one["number"] == 1)

        async def asked_for_a_plan() -> bool:
            return bool(await house.inbox(USER, finding["reference"]))

        await settles(asked_for_a_plan, True)
        assert await proposes(house, USER, finding["reference"]) == "open"


async def validated(house: StoryHouse, reference: str) -> None:
    """Nothing came, one thing is recommended, and two people let the report go."""
    await done(await asks(house, AUDITOR, reference, "end-delivery", {"reason": "Rien ne viendra."}))
    words = {"risk": "low", "words": "À écrire.", "expected_on": "2031-12-01"}
    await done(await asks(house, AUDITOR, reference, "recommendations", words))
    await completes(house, AUDITOR, reference, "analyse_pieces", outcome="end_analysis")
    made = {"report_sha256": await makes_report(house, reference)}
    await completes(house, AUDITOR, reference, "write_report", outcome="submit", **made)
    for login in (OTHER_AUDITOR, CONTROL):
        await completes(house, login, reference, "validate_report", outcome="validate", **made)
