"""Findings before a browser: listed, opened, read and decided on by the insurer's people."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.api.pages.browser import browser_of, text_of
from tests.api.pages.findings_office import Office, open_office
from tests.conftest import Ask
from tests.factories import finding_desk as does
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.finding_desk import AUDITOR, CONTROL, OTHER_AUDITOR
from tests.factories.uploads import A_PDF


@pytest.fixture(scope="module")
async def office(postgres: str, ask: Ask) -> AsyncIterator[Office]:
    """Monday noon; each test works on findings of its own."""
    async with open_office(ask) as office:
        yield office


async def test_the_late_ones_come_first_and_those_that_have_ended_on_demand(office: Office) -> None:
    late = office.reference(does.a_finding_at(office.desk, "planned", risk="major", subject="Le retard"))
    later = office.reference(does.opened(office.desk, risk="low", subject="La suite"))
    closed = office.reference(does.a_finding_at(office.desk, "closed", subject="Du passé"))
    with office.later(days=31):
        async with browser_of(office.counter, AUDITOR) as browser:
            listed = text_of(await browser.open("/findings"))
            ended = text_of(await browser.open("/findings?state=ended"))
            only = text_of(await browser.open("/findings?overdue=yes"))
            narrowed = text_of(await browser.open("/findings?delegate=LEON&risk=low"))
    assert listed.index(late) < listed.index("Les autres, l’échéance la plus proche d’abord") < listed.index(later)
    assert "un jour de retard" in listed
    assert closed not in listed
    assert (closed in ended, late in ended) == (True, False)
    assert (late in only, later in only) == (True, False)
    assert "Aucun constat ne correspond." in narrowed


async def test_the_list_is_kept_as_a_workbook_with_its_filters(office: Office) -> None:
    major = office.reference(does.a_finding_at(office.desk, "planned", risk="major"))
    low = office.reference(does.opened(office.desk, risk="low"))
    async with browser_of(office.counter, CONTROL, "en") as browser:
        kept = await browser.open("/findings.xlsx?risk=major")
    assert kept.headers["content-disposition"] == 'attachment; filename="findings-2026-11-23.xlsx"'
    told = str([[cell.value for cell in row] for row in load_workbook(BytesIO(kept.content)).worksheets[0].rows])
    assert (major in told, low in told) == (True, False)
    assert "Formaliser le contrôle." in told


async def test_a_finding_that_came_from_elsewhere_is_opened_and_its_date_follows_from_its_risk(office: Office) -> None:
    said = {
        "contract": "ARMOR/COL-2021-003",
        "subject": "Délais de remboursement",
        "words": "Les délais ne sont pas mesurés.",
        "risk": "high",
        "agreed_on": "2026-11-23",
    }
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open("/findings/new")
        without = await browser.send("/findings/new", **said | {"risk": ""}, key=office.key())
        beyond = await browser.send("/findings/new", **said, due_on="2027-03-01", key=office.key())
        opened = await browser.send("/findings/new", **said, key="once")
        again = await browser.send("/findings/new", **said, key="once")
    assert (without.status_code, "Rien n’est encore parti" in text_of(without)) == (422, True)
    assert "Les délais ne sont pas mesurés." in without.text
    assert (beyond.status_code, "demande un valideur" in text_of(beyond)) == (422, True)
    assert str(opened.url.path) == str(again.url.path)
    assert str(opened.url.path).startswith("/findings/CST-2026-")
    assert "Le risque (élevé) permet 60 jours, jusqu’au ven. 22 janv. 2027." in text_of(opened)
    assert "Armor Gestion · COL-2021-003" in text_of(opened)


async def test_the_page_says_why_the_date_is_that_day(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    does.ask_to_postpone(office.desk, case_id)
    does.grant(office.desk, case_id)
    async with browser_of(office.counter, AUDITOR) as browser:
        told = text_of(await browser.open(office.place(case_id)))
    assert "Échéance dim. 21 févr. 2027" in told
    assert "Convenu le lun. 23 nov. 2026 : ven. 22 janv. 2027" in told
    assert "Reporté au dim. 21 févr. 2027 demandé par Mme Enora Lagadec, accordé par Mme Isabelle Kermarrec" in told
    assert f"{does.WHY}" in told


async def test_an_auditor_reads_a_plan_and_sends_it_back_with_the_reason(office: Office) -> None:
    case_id = does.opened(office.desk)
    does.propose(office.desk, case_id)
    task = office.task(case_id, "accept_plan")
    async with browser_of(office.counter, AUDITOR) as browser:
        inbox = await browser.open("/inbox")
        read = text_of(await browser.open(task))
        without = await browser.send(task, outcome="send_back", key=office.key())
        sent = await browser.send(task, outcome="send_back", reason="Qui, et quand ?", key=office.key())
    assert f'href="{task}"' in inbox.text
    assert "Formaliser le contrôle." in read
    assert (without.status_code, "Motif" in text_of(without)) == (422, True)
    assert sent.url.path == office.place(case_id)
    assert office.kept(case_id) == [("send_back", {"outcome": "send_back", "reason": "Qui, et quand ?"})]


async def test_whoever_confirms_sees_words_plan_and_evidence_with_who_verified_them(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "confirming")
    async with browser_of(office.counter, CONTROL) as browser:
        page = await browser.open(office.task(case_id, "confirm_remediation"))
        evidence = await browser.open(office.evidence(case_id))
    told = text_of(page)
    for words in ("Vérifié par M. Gildas Madec", "n’est pas formalisé", "Formaliser le contrôle.", "Voir l’onglet 2."):
        assert words in told
    assert f'<iframe src="{office.evidence(case_id)}"' in page.text
    assert (evidence.content, evidence.headers["content-type"]) == (A_PDF, "application/pdf")
    assert evidence.headers["x-frame-options"] == "SAMEORIGIN"
    async with browser_of(office.counter, AUDITOR) as browser:
        verifier = await browser.open(office.task(case_id, "confirm_remediation"))
        told = text_of(await browser.open(office.place(case_id)))
    assert verifier.status_code == 403
    assert "Pas vous :" in told


async def test_whoever_decides_on_a_postponement_reads_how_many_there_were_and_who_is_told(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    does.ask_to_postpone(office.desk, case_id)
    does.grant(office.desk, case_id)
    does.ask_to_postpone(office.desk, case_id)
    async with browser_of(office.counter, OPERATIONS, "en") as browser:
        told = text_of(await browser.open(office.task(case_id, "decide_postponement")))
    assert "30 days more. It has been postponed once already." in told
    assert "7 days after: operations director" in told


async def test_the_second_who_accepts_a_risk_reads_who_was_the_first(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    does.ask_to_accept(office.desk, case_id)
    does.approve(office.desk, case_id)
    async with browser_of(office.counter, GENERAL, "en") as browser:
        told = text_of(await browser.open(office.task(case_id, "accept_risk")))
    assert "Approved already by Mme Isabelle Kermarrec; you are the second." in told


async def test_what_can_be_done_without_a_task_is_offered_or_told_why_not(office: Office) -> None:
    case_id = does.a_finding_at(office.desk, "planned")
    place = office.place(case_id)
    async with browser_of(office.counter, AUDITOR) as browser:
        told = await browser.open(place)
        asked = await browser.send(
            f"{place}/request-postponement", until="2027-01-01", reason="Trop tôt.", key=office.key()
        )
        kept = await browser.send(
            f"{place}/request-risk-acceptance", until="2027-06-30", reason="Fin.", key=office.key()
        )
    assert f'href="{place}/request-postponement"' in told.text
    assert f'href="{place}/withdraw-request"' not in told.text
    assert "Rien n’est demandé" in text_of(told)
    assert asked.status_code == 200
    assert kept.status_code == 200
    assert [kind for kind, _ in office.kept(case_id)] == ["request_postponement", "request_risk_acceptance"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("preuve.pdf", A_PDF[:20], "il manque sa fin"),
        ("preuve.xlsx", A_PDF, "son nom dit autre chose"),
        ("preuve.exe", b"MZ" + bytes(64), "Un fichier est un PDF"),
    ],
)
async def test_a_file_that_is_none_is_refused_in_its_place(
    office: Office, name: str, content: bytes, says: str
) -> None:
    place = office.place(does.a_finding_at(office.desk, "planned"))
    async with browser_of(office.counter, OTHER_AUDITOR) as browser:
        await browser.open(f"{place}/add-evidence")
        refused = await browser.send_file(f"{place}/add-evidence", name, content, key=office.key())
        added = await browser.send_file(f"{place}/add-evidence", "preuve.pdf", A_PDF, key=office.key())
    assert (refused.status_code, says in text_of(refused)) == (422, True)
    assert added.url.path == place


async def test_only_who_reads_findings_is_shown_them(office: Office) -> None:
    place = office.place(does.opened(office.desk))
    async with browser_of(office.counter, "claire.morvan") as browser:
        refused = [await browser.open(path) for path in ("/findings", "/findings.xlsx", place)]
        home = await browser.open("/inbox")
    assert [one.status_code for one in refused] == [403, 403, 403]
    assert 'href="/findings"' not in home.text
