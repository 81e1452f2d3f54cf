"""Operations before a browser: proposed, read at one look, planned, and decided on by directors."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.operations_office import OperationsOffice, open_office
from tests.conftest import Ask
from tests.factories import backlog_desk as does
from tests.factories.backlog_desk import CLAIRE, MANAGER, YANN
from tests.factories.backlog_rows import sessions_of
from tests.factories.complaints import GENERAL, OPERATIONS

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
MONDAY = date(2026, 11, 30)
SATURDAY = date(2026, 12, 5)
FIGURES = {
    "as_of": "2026-11-20",
    "stock": "3 000",
    "inflow": "300",
    "minutes": "12",
    "staff": "14",
    "hours": "7",
    "absence": "40",
    "standard": "5",
}
ROW = {
    "sessions.0.day": f"{SATURDAY}",
    "sessions.0.places": "40",
    "sessions.0.starts_at": "08:30",
    "sessions.0.pause_from": "12:30",
    "sessions.0.pause_to": "13:15",
    "sessions.0.ends_at": "16:15",
}
PROPOSAL = {
    "activity": "benefits-mail",
    "pole": "benefits",
    "objective": "Revenir sous cinq jours.",
    "budget": "20 000",
    "starts_on": f"{MONDAY}",
    **FIGURES,
    **ROW,
}


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon; each test works on an operation of its own."""
    async with open_office(ask) as office:
        office.is_known()
        yield office


@pytest.fixture
async def quiet(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """The same, where nobody has signed up for anything."""
    async with open_office(ask) as office:
        office.is_known()
        yield office


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Paris."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


async def test_an_operation_is_proposed_with_what_was_typed_and_nothing_else(office: OperationsOffice) -> None:
    async with browser_of(office.counter, MANAGER) as browser:
        blank = await browser.open("/operations/new?activity=benefits-mail")
        shown = await browser.send("/operations/new", **PROPOSAL, key=office.key())
        listed = text_of(await browser.open("/operations"))
    assert 'value="2026-12-05"' in blank.text, "three Saturdays are proposed"
    assert re.fullmatch(r"/operations/OPE-2026-\d{6}", shown.url.path), text_of(shown)
    reference = shown.url.path.rpartition("/")[2]
    told = text_of(shown)
    assert "L’opération est proposée" in told
    assert "Devant les directeurs" in told
    assert reference in listed
    [(plan,)] = office.desk.sql(
        "SELECT plan FROM operations JOIN cases ON cases.id = case_id WHERE reference = :r", r=reference
    )
    assert plan["sessions"] == [
        {
            "day": "2026-12-05",
            "hours": [
                {"starts_at": "08:30:00", "ends_at": "12:30:00"},
                {"starts_at": "13:15:00", "ends_at": "16:15:00"},
            ],
            "places": 40,
            "no_show": "0",
            "skill": None,
        }
    ]
    assert (plan["budget_cents"], plan["situation"]["absence"]) == (2_000_000, "0.4")


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        (
            {"sessions.0.places": "beaucoup"},
            "sessions.0.places",
            "Écrivez un nombre entier de places, de 1 à 1\u202f000.",
        ),
        ({"sessions.0.starts_at": "tôt"}, "sessions.0.starts_at", "Écrivez une heure, par exemple 08:30."),
        ({"sessions.0.ends_at": ""}, "sessions.0.ends_at", "À renseigner."),
        ({"sessions.0.day": "2026-12-06"}, "sessions.0.day", "dimanche"),
        ({"sessions.0.day": "2027-12-04"}, "sessions.0.day", "hors de l’opération"),
        ({"starts_on": f"{TODAY}"}, "starts_on", "n’est plus à venir"),
        ({"stock": "-1"}, "stock", "Écrivez un nombre"),
        ({"budget": "beaucoup"}, "budget", "Écrivez un budget en euros, de 0 à 999\u202f999\u202f999"),
        ({"objective": ""}, "objective", "À renseigner."),
    ],
)
async def test_what_is_refused_comes_back_beside_its_field_with_what_was_typed(
    office: OperationsOffice, wrong: dict[str, str], field: str, told: str
) -> None:
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        answer = await browser.send("/operations/new", **PROPOSAL | wrong, key=office.key())
    assert answer.status_code in {409, 422}, text_of(answer)
    beside = re.search(rf'id="{re.escape(field)}-wrong">([^<]*)', answer.text)
    assert beside is not None, text_of(answer)
    assert told in beside[1]
    assert 'value="3 000"' in answer.text or "stock" in wrong
    assert "Revenir sous cinq jours." in answer.text or "objective" in wrong


