"""An SMTP server that delivers to nobody: it keeps every mail it accepts, and can be told to misbehave."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mailbox import Mailbox
from local.ports import HOST

ACCEPTED = "250 2.0.0 Kept"
UNKNOWN_DOMAIN = "inconnu.example"
UNKNOWN_MAILBOX = "550 5.1.1 No such mailbox"


@dataclass(frozen=True)
class Hang:
    """Say nothing for so many seconds after the mail was received, then accept it if somebody still waits."""

    seconds: float


@dataclass(frozen=True)
class Drop:
    """Cut the line after the mail was received; `kept` is whether it was accepted all the same."""

    kept: bool


Verdict = str | Hang | Drop | None
"""What becomes of a mail: an SMTP reply such as "451 4.3.0 Later", a fault, or None to accept it."""


def accept(_: Envelope) -> Verdict:
    """Accept every mail."""
    return None


def refuse_unknown(envelope: Envelope) -> Verdict:
    """Accept every mail but those to `…@inconnu.example`: so a letter that cannot leave can be seen, and repaired."""
    return UNKNOWN_MAILBOX if any(to.endswith(f"@{UNKNOWN_DOMAIN}") for to in envelope.rcpt_tos) else None


class Sink:
    """Keeps what it accepts in a mailbox; `on_data` may be changed at any time and decides on each mail."""

    def __init__(self, folder: Path, on_data: Callable[[Envelope], Verdict] = accept) -> None:
        self.mailbox = Mailbox(folder)
        self.on_data = on_data
        self.url = ""

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        """Decide on a mail that has been received whole; aiosmtpd calls it by this name."""
        verdict = self.on_data(envelope)
        if isinstance(verdict, str):
            return verdict
        if isinstance(verdict, Hang):
            await asyncio.sleep(verdict.seconds)
        if not isinstance(verdict, Drop) or verdict.kept:
            self.mailbox.keep(_received(envelope))
        if isinstance(verdict, Drop):
            _hang_up(server)
        return ACCEPTED

    @contextmanager
    def listening(self, port: int = 0) -> Iterator["Sink"]:
        """Receive mails in a thread of its own, at `url`, on a free port unless one is given."""
        opened: Future[_Opened] = Future()
        thread = Thread(target=lambda: asyncio.run(self._serve(port, opened)), name="mail sink")
        thread.start()
        try:
            line = opened.result()
            self.url = f"smtp://{HOST}:{line.port}"
            try:
                yield self
            finally:
                line.close()
        finally:
            thread.join()

    async def _serve(self, port: int, opened: "Future[_Opened]") -> None:
        loop, leave = asyncio.get_running_loop(), asyncio.Event()
        callers: set[SMTP] = set()
        try:
            server = await loop.create_server(lambda: self._greet(callers), HOST, port)
        except OSError as refusal:
            opened.set_exception(refusal)
            return
        port = server.sockets[0].getsockname()[1]
        opened.set_result(_Opened(port, lambda: loop.call_soon_threadsafe(leave.set)))
        await leave.wait()
        server.close()
        for caller in callers:
            _hang_up(caller)
        await asyncio.sleep(0)  # the loop closes the lines

    def _greet(self, callers: set[SMTP]) -> SMTP:
        caller = SMTP(self, hostname="localhost", enable_SMTPUTF8=True)
        callers.add(caller)
        return caller


class _Opened(NamedTuple):
    port: int
    close: Callable[[], object]


def _hang_up(caller: SMTP) -> None:
    """Cut a line without a word, unless it is cut already."""
    if isinstance(caller.transport, asyncio.Transport):
        caller.transport.abort()


def _received(envelope: Envelope) -> bytes:
    """The bytes between DATA and the final dot."""
    if envelope.original_content is None:
        raise ValueError("a mail without DATA cannot be kept")
    return envelope.original_content
