"""The board moves by itself while cases advance, and keeps to who may look at it."""

from playwright.async_api import Locator, expect

from tests.browser.acts import MANAGER, OWNER, does, enters
from tests.browser.conftest import Comes
from tests.browser.person import Person

PATIENCE_MS = 20_000


def stands_at(manager: Person, step: str) -> Locator:
    """The number at this step of the drawing."""
    return manager.page.locator(".picture .node", has_text=step).locator(".count")


async def number(shown: Locator) -> int:
    """What it says; nothing is nought."""
    return int(await shown.text_content() or 0) if await shown.count() else 0


async def test_the_board_moves_by_itself_while_a_case_advances(comes: Comes) -> None:
    anne, claire = await comes(MANAGER), await comes(OWNER)
    await anne.goes_to("/board")
    await anne.page.evaluate("window.stays = 'the page was not loaded again'")
    assigned, acknowledged = stands_at(anne, "attribuée"), stands_at(anne, "réception accusée")
    before, told = await number(assigned), await number(acknowledged)

    reference = await enters(claire)
    await expect(assigned).to_have_text(str(before + 1), timeout=PATIENCE_MS)
    await does(claire, reference, "acknowledge", {"dispatch": "recorded_call"})
    await expect(acknowledged).to_have_text(str(told + 1), timeout=PATIENCE_MS)

    assert await anne.page.evaluate("window.stays") == "the page was not loaded again"


async def test_a_number_of_the_board_opens_its_cases(comes: Comes) -> None:
    anne, claire = await comes(MANAGER), await comes(OWNER)
    reference = await enters(claire)
    await anne.goes_to("/board")
    step = anne.page.locator(".picture .node", has_text="attribuée")
    shown = await number(step.locator(".count"))
    await anne.presses(step.locator("a"))
    assert anne.path == "/complaints"
    assert reference in await anne.reads()
    assert await anne.page.locator(".found > li").count() == min(shown, 50)
