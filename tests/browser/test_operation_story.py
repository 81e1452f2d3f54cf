"""An operation on pages alone: plans are compared, one is proposed, approved by two, followed, and extended; another
lends cases, tells members, and is reported on."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser

from api.volunteers import EXAMPLE
from local.demo.figures import load_figures
from local.engine import start_skipping_engine
from local.sink import Sink
from tests.browser.house import OpenHouse, doors_of
from tests.browser.operations import DIRECTOR, GENERAL, MANAGER
from tests.browser.person import Person, somebody
from tests.conftest import Ask
from tests.letters.pdf import text_of
from tests.servers import INSURER, fresh_database, require
from tests.stories.acts import enters, kinds_before
from tests.stories.house import StoryHouse, open_house, settles
from tests.stories.lending_acts import AUDITOR, an_operation_on_complaints, runs

ADMINISTRATOR = "alexis.cozic"
pytestmark = pytest.mark.proof
OPENS = datetime(2031, 3, 3, 9, tzinfo=ZoneInfo("Europe/Paris"))
COMPARED = "/projections?activity=care-invoices&a.name=Trois+samedis&a.first=2031-03-15&a.times=3&a.places=30&a.hours=7"


@pytest.fixture
async def own(browser: Browser, postgres: str, ask: Ask, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """A house of its own, whose clock this story moves."""
    require("skipping server")
    with fresh_database(ask("insurer").open(), INSURER) as url, Sink(tmp_path / "mails").listening() as sink:
        async with (
            await start_skipping_engine() as environment,
            open_house(environment, url, sink, tmp_path, OPENS) as house,
            doors_of(house) as doors,
        ):
            await house.house.transact(lambda session: load_figures(session, house.house.now(), house.house.book))
            yield doors


async def approves(person: Person, reference: str) -> None:
    """They open the operation, read the plan, and stand for its hash."""
    await person.goes_to(f"/operations/{reference}")
    await person.presses(person.page.locator("nav.row a.button.main").first)
    assert "Si rien n’est fait" in await person.reads()
    await person.sends(person.form("approve"), {})
    assert person.path == f"/operations/{reference}", await person.reads()


async def is_running(house: StoryHouse, reference: str) -> None:
    """Its first day has come."""
    await house.sleep_until(OPENS + timedelta(days=7))

    async def state() -> str:
        told: str = (await house.get(DIRECTOR, f"/backlog/{reference}"))["state"]
        return told

    await settles(state, "running")


async def test_an_operation_is_proposed_approved_by_two_followed_and_extended(browser: Browser, own: OpenHouse) -> None:
    async with AsyncExitStack() as stack:
        anne, isabelle, francois = [
            await stack.enter_async_context(somebody(browser, own, login, "fr"))
            for login in (MANAGER, DIRECTOR, GENERAL)
        ]

        # She compares, proposes what she has compared, looks at what it would do; only then it is sent.
        await anne.goes_to(COMPARED)
        await anne.presses(anne.page.locator("a.propose"))
        form = anne.page.locator("form#proposal")
        said = {"objective": "Revenir sous cinq jours.", "budget": "250 000", "pole": "benefits"}
        await anne.fills(form, said)
        await anne.presses(form.locator("button[name=look]"))
        assert "Ce que ferait ce plan" in await anne.reads()
        await anne.presses(form.locator("button.main"))
        found = re.fullmatch(r"/operations/(OPE-\d{4}-\d+)", anne.path)
        assert found, await anne.reads()
        reference = found[1]
        assert "Devant les directeurs" in await anne.reads()

        # Two directors, one after the other.
        await approves(isabelle, reference)
        assert "Pas vous" in await isabelle.reads()
        await approves(francois, reference)
        assert "Inscriptions ouvertes" in await francois.reads()

        # More places while volunteers sign up, within what was approved; then its first day comes.
        known = await own.story.as_(ADMINISTRATOR, "PUT", "/volunteers/claire.morvan", EXAMPLE)
        assert known.status_code < 300, known.text
        await isabelle.goes_to(f"/operations/{reference}/planning")
        await isabelle.sends(isabelle.page.locator("form[action$='/places']").first, {"places": "45"})
        assert "45 places" in await isabelle.reads()
        await is_running(own.story, reference)
        await isabelle.goes_to(f"/operations/{reference}")
        assert await isabelle.page.locator("figure.plot svg").count()

        # A later end is asked for, with the day that is proposed, and granted.
        await isabelle.presses(isabelle.page.get_by_role("link", name="Demander une prolongation"))
        await isabelle.sends(isabelle.page.locator("form.paper"), {"reason": "Il manque des volontaires."})
        assert isabelle.path == f"/operations/{reference}", await isabelle.reads()
        await francois.goes_to(f"/operations/{reference}")
        await francois.presses(francois.page.locator("nav.row a.button.main").first)
        assert "Il manque des volontaires." in await francois.reads()
        await francois.sends(francois.form("grant"), {})
        told = await own.story.get(GENERAL, f"/backlog/{reference}")
        assert [one["status"] for one in told["extensions"]] == ["granted"]
        assert "L’opération est prolongée." in await francois.reads()


async def takes_up(person: Person, what: str) -> None:
    """They follow what their inbox calls so."""
    await person.goes_to("/inbox")
    await person.presses(person.page.get_by_role("link", name=what).first)


async def gives_out(browser: Browser, own: OpenHouse, reference: str) -> None:
    """A manager sees who would get how many, and gives the cases out; whoever has them finds them in their inbox."""
    async with somebody(browser, own, MANAGER) as anne:
        await takes_up(anne, "Répartir les dossiers d’une séance")
        assert "2 dossiers seraient prêtés maintenant" in await anne.reads()
        await anne.sends(anne.form("give_out"), {})
        assert anne.path == f"/operations/{reference}/dispatch"
    await own.story.relay()
    async with somebody(browser, own, AUDITOR) as gildas:
        await gildas.goes_to("/inbox")
        assert (await gildas.reads()).count(f"prêté par {reference}") == 2
        await gildas.presses(gildas.page.get_by_role("link", name="Accuser réception").first)
        assert gildas.path.startswith("/tasks/"), await gildas.reads()
        assert await gildas.form("acknowledge").count()


async def tells_members(browser: Browser, own: OpenHouse, reference: str) -> None:
    """One proposes a message from the operation's page, another approves it from their inbox."""
    place = f"/operations/{reference}"
    async with somebody(browser, own, MANAGER) as anne:
        await anne.goes_to(place)
        await anne.presses(anne.page.get_by_role("link", name="Proposer un message"))
        said = {
            "more_than_days": "5",
            "promised_on": "2031-03-14",
            "words.fr": "Du retard.",
            "words.en": "We are late.",
        }
        form = anne.page.locator(f"form[action='{place}/message']")
        await anne.fills(form, said)
        await anne.presses(form.locator("button[formaction]"))
        assert "Il toucherait 2 adhérents aujourd’hui." in await anne.reads()
        await anne.presses(anne.page.locator(f"form[action='{place}/message'] button.main"))
        assert "Le message attend d’être approuvé" in await anne.reads()
    async with somebody(browser, own, DIRECTOR) as isabelle:
        await takes_up(isabelle, "Approuver ou refuser un message aux adhérents")
        assert "Du retard." in await isabelle.reads()
        await isabelle.sends(isabelle.form("approve_message"), {})
        assert isabelle.path == f"{place}/message"
    await own.story.relay()


async def test_an_operation_lends_cases_tells_members_and_is_reported_on(browser: Browser, own: OpenHouse) -> None:
    for _ in range(2):
        await enters(own.story, "malo.quere")
    reference = await an_operation_on_complaints(own.story)
    await runs(own.story, reference)
    await settles(lambda: kinds_before(own.story, MANAGER, reference), ["dispatch_cases"])
    await gives_out(browser, own, reference)
    await tells_members(browser, own, reference)

    # The page of the operation says all of it, and has the report.
    async with somebody(browser, own, DIRECTOR) as isabelle:
        await isabelle.goes_to(f"/operations/{reference}")
        told = await isabelle.reads()
        assert "2 prêtés en ce moment · 2 prêtés en tout · 0 restés" in told
        assert "2 adhérents prévenus" in told
        for language, title in (("français", "provisoire"), ("anglais", "provisional")):
            async with isabelle.page.expect_download() as found:
                await isabelle.page.get_by_role("link", name=f"En {language} (PDF)").click()
            file = await (await found.value).path()
            assert title in text_of(file.read_bytes()).lower()
