"""The delegate's space before a browser: what is due, what is given in place, what is nobody else's business."""

from collections.abc import AsyncIterator

import pytest

from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.findings_office import Office, open_office
from tests.conftest import Ask
from tests.factories import finding_desk as does
from tests.factories.finding_desk import AUDITOR, BASTIEN, CONTROL, ENORA, SABINE, WHY
from tests.factories.uploads import A_PDF, AN_XLSX

CORENTIN = "corentin.falhun"


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[Office]:
    """Monday noon; each test works on findings of its own."""
    async with open_office(ask) as office:
        yield office


async def test_whoever_signs_in_for_a_delegate_is_in_its_space_with_the_next_dates_and_nothing_else(
    office: Office,
) -> None:
    case_id = does.opened(office.desk, subject="Bordereaux non rapprochés")
    async with browser_of(office.counter, ENORA) as browser:
        home = await browser.open("/")
    told = text_of(home)
    assert home.url.path == "/delegate"
    assert "Armor Gestion" in told
    assert "Proposer un plan d’action dans 2 semaines · mar. 8 déc. Bordereaux non rapprochés" in told
    assert "Plan d’action CST" in told
    assert f'href="{office.space(case_id)}"' in home.text
    for other in ("/inbox", "/complaints", "/claims", "/findings", "/board", 'role="search"'):
        assert f'href="{other}"' not in home.text


async def test_the_insurers_pages_refuse_them_plainly_with_the_way_to_their_space(office: Office) -> None:
    place = office.place(does.opened(office.desk))
    async with browser_of(office.counter, SABINE, "en") as browser:
        for path in ("/inbox", "/findings", place, "/complaints", "/board", "/administration", "/cases"):
            refused = await browser.open(path)
            assert refused.status_code == 403, path
            assert "This page is the insurer’s." in text_of(refused)
            assert "To the delegate’s space" in text_of(refused)
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        assert (await browser.open("/delegate")).status_code == 403


async def test_a_finding_of_another_delegate_is_not_there(office: Office) -> None:
    space = office.space(does.opened(office.desk))
    async with browser_of(office.counter, CORENTIN) as browser:
        home = text_of(await browser.open("/delegate"))
        there = await browser.open(space)
        never = await browser.open("/delegate/findings/CST-2026-999999")
        sent = await browser.send(f"{space}/request-postponement", until="2027-12-01", reason="Non.", key=office.key())
    assert "Léon Délégation" in home
    assert "Aucun constat n’est ouvert." in home
    assert (there.status_code, never.status_code, sent.status_code) == (404, 404, 404)
    assert text_of(there).replace(space[-15:], "") == text_of(never).replace("CST-2026-999999", "")


async def test_a_plan_is_proposed_in_place_and_what_was_typed_is_kept(office: Office) -> None:
    case_id = does.opened(office.desk)
    space, task = office.space(case_id), f"/delegate{office.task(case_id, 'propose_plan')}"
    async with browser_of(office.counter, ENORA) as browser:
        page = await browser.open(space)
        assert f'action="{task}?do=propose"' in page.text
        await browser.send("/drafts", form=f"{task}?do=propose", plan="Un rapprochement mensuel")
        again = await browser.open(space)
        empty = await browser.send(task, outcome="propose", plan="", key=office.key())
        sent = await browser.send(
            task, outcome="propose", plan="Un rapprochement mensuel dès janvier.", key=office.key()
        )
        led = await browser.open(task)
    assert "Un rapprochement mensuel</textarea>" in again.text
    assert (empty.status_code, "Plan d’action : " in text_of(empty)) == (422, True)
    assert sent.url.path == led.url.path == space
    assert office.kept(case_id) == [
        ("propose", {"outcome": "propose", "plan": "Un rapprochement mensuel dès janvier."})
    ]


