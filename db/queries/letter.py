"""What a letter says, whichever procedure it is of; and a letter that has been made, as it left."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, LetterRow
from db.queries import claim_letter, complaint_letter
from db.vault import about_letter, case_cipher
from domain.letters import Wording
from domain.policy import PolicyBook
from keys.sealing import Cipher, unseal

_WORDINGS: dict[str, Callable[[Session, LetterRow, Case, datetime, PolicyBook], Wording]] = {
    "complaint": complaint_letter.wording,
    "claim": claim_letter.wording,
}
"""Procedure → what a letter of a case of it says."""


def wording(session: Session, letter_id: UUID, at: datetime, book: PolicyBook) -> Wording:
    """Everything that the letter says, dated the day of `at` where the insurer is, in the language of who reads it."""
    wanted = select(LetterRow, Case).join(Case, Case.id == LetterRow.case_id).where(LetterRow.id == letter_id)
    letter, case = session.execute(wanted).one()
    return _WORDINGS[case.procedure](session, letter, case, at, book)


def pdf_of(session: Session, letter: LetterRow) -> bytes:
    """The PDF of a letter that has been made, as it left. Raises Erased, KeysError, BrokenSealError."""
    assert letter.pdf is not None
    return _opened(_cipher(session, letter), letter, "pdf", letter.pdf)


def message_of(session: Session, letter: LetterRow) -> bytes | None:
    """The whole e-mail as it left; None where it leaves by post. Raises Erased, KeysError, BrokenSealError."""
    return _opened(_cipher(session, letter), letter, "message", letter.message) if letter.message is not None else None


def pdf_and_message_of(session: Session, letter: LetterRow) -> tuple[bytes, bytes | None]:
    """Both of them, by one look at the case's key. Raises Erased, KeysError, BrokenSealError."""
    assert letter.pdf is not None
    cipher = _cipher(session, letter)
    message = _opened(cipher, letter, "message", letter.message) if letter.message is not None else None
    return _opened(cipher, letter, "pdf", letter.pdf), message


def _cipher(session: Session, letter: LetterRow) -> Cipher | None:
    """What opens it. What is older than the cases' keys lies there in clear."""
    return case_cipher(session, letter.case_id) if letter.sealed else None


def _opened(cipher: Cipher | None, letter: LetterRow, column: str, kept: bytes) -> bytes:
    return unseal(cipher, kept, about_letter(letter.id, column)) if cipher is not None else kept
