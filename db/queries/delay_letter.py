"""What a letter about a delay says: the words that were approved, in the language of who reads it, and the day."""

from uuid import UUID

from sqlalchemy.orm import Session

from db.models import DelayMessageRow, LetterRow
from domain.letters import DelayFacts


def delay_of(session: Session, letter: LetterRow, language: str) -> DelayFacts:
    """The words of the message that the letter names, as they were approved."""
    assert letter.reason is not None  # the register keeps no letter about a delay without its message
    message = session.get_one(DelayMessageRow, UUID(letter.reason))
    return DelayFacts(words={"fr": message.fr, "en": message.en}[language], promised_on=message.promised_on)
