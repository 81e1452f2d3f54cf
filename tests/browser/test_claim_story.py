"""A claim from its form to payable: by three people, on pages alone, by mouse, by keyboard, and without any script."""

from typing import Any

import pytest
from playwright.async_api import FilePayload

from tests.browser.acts import FRONT_DESK
from tests.browser.claims import EXPERT, OTHER_EXPERT, a_stay, an_invoice, goes_through, sees_claim
from tests.browser.conftest import Comes
from tests.browser.person import Person, Typist
from tests.factories.insured import Insured
from tests.stories.claim_acts import claim_of, insured
from tests.stories.house import StoryHouse

pytestmark = pytest.mark.proof


async def enters(person: Person, story: StoryHouse, who: Insured) -> str:
    """They enter a claim, after a date that cannot be; its reference."""
    await person.goes_to("/claims/new")
    form = person.page.locator("form.paper")
    wrong = {**a_stay(story, who), "care_on": "2028-01-03"}
    await person.sends(form, wrong)
    assert await person.page.locator("#care_on-wrong").count() == 1, await person.reads()
    assert await person.page.locator("#act").input_value() == "SEJOUR"  # what was typed is still there
    await person.sends(form, {"care_on": str(a_stay(story, who)["care_on"])})
    reference = await sees_claim(person)
    assert "Elle sera contrôlée" in await person.reads()
    return reference


async def opens(person: Person, reference: str) -> None:
    """They open a claim, and from it what they are asked to do."""
    await person.goes_to(f"/claims/{reference}")
    await person.presses(person.page.locator("nav.row a.button.main").first)
    assert person.path.startswith("/tasks/")


@pytest.mark.parametrize(
    ("number", "with_what"),
    [
        pytest.param(421, {}, id="by mouse"),
        pytest.param(422, {"who": Typist}, id="by the keyboard alone"),
        pytest.param(423, {"java_script_enabled": False}, id="without any script"),
    ],
)
async def test_three_people_bring_a_claim_from_its_form_to_payable(
    comes: Comes, story: StoryHouse, number: int, with_what: dict[str, Any]
) -> None:
    [who] = insured(story, number)
    malo, soizic, tangi = [await comes(login, **with_what) for login in (FRONT_DESK, EXPERT, OTHER_EXPERT)]

    # He enters it, is told that it is controlled and why, and adds the invoice.
    reference = await enters(malo, story, who)
    assert "Au-delà de 1 000,00 €, tout est contrôlé" in await malo.reads()
    await malo.goes_to(f"/claims/{reference}/add-document")
    file: FilePayload = {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": an_invoice()}
    await malo.page.locator("#file").set_input_files(file)
    await malo.sends(malo.page.locator("form.paper"), {"kind": "invoice"})
    assert "La pièce est ajoutée." in await malo.reads()

    # The expert goes through the checklist beside it; a corrected amount wants its reason.
    await opens(soizic, reference)
    corrected = {"decision": "pay_corrected", "amount_cents": "6 000"}
    await soizic.sends(soizic.form("decide"), await goes_through(soizic, corrected))
    assert "est informé" in await soizic.reads() or "motif" in await soizic.reads()
    await soizic.sends(soizic.form("decide"), {"reason": "Le forfait journalier n’est pas garanti."})
    assert await sees_claim(soizic) == reference

    # The other expert sends it back; the first finds what she had answered, and decides anew; he confirms.
    await opens(tangi, reference)
    assert "6 000,00 €" in await tangi.reads()
    await tangi.sends(tangi.form("send_back"), {"reason": "Le forfait est de 100 €."})
    await opens(soizic, reference)
    assert "Le forfait est de 100 €." in await soizic.reads()
    await soizic.sends(soizic.form("decide"), {"amount_cents": "6 020"})
    await opens(tangi, reference)
    await tangi.sends(tangi.form("confirm"), {})
    assert "à payer" in await tangi.reads()

    claim = await claim_of(story, EXPERT, reference)
    assert (claim["state"], claim["payable_cents"]) == ("payable", 602_000)
