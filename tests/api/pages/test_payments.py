"""Accounting before a browser: what can be paid, a batch and its release, the bank's answer, one's own claim."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from api.pages.payment.tasks import DESK
from bank.stand_in import reject_some
from db.models import StaffIban
from domain.payment.building import proposed_day
from local.demo_staff import person_id
from tests.api.counter import Counter, open_counter
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.factories.complaints import EXPERT, NOON, OTHER_EXPERT, REFERENT
from tests.factories.payments import BUILDER, FIRST, IBANS, MEMBERS, SECOND, Cashier, cashier_of
from tests.factories.rules import a_calendar, the_book
from tests.servers import INSURER, fresh_database

AUDITOR = "katell.rolland"


@dataclass
class Till:
    """The API and a cashier before one register, without an engine."""

    counter: Counter
    cashier: Cashier

    def reference(self, payment_id: object) -> str:
        """The reference of a batch."""
        [(reference,)] = self.cashier.sql("SELECT reference FROM cases WHERE id = :id", id=payment_id)
        return str(reference)

    def release_task(self, payment_id: object) -> str:
        """The open release of a batch."""
        [(task_id,)] = self.cashier.sql(
            "SELECT id FROM tasks WHERE case_id = :id AND kind = 'release' AND closed_at IS NULL", id=payment_id
        )
        return str(task_id)


@pytest.fixture
async def till(postgres: str, ask: Ask) -> AsyncIterator[Till]:
    """Monday noon: two claims are to be paid, a third lacks an approval; SECOND is the member of a fourth."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = NOON
            cashier = cashier_of(counter.house.sessions, NOON)
            cashier.claim(5_000)
            cashier.claim(7_525, member=MEMBERS[1])
            yield Till(counter, cashier)


async def test_what_can_be_paid_is_told_with_what_cannot_and_why(till: Till) -> None:
    till.cashier.claim(120_000, controllers=(REFERENT, EXPERT), member=MEMBERS[2])
    till.cashier.change_account(MEMBERS[2], IBANS[5])
    async with browser_of(till.counter, BUILDER) as browser:
        told = await browser.open("/payments")
    assert "125,25 € 2 virements" in text_of(told)
    assert "L’IBAN a changé depuis l’accord" in text_of(told)
    assert 'href="/claims/PRE-2026-000003"' in told.text


async def test_a_batch_is_built_on_the_page_and_kept_while_the_engine_is_away(till: Till) -> None:
    async with browser_of(till.counter, BUILDER, "en") as browser:
        await browser.open("/payments")
        past = await browser.send("/payments", executes_on="2026-11-20", key="a")
        built = await browser.send("/payments", executes_on="2026-11-23", key="b")
        again = await browser.send("/payments", executes_on="2026-11-23", key="b")
        nothing = await browser.send("/payments", executes_on="2026-11-23", key="c")
    assert past.status_code == 422
    assert "A batch cannot be executed in the past" in text_of(past)
    assert (built.status_code, str(built.url.path)) == (200, "/payments/VIR-2026-000001")
    assert again.url.path == built.url.path
    assert "€125.25 · 2 transfers" in text_of(built)
    assert (nothing.status_code, "There is no claim that may leave in a batch." in text_of(nothing)) == (409, True)


async def test_whoever_releases_reads_what_the_file_holds_and_says_so(till: Till) -> None:
    payment_id = till.cashier.a_batch()
    sha256 = till.cashier.payment(payment_id).file_sha256
    task = f"/tasks/{till.release_task(payment_id)}"
    async with browser_of(till.counter, FIRST, "en") as browser:
        inbox = await browser.open("/inbox")
        read = await browser.open(task)
        unread = await browser.send(task, outcome="release", key="a")
    assert f'href="{task}"' in inbox.text
    assert "2 transfers, €125.25 in all, to be executed on" in text_of(read)
    assert sha256 in read.text
    assert (unread.status_code, "This is needed." in text_of(unread)) == (422, True)


