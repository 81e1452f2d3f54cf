"""Several people, several pages: who was faster, what the back button shows, which language, what paper shows."""

from typing import Any

import pytest

from tests.browser.acts import MANAGER, OWNER, REFERENT, does, enters, opens_task, writes_to_the_validators
from tests.browser.conftest import Comes


@pytest.mark.proof
async def test_whoever_comes_second_is_told_who_was_first_and_keeps_their_text(comes: Comes) -> None:
    claire, gwenola, anne = await comes(OWNER), await comes(REFERENT), await comes(MANAGER)
    reference = await enters(claire)
    await writes_to_the_validators(claire, reference)
    await opens_task(gwenola, reference)
    await opens_task(anne, reference)
    await gwenola.sends(gwenola.form("approve"), {})
    await anne.sends(anne.form("send_back"), {"reason": "Il manque la date du virement."})
    told = await anne.reads()
    assert "Fait par Mme Gwenola Prigent, " in told
    assert "Il manque la date du virement." in told


async def test_the_back_button_shows_what_was_done_and_no_stale_form(comes: Comes) -> None:
    claire = await comes(OWNER)
    reference = await enters(claire)
    await does(claire, reference, "acknowledge", {"dispatch": "recorded_call"})
    await claire.page.go_back()
    assert claire.path.startswith("/tasks/")
    assert "Fait par Mme Claire Morvan, " in await claire.reads()
    assert await claire.form("acknowledge").count() == 0


@pytest.mark.proof
async def test_choosing_a_language_stays_on_the_page(comes: Comes) -> None:
    claire = await comes(OWNER)
    await claire.goes_to("/inbox?whose=pole")
    await claire.presses(claire.page.get_by_role("button", name="English"))
    assert claire.page.url.endswith("/inbox?whose=pole")
    assert await claire.page.locator("html").get_attribute("lang") == "en"
    assert "My pole's tasks" in await claire.reads()
    await claire.presses(claire.page.get_by_role("button", name="Français"))
    assert await claire.page.locator("html").get_attribute("lang") == "fr"


async def test_a_complaint_on_paper_is_the_complaint_and_no_navigation(comes: Comes) -> None:
    claire = await comes(OWNER)
    reference = await enters(claire)
    await claire.goes_to(f"/complaints/{reference}")
    await claire.page.emulate_media(media="print")
    for gone in ("header", "nav", "form", "button"):
        assert [await one.is_visible() for one in await claire.page.locator(gone).all()].count(True) == 0, gone
    paper = await claire.reads()
    for there in (reference, "J’ai appelé deux fois.", "Échéances", "Ce qui s’est passé"):
        assert there in paper


async def test_the_first_visit_of_the_inbox_weighs_less_than_100_kilobytes(comes: Comes) -> None:
    claire = await comes(OWNER, signed_in=False)
    wire = await claire.context.new_cdp_session(claire.page)
    weights: list[float] = []

    def weighed(event: dict[str, Any]) -> None:
        weights.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", weighed)
    await wire.send("Network.enable")
    await claire.signs_in()
    await claire.page.wait_for_load_state("networkidle")
    assert claire.path == "/inbox"
    assert 10_000 < sum(weights) < 100_000, f"{sum(weights)} bytes"
