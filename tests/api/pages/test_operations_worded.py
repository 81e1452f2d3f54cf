"""What people are told of an operation: mistakes in the words of the page, and no future once it has ended."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from domain.backlog.commands import Refuse
from domain.permissions import Action
from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.operations_office import OperationsOffice, open_office
from tests.api.pages.test_operations import FIGURES, PROPOSAL, ROW
from tests.api.pages.test_words import FR, plain
from tests.conftest import Ask
from tests.factories import backlog_desk as does
from tests.factories.backlog_desk import CLAIRE, MANAGER
from tests.factories.complaints import GENERAL, OPERATIONS

ROWS = PROPOSAL | {"reinforcements.0.staff": "2", "reinforcements.0.first_day": "2026-12-01"}
PLACES = "Écrivez un nombre entier de places, de 1 à 1 000."
BUDGET = "Écrivez un budget en euros, de 0 à 999 999 999, par exemple 20 000."


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon; each test works on an operation of its own."""
    async with open_office(ask) as office:
        office.is_known()
        yield office


def troubles(page: str) -> list[tuple[str, str]]:
    """Each field that is wrong, and what is said of it above the form."""
    return [(name, plain(told)) for name, told in re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"sessions.0.places": "0"}, ("sessions.0.places", f"Séance 1, places : {PLACES}")),
        ({"sessions.0.places": "-5"}, ("sessions.0.places", f"Séance 1, places : {PLACES}")),
        ({"sessions.0.places": "1001"}, ("sessions.0.places", f"Séance 1, places : {PLACES}")),
        ({"sessions.0.ends_at": ""}, ("sessions.0.ends_at", "Séance 1, fin : À renseigner.")),
        ({"reinforcements.0.staff": "x"}, ("reinforcements.0.staff", "Renfort 1, personnes : Écrivez un nombre")),
        ({"budget": "abc"}, ("budget", f"Budget : {BUDGET}")),
        ({"budget": "-5"}, ("budget", f"Budget : {BUDGET}")),
        ({"budget": "1e9"}, ("budget", f"Budget : {BUDGET}")),
        ({"minutes": "x"}, ("minutes", "Minutes chacun : Écrivez un nombre")),
    ],
)
async def test_a_mistake_is_told_by_the_title_of_its_field_and_by_its_row(
    office: OperationsOffice, wrong: dict[str, str], told: tuple[str, str]
) -> None:
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        rows = ROWS | {"reinforcements.0.last_day": "2026-12-11"} | wrong
        answer = await browser.send("/operations/new", **rows, key=office.key())
    [(name, sentence)] = troubles(answer.text)
    assert name == told[0]
    assert sentence.startswith(told[1]), sentence


@pytest.mark.parametrize("places", ["1", "1000"])
async def test_the_least_and_the_most_places_are_taken(office: OperationsOffice, places: str) -> None:
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        row = {"sessions.0.places": places, "look": "yes"}
        answer = await browser.send("/operations/new", **PROPOSAL | row, key=office.key())
    assert troubles(answer.text) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, ["sessions"]),
        (ROW | {"sessions.0.places": "0"}, ["sessions.0.places"]),
        (ROW | {"sessions.0.ends_at": ""}, ["sessions.0.ends_at"]),
        (ROW | {"sessions.0.ends_at": "", "sessions.0.places": ""}, ["sessions.0.ends_at", "sessions.0.places"]),
    ],
)
async def test_more_sessions_that_are_wrong_say_each_mistake_once_and_in_french(
    office: OperationsOffice, typed: dict[str, str], told: list[str]
) -> None:
    place = office.place(does.approved(office.desk))
    async with browser_of(office.counter, OPERATIONS) as browser:
        await browser.open(f"{place}/planning")
        answer = await browser.send(f"{place}/sessions", **typed, key=office.key())
    assert [name for name, _ in troubles(answer.text)] == told
    assert "should" not in answer.text
    assert "sessions." not in text_of(answer).lower()


async def test_saturdays_that_are_offered_and_not_filled_are_no_sessions(office: OperationsOffice) -> None:
    offered = {name.replace(".0.", ".1."): value for name, value in ROW.items() if not name.endswith("places")}
    offered = {"sessions.2.day": "2026-12-19"} | offered | {"sessions.1.day": "2026-12-12"}
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        first = {name: value for name, value in offered.items() if name not in ROW}
        looked = await browser.send("/operations/new", **PROPOSAL | first, look="yes", key=office.key())
        none = await browser.send("/operations/new", **PROPOSAL | first | {"sessions.0.places": ""}, key=office.key())
        other = await browser.send("/operations/new", **PROPOSAL | first | {"sessions.1.ends_at": "15:00"})
    assert (troubles(looked.text), "pour 280 heures de séances" in text_of(looked)) == ([], True)
    assert 'name="sessions.1.day" type="date" value="2026-12-12"' in looked.text, "the days stay to be filled"
    assert troubles(none.text) == [("sessions", "Séances : Indiquez au moins une séance, avec son jour et ses places.")]
    assert [name for name, _ in troubles(other.text)] == ["sessions.1.places"], (
        "hours that somebody chose are a session"
    )


@pytest.mark.parametrize(("empty", "status"), [("150", 422), ("-1", 422), ("100", 422), ("99", 200), ("0", 200)])
async def test_a_share_in_percent_is_refused_in_percent(office: OperationsOffice, empty: str, status: int) -> None:
    query = urlencode({**FIGURES, "a.first": "2026-12-05", "a.places": "30", "a.empty": empty})
    async with browser_of(office.counter, MANAGER) as browser:
        answer = await browser.open(f"/projections?{query}")
    assert answer.status_code == status
    assert ("Sur cent places, de 0 à 99 restent vides." in text_of(answer)) is (status == 422)
    assert "entre 0 et 1" not in text_of(answer)


async def test_what_has_ended_speaks_of_no_future(office: OperationsOffice) -> None:
    refused = does.proposed(office.desk)
    does.do(office.desk, refused, OPERATIONS, Refuse(reason="Trop cher."), "approve_operation")
    going_on = office.place(does.proposed(office.desk))
    async with browser_of(office.counter, GENERAL) as browser:
        told, before = text_of(await browser.open(office.place(refused))), text_of(await browser.open(going_on))
        listed = text_of(await browser.open("/operations?state=refused"))
    for future in ("Prochaine séance", "Retour sous le standard", "Séances à venir"):
        assert future in before, future
        assert future not in told, future
    assert "Retour sous le standard" not in listed
    assert office.place(refused).rpartition("/")[2] in listed


async def test_whoever_may_not_is_told_what_in_french(office: OperationsOffice) -> None:
    async with browser_of(office.counter, CLAIRE) as browser:
        answer = await browser.open("/activities")
    assert answer.status_code == 403
    assert "Cette action (lire les chiffres)" in text_of(answer)


def test_every_action_has_its_french() -> None:
    assert [action.value for action in Action if FR.found("Action", action) is None] == []
