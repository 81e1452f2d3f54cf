"""What becomes of a letter on its way out: made, tried, accepted, laid in the day's post."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from db.commands import attempts
from db.commands.command import receive_from_machine
from db.commands.keys import case_cipher
from db.models import Case, LetterRow, PostDay
from db.queries.letter import pdf_and_message_of
from db.vault import about_letter
from domain.commands import MachineCommand
from keys.sealing import Cipher, seal


@dataclass(frozen=True)
class Way:
    """What an attempt to hand a letter over needs to know."""

    case_id: UUID
    reference: str
    dispatch: str
    email: str | None
    pdf: bytes
    message: bytes | None
    accepted: bool


def keep(session: Session, letter_id: UUID, letter_round: int, pdf: bytes, message: bytes | None, at: datetime) -> None:
    """Keep a letter byte for byte before it leaves: sealed under its case's key, with the SHA-256 of what leaves.

    Made once more, by a workflow that was lost and started again, it stays the one that may have left; made too late
    for a round that is over, it is not kept. Raises Erased when the case has no key any more.
    """
    letter = session.get_one(LetterRow, letter_id, with_for_update=True)
    cipher = case_cipher(session, letter.case_id)
    if letter.round != letter_round or letter.produced_at is not None:
        return
    _seal(letter, cipher, pdf, message)
    letter.pdf_sha256 = sha256(pdf).hexdigest()
    letter.message_sha256 = sha256(message).hexdigest() if message is not None else None
    letter.produced_at, letter.last_error = at, None


def _seal(letter: LetterRow, cipher: Cipher, pdf: bytes, message: bytes | None) -> None:
    letter.pdf = seal(cipher, pdf, about_letter(letter.id, "pdf"))
    letter.message = seal(cipher, message, about_letter(letter.id, "message")) if message is not None else None
    letter.sealed = True


def seal_clear(session: Session, most: int) -> int:
    """Seal some of the letters that are older than the cases' keys; how many."""
    clear = select(LetterRow).where(LetterRow.pdf.is_not(None), ~LetterRow.sealed)
    whole = [undefer(LetterRow.pdf), undefer(LetterRow.message)]
    some = session.scalars(clear.order_by(LetterRow.id).limit(most).with_for_update().options(*whole)).all()
    for letter in some:
        _seal(letter, case_cipher(session, letter.case_id), letter.pdf or b"", letter.message)
    return len(some)


def begin_attempt(session: Session, letter_id: UUID, letter_round: int) -> Way | None:
    """Start to hand a letter over; None when it has left, or takes another way by now.

    An attempt that finds the last one without an answer may make a second copy, and is counted as one.
    """
    letter = session.get_one(
        LetterRow, letter_id, with_for_update=True, options=[undefer(LetterRow.pdf), undefer(LetterRow.message)]
    )
    if letter.round != letter_round or letter.handed_over_at is not None or letter.pdf is None:
        return None
    case = session.get_one(Case, letter.case_id)
    accepted = letter.accepted_wall is not None
    if not accepted:
        attempts.begin(letter)
    pdf, message = pdf_and_message_of(session, letter)
    return Way(case.id, case.reference, letter.dispatch, letter.email, pdf, message, accepted)


def accept(session: Session, letter_id: UUID) -> None:
    """The mail server has taken the letter over."""
    attempts.accept(session.get_one(LetterRow, letter_id, with_for_update=True))


def fail_attempt(session: Session, letter_id: UUID, error: str, *, answered: bool) -> None:
    """The attempt has failed, which is shown on the case. Without an answer, the letter may have left all the same."""
    attempts.fail(session.get_one(LetterRow, letter_id, with_for_update=True), error, answered=answered)


def open_day(session: Session, day: date) -> bool:
    """Open a day's post for as long as the transaction lasts; False when its manifest is closed."""
    session.execute(insert(PostDay).values(day=day).on_conflict_do_nothing())
    return session.get_one(PostDay, day, with_for_update=True, populate_existing=True).closed_at is None


def lay_in_post(session: Session, letter_id: UUID, day: date) -> None:
    """The letter lies in the day's post and waits for its manifest."""
    letter = session.get_one(LetterRow, letter_id, with_for_update=True)
    letter.posted_on, letter.sending_wall, letter.last_error = day, None, None


def posted_on(session: Session, day: date) -> list[LetterRow]:
    """The letters that lie in a day's post."""
    wanted = select(LetterRow).where(LetterRow.posted_on == day).options(undefer(LetterRow.pdf))
    return list(session.scalars(wanted.order_by(LetterRow.id)))


def close_day(session: Session, day: date, closed_at: datetime, letter_ids: list[UUID], manifest_sha256: str) -> None:
    """The manifest is written: each letter on it is handed over, by a command to its case."""
    row = session.get_one(PostDay, day)
    row.closed_at, row.manifest_sha256 = closed_at, manifest_sha256
    for letter in session.scalars(select(LetterRow).where(LetterRow.id.in_(letter_ids))):
        body = {"letter_id": str(letter.id)}
        receive_from_machine(
            session, MachineCommand(letter.case_id, "record_handover", closed_at, str(letter.id), body)
        )
