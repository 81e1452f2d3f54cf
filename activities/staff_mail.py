"""Messages to staff: a reminder at once, or the morning's digest. They name a reference, never a person."""

import asyncio
import os
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mail import MailServer, Unanswered
from activities.mime import mailbox
from db.commands import reminder as reminder_commands
from db.queries.reminder import Told, told
from db.session import Sessions
from domain.canary import Beat
from domain.outgoing import MessageToSend
from domain.policy import PolicyBook
from faultpoints import fault_point
from letters.paper import TEMPLATES
from letters.typography import long_date

_WORDS = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_WORDS.filters["date"] = lambda day: long_date(day, "fr")


class StaffMail:
    """The way of messages to staff."""

    def __init__(self, sessions: Sessions, server: MailServer, book: PolicyBook) -> None:
        self._sessions = sessions
        self._server = server
        self._book = book
        self._address = os.environ.get("ECHEANCE_URL", "http://127.0.0.1:8000")

    @activity.defn(name="send_staff_message")
    async def send_staff_message(self, asked: MessageToSend) -> None:
        """Hand one message to the mail server; tried again it carries the same Message-ID, and is not sent twice."""
        message = await asyncio.to_thread(self._begin, asked)
        if message is None:
            return
        fault_point("message_begun")
        try:
            await self._server.take(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            await asyncio.to_thread(self._fail, asked, error)
            raise ApplicationError("the mail server did not take the message", type=type(error).__name__) from None
        fault_point("message_taken")
        await asyncio.to_thread(self._accept, asked)
        fault_point("message_accepted")

    @activity.defn(name="record_staff_message")
    def record_sent(self, asked: MessageToSend) -> None:
        """Record when the message left, in business time."""
        with self._sessions.begin() as session:
            reminder_commands.record_sent(session, asked.id, asked.at)
        fault_point("message_recorded")

    @activity.defn(name="record_canary")
    def record_canary(self, beat: Beat) -> None:
        """Record that the canary's timer fired."""
        with self._sessions.begin() as session:
            reminder_commands.record_canary(session, beat.due_at, beat.fired_at)
        fault_point("canary_recorded")

    def _begin(self, asked: MessageToSend) -> bytes | None:
        with self._sessions.begin() as session:
            if not reminder_commands.begin_attempt(session, asked.id):
                return None
            return self._message(told(session, asked.id, self._book), asked).as_bytes()

    def _accept(self, asked: MessageToSend) -> None:
        with self._sessions.begin() as session:
            reminder_commands.accept(session, asked.id)

    def _fail(self, asked: MessageToSend, error: Exception) -> None:
        answered = not isinstance(error, Unanswered)
        with self._sessions.begin() as session:
            reminder_commands.fail_attempt(session, asked.id, type(error).__name__, answered=answered)

    def _message(self, said: Told, asked: MessageToSend) -> EmailMessage:
        house = self._book.insurer.letterhead
        message = EmailMessage(policy=SMTP)
        message["From"] = mailbox("Échéance", house.email)
        message["To"] = tuple(mailbox(person.name, person.email) for person in said.to)
        if said.copies:
            message["Cc"] = tuple(mailbox(person.name, person.email) for person in said.copies)
        message["Subject"] = _WORDS.get_template("mails/reminders.fr.subject.j2").render(said=said).strip()
        message["Date"] = asked.at
        message["Message-ID"] = f"<{asked.id.hex}@{house.email.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        facts = {"said": said, "address": self._address}
        message.set_content(_WORDS.get_template("mails/reminders.fr.txt.j2").render(facts))
        message.add_alternative(_WORDS.get_template("mails/reminders.fr.html.j2").render(facts), subtype="html")
        return message