async def test_after_the_first_release_it_is_told_that_one_more_is_needed_and_a_second_click_has_not_failed(
    till: Till,
) -> None:
    payment_id = till.cashier.a_batch()
    till.cashier.deliver()
    sha256 = till.cashier.payment(payment_id).file_sha256
    task, place = f"/tasks/{till.release_task(payment_id)}", f"/payments/{till.reference(payment_id)}"
    async with browser_of(till.counter, FIRST) as browser:
        await browser.open(task)
        till.cashier.release(payment_id, FIRST)
        again = await browser.send(task, outcome="release", file_sha256=sha256, key="b")
        told = text_of(await browser.open(place))
    assert (again.status_code, str(again.url.path)) == (200, place)
    assert "Vous l’aviez déjà fait" in text_of(again)
    assert "Vous l’avez déjà libéré" in told
    assert DESK.said("release", "releasing") == "release_first"
    assert DESK.said("release", "released") == "release"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (NOON.replace(hour=13, minute=59), date(2026, 11, 23)),
        (NOON.replace(hour=14, minute=0), date(2026, 11, 24)),
        (NOON.replace(day=27, hour=14, minute=0), date(2026, 11, 30)),
        (NOON.replace(day=28, hour=9), date(2026, 11, 30)),
    ],
)
def test_after_the_banks_cut_off_the_next_working_day_is_proposed(at: datetime, day: date) -> None:
    """In Paris it is an hour later than in these instants: the cut-off is 15:00."""
    assert proposed_day(at, a_calendar(), the_book().versions[-1]) == day


async def test_each_is_told_who_may_release_and_why_not_themselves(till: Till) -> None:
    reference = till.reference(till.cashier.a_batch())
    async with browser_of(till.counter, BUILDER, "en") as browser:
        told = text_of(await browser.open(f"/payments/{reference}"))
    assert "M. Ronan Postec may release it" in told
    assert "Mme Solène Guivarch not: built the batch" in told
    assert "Not you:" in told


@pytest.mark.parametrize(("language", "says"), [("fr", "compte clos (AC04)"), ("en", "closed account (AC04)")])
async def test_the_banks_answer_is_told_line_by_line_with_the_claim_that_it_reopens(
    till: Till, language: str, says: str
) -> None:
    till.cashier.claim(120_000, controllers=(REFERENT, EXPERT), member=MEMBERS[3])
    payment_id = till.cashier.a_batch()
    file = till.cashier.hand_over(payment_id)
    report = reject_some(file, "B1", NOON, {"PRE-2026-000003-1": "AC04"})
    till.cashier.read(payment_id, report)
    till.cashier.deliver()
    async with browser_of(till.counter, AUDITOR, language) as browser:
        told = await browser.open(f"/payments/{till.reference(payment_id)}")
    assert told.status_code == 200
    assert says in text_of(told)
    assert f"outgoing/{till.reference(payment_id)}.xml" in told.text
    opened = "elle en est à : en contrôle" if language == "fr" else "it stands at: in control"
    assert opened in text_of(told)


async def test_whoever_controls_it_again_is_told_that_the_bank_has_rejected_it(till: Till) -> None:
    claim_id = till.cashier.claim(130_000, controllers=(REFERENT, EXPERT), member=MEMBERS[4])
    payment_id = till.cashier.a_batch()
    file = till.cashier.hand_over(payment_id)
    [(name,)] = till.cashier.sql("SELECT end_to_end_id FROM instructions WHERE claim_id = :id", id=claim_id)
    till.cashier.read(payment_id, reject_some(file, "B2", NOON, {name: "AC04"}))
    till.cashier.deliver()
    [(task,)] = till.cashier.sql(
        "SELECT t.id FROM tasks t JOIN claims c ON c.case_id = t.case_id"
        " WHERE c.id = :id AND t.kind = 'control' AND t.closed_at IS NULL",
        id=claim_id,
    )
    async with browser_of(till.counter, OTHER_EXPERT) as browser:
        told = text_of(await browser.open(f"/tasks/{task}"))
    assert "La banque a rejeté le virement du" in told
    assert "AC04" in told


async def test_a_report_that_is_none_is_refused_in_words_and_changes_nothing(till: Till) -> None:
    payment_id = till.cashier.a_batch()
    till.cashier.hand_over(payment_id)
    address = f"/payments/{till.reference(payment_id)}"
    async with browser_of(till.counter, BUILDER) as browser:
        await browser.open(address)
        none = await browser.send(f"{address}/status-report")
        wrong = await browser.send_file(f"{address}/status-report", "answer.xml", b"<a/>")
    assert (none.status_code, "Choisissez le fichier que la banque a envoyé." in text_of(none)) == (422, True)
    assert wrong.status_code == 422
    assert {one.status for one in till.cashier.lines(payment_id)} == {"instructed"}


