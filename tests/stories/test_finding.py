"""Findings as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from db.models import Case
from local.sink import Sink
from tests.api.contract import rule_of
from tests.factories.uploads import A_CSV, A_PDF, AN_XLSX
from tests.stories.acts import kinds_before
from tests.stories.finding_acts import (
    AUDITOR,
    BASTIEN,
    CONTROL,
    ENORA,
    GENERAL,
    OPERATIONS,
    OTHER_AUDITOR,
    SABINE,
    STRANGER,
    WHY,
    asks,
    brings,
    delivers,
    finding_of,
    opens,
    proposes,
    refuses,
    says,
    state,
    what_is_found,
)
from tests.stories.house import StoryHouse, open_house, settles

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2031 in Paris. 3 March is a Monday."""
    return datetime(2031, month, day, hour, minute, tzinfo=PARIS)


def addresses(sink: Sink) -> set[str]:
    """To whom messages have gone, as what stands before the @."""
    told = ", ".join(f"{mail.header('To')}, {mail.header('Cc') or ''}" for mail in sink.mailbox.mails())
    return {one.rpartition("<")[2].partition("@")[0].strip() for one in told.split(",") if "@" in one}


async def test_a_finding_is_refused_postponed_refused_again_and_closed_by_two_people(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March, 9:00. An auditor opens it, due on the last day that its risk allows. A later one is refused.
        later = await house.as_(AUDITOR, "POST", "/findings", _due(house, "2031-04-03"))
        assert (later.status_code, later.json()["field"]) == (422, "due_on")
        reference = await opens(house, risk="major")
        told = await finding_of(house, reference)
        assert (told["state"], told["due_on"], told["latest_on"]) == ("open", "2031-04-02", "2031-04-02")
        assert {one["name"]: one["due_on"] for one in told["deadlines"]} == {
            "plan": "2031-03-18",
            "remediation": "2031-04-02",
        }
        for login, kinds in {ENORA: ["propose_plan"], SABINE: ["propose_plan"], STRANGER: [], AUDITOR: []}.items():
            assert await kinds_before(house, login, reference) == kinds

        # The plan is refused once, with the reason, and then accepted.
        assert await proposes(house, SABINE, reference) == "open"
        assert await refuses(house, AUDITOR, reference, "accept_plan", "send_back") == "open"
        await house.sleep(timedelta(days=2))
        assert await proposes(house, ENORA, reference) == "open"
        assert await says(house, OTHER_AUDITOR, reference, "accept_plan", "accept") == "planned"
        plans = (await finding_of(house, reference))["plans"]
        assert [(one["accepted"], one["reason"]) for one in plans] == [(False, WHY), (True, None)]

        # It is postponed twice, each time by the operations director, for it is major; and never by whoever asked.
        for until in ("2031-04-14", "2031-04-24"):
            assert (await asks(house, ENORA, reference, "postponement", until)).status_code == 200
            again = await asks(house, BASTIEN, reference, "postponement", "2031-05-31")
            assert rule_of(again) == "wrong_step"
            assert await kinds_before(house, CONTROL, reference) == []
            assert await says(house, OPERATIONS, reference, "decide_postponement", "grant") == "planned"
        told = await finding_of(house, reference)
        assert (told["due_on"], told["postponements"]) == ("2031-04-24", 2)
        assert [(one["status"], one["approved_by"]) for one in told["requests"]] == [
            ("granted", ["Mme Isabelle Kermarrec"]),
        ] * 2

        # A month before, the delegate and the auditors are reminded, and nobody else.
        await house.sleep_until(at(25, 9))
        await settles(lambda: _told(sink), {"enora.lagadec", "bastien.cloarec", "gildas.madec", "maiwenn.le.saux"})

        # Evidence: what is no file, somebody else's finding; what an auditor brought, they do not verify.
        assert (await brings(house, ENORA, reference, b"MZ\x90", "preuve.exe")).status_code == 422
        assert (await brings(house, STRANGER, reference)).status_code == 404
        assert (await brings(house, OTHER_AUDITOR, reference, A_CSV, "extraction.csv")).status_code == 200
        assert await delivers(house, ENORA, reference, A_PDF) == "verifying"
        assert await kinds_before(house, OTHER_AUDITOR, reference) == []
        assert await refuses(house, AUDITOR, reference, "verify") == "planned"
        assert await delivers(house, BASTIEN, reference, AN_XLSX, "contrôles.xlsx") == "verifying"
        assert await says(house, AUDITOR, reference, "verify", "verified") == "confirming"

        # Confirmed by another: closed, and nothing moves any more.
        assert await kinds_before(house, AUDITOR, reference) == []
        assert await says(house, CONTROL, reference, "confirm_remediation", "confirm") == "closed"
        assert rule_of(await asks(house, ENORA, reference, "postponement", "2031-12-31")) == "wrong_step"
        told = await finding_of(house, reference)
        assert [(one["verified_by"], one["confirmed_by"]) for one in told["rounds"]] == [
            (None, None),
            ("M. Gildas Madec", "Mme Katell Rolland"),
        ]
        kept = await house.as_(AUDITOR, "GET", f"/findings/{reference}/evidence/{told['evidence'][-1]['id']}")
        assert kept.content == AN_XLSX
        await house.client.get_workflow_handle(f"finding-{_case(house, reference)}").result()
        journal = await house.get(AUDITOR, f"/cases/{reference}/journal")
        assert [one["event"] for one in journal["lines"]][-2:] == ["FindingEnded", "CommandRefused"]
        assert "contrôle mensuel" not in str([one["facts"] for one in journal["lines"]])


def _due(house: StoryHouse, due_on: str) -> dict[str, str]:
    return what_is_found(house, risk="major", due_on=due_on)


async def _told(sink: Sink) -> set[str]:
    return addresses(sink)


def _case(house: StoryHouse, reference: str) -> object:
    with house.house.sessions() as session:
        return session.scalars(select(Case.id).where(Case.reference == reference)).one()


@pytest.mark.proof
async def test_what_is_major_and_overdue_reaches_the_general_director(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        reference = await opens(house, risk="major")
        assert (await finding_of(house, reference))["due_on"] == "2031-04-02"
        await proposes(house, ENORA, reference)
        await says(house, AUDITOR, reference, "accept_plan", "accept")

        # Until Wednesday 2 April, 17:00, the direction hears nothing; then the general director does, at once.
        await house.sleep_until(at(2, 16, 59, month=4))
        assert addresses(sink).isdisjoint({"francois.le.bihan", "isabelle.kermarrec", "sabine.trevidic"})
        assert (await house.get(AUDITOR, "/findings?overdue=true"))["findings"] == []
        await house.sleep_until(at(2, 17, 10, month=4))
        await settles(lambda: _has_heard(sink, "francois.le.bihan"), True)
        [late] = (await house.get(GENERAL, "/findings?overdue=true&risk=major&delegate=ARMOR"))["findings"]
        assert (late["reference"], late["overdue"]) == (reference, True)

        # The next morning the delegate's own director and the operations director hear of it as well.
        await house.sleep_until(at(3, 9, month=4))
        await settles(lambda: _has_heard(sink, "sabine.trevidic"), True)
        assert "isabelle.kermarrec" in addresses(sink)


async def _has_heard(sink: Sink, login: str) -> bool:
    return login in addresses(sink)


@pytest.mark.proof
async def test_a_risk_that_two_have_accepted_is_open_again_when_its_day_has_come(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        reference = await opens(house, risk="major")
        await proposes(house, ENORA, reference)
        await says(house, AUDITOR, reference, "accept_plan", "accept")
        assert (await asks(house, ENORA, reference, "risk-acceptance", "2031-04-08")).status_code == 403
        assert (await asks(house, AUDITOR, reference, "risk-acceptance", "2031-04-08")).status_code == 200
        assert await kinds_before(house, GENERAL, reference) == []
        assert await says(house, OPERATIONS, reference, "accept_risk", "approve") == "planned"
        assert await says(house, GENERAL, reference, "accept_risk", "approve") == "risk_accepted"
        assert await kinds_before(house, ENORA, reference) == []

        # It would have been due on Wednesday 2 April: nobody above hears anything of that.
        await house.sleep_until(at(8, 16, 30, month=4))
        assert addresses(sink).isdisjoint({"francois.le.bihan", "isabelle.kermarrec", "sabine.trevidic"})
        assert (await house.get(AUDITOR, "/findings?overdue=true"))["findings"] == []
        await house.sleep_until(at(8, 17, 10, month=4))
        await settles(lambda: state(house, reference), "planned")
        assert (await finding_of(house, reference))["due_on"] == "2031-05-08"
        assert await kinds_before(house, ENORA, reference) == ["deliver_evidence"]
