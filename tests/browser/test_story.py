"""A complaint from its form to the approved letter: by three people, by the keyboard alone, and without any script."""

from typing import Any

import pytest

from tests.browser.acts import (
    ANSWER,
    MANAGER,
    OWNER,
    REFERENT,
    does,
    enters,
    letter_to,
    opens_task,
    writes_to_the_validators,
)
from tests.browser.conftest import Comes
from tests.browser.person import Typist
from tests.stories.house import StoryHouse


async def test_three_people_bring_a_complaint_from_its_form_to_the_letter(comes: Comes, story: StoryHouse) -> None:
    claire, gwenola, anne = await comes(OWNER), await comes(REFERENT), await comes(MANAGER)

    # She enters it, acknowledges it, looks into it, writes the answer.
    reference = await enters(claire)
    assert "La réclamation est enregistrée." in await claire.reads()
    await writes_to_the_validators(claire, reference)
    assert "La réponse est chez les valideurs." in await claire.reads()

    # The referent sends it back, with the reason; the owner reads it, and writes the answer again.
    await does(gwenola, reference, "send_back", {"reason": "Dites quand le virement part."})
    await opens_task(claire, reference)
    assert "Dites quand le virement part." in await claire.reads()
    await claire.sends(claire.form("draft"), {"next_steps": "Le virement part le 10 mars."})
    assert claire.path == f"/complaints/{reference}"

    # The referent sees what has changed, and approves; the manager amends, so that she is asked once more.
    await opens_task(gwenola, reference)
    assert await gwenola.page.locator("ins").all_inner_texts() == ["ajouté", "le 10 mars"]
    await gwenola.sends(gwenola.form("approve"), {})
    await does(anne, reference, "amend", {"compensation_cents": "30"})
    await opens_task(gwenola, reference)
    assert "45,50 € 30,00 €" in await gwenola.reads()
    await gwenola.sends(gwenola.form("approve"), {})
    assert "La version est approuvée." in await gwenola.reads()

    letter = await letter_to(story, reference)
    for said in ("Le virement part le 10 mars.", "30,00 €", "Mme Anne Le Goff", "Médiateur de la Mutualité Française"):
        assert said in letter


@pytest.mark.proof
@pytest.mark.parametrize(
    "with_what",
    [
        pytest.param({"who": Typist}, id="by the keyboard alone"),
        pytest.param({"java_script_enabled": False}, id="without any script"),
    ],
)
async def test_the_whole_path_is_walked(comes: Comes, story: StoryHouse, with_what: dict[str, Any]) -> None:
    claire = await comes(OWNER, **with_what)
    await claire.presses(claire.page.locator(".heading a.button.main"))
    assert claire.path == "/complaints/new"
    reference = await enters(claire)
    await writes_to_the_validators(claire, reference)
    await does(await comes(REFERENT, **with_what), reference, "approve")
    await does(await comes(MANAGER, **with_what), reference, "approve")
    assert str(ANSWER["decision"]) in await letter_to(story, reference)
