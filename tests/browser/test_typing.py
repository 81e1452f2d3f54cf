"""Whatever happens while somebody types: nothing is lost, nothing is kept twice, and what is wrong is said in words."""

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from db.models import ComplaintRow
from tests.browser.acts import ANALYSIS, ANSWER, COMPLAINT, OWNER, does, enters, opens_task
from tests.browser.conftest import Comes
from tests.browser.house import OpenHouse
from tests.browser.person import Person, button_of
from tests.stories.house import StoryHouse

NO_ANSWER = "ERR_CONNECTION_REFUSED"


def kept(story: StoryHouse, subject: str) -> int:
    """How many complaints with this subject the register has."""
    with story.house.sessions() as session:
        found = session.scalar(select(func.count()).where(ComplaintRow.subject == subject))
    return found or 0


async def types_a_complaint(person: Person, subject: str) -> None:
    """They fill in the form of a complaint, and have not sent it yet."""
    await person.goes_to("/complaints/new")
    await person.fills(person.page.locator("form.paper"), {**COMPLAINT, "subject": subject})


async def test_a_session_that_ends_while_somebody_writes_loses_nothing(
    comes: Comes, doors: OpenHouse, story: StoryHouse
) -> None:
    claire = await comes(OWNER)
    await types_a_complaint(claire, "Écrite pendant que la session finit")
    doors.ends_sessions_of(OWNER)
    await claire.presses(button_of(claire.page.locator("form.paper")))
    assert "Votre session est terminée" in await claire.reads()
    assert kept(story, "Écrite pendant que la session finit") == 0

    await claire.signs_in()
    for said in ("Rien n’est encore parti", "Écrite pendant que la session finit", "J’ai appelé deux fois."):
        assert said in await claire.reads()
    await claire.presses(button_of(claire.page.locator("main form")))
    assert claire.path.startswith("/complaints/REC-")
    assert "J’ai appelé deux fois." in await claire.reads()
    assert kept(story, "Écrite pendant que la session finit") == 1


async def test_a_draft_that_cannot_be_saved_leaves_the_page_as_it_is(comes: Comes, doors: OpenHouse) -> None:
    claire = await comes(OWNER)
    await types_a_complaint(claire, "Le brouillon ne peut pas être enregistré")
    await expect(claire.page.locator(".saving")).to_contain_text("Enregistré à")
    doors.ends_sessions_of(OWNER)
    async with claire.page.expect_response("**/drafts"):
        await claire.page.locator("#text").press_sequentially("!")
    await expect(claire.page.locator(".saving")).to_contain_text("session")
    assert await claire.page.locator("#login").count() == 0
    assert (await claire.page.locator("#text").input_value()).endswith("!")


async def test_a_browser_that_crashes_while_somebody_writes_loses_nothing(comes: Comes) -> None:
    claire = await comes(OWNER)
    await types_a_complaint(claire, "Écrite avant la panne du navigateur")
    await expect(claire.page.locator(".saving")).to_contain_text("Enregistré à")
    await claire.page.close()

    claire.page = await claire.context.new_page()
    await claire.goes_to("/complaints/new")
    assert await claire.field("subject").input_value() == "Écrite avant la panne du navigateur"
    assert await claire.field("text").input_value() == COMPLAINT["text"]
    assert await claire.page.locator('[name="skills"][value="english"]').is_checked()
    assert "Retrouvé" in await claire.reads()
    await claire.presses(claire.page.locator(".restored button"))
    assert await claire.field("subject").input_value() == ""


async def test_a_double_click_makes_one_complaint(comes: Comes, story: StoryHouse) -> None:
    claire = await comes(OWNER)
    await types_a_complaint(claire, "Envoyée par un double clic")
    async with claire.page.expect_navigation(url="**/complaints/REC-*"):
        await button_of(claire.page.locator("form.paper")).dblclick()
    assert kept(story, "Envoyée par un double clic") == 1


@pytest.mark.proof
async def test_a_double_click_makes_one_complaint_though_no_script_helps(comes: Comes, story: StoryHouse) -> None:
    claire = await comes(OWNER, java_script_enabled=False)
    await types_a_complaint(claire, "Envoyée deux fois sans script")
    await button_of(claire.page.locator("form.paper")).dblclick()
    await expect(claire.page).to_have_url(re.compile("/complaints/REC-"))
    assert kept(story, "Envoyée deux fois sans script") == 1


async def test_while_the_house_is_away_the_page_says_so_and_sends_when_it_is_back(
    comes: Comes, doors: OpenHouse, story: StoryHouse
) -> None:
    claire = await comes(OWNER, may_say=NO_ANSWER)
    await types_a_complaint(claire, "Envoyée pendant que le serveur est absent")
    await expect(claire.page.locator(".saving")).to_contain_text("Enregistré à")
    await doors.closes()
    try:
        await button_of(claire.page.locator("form.paper")).click()
        await expect(claire.page.get_by_role("alert")).to_contain_text("Le serveur ne répond pas")
        assert await claire.field("text").input_value() == COMPLAINT["text"]
    finally:
        await doors.opens()
    await claire.page.wait_for_url("**/complaints/REC-*")
    assert kept(story, "Envoyée pendant que le serveur est absent") == 1


async def test_nonsense_is_answered_in_words_beside_the_field_and_nothing_is_lost(comes: Comes) -> None:
    claire = await comes(OWNER)
    nonsense = {
        "received_on": "2032-01-01",
        "complainant.member_number": "M9999999",
        "text": "a" * 50_001,
        "subject": "Du n’importe quoi",
    }
    for name, said in [
        ("text", "Trop long : 50 000 au plus."),
        ("received_on", "dans l’avenir"),
        ("complainant.member_number", "M9999999"),
    ]:
        await claire.goes_to("/complaints/new")
        form = claire.page.locator("form.paper")
        await form.evaluate("form => { form.noValidate = true }")  # as a browser that does not look itself
        await claire.sends(form, {**COMPLAINT, "subject": nonsense["subject"], name: nonsense[name]})
        beside = claire.page.locator(f"[id='{name}-wrong']")
        assert await claire.field(name).get_attribute("aria-invalid") == "true"
        assert said in " ".join((await beside.inner_text()).split())
        assert await claire.field(name).input_value() == nonsense[name]
        assert await claire.field("subject").input_value() == nonsense["subject"]


@pytest.mark.proof
async def test_an_amount_that_is_none_is_answered_beside_the_field(comes: Comes) -> None:
    claire = await comes(OWNER)
    reference = await enters(claire)
    await does(claire, reference, "acknowledge", {"dispatch": "recorded_call"})
    await does(claire, reference, "analyse", ANALYSIS)
    await opens_task(claire, reference)
    for amount in ("12,5x", "-3", "1e400", "NaN"):
        await claire.sends(claire.form("draft"), {**ANSWER, "compensation_cents": amount})
        beside = claire.page.locator("#compensation_cents-wrong")
        assert "Ce montant ne peut être versé" in await beside.inner_text(), amount
        assert await claire.field("compensation_cents").input_value() == amount
        assert await claire.field("reasons").input_value() == ANSWER["reasons"]
    await claire.sends(claire.form("draft"), {"compensation_cents": "1 012,5"})
    assert "1 012,50 €" in await claire.reads()
