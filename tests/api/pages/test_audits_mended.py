"""Pages of audits: what is typed in another domain stays; answers that did not come; a refusal that has its menu."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.pages.audit.tasks import DESK
from domain.audit import commands as asks
from tests.api.pages.audits_office import Office, open_office
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.db.audit.stages import Stages
from tests.factories.audits import AUDITOR, applied

GRADES = ("conformity", "up_to_date", "relevance", "presentation")


@pytest.fixture
async def office(postgres: str, ask: Ask, stages: Stages) -> AsyncIterator[Office]:
    """The morning on which audits are planned."""
    async with open_office(ask, stages) as opened:
        yield opened


async def test_what_is_typed_in_another_domain_is_kept_when_one_is_noted(office: Office) -> None:
    place = office.place(office.at("analysing"))
    noted = {f"tariff-table.{criterion}": "3" for criterion in GRADES}
    typed = dict.fromkeys((f"benefits-procedure.{criterion}" for criterion in GRADES), "1")
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open(f"{place}/analysis")
        after = await browser.send(f"{place}/analysis/contributions", key="a", **noted, **typed)
    assert after.text.count("Retrouvé") == 1
    assert after.text.count('<option value="1" selected>') == 4
    assert [body["piece"] for body in office.kept("note_analysis") if isinstance(body, dict)] == ["tariff-table"]


async def test_a_draft_that_says_what_is_noted_already_is_not_brought_back(office: Office) -> None:
    case_id = office.at("reporting")
    place = office.place(case_id)
    async with browser_of(office.counter, AUDITOR) as browser:
        late = {f"tariff-table.{criterion}": "3" for criterion in GRADES}
        await browser.send("/drafts", key="a", form=f"{place}/analysis/contributions", **late)
        shown = await browser.open(f"{place}/analysis")
    assert "Retrouvé" not in shown.text


async def test_from_the_day_after_the_page_lets_an_auditor_go_on_without_the_answers(office: Office) -> None:
    case_id = office.at("restituting")
    place = office.place(case_id)
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        early = text_of(await browser.open(place))
        office.counter.clock.at = office.desk.at = office.desk.at + timedelta(days=16)
        told = text_of(await browser.open(f"{place}/end-answers"))
        sent = await browser.send(f"{place}/end-answers", key="a", reason="Three reminders, no answer.")
    assert "that day included" in early
    assert "1 recommendation has no answer" in told
    assert sent.status_code == 200
    assert len(office.kept("end_answers")) == 1


async def test_the_schedule_says_what_was_not_answered_in_time(office: Office) -> None:
    case_id = office.at("restituting")
    office.desk.at += timedelta(days=16)
    office.counter.clock.at = office.desk.at
    applied(office.desk.case(case_id, AUDITOR, "end_answers", asks.EndAnswers(reason="Sans réponse.")))
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        assert "neither accepted nor disputed" in text_of(await browser.open(office.task(case_id)))
        journal = text_of(await browser.open(office.place(case_id)))
    assert "1 recommendation without an answer" in journal


async def test_what_is_wrong_in_an_address_leaves_the_menu_or_filters_nothing(office: Office) -> None:
    office.at("planned")
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        listed = await browser.open("/audits?year=abcd")
        assert listed.status_code == 200
        assert "Armor Gestion" in listed.text
        wrong = await browser.open("/audits?after=-1")
    assert wrong.status_code == 422
    assert 'href="/findings"' in wrong.text


@pytest.mark.parametrize(("state", "said"), [("following_up", "agree"), ("restituting", "agreed_to_approve")])
def test_a_schedule_that_waits_for_its_approval_is_not_said_to_be_agreed(state: str, said: str) -> None:
    assert DESK.said("agree", state) == said
