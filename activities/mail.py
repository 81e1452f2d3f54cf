"""Hand a letter over: to the mail server, or into the day's post."""

import asyncio
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import SMTP as MAIL
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.post import Post
from activities.post_folder import PostRefused
from db.commands import letter as letter_commands
from db.commands.letter import Way
from db.session import Sessions
from domain.outgoing import HandOver, LetterToSend
from faultpoints import fault_point
from tracing.parts import part

_PERMANENT = 500


class Unanswered(aiosmtplib.SMTPException, ConnectionError):
    """The line broke, or the server fell silent, while it was given a message: it may have taken it all the same."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, as SMTP_URL says: `smtp://user:password@host:port`, or `smtps://…`.

    `patience`: how many seconds one answer of the server is waited for.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    patience: float = 60.0

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an SMTP_URL; raises ValueError, without repeating the password."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_readable_port(parts):
            raise ValueError("SMTP_URL reads smtp://host:port or smtps://user:password@host:port, signs as %2F.")
        tls = parts.scheme == "smtps"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, parts.port or (465 if tls else 25), user, password, tls)

    async def take(self, message: bytes) -> None:
        """Hand one message over: returns once the server has accepted it. Raises aiosmtplib.SMTPException, OSError."""
        headers = BytesHeaderParser(policy=MAIL).parsebytes(message)
        to = [*_addresses(headers["To"]), *_addresses(headers["Cc"])]
        with part("hand to mail server", role="client"):
            await self._send(_addresses(headers["From"])[0], to, message)

    async def _send(self, sender: str, to: list[str], message: bytes) -> None:
        async with aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.tls,
            timeout=self.patience,
        ) as server:
            try:
                await server.sendmail(sender, to, message)
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as error:
                raise Unanswered(f"{type(error).__name__}: {error}") from error


def _has_readable_port(parts: SplitResult) -> bool:
    """A password with a slash in it is taken for a port, and the error would repeat it."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _addresses(header: Any) -> list[str]:
    """As the header itself is built: read again as a text, a name could bring addresses of its own."""
    return [address.addr_spec for address in header.addresses] if header else []


class Outgoing:
    """The way out for letters."""

    def __init__(self, sessions: Sessions, server: MailServer, post: Post) -> None:
        self._sessions = sessions
        self._server = server
        self._post = post

    @activity.defn(name="hand_over_letter")
    async def hand_over_letter(self, asked: LetterToSend) -> HandOver:
        """Give the letter to the mail server or lay it in the post. A server that is away is asked again later.

        The same letter, tried again, carries the same Message-ID; one that was accepted is not sent twice.
        """
        way = await asyncio.to_thread(self._begin, asked)
        if way is None:
            return HandOver.SUPERSEDED
        if way.accepted:
            return HandOver.ACCEPTED
        if way.dispatch == "post":
            return await self._lay(asked, way)
        return await self._mail(asked, way)

    async def _lay(self, asked: LetterToSend, way: Way) -> HandOver:
        try:
            await asyncio.to_thread(self._post.lay, asked, way)
        except (OSError, PostRefused) as error:
            await self._fail(asked, _told(error))
            raise ApplicationError("the letter cannot be laid in the post", type=type(error).__name__) from None
        return HandOver.POSTED

    async def _mail(self, asked: LetterToSend, way: Way) -> HandOver:
        if way.message is None:
            await self._fail(asked, "the e-mail address cannot be used")
            return HandOver.REJECTED
        fault_point("letter_begun")
        try:
            await self._server.take(way.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            fault_point("letter_failed")
            await self._fail(asked, _told(error), answered=not isinstance(error, Unanswered))
            if _is_final(error):
                return HandOver.REJECTED
            raise ApplicationError("the mail server did not take the letter", type=type(error).__name__) from None
        fault_point("letter_taken")
        await asyncio.to_thread(self._accept, asked)
        fault_point("letter_accepted")
        return HandOver.ACCEPTED

    def _begin(self, asked: LetterToSend) -> Way | None:
        with self._sessions.begin() as session:
            return letter_commands.begin_attempt(session, asked.id, asked.round)

    def _accept(self, asked: LetterToSend) -> None:
        with self._sessions.begin() as session:
            letter_commands.accept(session, asked.id)

    async def _fail(self, asked: LetterToSend, error: str, *, answered: bool = True) -> None:
        def write() -> None:
            with self._sessions.begin() as session:
                letter_commands.fail_attempt(session, asked.id, error, answered=answered)

        await asyncio.to_thread(write)


def _is_final(error: Exception) -> bool:
    """A 5xx answer about this message is final; about ourselves (authentication), or a 4xx, it is not."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= _PERMANENT for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= _PERMANENT


def _told(error: Exception) -> str:
    """What the case shows of a failed attempt."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"
