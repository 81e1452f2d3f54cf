"""Produce a letter: its words from the template, the gate, then kept byte for byte."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mime import UnmailableAddress, letter_message, mailbox
from db.commands import letter as letter_commands
from db.queries.letter import wording
from db.session import Sessions
from domain.letters import Letter, Wording, check_letter
from domain.outgoing import LetterToSend
from domain.policy import PolicyBook
from faultpoints import fault_point
from letters.rendering import compose, to_pdf


class Letters:
    """Where letters are made."""

    def __init__(self, sessions: Sessions, book: PolicyBook) -> None:
        self._sessions = sessions
        self._book = book

    @activity.defn(name="produce_letter")
    def produce_letter(self, asked: LetterToSend) -> None:
        """Make a letter and keep it. What stops it is shown on the case, and it is tried again once that is mended."""
        try:
            self._produce(asked)
        except Exception as error:  # a template can stumble over anything, and its letter must not vanish
            with self._sessions.begin() as session:
                letter_commands.fail_attempt(session, asked.id, f"{type(error).__name__}: {error}", answered=True)
            raise ApplicationError("the letter cannot be made", type=type(error).__name__) from None

    def _produce(self, asked: LetterToSend) -> None:
        with self._sessions() as session:
            words = wording(session, asked.id, asked.at, self._book)
        letter = compose(words.kind, words.language, words.facts)
        check_letter(letter, words.mandatory)
        pdf = to_pdf(letter)
        message = self._message(letter, pdf, words, asked) if words.dispatch == "email" else None
        with self._sessions.begin() as session:
            letter_commands.keep(session, asked.id, asked.round, pdf, message, asked.at)
        fault_point("letter_kept")

    def _message(self, letter: Letter, pdf: bytes, words: Wording, asked: LetterToSend) -> bytes | None:
        """The e-mail; none when the address is unusable, which the mail server's refusal would only tell later."""
        house = letter.insurer
        domain = house.email.rpartition("@")[2]
        try:
            recipient = mailbox(letter.addressee.name, words.facts.addressee.email or "")
        except UnmailableAddress:
            return None
        return letter_message(
            letter,
            pdf,
            mailbox(house.name, house.email),
            recipient,
            f"<{asked.id.hex}.{asked.round}@{domain}>",
            asked.at,
        ).as_bytes()
