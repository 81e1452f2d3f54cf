"""The mail server of the demo's past: it refuses what the sink refuses, takes the rest, and sends nothing."""

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import SMTP

import aiosmtplib

from activities.mail import MailServer
from local.sink import UNKNOWN_DOMAIN, UNKNOWN_MAILBOX


@dataclass(frozen=True)
class PastMailServer(MailServer):
    """What was sent in a past that was played has left: nobody's mailbox fills with it today."""

    host: str = "past"
    port: int = 25

    async def take(self, message: bytes) -> None:
        """Accept a message, or refuse it as the sink would. Raises aiosmtplib.SMTPDataError."""
        to = BytesHeaderParser(policy=SMTP).parsebytes(message)["To"].addresses
        if any(address.domain == UNKNOWN_DOMAIN for address in to):
            code, _, words = UNKNOWN_MAILBOX.partition(" ")
            raise aiosmtplib.SMTPDataError(int(code), words)
