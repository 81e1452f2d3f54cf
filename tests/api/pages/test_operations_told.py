"""What the cockpit and the approval tell of an operation's course is true: by whom, at what cost, beside what."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from db.models import Absence
from domain.backlog.commands import GoOn
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.operations_office import OperationsOffice, open_office
from tests.api.pages.test_operations import MONDAY, PROPOSAL, at
from tests.conftest import Ask
from tests.factories import backlog_desk as does
from tests.factories.backlog_desk import CLAIRE, MANAGER, YANN
from tests.factories.backlog_rows import a_volunteer, work_from
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.lending_desk import running

PEOPLE = (CLAIRE, YANN, "tangi.riou")


@pytest.fixture
async def office(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon, and no operation yet."""
    async with open_office(ask) as office:
        office.is_known()
        yield office


def plain(told: str) -> str:
    """With spaces that break."""
    return told.replace("\u202f", " ").replace("\xa0", " ")


async def seen(office: OperationsOffice, login: str, address: str, language: str = "fr") -> str:
    """What a page says."""
    async with browser_of(office.counter, login, language) as browser:
        return plain(text_of(await browser.open(address)))


async def test_the_cockpit_says_by_whom_it_would_be_back_and_what_all_places_would_do(office: OperationsOffice) -> None:
    case_id = does.approved(office.desk)
    does.signs_up(office.desk, case_id, CLAIRE)
    does.comes_to(office.desk, MONDAY, 8)
    does.remind(office.desk, case_id, "operation_start")
    office.tells(MONDAY, 2900, 2950)
    with office.at(at(MONDAY + timedelta(days=2))):
        french = await seen(office, OPERATIONS, office.place(case_id))
        english = await seen(office, OPERATIONS, office.place(case_id), "en")
    assert "avec la seule place à venir qui est prise sur 6" in french
    assert "2 séances à plus d’une semaine sont comptées aussi remplies que les autres" in french
    assert "with the one place to come that is taken of 6" in english
    assert "with all places taken:" in english


async def test_the_beginning_of_an_operation_is_met_and_not_met_late(office: OperationsOffice) -> None:
    case_id = does.approved(office.desk)
    office.desk.at = at(MONDAY, 8) + timedelta(minutes=4, seconds=12)
    does.remind(office.desk, case_id, "operation_start")
    with office.at(at(MONDAY, 9)):
        told = await seen(office, OPERATIONS, office.place(case_id))
        reference = office.place(case_id).rpartition("/")[2]
        deadlines = (await office.counter.get(OPERATIONS, f"/backlog/{reference}"))["deadlines"]
    assert "tenue en retard" not in told
    [begins] = [one for one in deadlines if one["name"] == "operation_start"]
    met_at, due_at = (datetime.fromisoformat(begins[name]) for name in ("met_at", "due_at"))
    assert (begins["late"], met_at > due_at) == (False, True)


async def test_two_operations_on_one_activity_are_told_before_and_after_they_are_proposed(
    office: OperationsOffice,
) -> None:
    first = does.proposed(office.desk)
    reference = office.place(first).rpartition("/")[2]
    async with browser_of(office.counter, MANAGER) as browser:
        looked = text_of(await browser.send("/operations/new", **PROPOSAL, look="yes", key=office.key()))
        sent = await browser.send("/operations/new", **PROPOSAL, key=office.key())
    assert "Une autre opération sur cette activité tombe en partie aux mêmes dates." in looked
    assert reference in looked
    assert reference in text_of(sent), "in the cockpit of the second"
    second = sent.url.path.rpartition("/")[2]
    assert second in await seen(office, OPERATIONS, office.place(first)), "and in that of the first"
    assert second in await seen(office, OPERATIONS, office.task(first, "approve_operation"))
    told = await office.counter.get(OPERATIONS, f"/backlog/{reference}")
    assert [one["reference"] for one in told["beside"]] == [second]


async def test_what_a_plan_would_cost_is_told_and_a_budget_that_is_too_small_is_refused(
    office: OperationsOffice,
) -> None:
    with office.desk.sessions.begin() as session:
        for login in PEOPLE:
            a_volunteer(session, person_id(login), NOON)
    async with browser_of(office.counter, MANAGER) as browser:
        looked = plain(text_of(await browser.send("/operations/new", **PROPOSAL, look="yes", key=office.key())))
        small = await browser.send("/operations/new", **PROPOSAL | {"budget": "10 339"}, key=office.key())
        enough = await browser.send("/operations/new", **PROPOSAL | {"budget": "10 340"}, key=office.key())
    assert "au plus 10 340,00 €, toutes places prises, au taux le plus cher" in looked
    assert (small.status_code, 'id="budget-wrong"' in small.text) == (409, True)
    assert "Toutes places prises, ce plan pourrait coûter 10340 €" in plain(text_of(small))
    reference = enough.url.path.rpartition("/")[2]
    told = await office.counter.get(OPERATIONS, f"/backlog/{reference}")
    assert told["estimate"] == {"at_most_cents": 1_034_000, "likely_cents": 755_000}


