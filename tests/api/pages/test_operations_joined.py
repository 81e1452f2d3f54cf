"""The cockpit of an operation leads to its cases, members, pay and report; its tasks are opened from the inbox."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.backlog.commands import Stop
from domain.commands import CommandStatus
from tests.api.pages.browser import Browser, browser_of, text_of
from tests.api.pages.operations_office import OperationsOffice, open_office
from tests.conftest import Ask
from tests.factories import backlog_desk as does
from tests.factories import delay_desk, lending_desk
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, MANAGER, OTHER_ACCOUNTANT, REFERENT, YANN
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.lending_desk import AUDITOR

FR, EN = "Nous travaillons aussi le samedi.", "We work on Saturdays as well."


@pytest.fixture
async def office(postgres: str, ask: Ask) -> AsyncIterator[OperationsOffice]:
    """Monday noon, and no operation yet."""
    async with open_office(ask) as office:
        yield office


def on_the_eve(office: OperationsOffice, *logins: str) -> tuple[UUID, str]:
    """An operation on complaints, on the evening before its first session; its case, and where it is shown."""
    case_id = lending_desk.running(office.desk, *logins)
    office.counter.clock.at = office.desk.at
    return case_id, office.place(case_id)


async def from_the_inbox(browser: Browser, what: str) -> str:
    """The task that the inbox calls so in French is followed; its address."""
    inbox = await browser.open("/inbox")
    found = re.search(rf'href="(/tasks/[^"]+)">{re.escape(what)}<', inbox.text)
    assert found, text_of(inbox)
    return found[1]


async def test_cases_are_given_out_from_the_inbox_and_it_is_seen_before_who_gets_how_many(
    office: OperationsOffice,
) -> None:
    office.desk.enter(skills=["english"])
    office.desk.enter(skills=["english"])
    office.desk.enter(skills=["arabic"])
    case_id, place = on_the_eve(office)
    async with browser_of(office.counter, MANAGER) as browser:
        task = await from_the_inbox(browser, "Répartir les dossiers d’une séance")
        page = text_of(await browser.open(task))
        assert "Gildas Madec En a déjà 0 Recevrait 2" in page, page
        assert "2 dossiers seraient prêtés maintenant" in page
        assert "Ce qui resterait 1 aucun volontaire n’a la compétence" in page
        before = text_of(await browser.open(place))
        assert "Aucun dossier n’a été réparti." in before
        await browser.open(task)
        sent = await browser.send(task, outcome="give_out", key=office.key())
        assert sent.url.path == f"{place}/dispatch"
        assert set(office.decides()) == {CommandStatus.APPLIED}
        assert set(office.decides()) == {CommandStatus.APPLIED}, "each case lends itself"
        again = await browser.send(task, outcome="give_out", key=office.key())
        done = text_of(await browser.open(task))
        cockpit = text_of(await browser.open(place))
    assert again.url.path == f"{place}/dispatch", "a second click loses nothing"
    assert "Les dossiers sont répartis." in done
    assert "2 prêtés en ce moment · 2 prêtés en tout · 1 restés à la dernière répartition" in cockpit
    assert "Gildas Madec 2" in cockpit
    async with browser_of(office.counter, AUDITOR) as browser:
        inbox = text_of(await browser.open("/inbox"))
    assert inbox.count(f"prêté par {place.rpartition('/')[2]}") == 2
    assert case_id


async def test_whoever_has_a_place_in_the_session_is_not_asked_to_give_out_its_cases(office: OperationsOffice) -> None:
    case_id, _ = on_the_eve(office, REFERENT)
    task = office.task(case_id, "dispatch_cases")
    async with browser_of(office.counter, REFERENT) as browser:
        assert task not in (await browser.open("/inbox")).text
        assert (await browser.open(task)).status_code == 403


async def test_when_it_is_too_late_to_give_out_the_page_says_so(office: OperationsOffice) -> None:
    case_id, _ = on_the_eve(office)
    task = office.task(case_id, "dispatch_cases")
    with office.at(office.desk.at + timedelta(days=2)):
        async with browser_of(office.counter, MANAGER) as browser:
            page = await browser.open(task)
    assert page.status_code == 200
    assert "se répartissent" in text_of(page)
    assert 'value="give_out"' not in page.text


async def test_a_message_is_proposed_from_the_cockpit_and_approved_from_the_inbox(office: OperationsOffice) -> None:
    office.desk.enter()
    _, place = on_the_eve(office)
    said = {"more_than_days": "1", "promised_on": f"{office.desk.at.date() + timedelta(days=3)}"}
    async with browser_of(office.counter, MANAGER) as browser:
        cockpit = await browser.open(place)
        assert f'href="{place}/message">Proposer un message<' in cockpit.text
        await browser.open(f"{place}/message")
        await browser.send(f"{place}/message", **said, **{"words.fr": FR, "words.en": EN}, key=office.key())
        assert office.decides() == [CommandStatus.APPLIED]
        assert "Un message attend d’être approuvé." in text_of(await browser.open(place))
    async with browser_of(office.counter, OPERATIONS) as browser:
        task = await from_the_inbox(browser, "Approuver ou refuser un message aux adhérents")
        page = await browser.open(task)
        told = text_of(page)
        for words in (FR, EN, "Il toucherait 1 adhérent aujourd’hui.", "Proposé par Mme Anne Le Goff"):
            assert words in told, (words, told)
        without = await browser.send(task, outcome="refuse", reason="", key=office.key())
        assert (without.status_code, "À renseigner." in text_of(without)) == (422, True)
        sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', page.text)
        assert sha256
        sent = await browser.send(task, outcome="approve_message", sha256=sha256[1], key=office.key())
        assert sent.url.path == f"{place}/message"
        assert office.decides() == [CommandStatus.APPLIED]
        assert office.decides() == [CommandStatus.APPLIED], "the member is told"
        done, cockpit_now = text_of(await browser.open(task)), text_of(await browser.open(place))
    assert "Le message est approuvé : les lettres partent." in done
    assert "1 adhérent prévenu · 0 non prévenu" in cockpit_now


async def test_a_message_is_refused_from_the_inbox_with_the_reason(office: OperationsOffice) -> None:
    case_id, place = on_the_eve(office)
    delay_desk.proposed(office.desk, case_id)
    async with browser_of(office.counter, OPERATIONS) as browser:
        task = await from_the_inbox(browser, "Approuver ou refuser un message aux adhérents")
        await browser.open(task)
        await browser.send(task, outcome="refuse", reason="Trop tôt.", key=office.key())
        assert office.decides() == [CommandStatus.APPLIED]
        assert "Le message est refusé : personne n’est prévenu." in text_of(await browser.open(task))
        assert "Trop tôt." in text_of(await browser.open(f"{place}/message"))


async def test_an_activity_that_is_counted_elsewhere_has_neither_cases_nor_members(office: OperationsOffice) -> None:
    place = office.place(does.ran(office.desk))
    office.counter.clock.at = office.desk.at
    async with browser_of(office.counter, MANAGER) as browser:
        page = await browser.open(place)
    assert f"{place}/dispatch" not in page.text
    assert f"{place}/message" not in page.text
    assert f"{place}/report.pdf?language=fr" in page.text


async def test_the_report_is_opened_in_both_languages_provisional_then_final(office: OperationsOffice) -> None:
    planned = office.place(does.approved(office.desk))
    case_id = does.ended(office.desk)
    place = office.place(case_id)
    office.counter.clock.at = office.desk.at
    async with browser_of(office.counter, MANAGER) as browser:
        assert "report.pdf" not in (await browser.open(planned)).text, "nothing of it has happened yet"
        assert "Rapport de clôture provisoire" in text_of(await browser.open(place))
        for login in (OPERATIONS, OTHER_ACCOUNTANT):
            does.do(office.desk, case_id, login, does.validation(office.desk, case_id), "validate_pay")
        assert "Rapport de clôture définitif" in text_of(await browser.open(place))
        office.counter.app.state.house = replace(office.counter.house, patience=60)
        for language in ("fr", "en"):
            file = await browser.open(f"{place}/report.pdf?language={language}")
            assert (file.status_code, file.content[:5]) == (200, b"%PDF-")
            assert f"-{language}.pdf" in file.headers["content-disposition"]


async def test_the_cockpit_leads_to_attendance_and_to_pay_for_whoever_reads_it(office: OperationsOffice) -> None:
    place = office.place(does.ran(office.desk))
    office.counter.clock.at = office.desk.at
    for login, reads_pay in ((ACCOUNTANT, True), (GENERAL, True), (MANAGER, False)):
        async with browser_of(office.counter, login) as browser:
            page = await browser.open(place)
            assert (f'href="{place}/pay"' in page.text) == reads_pay
            assert (await browser.open(f"{place}/attendance")).status_code == 200
            assert f'href="{place}/attendance"' in page.text


async def test_attendance_and_pay_are_opened_from_the_inbox(office: OperationsOffice) -> None:
    case_id = does.approved(office.desk)
    for login in (CLAIRE, YANN):
        does.signs_up(office.desk, case_id, login)
    first = does.starts_on(office.desk, case_id)
    does.comes_to(office.desk, first, 8)
    does.remind(office.desk, case_id, "operation_start")
    for day in range(6):
        does.comes_to(office.desk, first + timedelta(days=day), 19)
        does.remind(office.desk, case_id, "daily_point")
    office.counter.clock.at = office.desk.at
    async with browser_of(office.counter, REFERENT) as browser:
        opened = await browser.open(await from_the_inbox(browser, "Saisir les présences d’une séance"))
        assert (opened.status_code, 'value="420"' in opened.text) == (200, True)
    came = does.came(claire_morvan=420, yann_kerloch=0)
    does.do(office.desk, case_id, REFERENT, came, "enter_attendance")
    does.do(office.desk, case_id, OPERATIONS, Stop(reason=does.WHY), None, "stop")
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        task = await from_the_inbox(browser, "Préparer la paie de l’opération")
        await browser.open(task)
        await browser.send(task, outcome="prepare", key=office.key())
        assert office.decides() == [CommandStatus.APPLIED]
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        async with browser_of(office.counter, login) as browser:
            task = await from_the_inbox(browser, "Valider la paie de l’opération")
            assert "144,38" in text_of(await browser.open(task))
            sha256 = does.validation(office.desk, case_id).sha256
            await browser.send(task, outcome="validate", sha256=sha256, key=office.key())
            assert office.decides() == [CommandStatus.APPLIED]


async def test_only_sessions_whose_cases_can_be_given_out_now_are_offered(office: OperationsOffice) -> None:
    _, place = on_the_eve(office)
    address = f"{place}/dispatch"
    async with browser_of(office.counter, MANAGER) as browser:
        eve = await browser.open(address)
    with office.at(office.desk.at - timedelta(days=1)):
        async with browser_of(office.counter, MANAGER) as browser:
            before = await browser.open(address)
    assert eve.text.count('<option value="1"') == 1
    assert "<option" not in before.text
    assert "Les dossiers d’une séance se répartissent du dernier jour ouvré" in text_of(before)
