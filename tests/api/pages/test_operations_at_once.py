"""Forms of operations: all that is wrong is told at once, beside its field; what can only be refused is not opened."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.operations_office import OperationsOffice, open_office
from tests.api.pages.test_operations import PROPOSAL, at
from tests.conftest import Ask
from tests.factories import backlog_desk as does
from tests.factories.backlog_desk import ACCOUNTANT, MANAGER
from tests.factories.backlog_rows import ACTIVITY
from tests.factories.complaints import OPERATIONS
from tests.factories.figures import an_activity

SUNDAY, SECOND_SUNDAY = date(2026, 12, 6), date(2026, 12, 13)


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon, with an activity that may be put aside."""
    async with open_office(ask) as office:
        office.is_known()
        with office.desk.sessions.begin() as session:
            an_activity(session, "amendments", name_fr="Avenants", name_en="Amendments", secondary=True, staff=3)
            an_activity(session, "invoices", name_fr="Factures", name_en="Invoices")
        yield office


def a_row(place: int, day: date) -> dict[str, str]:
    """A session of a morning."""
    hours = {"starts_at": "08:30", "ends_at": "12:30", "places": "10"}
    return {f"sessions.{place}.{name}": value for name, value in {"day": f"{day}", **hours}.items()}


async def test_all_rules_that_a_proposal_breaks_are_told_at_once_each_beside_its_field(
    office: OperationsOffice,
) -> None:
    wrong = PROPOSAL | {"starts_on": "2026-11-23", "absence": "100", "minutes": "0", "budget": "beaucoup"}
    wrong |= a_row(0, date(2026, 12, 5)) | a_row(1, SUNDAY) | a_row(2, SECOND_SUNDAY)
    async with browser_of(office.counter, MANAGER, "en") as browser:
        answer = await browser.send("/operations/new", **wrong, key=office.key())
        unreadable = text_of(answer)
        ruled = await browser.send("/operations/new", **wrong | {"budget": "20 000"}, key=office.key())
    for page in (answer, ruled):
        assert page.status_code == 422
        for name in ("starts_on", "absence", "minutes", "sessions.1.day", "sessions.2.day"):
            assert f'id="{name}-wrong"' in page.text, name
            assert f'href="#{name}"' in page.text, name
        assert 'id="sessions.0.day-wrong"' not in page.text
        assert 'value="2026-12-13"' in page.text
    assert 'id="budget-wrong"' in answer.text
    assert "is a Sunday" in unreadable
    assert 'value="beaucoup"' in answer.text


async def test_hours_and_pay_of_a_volunteer_are_all_looked_at_before_anything_is_told(office: OperationsOffice) -> None:
    said = {"contract_hours": "60", "hourly_euros": "seize", "monday": "tôt", "friday": "12:00-09:00"}
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        answer = await browser.send("/volunteers/claire.morvan", **said)
    assert answer.status_code == 422
    for name, value in said.items():
        assert f'id="{name}-wrong"' in answer.text, name
        assert f'value="{value}"' in answer.text, name


async def test_what_is_put_aside_is_chosen_of_what_may_be_with_its_people(office: OperationsOffice) -> None:
    async with browser_of(office.counter, MANAGER, "en") as browser:
        form = await browser.open(f"/operations/new?activity={ACTIVITY}")
        free = await browser.send("/operations/new", **PROPOSAL | {"put_aside": "invoices"}, key=office.key())
        sent = await browser.send("/operations/new", **PROPOSAL | {"put_aside": "amendments"}, key=office.key())
    assert "Amendments 3 full-time" in text_of(form)
    assert 'value="invoices"' not in form.text.split('id="put_aside"')[1].split("</fieldset>")[0]
    assert free.status_code == 422
    assert "is no activity that may be put aside for this one. Take one of: amendments." in text_of(free)
    assert "Amendments" in text_of(sent).split("Put aside meanwhile")[1][:40]


async def test_a_form_that_can_only_be_refused_says_why_and_what_to_do_instead(office: OperationsOffice) -> None:
    case_id = does.approved(office.desk)
    place, starts_on = office.place(case_id), does.starts_on(office.desk, case_id)
    async with browser_of(office.counter, OPERATIONS, "en") as browser:
        with office.at(at(starts_on)):
            does.remind(office.desk, case_id, "operation_start")
            before = await browser.open(f"{place}/request-extension")
            asked = does.extension(office.desk, case_id)
            does.do(office.desk, case_id, OPERATIONS, asked, None, "request_extension")
            after = await browser.open(f"{place}/request-extension")
            replan = await browser.open(f"{place}/replan")
            cockpit = text_of(await browser.open(place))
    assert 'name="until"' in before.text
    assert 'name="until"' not in after.text
    assert "An extension is asked for already. Wait until it is decided." in text_of(after)
    assert "An extension is asked for already. Wait until it is decided." in cockpit
    assert 'name="starts_on"' not in replan.text
    assert "Add sessions, or ask for an extension" in text_of(replan)


async def test_a_day_of_another_century_is_named_and_breaks_nothing(office: OperationsOffice) -> None:
    wrong = PROPOSAL | {"starts_on": "9999-12-31", "sessions.0.day": "1899-12-31"}
    async with browser_of(office.counter, MANAGER, "en") as browser:
        answer = await browser.send("/operations/new", **wrong, key=office.key())
    assert answer.status_code == 422
    assert 'id="starts_on-wrong"' in answer.text
    assert 'id="sessions.0.day-wrong"' in answer.text