async def test_reinforcements_are_told_in_the_cockpit(office: OperationsOffice) -> None:
    more = {"staff": "2", "first_day": "2026-12-01", "last_day": "2026-12-11"}
    said = {f"reinforcements.0.{name}": value for name, value in more.items()}
    async with browser_of(office.counter, MANAGER) as browser:
        sent = await browser.send("/operations/new", **PROPOSAL | said, key=office.key())
    assert "Renfort personnes à temps plein : 2" in plain(text_of(sent))
    [(case_id,)] = office.desk.sql("SELECT id FROM cases WHERE procedure = 'backlog'")
    assert office.decides() == [CommandStatus.APPLIED]
    told = await seen(office, OPERATIONS, office.task(case_id, "approve_operation"))
    assert "Renfort, personnes à temps plein : 2" in told


async def test_who_would_leave_nobody_for_the_next_approval_is_told_before_and_shown_the_way_out_after(
    office: OperationsOffice,
) -> None:
    case_id = does.proposed(office.desk)
    task = office.task(case_id, "approve_operation")
    assert "il ne restera personne" not in await seen(office, OPERATIONS, task)
    with office.desk.sessions.begin() as session:
        away = {"from_on": does.today(office.desk), "back_on": MONDAY, "recorded_at": NOON}
        people = {"person_id": person_id(GENERAL), "deputy_id": person_id(OPERATIONS)}
        session.add(Absence(id=uuid4(), **people, **away))
    told = await seen(office, OPERATIONS, task)
    assert "il ne restera personne pour l’approbation suivante" in told
    does.do(office.desk, case_id, OPERATIONS, does.approval(office.desk, case_id), "approve_operation")
    async with browser_of(office.counter, OPERATIONS) as browser:
        page = await browser.open(office.place(case_id))
    assert f'href="{office.task(case_id, "unblock")}"' in page.text
    assert 'href="/administration/absences"' in page.text


async def test_deadlines_at_risk_say_whose_they_are_on_the_approval_as_well(office: OperationsOffice) -> None:
    case_id = running(office.desk)
    office.counter.clock.at = office.desk.at
    told = await seen(office, OPERATIONS, office.place(case_id))
    assert "que vous pouvez lire, prêtés à des volontaires ou non" in told
    office.counter.clock.at = NOON
    other = does.proposed(office.desk)
    told = await seen(office, OPERATIONS, office.task(other, "approve_operation"))
    assert "l’effet du plan sur leurs échéances n’est pas connu ici" in told


async def test_a_stock_that_is_back_is_told_since_when_and_not_for_a_day_to_come(office: OperationsOffice) -> None:
    case_id = does.approved(office.desk)
    does.comes_to(office.desk, MONDAY, 8)
    does.remind(office.desk, case_id, "operation_start")
    office.tells(MONDAY, 900, 900, 900, 900, 900)
    with office.at(at(MONDAY + timedelta(days=5))):
        told = await seen(office, OPERATIONS, office.place(case_id), "en")
    assert "Back under its standard" in told
    assert "Back under the standard since 30 Nov" in told


async def test_a_verdict_that_somebody_has_decided_about_is_not_asked_of_the_director_again(
    office: OperationsOffice,
) -> None:
    case_id = does.approved(office.desk)
    does.comes_to(office.desk, MONDAY, 8)
    does.remind(office.desk, case_id, "operation_start")
    office.tells(MONDAY, 3300, 3350, 3400)
    for day in range(3):
        does.comes_to(office.desk, MONDAY + timedelta(days=day), 19)
        does.remind(office.desk, case_id, "daily_point")
    with office.at(at(MONDAY + timedelta(days=3))):
        off = await seen(office, OPERATIONS, office.place(case_id), "en")
        listed_off = await seen(office, OPERATIONS, "/operations", "en")
        does.do(office.desk, case_id, OPERATIONS, GoOn(reason="Trois samedis arrivent."), "decide_off_track")
        decided = await seen(office, OPERATIONS, office.place(case_id), "en")
        listed = await seen(office, OPERATIONS, "/operations", "en")
    assert "the director decides" in off
    assert "the director decides" not in decided
    assert "Off its plan" in off
    assert "Off its plan" in listed_off
    assert "Off its plan" not in decided + listed
    assert "Not back in time" in decided
    assert "Not back in time" in listed


async def test_hours_that_payroll_computes_are_told_beside_what_it_has_cost_so_far(office: OperationsOffice) -> None:
    """Yann, of whom 28 hours a week are agreed, was there on the Saturday: no euro of it is in the sum."""
    case_id = does.ran(office.desk)
    with office.desk.sessions.begin() as session:
        work_from(session, person_id(YANN), MONDAY - timedelta(days=7), contract_minutes=1680)
    with office.at(office.desk.at):
        told = await seen(office, OPERATIONS, office.place(case_id))
    assert re.search(r"Coût à ce jour .* hors \d+ h \d\d calculées par la paie", told)
