"""HOW a letter becomes an e-mail: text, HTML and the PDF in one message, the same bytes at each attempt."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from domain.letters import Letter
from letters.rendering import to_html, to_text
from letters.typography import one_line

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_LOCAL = re.compile(rf"(?=.{{1,64}}$){_ATOM}(\.{_ATOM})*")
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+")
_PARTING = re.compile(r'[()<>\[\]:;@\\,"]|=\?|\?=')
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")


class UnmailableAddress(ValueError):
    """No e-mail can be sent to that address: the letter goes by post. The sentence does not repeat the address."""

    def __init__(self) -> None:
        super().__init__("Cette adresse électronique est inutilisable : corrigez-la ou envoyez la lettre par la poste.")


def mailbox(name: str, email: str) -> Address:
    """A person and their address, as a header takes them; accents of the name and of the domain get encoded.

    Signs that part addresses or announce an encoding leave the name: a header that is folded loses its quotes, and
    "somebody@else.example, …" would then be one more recipient. Raises UnmailableAddress when `email` is not one
    plain "local@domain", its local part in ASCII.
    """
    local, _, domain = email.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UnmailableAddress from error
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise UnmailableAddress
    return Address(one_line(_PARTING.sub(" ", name)), local, domain)


def letter_message(
    letter: Letter, pdf: bytes, sender: Address, recipient: Address, message_id: str, date: datetime
) -> EmailMessage:
    """The e-mail that carries a letter: text, the same in HTML, and the PDF as "<reference>-<kind>.pdf".

    `message_id` ("<…@…>", one per letter, version and recipient) also names the boundaries, so that a second attempt
    sends what the first one kept. `date` is the business time. Raises ValueError for a date without a zone, a
    malformed identifier, or a draft: what nobody has approved is not sent.

    Source: procedures, section 1, step 9.
    """
    if letter.draft:
        raise ValueError("a draft is not sent: nobody has approved it")
    message = EmailMessage(policy=SMTP)
    for header, value in _headers(letter, sender, recipient, message_id, date):
        message[header] = value
    message.set_content(to_text(letter))
    message.add_alternative(to_html(letter), subtype="html")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=attachment_name(letter))
    message["Content-Language"] = letter.language  # last: adding parts moves what is called Content-… into them
    _fix_boundaries(message, message_id)
    return message


def attachment_name(letter: Letter) -> str:
    """The name of the PDF: what is not a letter, digit, dot, dash or underscore of ASCII becomes a dash."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", f"{letter.reference}-{letter.kind.value}.pdf")


def _headers(
    letter: Letter, sender: Address, recipient: Address, message_id: str, date: datetime
) -> Iterator[tuple[str, str | Address | datetime]]:
    if date.tzinfo is None:
        raise ValueError("the date of a message needs its zone")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a message identifier: {message_id!r}")
    yield "From", sender
    yield "To", recipient
    yield "Subject", one_line(f"{letter.subject} – {letter.reference}")
    yield "Date", date
    yield "Message-ID", message_id
    if letter.kind.automatic:
        # Sent by a machine to a template: no out-of-office reply should answer it (RFC 3834).
        yield "Auto-Submitted", "auto-generated"


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary("=_" + hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()[:32])