async def test_a_session_against_labour_law_is_refused_in_its_row(office: OperationsOffice) -> None:
    second = {name.replace("sessions.0", "sessions.3"): value for name, value in ROW.items()}
    wrong = second | {"sessions.3.day": "2026-12-12", "sessions.3.pause_from": "", "sessions.3.pause_to": ""}
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        answer = await browser.send("/operations/new", **PROPOSAL | wrong, key=office.key())
    assert answer.status_code == 409, text_of(answer)
    assert "sans pause" in text_of(answer)
    assert 'id="sessions.1.day-wrong"' in answer.text
    assert 'name="sessions.1.day" type="date" value="2026-12-12"' in answer.text, "rows are numbered on"


async def test_a_look_ahead_and_more_lines_send_nothing(office: OperationsOffice) -> None:
    before = office.desk.sql("SELECT count(*) FROM operations")
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations/new")
        looked = await browser.send("/operations/new", **PROPOSAL, look="yes", key=office.key())
        longer = await browser.send("/operations/new", **PROPOSAL, more="sessions", key=office.key())
    assert "Ce que ferait ce plan" in text_of(looked)
    assert "pour 280 heures de séances" in text_of(looked)
    assert looked.text.count('<path class="line-') == 4
    assert 'name="sessions.4.day"' in longer.text
    assert office.desk.sql("SELECT count(*) FROM operations") == before


async def test_the_plan_that_was_just_compared_is_proposed_and_nothing_is_typed_twice(office: OperationsOffice) -> None:
    plan = {"a.name": "Deux samedis", "a.first": f"{SATURDAY}", "a.times": "2", "a.places": "30", "a.hours": "7"}
    more = {"a.empty": "10", "a.staff": "2", "a.from": "2026-12-01", "a.to": "2026-12-11", "until": "2027-01-15"}
    query = urlencode({**FIGURES, **plan, **more})
    async with browser_of(office.counter, MANAGER) as browser:
        compared = await browser.open(f"/projections?{query}")
        link = re.search(r'class="propose" href="([^"]+)"', compared.text)
        assert link is not None
        form = await browser.open(link[1].replace("&amp;", "&"))
    for name, value in (
        *(("starts_on", "2026-11-30"), ("stock", "3000"), ("absence", "40"), ("sessions.0.day", "2026-12-05")),
        *(("sessions.1.day", "2026-12-12"), ("sessions.1.places", "30"), ("sessions.0.empty", "10")),
        *(("sessions.0.starts_at", "08:30"), ("sessions.0.pause_from", "12:30"), ("sessions.0.ends_at", "16:15")),
        *(("reinforcements.0.staff", "2"), ("reinforcements.0.first_day", "2026-12-01")),
    ):
        assert re.search(rf'name="{re.escape(name)}"[^>]*value="{re.escape(value)}"', form.text), name


async def test_a_validator_has_all_that_it_takes_and_approves_by_the_plan_s_hash(office: OperationsOffice) -> None:
    case_id = does.proposed(office.desk)
    task = office.task(case_id, "approve_operation")
    async with browser_of(office.counter, OPERATIONS) as browser:
        inbox = await browser.open("/inbox")
        page = await browser.open(task)
        found = re.search(r'id="plan_hash" value="([0-9a-f]{64})"', page.text)
        assert found is not None
        sent = await browser.send(task, outcome="approve", plan_hash=found[1], key=office.key())
    assert f'href="{task}"' in inbox.text
    assert "Courrier des prestations" in text_of(inbox)
    told = text_of(page)
    for words in ("Revenir sous cinq jours.", "Si rien n’est fait", "20 000,00 €", "3 séances", "40 % absents"):
        assert words in told, words
    assert sent.url.path == office.place(case_id)
    assert office.kept(case_id) == [("approve", {"outcome": "approve", "plan_hash": found[1]})]


