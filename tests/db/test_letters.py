"""Letters as they are kept: made once for each way out, whatever is tried again."""

from datetime import timedelta
from uuid import UUID

from activities.letters import Letters
from domain.outgoing import Dispatch, LetterToSend
from tests.factories.complaints import AUTHOR, an_acknowledgement
from tests.factories.register import Desk


def an_acknowledgement_by_email(desk: Desk) -> UUID:
    """A letter that has been asked for; its id."""
    case_id = desk.enter()
    desk.do(case_id, AUTHOR, an_acknowledgement(Dispatch.EMAIL), "acknowledge")
    [(letter_id,)] = desk.sql("SELECT id FROM letters WHERE case_id = :id", id=case_id)
    return UUID(str(letter_id))


def make(desk: Desk, letter_id: UUID, letter_round: int = 1, *, days_later: int = 0) -> tuple[object, ...]:
    """Make the letter; what is kept of it."""
    at = desk.at + timedelta(days=days_later)
    Letters(desk.sessions, desk.book).produce_letter(LetterToSend(letter_id, letter_round, at))
    [kept] = desk.sql("SELECT pdf_sha256, message_sha256, produced_at FROM letters WHERE id = :id", id=letter_id)
    return kept


def test_a_letter_that_is_made_again_after_its_workflow_was_lost_stays_the_one_that_may_have_left(desk: Desk) -> None:
    letter_id = an_acknowledgement_by_email(desk)
    first = make(desk, letter_id)
    assert make(desk, letter_id, days_later=3) == first


def test_a_letter_that_is_made_too_late_for_its_round_is_not_kept(desk: Desk) -> None:
    letter_id = an_acknowledgement_by_email(desk)
    desk.sql("UPDATE letters SET round = 2 WHERE id = :id", id=letter_id)
    assert make(desk, letter_id, 1) == (None, None, None)
    assert make(desk, letter_id, 2)[0] is not None
