"""An audit, from its plan to its findings: by four people, on pages alone, with a mouse or without any script."""

import re
from typing import Any

import pytest
from playwright.async_api import FilePayload

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.factories.audits import AUDITOR, CONTROL, DIRECTOR, OTHER_AUDITOR
from tests.factories.planned_audits import a_delegate_row
from tests.stories.house import StoryHouse

pytestmark = pytest.mark.proof
GRADES = ("conformity", "up_to_date", "relevance", "presentation")


async def takes_up(person: Person, reference: str) -> None:
    """They open the audit, and the task that is theirs."""
    await person.goes_to(f"/audits/{reference}")
    await person.presses(person.page.locator("nav.row a.button.main").first)


async def validates(person: Person, reference: str) -> None:
    """They read the report, say so by its hash, and stand for it."""
    await takes_up(person, reference)
    sha256 = await person.page.locator("#report_sha256").get_attribute("value")
    await person.sends(person.form("validate"), {"report_sha256": [sha256 or ""]})
    assert person.path == f"/audits/{reference}", await person.reads()


async def launches_and_delivers(gildas: Person, reference: str, today: str) -> None:
    """The meeting was held; the delegate has sent a file by mail, and he delivers it; then he ends the delivery."""
    await takes_up(gildas, reference)
    await gildas.sends(gildas.form("hold_launch"), {"held_on": today})
    await gildas.goes_to(f"/audits/{reference}/pieces/benefits-procedure/add-file")
    file: FilePayload = {"name": "procedure.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    await gildas.page.locator("#file").set_input_files(file)
    await gildas.sends(gildas.page.locator("form[enctype]"), {})
    assert "procedure.pdf" in await gildas.page.content()
    await gildas.goes_to(f"/audits/{reference}/end-delivery")
    await gildas.sends(gildas.page.locator("form.paper"), {"reason": "Le reste n’existe pas."})


async def analyses_and_writes(gildas: Person, reference: str) -> None:
    """He grades what came, in place; writes; has the report made; submits what he has read."""
    await takes_up(gildas, reference)
    grades = {f"benefits-procedure.{criterion}": "2" for criterion in GRADES}
    benefits = gildas.page.locator("section", has=gildas.field("benefits-procedure.conformity"))
    await gildas.fills(benefits, grades)
    await gildas.presses(benefits.locator("button.main"))
    await takes_up(gildas, reference)
    await gildas.sends(gildas.form("end_analysis"), {})
    await gildas.goes_to(f"/audits/{reference}/writing")
    said = {"words": "Séparer la saisie et la validation.", "risk": "major", "expected_on": "2031-12-31"}
    await gildas.sends(gildas.page.locator(f'form[action="/audits/{reference}/recommendations"]'), said)
    await takes_up(gildas, reference)
    await gildas.sends(gildas.page.locator(f'form[action="/audits/{reference}/report"]'), {})
    sha256 = await gildas.page.locator("#report_sha256").get_attribute("value")
    await gildas.sends(gildas.form("submit"), {"report_sha256": [sha256 or ""]})
    assert "Pas vous" in await gildas.reads()


@pytest.mark.parametrize(
    "with_what",
    [pytest.param({}, id="by mouse"), pytest.param({"java_script_enabled": False}, id="without any script")],
)
async def test_four_people_bring_an_audit_from_its_plan_to_its_findings(
    comes: Comes, story: StoryHouse, with_what: dict[str, Any]
) -> None:
    with story.house.sessions.begin() as session:
        delegate = a_delegate_row(session, broker=True).code
    today = story.house.today().isoformat()
    gildas, maiwenn, katell, isabelle = [
        await comes(login, **with_what) for login in (AUDITOR, OTHER_AUDITOR, CONTROL, DIRECTOR)
    ]

    # He is told of the conflict before he plans; of the 38 pieces he leaves out two whole domains.
    await gildas.goes_to(f"/audits/new?delegate={delegate}")
    assert "Conflit d’intérêts" in await gildas.reads()
    form = gildas.page.locator("form#plan")
    for theme in ("memberships", "contributions"):
        await form.locator(f'[name="themes"][value="{theme}"]').uncheck()
    await gildas.sends(form, {"launch_at": f"{today}T18:00", "place": "Salle Iroise"})
    found = re.fullmatch(r"/audits/(AUD-\d{4}-\d+)", gildas.path)
    assert found, await gildas.reads()
    reference = found[1]
    assert "0/13" in await gildas.reads()

    await launches_and_delivers(gildas, reference, today)
    await analyses_and_writes(gildas, reference)

    # Two others stand for it; the direction answers for a delegate who has nobody here; what is disputed is ruled on.
    for person in (maiwenn, katell):
        await validates(person, reference)
    await takes_up(isabelle, reference)
    disputed = {"answers.0.reply": "dispute", "answers.0.argument": "Ce contrôle existe."}
    await isabelle.sends(isabelle.form("answer"), disputed)
    await takes_up(katell, reference)
    assert "Ce contrôle existe." in await katell.reads()
    ruled = {"rulings.0.ruling": "maintain", "rulings.0.reason": "Le registre n’a pas été produit."}
    await katell.sends(katell.form("arbitrate"), ruled)

    # The schedule is agreed as it is proposed: everything becomes a finding.
    await takes_up(gildas, reference)
    assert "Avancée au délai du risque" in await gildas.reads()
    await gildas.sends(gildas.form("agree"), {"held_on": today})
    told = await gildas.reads()
    assert "constats suivis" in told
    assert await gildas.page.locator("a.reference[href^='/findings/CST-']").count() == 13
