"""The demo's claims, played into a register without the complaints: everything to be seen is there, and true."""

from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from bank.stand_in import receive
from db.queries.payment import bank_file
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from domain.claim.states import ClaimState
from domain.claim.words import ControlReason, Verdict
from local.demo.batches import Batches
from local.demo.claims_cast import ClaimsCast
from local.demo.claims_plan import FILES, TOLD
from local.demo.courses import OLDEST_DAYS
from local.demo.past import Past
from local.demo.reference import load
from local.demo.texts_claims import a_page
from tests.conftest import Ask
from tests.db.reference.intake import PARIS
from tests.factories.register import Desk, open_desk
from tests.factories.rules import the_book
from tests.servers import INSURER, fresh_database

NOW = datetime(2031, 6, 18, 16, 0, tzinfo=PARIS)


@pytest.fixture(scope="module")
async def desk(postgres: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A register with the demo's claims of two months."""
    folder = tmp_path_factory.mktemp("past")
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        with desk.sessions.begin() as session:
            assert load(session, NOW, PARIS)
        past = Past(desk.sessions, the_book(), NOW, folder / "post", folder / "bank")
        claims = ClaimsCast(past, PARIS, NOW.date())
        claims.plan()
        Batches(claims).plan()
        await past.play()
        yield desk


def count(desk: Desk, what: str) -> int:
    """How many there are."""
    ((found,),) = desk.sql(f"SELECT count(*) FROM {what}")  # noqa: S608  (the test's own words)
    return int(found)


@pytest.mark.proof
def test_claims_stand_in_every_state_and_for_every_reason(desk: Desk) -> None:
    states = {state for (state,) in desk.sql("SELECT DISTINCT state FROM cases WHERE procedure = 'claim'")}
    assert states == set(ClaimState) - {ClaimState.REGISTERED}
    reasons = {reason for (reason,) in desk.sql("SELECT DISTINCT unnest(reasons) FROM claims")}
    assert reasons >= set(ControlReason) - {ControlReason.SAMPLE}, "which are drawn nobody knows beforehand"
    assert count(desk, "claims WHERE case_id IS NULL") > 250
    assert count(desk, "claims WHERE case_id IS NOT NULL") > 30


@pytest.mark.proof
def test_nothing_that_was_asked_was_refused(desk: Desk) -> None:
    assert desk.sql("SELECT kind, status, refusal FROM commands WHERE status <> 'applied'") == []
    assert count(desk, "imports WHERE kind = 'claims'") == len(FILES)


@pytest.mark.proof
def test_two_batches_are_settled_one_line_was_rejected_and_a_third_waits_for_its_second_release(desk: Desk) -> None:
    batches = desk.sql(
        "SELECT c.state, (SELECT count(*) FROM releases r WHERE r.payment_id = c.id) FROM cases c"
        " WHERE procedure = 'payment' ORDER BY opened_at"
    )
    assert batches == [("settled", 2), ("settled", 2), ("releasing", 1)]
    assert desk.sql("SELECT bank_code FROM instructions WHERE status = 'rejected'") == [("AC04",)]
    with desk.sessions() as session:
        for (case_id,) in desk.sql("SELECT case_id FROM payments"):
            assert receive(bank_file(session, case_id)[1]).orders


@pytest.mark.proof
def test_every_cent_of_the_settled_batches_is_that_of_a_paid_claim(desk: Desk) -> None:
    ((ordered,),) = desk.sql("SELECT sum(amount_cents) FROM instructions WHERE status = 'paid'")
    ((paid,),) = desk.sql("SELECT sum(payable_cents) FROM claims WHERE state = 'paid'")
    assert ordered == paid > 0


@pytest.mark.proof
def test_the_journal_of_the_past_is_whole(desk: Desk, tmp_path: Path) -> None:
    assert list(verify_register(desk.sessions, tmp_path, Read())) == []


def test_what_is_planned_lies_within_the_two_months_and_says_why_less_is_paid() -> None:
    assert max(course.days_ago for course in TOLD) <= OLDEST_DAYS
    assert all((course.reason is None) == (course.verdict is Verdict.PAY) for course in TOLD)
    assert len({course.member for course in TOLD}) == len(TOLD)


def test_a_page_that_a_member_has_sent_opens() -> None:
    with pikepdf.open(BytesIO(a_page("Pièce (essai)"))) as page:
        assert len(page.pages) == 1
