"""Who is to act, as the delegate's space says it: for every step of a finding and of an audit."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from domain.audit.states import AuditState
from domain.finding.states import FindingState
from domain.risk import RiskLevel
from domain.turn import Turn, turn_of
from tests.api.pages.audits_office import open_office as open_audits
from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.findings_office import Office, open_office
from tests.conftest import Ask
from tests.db.audit.stages import Stages
from tests.factories import finding_desk as does
from tests.factories.audits import FORWARD, STEPS
from tests.factories.finding_desk import ENORA

OURS, THEIRS = "it is our turn", "it is the insurer’s turn"


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[Office]:
    """Monday noon; each test works on findings of its own."""
    async with open_office(ask) as office:
        yield office


def proposed(desk: Any) -> UUID:
    """A plan that the auditor has in hand."""
    case_id = does.opened(desk)
    does.propose(desk, case_id)
    return case_id


def sent_back(desk: Any) -> UUID:
    """A plan that will not do."""
    case_id = proposed(desk)
    does.send_back(desk, case_id)
    return case_id


def refused(desk: Any) -> UUID:
    """Evidence that will not do."""
    case_id = does.a_finding_at(desk, "verifying")
    does.refuse(desk, case_id)
    return case_id


def at(state: str) -> Callable[[Any], UUID]:
    """A finding at a step."""
    return lambda desk: does.a_finding_at(desk, state)


@pytest.mark.parametrize(
    ("where", "turn"),
    [
        (does.opened, Turn.DELEGATE),
        (proposed, Turn.INSURER),
        (sent_back, Turn.DELEGATE),
        (at("planned"), Turn.DELEGATE),
        (at("verifying"), Turn.INSURER),
        (refused, Turn.DELEGATE),
        (at("confirming"), Turn.INSURER),
        (at("risk_accepted"), Turn.NOBODY),
        (at("closed"), Turn.NOBODY),
    ],
)
async def test_a_finding_says_truly_who_is_to_act(office: Office, where: Callable[[Any], UUID], turn: Turn) -> None:
    place = office.space(where(office.desk))
    reference = place.rsplit("/", 1)[-1]
    told = await office.counter.get(ENORA, f"/delegate/findings/{reference}")
    async with browser_of(office.counter, ENORA, "en") as browser:
        listed = text_of(await browser.open("/delegate?ended=yes")).rsplit(f"{reference} ", 1)[-1]
        page = text_of(await browser.open(place))
    line = listed.split(" CST-", 1)[0]
    assert told["to_act"] == turn
    assert (OURS in line, THEIRS in line) == (turn is Turn.DELEGATE, turn is Turn.INSURER)
    assert ("The insurer’s auditor reads the plan." in page) == (where is proposed)


@pytest.mark.parametrize("state", FindingState)
@pytest.mark.parametrize("asked", [True, False])
def test_nobody_acts_on_a_finding_that_rests_and_otherwise_whoever_is_asked(state: FindingState, asked: bool) -> None:
    rests = {FindingState.CLOSED, FindingState.CANCELLED, FindingState.RISK_ACCEPTED}
    wanted = Turn.NOBODY if state in rests else Turn.DELEGATE if asked else Turn.INSURER
    assert turn_of(rests=state in FindingState.resting(), asked=asked) is wanted


async def test_an_audit_says_at_each_step_truly_who_is_to_act(ask: Ask, stages: Stages) -> None:
    turns = dict.fromkeys(STEPS, Turn.INSURER) | {"launched": Turn.DELEGATE, "restituting": Turn.DELEGATE}
    async with open_audits(ask, stages) as office, browser_of(office.counter, ENORA, "en") as browser:
        case_id = office.desk.plan()
        place = f"/delegate{office.place(case_id)}"
        for step in STEPS:
            if step in FORWARD:
                FORWARD[step](office.desk, case_id, (RiskLevel.MEDIUM,))
            office.counter.clock.at = office.desk.at
            told = await office.counter.get(ENORA, place)
            page = text_of(await browser.open(place))
            shown = (OURS in page, THEIRS in page)
            assert (step, told["state"], told["to_act"]) == (step, step, turns[step])
            assert (step, *shown) == (step, turns[step] is Turn.DELEGATE, turns[step] is Turn.INSURER)


@pytest.mark.parametrize("state", AuditState)
@pytest.mark.parametrize("asked", [True, False])
def test_nobody_acts_on_an_audit_that_has_ended(state: AuditState, asked: bool) -> None:
    wanted = Turn.NOBODY if state in {AuditState.CLOSED, AuditState.CANCELLED} else None
    assert wanted in (None, turn_of(rests=state in AuditState.ended(), asked=asked))