async def test_whoever_proposed_it_is_told_why_they_do_not_decide(office: OperationsOffice) -> None:
    case_id = does.proposed(office.desk, OPERATIONS)
    async with browser_of(office.counter, OPERATIONS) as browser:
        told = text_of(await browser.open(office.place(case_id)))
    assert "Demandé à" in told
    assert "Pas vous" in told or "laissé à personne" in told


async def test_the_cockpit_says_at_one_look_whether_it_is_on_track(quiet: OperationsOffice) -> None:
    case_id = does.approved(quiet.desk)
    does.signs_up(quiet.desk, case_id, CLAIRE)
    place = quiet.place(case_id)
    async with browser_of(quiet.counter, MANAGER) as browser:
        planned = text_of(await browser.open(place))
    assert "Inscriptions ouvertes" in planned
    assert "1 / 2 places" in planned
    does.comes_to(quiet.desk, MONDAY, 8)
    does.remind(quiet.desk, case_id, "operation_start")
    quiet.tells(MONDAY, 2900, 2950)
    with quiet.at(at(MONDAY + timedelta(days=2))):
        async with browser_of(quiet.counter, OPERATIONS) as browser:
            page = await browser.open(place)
    told = text_of(page)
    assert "Pas revenue à temps" in told
    assert "Stock, soir du mar. 1er déc. 2026 2 950" in told.replace("\u202f", " ")
    assert "Coût à ce jour 0,00 €" in told.replace("\xa0", " ")
    assert page.text.count('<path class="line-') == 6
    assert "Échéances" in told
    assert "pourquoi cette date" in told
    with quiet.at(at(MONDAY + timedelta(days=2))):
        async with browser_of(quiet.counter, GENERAL, "en") as browser:
            assert "Not back in time" in text_of(await browser.open(place))


async def test_the_planning_names_who_has_a_place_and_takes_more_places(quiet: OperationsOffice) -> None:
    case_id = does.approved(quiet.desk)
    for login in (CLAIRE, YANN, "tangi.riou"):
        does.signs_up(quiet.desk, case_id, login)
    place = quiet.place(case_id)
    with quiet.desk.sessions() as session:
        first = sessions_of(session, case_id)[0]
    address = f"{place}/sessions/{first}/places"
    async with browser_of(quiet.counter, MANAGER) as browser:
        seen = await browser.open(f"{place}/planning")
        refused = await browser.send(address, places="3")
    async with browser_of(quiet.counter, OPERATIONS) as browser:
        await browser.open(f"{place}/planning")
        fewer = await browser.send(address, places="1")
        more = await browser.send(address, places="3")
    assert "Liste d’attente" in text_of(seen)
    assert "places" not in re.findall(r'name="(\w+)"', seen.text), "a manager reads"
    assert refused.status_code == 403
    assert (fewer.status_code, 'value="1"' in fewer.text) == (422, True)
    assert "3 / 3 places complète" in text_of(more)
    assert "Liste d’attente" not in text_of(more)


async def test_more_sessions_are_added_from_the_planning(quiet: OperationsOffice) -> None:
    case_id = does.approved(quiet.desk)
    place = quiet.place(case_id)
    async with browser_of(quiet.counter, OPERATIONS) as browser:
        await browser.open(f"{place}/planning")
        row = {**ROW, "sessions.0.day": "2026-12-19", "sessions.0.empty": "10"}
        nothing = await browser.send(f"{place}/sessions", key=quiet.key())
        sent = await browser.send(f"{place}/sessions", **row, key=quiet.key())
    assert nothing.status_code == 422
    assert sent.url.path == f"{place}/planning"
    [(kind, body)] = quiet.kept(case_id)
    assert (kind, body["sessions"][0]["day"], body["sessions"][0]["no_show"]) == ("add_sessions", "2026-12-19", "0.1")


