"""A Saturday, from signing up to the pay of it: on pages alone, by those who work in it, run it and pay it."""

from asyncio import to_thread
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser

from local.engine import start_skipping_engine
from local.sink import Sink
from tests.browser.house import OpenHouse, doors_of
from tests.browser.person import NARROW, Person, somebody
from tests.conftest import Ask
from tests.servers import INSURER, fresh_database, require
from tests.stories.acts import kinds_before
from tests.stories.backlog_acts import (
    ACCOUNTANT,
    ADMINISTRATOR,
    CLAIRE,
    GENERAL,
    OPERATIONS,
    OTHER_ACCOUNTANT,
    REFERENT,
    TANGI,
    YANN,
    approves,
    has_activity,
    operation_of,
    proposes,
)
from tests.stories.house import StoryHouse, open_house, settles

pytestmark = pytest.mark.proof
PARIS = ZoneInfo("Europe/Paris")
LOIC = "loic.hamon"
"""He works 44 hours and a half a week as a rule."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2031 in Paris; the 3rd is a Monday, the 15th the first Saturday of the operation."""
    return datetime(2031, 3, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
async def street(postgres: str, ask: Ask, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """A house of its own, whose clock is moved, with its doors open."""
    require("skipping server")
    with fresh_database(ask("insurer").open(), INSURER) as url, Sink(tmp_path / "mails").listening() as sink:
        async with (
            await start_skipping_engine() as environment,
            open_house(environment, url, sink, tmp_path, at(3, 9)) as house,
            doors_of(house) as doors,
        ):
            yield doors


async def approved(story: StoryHouse) -> str:
    """An operation whose sessions are open: two places on each of three Saturdays."""
    has_activity(story)
    reference = await proposes(story)
    for login in (OPERATIONS, GENERAL):
        await approves(story, login, reference)
    return reference


async def enters_by_file(person: Person) -> None:
    """The administrator sends a file: four people, and one whom nobody knows."""
    day, long = "09:00-12:30 13:30-17:00", "08:00-12:30 13:30-17:54"
    lines = [f"{one};35;16,50;{';'.join([day] * 5)};" for one in (CLAIRE, YANN, TANGI, "nobody")]
    lines.append(f"{LOIC};44:30;21,00;{';'.join([long] * 5)};")
    header = "login;contract_hours;hourly_euros;monday;tuesday;wednesday;thursday;friday;saturday"
    await person.goes_to("/volunteers")
    content = "\n".join([header, *lines]).encode()
    await person.page.locator("#file").set_input_files({"name": "v.csv", "mimeType": "text/csv", "buffer": content})
    await person.sends(person.page.locator("form[enctype]"), {})
    assert "4 lignes prises" in (await person.reads()).replace("\n", " ")


async def presses_at(person: Person, what: str, number: int = 0) -> str:
    """They open their sessions and press the button of one; what the page says then."""
    await person.goes_to("/sessions")
    await person.presses(person.page.locator(f"form[action$='/sign-{what}'] button").nth(number))
    return await person.reads()


async def validates(person: Person, reference: str) -> None:
    """They read the pay file, say so, and validate it."""
    await person.goes_to(f"/operations/{reference}/pay")
    await person.presses(person.page.locator(".heading a.main"))
    told = await person.reads()
    assert "7 h 00 × 16,50 € × 125 % = 144,3750 €, arrondi au centime" in told
    sha256 = await person.page.locator("#sha256").get_attribute("value")
    await person.sends(person.form("validate"), {"sha256": [sha256 or ""]})
    assert "Vous avez validé ce fichier de paie." in await person.reads()


async def signs_up_and_gives_back(browser: Browser, street: OpenHouse) -> None:
    """One click each, on a telephone, without any script: two places, a waiting list, and a limit of labour law; then
    a place that is given back an hour before."""
    narrow: dict[str, Any] = {"width": NARROW, "java_script_enabled": False}
    async with (
        somebody(browser, street, CLAIRE, **narrow) as claire,
        somebody(browser, street, YANN, **narrow) as yann,
        somebody(browser, street, TANGI, **narrow) as tangi,
        somebody(browser, street, LOIC, **narrow) as loic,
    ):
        assert "Vous avez une place." in await presses_at(claire, "up")
        assert "Vous avez une place." in await presses_at(yann, "up")
        assert "vous êtes en liste d’attente" in await presses_at(tangi, "up")
        await loic.goes_to("/sessions")
        told = await loic.reads()
        assert "vous travailleriez 51 h 30 ; une semaine compte au plus 48 h 00" in told
        assert "article L3121-20" in told
        assert not await loic.page.locator("form[action$='/sign-up']").count()

        await street.story.sleep_until(at(15, 7, 30))
        assert "Votre place est rendue." in await presses_at(yann, "off")
        await tangi.goes_to("/sessions")
        assert "Place n° 2" in await tangi.reads()


async def says_who_came(browser: Browser, street: OpenHouse, reference: str) -> None:
    """In the evening whoever runs the session finds its minutes typed already, and changes one."""
    await street.story.sleep_until(at(15, 21))
    await settles(lambda: kinds_before(street.story, REFERENT, reference), ["enter_attendance"])
    async with somebody(browser, street, REFERENT) as gwenola:
        [task] = await street.story.inbox(REFERENT, reference)
        await gwenola.goes_to(f"/tasks/{task['id']}")
        assert await gwenola.field("attended.0.minutes").input_value() == "420"
        await gwenola.sends(gwenola.form("enter"), {"attended.1.minutes": "390"})
        assert gwenola.path == f"/operations/{reference}/attendance"
        assert "6 h 30" in await gwenola.reads()


async def makes_the_file_and_two_validate(browser: Browser, street: OpenHouse, reference: str) -> str:
    """Accounting makes the pay file; two others read every line of it; it is payroll's: the CSV."""
    async with somebody(browser, street, ACCOUNTANT) as solene:
        await solene.goes_to(f"/operations/{reference}/prepare-pay")
        await solene.sends(solene.page.locator("form.paper"), {})
        assert "Le fichier de paie est établi" in await solene.reads()
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        async with somebody(browser, street, login) as person:
            await validates(person, reference)
    async with somebody(browser, street, OTHER_ACCOUNTANT) as ronan:
        await ronan.goes_to(f"/operations/{reference}/pay/1")
        async with ronan.page.expect_download() as begun:
            await ronan.page.get_by_text("Télécharger le CSV").click()
        return (await to_thread(Path(await (await begun.value).path()).read_bytes)).decode()


async def corrects(browser: Browser, street: OpenHouse, reference: str) -> None:
    """Claire left half an hour earlier: the director sees what that changes."""
    async with somebody(browser, street, OPERATIONS) as isabelle:
        await isabelle.goes_to(f"/operations/{reference}/attendance")
        await isabelle.presses(isabelle.page.locator("a[href*='login=claire.morvan']"))
        given = {"minutes": "390", "reason": "Partie une demi-heure plus tôt."}
        await isabelle.sends(isabelle.page.locator("form.paper"), given)
        told = await isabelle.reads()
    assert "7 h 00 → 6 h 30" in told
    assert "10,32 € de moins" in told


async def test_a_saturday_is_signed_up_for_worked_and_paid(browser: Browser, street: OpenHouse) -> None:
    story = street.story
    reference = await approved(story)
    async with somebody(browser, street, ADMINISTRATOR) as alexis:
        await enters_by_file(alexis)
    await signs_up_and_gives_back(browser, street)
    await says_who_came(browser, street, reference)
    file = await makes_the_file_and_two_validate(browser, street, reference)
    assert f"{reference};1;;claire.morvan;Mme Claire Morvan;heures_supplementaires;2031-03-10;420;125;144,38;;;" in file
    assert f"{reference};1;;tangi.riou;M. Tangi Riou;heures_supplementaires;2031-03-10;390;125;134,06;;;" in file

    await corrects(browser, street, reference)
    prepared = await story.as_(ACCOUNTANT, "POST", f"/backlog/{reference}/prepare-pay", {"paid_leave": []})
    assert prepared.status_code == 200, prepared.text
    async with somebody(browser, street, ACCOUNTANT) as solene:
        await solene.goes_to(f"/operations/{reference}/pay/2")
        assert "Mme Claire Morvan : 10,32 € de moins" in await solene.reads()
    assert [one["minutes"] for one in (await operation_of(story, reference))["sessions"][0]["people"]] == [390, 390]
    async with somebody(browser, street, CLAIRE, width=NARROW) as claire:
        await claire.goes_to("/sessions")
        told = await claire.reads()
    assert "134,06 €" in told
    assert "174,06 €" in told
