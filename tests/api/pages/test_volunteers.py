"""Sessions, attendance, pay and volunteers before a browser: one's places, who came, what is paid and to whom told."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.models import Absence, CommandRow
from domain.backlog.commands import CorrectAttendance, PreparePay
from domain.commands import CommandRef, CommandStatus
from local.demo_staff import person_id
from tests.api.counter import Counter, open_counter
from tests.api.pages.browser import Browser, browser_of, text_of
from tests.conftest import Ask
from tests.factories import backlog_desk as acts
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, OTHER_ACCOUNTANT, REFERENT, YANN
from tests.factories.backlog_rows import (
    A_LONG_WEEK,
    ACTIVITY,
    a_pay_file,
    a_proposal,
    a_volunteer,
    an_approved_operation,
    sessions_of,
)
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.figures import an_activity
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database

ADMINISTRATOR, TANGI, CONTROL = "alexis.cozic", "tangi.riou", "katell.rolland"


@dataclass
class Office:
    """The API and a desk before one register, without an engine: what pages ask is settled by the desk."""

    counter: Counter
    desk: Desk

    def reference(self, case_id: UUID) -> str:
        [(reference,)] = self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
        return str(reference)

    def ran(self) -> str:
        """An operation in which two have worked on its first Saturday; the house's clock shows that evening."""
        case_id = acts.ran(self.desk)
        self.counter.clock.at = self.desk.at
        return self.reference(case_id)

    def case(self, reference: str) -> UUID:
        [(case_id,)] = self.desk.sql("SELECT id FROM cases WHERE reference = :ref", ref=reference)
        return UUID(str(case_id))

    def settle(self) -> CommandStatus:
        """What was asked last is decided."""
        wanted = select(CommandRow).where(CommandRow.status == "received").order_by(CommandRow.order.desc())
        with self.desk.sessions() as session:
            row = session.scalars(wanted).first()
            assert row is not None
            command = CommandRef(row.id, row.case_id, row.kind)
        return self.desk.settle(command).status

    def task(self, reference: str, kind: str) -> str:
        return f"/tasks/{self.desk.task(self.case(reference), kind).id}"