async def test_why_a_plan_or_the_evidence_came_back_is_told_without_a_name_of_the_insurers(office: Office) -> None:
    plan = does.opened(office.desk)
    does.propose(office.desk, plan)
    does.send_back(office.desk, plan)
    evidence = does.a_finding_at(office.desk, "verifying")
    does.refuse(office.desk, evidence)
    async with browser_of(office.counter, BASTIEN) as browser:
        for case_id, begins in ((plan, "Le plan a été renvoyé :"), (evidence, "Les preuves ont été refusées :")):
            told = text_of(await browser.open(office.space(case_id)))
            assert f"{begins} {WHY}" in told
            assert "Madec" not in told


async def test_evidence_is_added_file_by_file_and_a_wrong_one_is_explained(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    space = office.space(case_id)
    async with browser_of(office.counter, ENORA) as browser:
        before = text_of(await browser.open(space))
        cut = await browser.send_file(f"{space}/evidence", "preuve.pdf", A_PDF[:30], key=office.key())
        nothing = await browser.send(f"{space}/evidence", key=office.key())
        large = await browser.send_file(f"{space}/evidence", "gros.pdf", A_PDF + bytes(10_000_001), key=office.key())
        first = await browser.send_file(f"{space}/evidence", "preuve.pdf", A_PDF, key=office.key())
        second = await browser.send_file(f"{space}/evidence", "tableau.xlsx", AN_XLSX, key=office.key())
    assert "10 Mo au plus, sans mot de passe ni macros" in before
    assert (cut.status_code, "il manque sa fin" in text_of(cut)) == (422, True)
    assert (nothing.status_code, "Aucun fichier n’est choisi." in text_of(nothing)) == (422, True)
    assert (large.status_code, "10 000 000" in text_of(large)) == (413, True)
    assert first.url.path == second.url.path == space
    assert [body["name"] for _, body in office.kept(case_id)] == ["preuve.pdf", "tableau.xlsx"]


async def test_a_later_date_is_asked_for_in_place_and_withdrawn_while_it_waits(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    space = office.space(case_id)
    async with browser_of(office.counter, SABINE) as browser:
        await browser.open(space)
        without = await browser.send(f"{space}/request-postponement", until="2027-03-01", reason="", key=office.key())
        does.ask_to_postpone(office.desk, case_id, login=SABINE)
        waiting = text_of(await browser.open(space))
        withdrawn = await browser.send(f"{space}/withdraw-request", key=office.key())
    assert (without.status_code, 'value="2027-03-01"' in without.text) == (422, True)
    assert "Report d’échéance jusqu’au dim. 21 févr. 2027 à décider" in waiting
    assert ("Retirer la demande" in waiting, "Demander un report" in waiting) == (True, False)
    assert withdrawn.status_code == 200
    assert [kind for kind, _ in office.kept(case_id)] == ["withdraw_request"]


async def test_what_was_typed_for_a_task_that_a_colleague_has_done_is_shown_to_be_copied(office: Office) -> None:
    case_id = does.opened(office.desk)
    task = f"/delegate{office.task(case_id, 'propose_plan')}"
    async with browser_of(office.counter, ENORA) as browser:
        await browser.open(office.space(case_id))
        does.propose(office.desk, case_id, BASTIEN)
        late = await browser.send(task, outcome="propose", plan="", key=office.key())
    assert late.status_code in {409, 422}
    assert "L’auditeur de l’assureur lit le plan." in text_of(late)


async def test_a_closed_finding_says_that_two_people_have_agreed(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "closed")
    async with browser_of(office.counter, ENORA) as browser:
        told = text_of(await browser.open(office.space(case_id)))
        home = text_of(await browser.open("/delegate"))
        ended = text_of(await browser.open("/delegate?ended=yes"))
    assert "deux personnes de l’assureur ont constaté la remédiation" in told
    reference = office.reference(case_id)
    assert (reference in home, reference in ended) == (False, True)
    assert "Rolland" not in told
    assert CONTROL not in told
