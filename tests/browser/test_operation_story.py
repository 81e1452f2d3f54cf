"""An operation on pages alone: plans are compared, one is proposed, approved by two, followed, and extended."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser

from local.demo.figures import load_figures
from local.engine import start_skipping_engine
from local.sink import Sink
from tests.browser.house import OpenHouse, doors_of
from tests.browser.operations import DIRECTOR, GENERAL, MANAGER
from tests.browser.person import Person, somebody
from tests.conftest import Ask
from tests.servers import INSURER, fresh_database, require
from tests.stories.house import StoryHouse, open_house, settles

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
        said = {"objective": "Revenir sous cinq jours.", "budget": "25 000", "pole": "benefits"}
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

        # More places while volunteers sign up; then its first day comes.
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