@pytest.fixture
async def office(postgres: str, ask: Ask) -> AsyncIterator[Office]:
    """Monday noon, and no operation yet."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = NOON
            with open_desk(url) as desk:
                desk.at = NOON
                yield Office(counter, desk)


def opened(office: Office, *logins: str, places: int = 1, **changes: object) -> tuple[str, list[UUID]]:
    """An operation whose sessions are open, and people whose hours are known."""
    with office.counter.house.sessions.begin() as session:
        case = an_approved_operation(session, NOON, places)
        for login in logins:
            a_volunteer(session, person_id(login), NOON, **changes)
        return case.reference, sessions_of(session, case.id)


def plain(told: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", told)


async def reads(browser: Browser, path: str) -> str:
    return plain(text_of(await browser.open(path)))


async def test_one_click_takes_a_place_and_the_next_one_waits_until_it_is_given_back(office: Office) -> None:
    reference, (first, *_) = opened(office, CLAIRE, TANGI)
    desk = f"/sessions/{reference}/{first}"
    async with browser_of(office.counter, CLAIRE) as claire, browser_of(office.counter, TANGI) as tangi:
        assert "1 place libre" in (shown := await reads(claire, "/sessions")) or "une place libre" in shown
        assert "Vous avez une place." in text_of(await claire.send(f"{desk}/sign-up"))
        await tangi.open("/sessions")
        waits = plain(text_of(await tangi.send(f"{desk}/sign-up")))
        assert "vous êtes en liste d’attente" in waits
        assert "Liste d’attente, rang 1" in waits
        again = await claire.send(f"{desk}/sign-up")
        assert "Vous avez une place." in text_of(again)
        assert "Votre place est rendue." in text_of(await claire.send(f"{desk}/sign-off"))
        assert "Place n° 1" in await reads(tangi, "/sessions")


async def test_whoever_the_law_keeps_out_is_told_the_article_and_what_to_do(office: Office) -> None:
    reference, (first, *_) = opened(office, YANN, timetable=A_LONG_WEEK)
    async with browser_of(office.counter, YANN) as browser:
        shown = await browser.open("/sessions")
        told = plain(text_of(shown))
        refused = await browser.send(f"/sessions/{reference}/{first}/sign-up")
    assert "Pas pour vous : La semaine du" in told
    assert "vous travailleriez 49 h 00 ; une semaine compte au plus 48 h 00 (Code du travail, article L3121-20)" in told
    assert "Choisissez une séance d’une autre semaine." in told
    assert f"{first}/sign-up" not in shown.text
    assert (refused.status_code, 'id="trouble"' in refused.text) == (409, True)


async def test_whoever_is_no_volunteer_is_told_who_enters_them(office: Office) -> None:
    opened(office)
    async with browser_of(office.counter, CLAIRE, "en") as browser:
        told = await reads(browser, "/sessions")
    assert "Your contract and your usual hours are not known yet" in told
    assert "Have accounting or an administrator enter them." in told
    assert "Not for you:" not in told, "it is said once, not for each session"


async def test_my_places_go_into_my_calendar_and_nobody_else_s(office: Office) -> None:
    reference, (first, second, *_) = opened(office, CLAIRE, TANGI, places=2)
    async with browser_of(office.counter, CLAIRE) as claire, browser_of(office.counter, TANGI) as tangi:
        for browser, one in ((claire, first), (tangi, second)):
            await browser.open("/sessions")
            await browser.send(f"/sessions/{reference}/{one}/sign-up")
        mine = (await claire.open("/sessions/mine.ics")).text
    assert mine.count("BEGIN:VEVENT") == 1
    assert f"UID:{first}@" in mine
    assert "DTSTART;TZID=Europe/Paris:" in mine


async def test_who_came_is_entered_on_one_screen_with_the_session_s_minutes_typed_already(office: Office) -> None:
    case_id = acts.approved(office.desk)
    for login in (CLAIRE, YANN):
        acts.signs_up(office.desk, case_id, login)
    first = acts.starts_on(office.desk, case_id)
    acts.comes_to(office.desk, first, 8)
    acts.remind(office.desk, case_id, "operation_start")
    for day in range(6):
        acts.comes_to(office.desk, first + timedelta(days=day), 19)
        acts.remind(office.desk, case_id, "daily_point")
    office.counter.clock.at = office.desk.at
    reference = office.reference(case_id)
    task = office.task(reference, "enter_attendance")
    said = {"outcome": "enter", "attended.0.login": CLAIRE, "attended.1.login": YANN}
    async with browser_of(office.counter, REFERENT) as browser:
        shown = await browser.open(task)
        wrong = await browser.send(task, **said, **{"attended.0.minutes": "420", "attended.1.minutes": "sept heures"})
        sent = await browser.send(task, **said, **{"attended.0.minutes": "420", "attended.1.minutes": "0"}, key="a")
        assert office.settle() is CommandStatus.APPLIED
        told = await reads(browser, f"/operations/{reference}/attendance")
        done = text_of(await browser.open(task))
    assert shown.text.count('value="420"') == 2
    assert wrong.status_code == 422
    assert 'id="attended.1.minutes-wrong"' in wrong.text
    assert "Les minutes sont un nombre entier de 0 à 1 440" in plain(text_of(wrong))
    assert sent.url.path == f"/operations/{reference}/attendance"
    assert "7 h 00" in told
    assert "absent à la séance" in told
    assert "Les présences sont enregistrées." in done


async def test_a_correction_shows_what_it_changes_to_those_who_may_read_pay_only(office: Office) -> None:
    reference = office.ran()
    address = f"/operations/{reference}/correct-attendance?session=1&login={CLAIRE}"
    async with browser_of(office.counter, REFERENT) as browser:
        await browser.open(address)
        nothing = await browser.send(address, minutes="390", reason="", key="a")
        less = await browser.send(address, minutes="-5", reason="Partie plus tôt.", key="c")
        sent = await browser.send(address, minutes="390", reason="Partie plus tôt.", key="b")
        assert office.settle() is CommandStatus.APPLIED
        told = await reads(browser, address)
    assert (nothing.status_code, sent.status_code) == (422, 200)
    assert "Minutes travaillées : Les minutes sont" in text_of(less).replace("\xa0", " ")
    assert "7 h 00 → 6 h 30" in told
    assert "Partie plus tôt." in told
    assert "€" not in told
    async with browser_of(office.counter, OPERATIONS) as browser:
        told = await reads(browser, address)
    assert "10,32 € de moins" in told  # 144.38 € for 7 h at 125 % of 16.50 €, 134.06 € for 6 h 30
    assert "144,38 €" in told
    async with browser_of(office.counter, CLAIRE) as browser:
        mine = await reads(browser, "/sessions")
        assert (await browser.open(address)).status_code == 403
    assert "6 h 30 × 16,50 € × 125 % = 134,0625 €, arrondi au centime" in mine
    assert "134,06 €" in mine
    assert "Prime de samedi" in mine
    assert "174,06 €" in mine


async def test_pay_is_prepared_with_leave_and_validated_by_two_who_read_every_line(office: Office) -> None:
    reference = office.ran()
    case_id, friday = office.case(reference), office.desk.at.date() - timedelta(days=1)
    with office.desk.sessions.begin() as session:
        away = {"from_on": friday, "back_on": friday + timedelta(days=1), "recorded_at": office.desk.at}
        session.add(Absence(id=uuid4(), person_id=person_id(CLAIRE), deputy_id=person_id(YANN), **away))
    address = f"/operations/{reference}/prepare-pay"
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        assert f'name="paid_leave.{CLAIRE}" value="{friday}"' in (await browser.open(address)).text
        sent = await browser.send(address, **{f"paid_leave.{CLAIRE}": f"{friday}"}, key="a")
        assert sent.url.path == f"/operations/{reference}/pay"
        assert office.settle() is CommandStatus.APPLIED
        pay = await reads(browser, f"/operations/{reference}/pay/1")
        assert (await browser.open(f"/operations/{reference}/pay/1/file.csv")).status_code == 409
    assert "7 h 00 × 16,50 € × 125 % = 144,3750 €, arrondi au centime" in pay
    assert "144,38 €" in pay
    [(sha256,)] = office.desk.sql("SELECT sha256 FROM pay_files WHERE operation_id = :id", id=case_id)
    assert sha256 in pay
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        task = office.task(reference, "validate_pay")
        async with browser_of(office.counter, login) as browser:
            assert sha256[:8] in text_of(await browser.open(task))
            other = await browser.send(task, outcome="validate", sha256="0" * 64, key="other")
            assert (other.status_code, office.settle()) == (200, CommandStatus.REFUSED)
            await browser.open(task)
            await browser.send(task, outcome="validate", sha256=sha256, key="this")
            assert office.settle() is CommandStatus.APPLIED
    async with browser_of(office.counter, CLAIRE) as browser:
        assert "Validée, part à la paie" in (told := await reads(browser, "/sessions")) or "validée" in told
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        file = await browser.open(f"/operations/{reference}/pay/1/file.csv")
        assert f'value="{friday}" checked' in (await browser.open(address)).text, "what was named stays ticked"
        left_out = await browser.send(address, key="b")
        assert (left_out.status_code, office.settle()) == (200, CommandStatus.REFUSED)
        await browser.open(address)
        await browser.send(address, leave_taken_away="Un arrêt maladie.", key="c")
        assert office.settle() is CommandStatus.APPLIED
        taken = plain(await reads(browser, f"/operations/{reference}/pay/2"))
    assert "N’est plus un congé payé" in taken
    assert "Un arrêt maladie." in taken
    assert "35 h 00 , 16,50 € de l’heure : vaut depuis toujours" in taken
    assert file.headers["content-type"].startswith("text/csv")
    assert "claire.morvan;" in file.text


async def test_another_version_shows_what_differs_from_the_last_that_was_validated(office: Office) -> None:
    reference = office.ran()
    case_id = office.case(reference)
    assert acts.do(office.desk, case_id, ACCOUNTANT, PreparePay(), None, "prepare_pay").status is CommandStatus.APPLIED
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        done = acts.do(office.desk, case_id, login, acts.validation(office.desk, case_id), "validate_pay")
        assert done.status is CommandStatus.APPLIED
    corrected = CorrectAttendance(session=1, login=CLAIRE, minutes=390, reason="Partie plus tôt.")
    acts.do(office.desk, case_id, REFERENT, corrected, None, "correct_attendance")
    acts.do(office.desk, case_id, ACCOUNTANT, PreparePay(), None, "prepare_pay")
    async with browser_of(office.counter, GENERAL) as browser:
        told = await reads(browser, f"/operations/{reference}/pay/2")
        assert (await browser.open(f"/operations/{reference}/pay/3")).status_code == 404
    # 184.38 € were validated for Claire, 174.06 € for Yann; Claire's half hour is taken back, and nothing else is paid.
    assert "Total brut 348,12 €" in told
    assert "Déjà validé 358,44 €" in told
    assert "À payer maintenant -10,32 €" in told
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        acts.do(office.desk, case_id, login, acts.validation(office.desk, case_id), "validate_pay")
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        file = await browser.open(f"/operations/{reference}/pay/2/file.csv")
    week = office.desk.at.date() - timedelta(days=5)
    assert file.text.splitlines()[1:] == [
        f"{reference};2;1;claire.morvan;Mme Claire Morvan;heures_supplementaires;{week};-30;125;-10,32;;;"
    ]
    assert "Par rapport à la version 1." in told
    assert "Mme Claire Morvan : 10,32 € de moins" in told


async def test_a_pay_file_is_sent_back_with_the_reason(office: Office) -> None:
    reference = office.ran()
    acts.do(office.desk, office.case(reference), ACCOUNTANT, PreparePay(), None, "prepare_pay")
    task = office.task(reference, "validate_pay")
    async with browser_of(office.counter, OPERATIONS) as browser:
        await browser.open(task)
        assert (await browser.send(task, outcome="send_back", reason="", key="a")).status_code == 422
        await browser.send(task, outcome="send_back", reason="Il manque un congé.", key="b")
        assert office.settle() is CommandStatus.APPLIED
        told = await reads(browser, f"/operations/{reference}/pay")
    assert "renvoyé par un valideur" in told


async def test_nobody_else_reads_what_somebody_is_paid(office: Office) -> None:
    reference = office.ran()
    acts.do(office.desk, office.case(reference), ACCOUNTANT, PreparePay(), None, "prepare_pay")
    for login in (REFERENT, "anne.le.goff", CLAIRE, YANN, ADMINISTRATOR):
        await reads_no_pay(office, login, reference)


async def test_whoever_proposed_it_reads_no_sum_by_proposing_it_again(office: Office) -> None:
    asked = a_proposal(NOON.date()).model_dump(mode="json")
    with office.counter.house.sessions.begin() as session:
        an_activity(session, ACTIVITY)
    again = partial(office.counter.ask, "anne.le.goff", "POST", "/backlog", asked, Idempotency_Key="again")
    reference = (await again()).json()["reference"]
    with office.counter.house.sessions.begin() as session:
        a_pay_file(session, office.case(reference), NOON)
    answer = await again()
    assert (answer.json()["reference"], [one["cents"] for one in answer.json()["pay"]]) == (reference, [None])


async def reads_no_pay(office: Office, login: str, reference: str) -> None:
    """Neither over the API that is refused, nor in what is open to them."""
    case_id = office.case(reference)
    ask: Any = office.counter.ask
    for path in (f"/backlog/{reference}/pay/1", f"/backlog/{reference}/pay/1/file", f"/backlog/{reference}/absences"):
        assert (await ask(login, "GET", path)).status_code == 403
    told = [
        (await ask(login, "GET", path)).text
        for path in (
            f"/backlog/{reference}",
            f"/backlog/{reference}/report",
            f"/backlog/{reference}/sessions/1/attendance/{YANN}",
            f"/cases/{reference}/journal",
            f"/cases/{reference}/state",
            "/sessions",
        )
    ]
    [(cents,)] = office.desk.sql("SELECT cents FROM pay_files WHERE operation_id = :id", id=case_id)
    assert not [one for one in told if str(cents) in one or "1650" in one]
    mine = (await ask(login, "GET", "/sessions/mine")).json()
    assert [one["operation"] for one in mine["pay"]] == ([reference] if login in {CLAIRE, YANN} else [])
    if login != ADMINISTRATOR:
        assert (await ask(login, "GET", "/volunteers")).status_code == 403
        assert (await ask(login, "GET", f"/volunteers/{YANN}/changes")).status_code == 403


async def test_somebody_s_hours_are_entered_corrected_and_keep_what_was_there(office: Office) -> None:
    address = f"/volunteers/{CLAIRE}"
    said = {"contract_hours": "35", "hourly_euros": "16,50", "monday": "09:00-12:30 13:30-17:00"}
    async with browser_of(office.counter, ADMINISTRATOR) as browser:
        assert "ne peut pas s’inscrire" in await reads(browser, address)
        assert "sont enregistrés" in text_of(await browser.send(address, **said))
        assert "Rien n’a changé" in text_of(await browser.send(address, **said))
        wrong = await browser.send(address, **said | {"monday": "le matin"})
        told = plain(text_of(await browser.send(address, **said | {"hourly_euros": "17,12"})))
        listed = await reads(browser, "/volunteers")
        assert (await browser.send("/volunteers/nobody", **said)).status_code == 404
        own = await browser.send(f"/volunteers/{ADMINISTRATOR}", **said)
    assert (wrong.status_code, 'value="le matin"' in wrong.text, 'id="monday-wrong"' in wrong.text) == (422, True, True)
    assert "Salaire horaire brut : 16,50 € 17,12 €" in told
    assert "17,12 €" in listed
    assert "autres conditions" not in listed
    assert (own.status_code, "Nul ne saisit ses propres" in plain(text_of(own))) == (403, True)


async def test_a_raise_is_entered_for_its_day_and_what_holds_until_then_is_told(office: Office) -> None:
    address, today = f"/volunteers/{CLAIRE}", NOON.date()
    said = {"contract_hours": "35", "hourly_euros": "16,50", "monday": "09:00-12:30 13:30-17:00"}
    later = today + timedelta(days=30)
    async with browser_of(office.counter, ADMINISTRATOR) as browser:
        await browser.send(address, **said)
        assert f'name="from_on" type="date" value="{today}"' in (await browser.open(address)).text
        raised = plain(text_of(await browser.send(address, **said | {"hourly_euros": "17,00"}, from_on=f"{later}")))
        wrong = await browser.send(address, **said, from_on="bientôt")
        listed = await reads(browser, "/volunteers")
        corrected = (await browser.open(f"{address}?from_on=always")).text
    assert "Vaut depuis toujours aujourd’hui 35 h 00 , 16,50 €" in raised
    assert (wrong.status_code, 'id="from_on-wrong"' in wrong.text) == (422, True)
    assert ("16,50 €" in listed, "autres conditions à partir du" in listed) == (True, True)
    assert '<input type="hidden" name="from_on" value="always">' in corrected
    ask = office.counter.ask
    [claire] = (await ask(ADMINISTRATOR, "GET", "/volunteers")).json()["volunteers"]
    told = [(one["from_on"], one["until_on"], one["hourly_cents"]) for one in claire["terms"]]
    assert told == [("always", f"{later}", 1650), (f"{later}", None, 1700)]
    assert (claire["from_on"], claire["hourly_cents"]) == ("always", 1650)
    changes = (await ask(ADMINISTRATOR, "GET", f"/volunteers/{CLAIRE}/changes")).json()["changes"]
    assert [one["from_on"] for one in changes] == [f"{later}", "always"]


async def test_a_file_of_volunteers_is_told_line_by_line(office: Office) -> None:
    file = b"login;contract_hours;hourly_euros\nclaire.morvan;35;18,01\nnobody;35;16,50\n"
    async with browser_of(office.counter, ACCOUNTANT) as browser:
        await browser.open("/volunteers")
        told = plain(text_of(await browser.send_file("/volunteers/file", "volontaires.csv", file)))
        await browser.open("/volunteers")
        again = plain(text_of(await browser.send_file("/volunteers/file", "volontaires.csv", file)))
        await browser.open("/volunteers")
        wrong = await browser.send_file("/volunteers/file", "volontaires.csv", b"nom;salaire\nClaire;12\n")
        await browser.open("/volunteers")
        none = await browser.send("/volunteers/file")
    assert "1 lignes prises" in told
    assert "Personne ici n’a cet identifiant." in told
    assert "0 lignes prises" in again
    assert (wrong.status_code, none.status_code) == (422, 422)
