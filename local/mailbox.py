"""Mails kept as files: each exactly the bytes that were received, under a name nobody outside chooses."""

import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
_SHOWN = 500
UNREADABLE = "(illisible)"


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One kept mail; `content` is what was received, byte for byte."""

    id: str
    content: bytes

    @property
    def received_at_wall(self) -> datetime:
        """When it was received, in the zone of this machine."""
        return datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1e9, tz=UTC).astimezone()

    @property
    def message(self) -> EmailMessage:
        """The mail understood: headers decoded, parts told apart."""
        return message_from_bytes(self.content, policy=policy.default)

    def header(self, name: str) -> str:
        """A header in readable form; empty when it is absent, a note when nobody could read it."""
        return _readable(lambda: str(self.message[name] or ""))

    @property
    def text(self) -> str:
        """The plain text of the mail; empty without one."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML of the mail, which must not be trusted; empty without one."""
        return self._body("html")

    @property
    def attachments(self) -> list[Attachment]:
        """The files that came with it, in their order."""
        return [_attachment(part, number) for number, part in enumerate(self.message.iter_attachments(), 1)]

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return "" if part is None else _readable(part.get_content)


def _attachment(part: EmailMessage, number: int) -> Attachment:
    content = part.get_payload(decode=True)
    name = part.get_filename() or f"attachment-{number}"
    return Attachment(name, part.get_content_type(), content if isinstance(content, bytes) else b"")


def _readable(read: Callable[[], str]) -> str:
    """What could be read. A mail may be broken in any way, and the others must still be shown."""
    try:
        return read()
    except Exception:
        return UNREADABLE


class Mailbox:
    """A folder of mails, which may be added to and read by several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, content: bytes) -> str:
        """Write a mail to the disk for good and return its id."""
        mail_id = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self._folder / f"{mail_id}.part"
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._path(mail_id))
        return mail_id

    def mails(self) -> list[Mail]:
        """The last mails received, newest first."""
        ids = sorted((path.stem for path in self._folder.glob("*.eml") if _ID.fullmatch(path.stem)), reverse=True)
        return [Mail(mail_id, self._path(mail_id).read_bytes()) for mail_id in ids[:_SHOWN]]

    def find(self, mail_id: str) -> Mail | None:
        """The mail of this id; None when there is none or when it is not an id of ours."""
        if not _ID.fullmatch(mail_id) or not self._path(mail_id).is_file():
            return None
        return Mail(mail_id, self._path(mail_id).read_bytes())

    def _path(self, mail_id: str) -> Path:
        return self._folder / f"{mail_id}.eml"