async def test_a_later_end_is_proposed_asked_for_and_decided(quiet: OperationsOffice) -> None:
    case_id = does.ran(quiet.desk)
    place, today = quiet.place(case_id), SATURDAY + timedelta(days=2)
    with quiet.at(at(today)):
        async with browser_of(quiet.counter, OPERATIONS) as browser:
            form = await browser.open(f"{place}/request-extension")
            without = await browser.send(f"{place}/request-extension", until="2027-01-29", key=quiet.key())
        does.do(quiet.desk, case_id, OPERATIONS, does.extension(quiet.desk, case_id), None, "request_extension")
        task = quiet.task(case_id, "approve_extension")
        async with browser_of(quiet.counter, GENERAL) as browser:
            read = text_of(await browser.open(task))
            await browser.send(task, outcome="grant", key=quiet.key())
    assert 'name="until" type="date" value="2027-' in form.text
    assert without.status_code == 422
    assert re.search("Isabelle Kermarrec demande le dim. 24 janv. 2027 au lieu du dim. 10 janv. 2027", read), read
    assert "14 jours de plus" in read
    assert quiet.kept(case_id) == [("grant", {"outcome": "grant"})]


async def test_whoever_decides_off_track_sees_what_each_way_would_do(quiet: OperationsOffice) -> None:
    case_id = does.approved(quiet.desk)
    does.comes_to(quiet.desk, MONDAY, 8)
    does.remind(quiet.desk, case_id, "operation_start")
    quiet.tells(MONDAY, 3300, 3350, 3400)
    for day in range(3):
        does.comes_to(quiet.desk, MONDAY + timedelta(days=day), 19)
        does.remind(quiet.desk, case_id, "daily_point")
    task = quiet.task(case_id, "decide_off_track")
    with quiet.at(at(MONDAY + timedelta(days=3))):
        async with browser_of(quiet.counter, OPERATIONS) as browser:
            cockpit = text_of(await browser.open(quiet.place(case_id)))
            page = await browser.open(task)
            row = {**ROW, "sessions.0.day": "2026-12-26", "sessions.0.places": "80"}
            wrong = await browser.send(task, outcome="strengthen", **row | {"sessions.0.places": "x"}, key=quiet.key())
            await browser.send(task, outcome="strengthen", **row, key=quiet.key())
    told = text_of(page)
    assert "Hors du plan" in cockpit
    for way in ("Continuer ainsi", "Moitié plus de places", "Un samedi de plus", "Deux samedis de plus"):
        assert way in told, way
    assert 'name="sessions.0.day" type="date" value="2026-12-26"' in page.text
    assert 'name="until" type="date" value="20' in page.text
    assert (wrong.status_code, "Écrivez un nombre entier" in text_of(wrong)) == (422, True)
    assert [kind for kind, _ in quiet.kept(case_id)] == ["strengthen"]


async def test_it_is_stopped_or_given_up_with_the_reason(office: OperationsOffice) -> None:
    planned = does.approved(office.desk)
    place = office.place(planned)
    async with browser_of(office.counter, GENERAL) as browser:
        await browser.open(f"{place}/cancel")
        without = await browser.send(f"{place}/cancel", key=office.key())
        await browser.send(f"{place}/cancel", reason="Le stock est redescendu.", key=office.key())
        await browser.open(f"{place}/stop")
        await browser.send(f"{place}/stop", reason="Le stock est redescendu.", key=office.key())
    assert without.status_code == 422
    assert [kind for kind, _ in office.kept(planned)] == ["cancel", "stop"]


async def test_another_plan_begins_with_the_one_that_is_there(office: OperationsOffice) -> None:
    case_id = does.proposed(office.desk)
    place = office.place(case_id)
    async with browser_of(office.counter, MANAGER) as browser:
        form = await browser.open(f"{place}/replan")
        looked = await browser.send(f"{place}/replan", **PROPOSAL, look="yes", key=office.key())
        await browser.send(f"{place}/replan", **PROPOSAL, key=office.key())
    assert 'value="20000,00"' in form.text
    assert "Ce que ferait ce plan" in text_of(looked)
    [(kind, body)] = office.kept(case_id)
    assert (kind, len(body["sessions"]), body["budget_cents"]) == ("replan", 1, 2_000_000)


async def test_a_reference_typed_into_the_search_leads_there(office: OperationsOffice) -> None:
    case_id = does.proposed(office.desk)
    reference = office.place(case_id).rpartition("/")[2]
    async with browser_of(office.counter, MANAGER) as browser:
        await browser.open("/operations")
        found = await browser.send("/search", words=reference.lower())
        nothing = await browser.open("/operations/OPE-2031-999999")
    assert found.url.path == office.place(case_id)
    assert nothing.status_code == 404