async def test_nobody_reads_their_own_claim_in_a_batch(till: Till) -> None:
    with till.cashier.sessions.begin() as session:
        session.add(StaffIban(staff_id=person_id(SECOND), iban_hash=b"x", member_number=MEMBERS[1]))
    address = f"/payments/{till.reference(till.cashier.a_batch())}"
    async with browser_of(till.counter, SECOND, "en") as browser:
        told = await browser.open(address)
    lines = (await till.counter.get(SECOND, f"{address}/lines"))["lines"]
    assert "PRE-2026-000002" not in told.text
    assert "a claim of your own" in text_of(told)
    assert [(one["claim"], one["amount_cents"]) for one in lines] == [("PRE-2026-000001", 5_000), (None, 7_525)]


async def test_a_pole_manager_is_shown_no_payments(till: Till) -> None:
    async with browser_of(till.counter, "anne.le.goff") as browser:
        refused = await browser.open("/payments")
        board = await browser.open("/board")
    assert refused.status_code == 403
    assert 'href="/payments"' not in board.text


async def test_a_second_person_reads_what_would_be_rejected_and_confirms_it(till: Till) -> None:
    payment_id = till.cashier.a_batch()
    file = till.cashier.hand_over(payment_id)
    till.cashier.send_report(payment_id, reject_some(file, "B3", NOON, {"PRE-2026-000001-1": "AC04"}))
    [(task, answer)] = till.cashier.sql(
        "SELECT id, detail ->> 'answer_id' FROM tasks WHERE case_id = :id AND closed_at IS NULL", id=payment_id
    )
    async with browser_of(till.counter, BUILDER) as browser:
        batch = text_of(await browser.open(f"/payments/{till.reference(payment_id)}"))
        kept_out = await browser.open(f"/tasks/{task}")
    async with browser_of(till.counter, FIRST) as browser:
        told = await browser.open(f"/tasks/{task}")
        unread = await browser.send(f"/tasks/{task}", outcome="confirm_answer", key="a")
        done = await browser.send(f"/tasks/{task}", outcome="confirm_answer", answer_id=answer, key="b")
    assert "Confirmer la réponse de la banque" in batch
    assert kept_out.status_code == 403
    assert "compte clos (AC04)" in text_of(told)
    assert "PRE-2026-000001" in told.text
    assert (unread.status_code, done.status_code) == (422, 200)


async def test_a_batch_is_stopped_on_its_page_until_it_is_laid(till: Till) -> None:
    payment_id = till.cashier.a_batch()
    till.cashier.deliver()
    for login in (FIRST, SECOND):
        till.cashier.release(payment_id, login)
    address = f"/payments/{till.reference(payment_id)}"
    async with browser_of(till.counter, SECOND) as browser:
        asked = text_of(await browser.open(address))
        lacking = await browser.send(f"{address}/stop", key="a")
        done = await browser.send(f"{address}/stop", reason="Un paiement a été signalé.", key="b")
    assert "Arrêter le lot" in asked
    assert lacking.status_code == 422
    assert done.status_code == 200


async def test_a_batch_that_the_bank_never_answers_is_concluded_on_its_page(till: Till) -> None:
    payment_id = till.cashier.a_batch()
    till.cashier.hand_over(payment_id)
    address = f"/payments/{till.reference(payment_id)}"
    async with browser_of(till.counter, BUILDER, "en") as browser:
        asked = text_of(await browser.open(address))
        lacking = await browser.send(f"{address}/conclude", bank_did="executed", key="a")
        done = await browser.send(f"{address}/conclude", bank_did="executed", evidence="Relevé 12.", key="b")
    till.cashier.conclude(payment_id, "executed")
    [(task,)] = till.cashier.sql(
        "SELECT id FROM tasks WHERE case_id = :id AND kind = 'confirm_answer' AND closed_at IS NULL", id=payment_id
    )
    async with browser_of(till.counter, FIRST, "en") as browser:
        told = text_of(await browser.open(f"/tasks/{task}"))
    assert "The bank does not say: conclude" in asked
    assert (lacking.status_code, "This is needed." in text_of(lacking)) == (422, True)
    assert done.status_code == 200
    assert "the bank has executed them" in told
    assert "Relevé du 27 novembre." in told
