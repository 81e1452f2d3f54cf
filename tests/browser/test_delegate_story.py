"""A finding, from its opening to its closing: the delegate in its own space, the insurer on its pages, pages alone."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person, Typist
from tests.factories.uploads import A_CSV, A_PDF
from tests.stories.house import StoryHouse, settles

pytestmark = pytest.mark.proof
AUDITOR, CONTROL, USER = "gildas.madec", "katell.rolland", "enora.lagadec"
PDF: FilePayload = {"name": "rapprochement.pdf", "mimeType": "application/pdf", "buffer": A_PDF}
CSV: FilePayload = {"name": "suivi.csv", "mimeType": "text/csv", "buffer": A_CSV}
CUT: FilePayload = {"name": "coupe.pdf", "mimeType": "application/pdf", "buffer": A_PDF[:30]}


async def reaches(story: StoryHouse, reference: str, state: str) -> None:
    """The finding comes to stand there."""

    async def stands() -> str:
        return str((await story.get(AUDITOR, f"/findings/{reference}"))["state"])

    await settles(stands, state)


async def does(person: Person, outcome: str, **given: str | Sequence[str]) -> None:
    """They open the first of their tasks on the page, and give its outcome."""
    await person.presses(person.page.locator("nav.row a.button.main").first)
    await person.sends(person.form(outcome), given)


async def adds(person: Person, files: list[FilePayload]) -> None:
    """They choose files in place, and send them."""
    form = person.page.locator("form[enctype]")
    await form.locator("input[type=file]").set_input_files(files)
    await person.presses(form.locator("button"))


async def adds_a_good_one_and_a_cut_one(person: Person) -> None:
    """The good one joins the list in place; the other has its own reason beside it."""
    form = person.page.locator("form[enctype]")
    await form.locator("input[type=file]").set_input_files([PDF, CUT])
    await form.locator("button").click()
    await expect(person.page.locator(".sending li").nth(1)).to_contain_text("il manque sa fin")
    await expect(person.page.locator(".files")).to_contain_text("rapprochement.pdf")


@pytest.mark.parametrize(
    "with_what",
    [
        pytest.param({}, id="by mouse"),
        pytest.param({"who": Typist}, id="by the keyboard alone"),
        pytest.param({"java_script_enabled": False}, id="without any script"),
    ],
)
async def test_a_delegate_puts_a_finding_right_and_two_of_the_insurers_people_close_it(
    comes: Comes, story: StoryHouse, with_what: dict[str, Any]
) -> None:
    gildas, katell = await comes(AUDITOR, **with_what), await comes(CONTROL, **with_what)
    enora = await comes(USER, may_say=r"status of 4\d\d", **with_what)

    # The auditor opens a finding that came from elsewhere; its delegate is asked for a plan.
    await gildas.goes_to("/findings/new")
    said = {"subject": "Bordereaux", "words": "Le contrôle n’est pas prouvé.", "risk": "medium"}
    await gildas.sends(gildas.page.locator("form.paper"), {"contract": "ARMOR/COL-2019-014", **said})
    found = re.fullmatch(r"/findings/(CST-\d{4}-\d+)", gildas.path)
    assert found, await gildas.reads()
    reference = found[1]
    await reaches(story, reference, "open")

    # She lands in her delegate's space, sees no other page, and proposes a plan, which comes back once.
    await enora.goes_to("/")
    assert enora.path == "/delegate"
    assert await enora.page.locator("header nav a").count() == 1
    space = f"/delegate/findings/{reference}"
    await enora.goes_to(space)
    await enora.sends(enora.form("propose"), {"plan": "On verra."})
    await gildas.goes_to(f"/findings/{reference}")
    await does(gildas, "send_back", reason="Qui, et quand ?")
    await enora.goes_to(space)
    assert "Qui, et quand ?" in await enora.reads()
    await enora.sends(enora.form("propose"), {"plan": "Un rapprochement mensuel, par M. Cloarec."})
    await gildas.goes_to(f"/findings/{reference}")
    await does(gildas, "accept")
    await reaches(story, reference, "planned")

    # A file that is cut off is explained in its place; two good ones are added, and all is delivered.
    await enora.goes_to(space)
    await adds(enora, [CUT])
    assert "il manque sa fin" in await enora.reads()
    await enora.goes_to(space)
    if with_what.get("java_script_enabled") is False:
        for file in (PDF, CSV):
            await adds(enora, [file])
    else:
        await adds_a_good_one_and_a_cut_one(enora)
        await adds(enora, [PDF, CSV])
    told = await enora.reads()
    assert "rapprochement.pdf" in told
    assert "suivi.csv" in told
    await enora.sends(enora.form("deliver"), {"comment": "Novembre."})
    await reaches(story, reference, "verifying")

    # An auditor verifies, a second person confirms beside words, plan and evidence.
    await gildas.goes_to(f"/findings/{reference}")
    await does(gildas, "verified")
    await katell.goes_to(f"/findings/{reference}")
    await katell.presses(katell.page.locator("nav.row a.button.main").first)
    told = await katell.reads()
    assert "Vérifié par M. Gildas Madec" in told
    assert "Un rapprochement mensuel, par M. Cloarec." in told
    await katell.sends(katell.form("confirm"), {})
    await reaches(story, reference, "closed")
    await enora.goes_to(space)
    assert "deux personnes de l’assureur ont constaté la remédiation" in await enora.reads()
