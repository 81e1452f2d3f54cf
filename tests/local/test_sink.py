"""The mail sink: what it keeps, and how it misbehaves when asked to."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from local.mailbox import UNREADABLE, Mailbox
from local.sink import Drop, Hang, Sink, refuse_unknown

SENDER, RECIPIENT = "house@example.org", "member@example.org"


@contextmanager
def line_to(sink: Sink, timeout: float = 10) -> Iterator[smtplib.SMTP]:
    """A client's line to the sink."""
    host, port = sink.url.removeprefix("smtp://").split(":")
    client = smtplib.SMTP(host, int(port), timeout=timeout)
    try:
        yield client
    finally:
        client.close()


def send(sink: Sink, content: bytes, timeout: float = 10) -> None:
    """Send these bytes as a mail."""
    with line_to(sink, timeout) as client:
        client.sendmail(SENDER, [RECIPIENT], content)


def kept(sink: Sink) -> list[bytes]:
    """What the sink has kept."""
    return [mail.content for mail in sink.mailbox.mails()]


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: plain\r\n\r\nhello\r\n",
        b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n",
        "Subject: échéance\r\n\r\nUne réponse motivée.\r\n".encode(),
        b"Subject: bytes\r\n\r\n" + bytes(set(range(256)) - {10, 13}) + b"\r\n",
        b"no header at all\r\n",
        b"Subject: trailing blanks\r\n\r\n \t \r\n\r\n\r\n",
    ],
)
def test_a_mail_is_kept_byte_for_byte(sink: Sink, content: bytes) -> None:
    send(sink, content)
    assert kept(sink) == [content]


def test_a_letter_of_some_megabytes_is_kept_whole(sink: Sink) -> None:
    message = EmailMessage()
    message["Subject"] = "Votre réponse"
    message.add_attachment(bytes(range(256)) * 8_000, maintype="application", subtype="pdf", filename="réponse.pdf")
    send(sink, message.as_bytes().replace(b"\n", b"\r\n"))
    [attachment] = sink.mailbox.mails()[0].attachments
    assert attachment.name == "réponse.pdf"
    assert attachment.content == bytes(range(256)) * 8_000


def test_the_newest_mail_comes_first(sink: Sink) -> None:
    for number in range(3):
        send(sink, b"%d\r\n" % number)
    assert kept(sink) == [b"2\r\n", b"1\r\n", b"0\r\n"]


@pytest.mark.parametrize("reply", ["451 4.3.0 Come back later", "550 5.1.1 Unknown here"])
def test_a_refused_mail_is_not_kept(sink: Sink, reply: str) -> None:
    sink.on_data = lambda _: reply
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(sink, b"hello\r\n")
    assert f"{refusal.value.smtp_code} {refusal.value.smtp_error.decode()}" == reply  # type: ignore[union-attr]
    assert kept(sink) == []


def test_the_verdict_may_depend_on_the_recipient(sink: Sink) -> None:
    sink.on_data = lambda envelope: None if envelope.rcpt_tos == [RECIPIENT] else "550 5.1.1 Unknown here"
    send(sink, b"hello\r\n")
    assert kept(sink) == [b"hello\r\n"]


@pytest.mark.parametrize("was_kept", [True, False])
def test_a_line_dropped_after_the_mail_leaves_the_sender_in_doubt(sink: Sink, was_kept: bool) -> None:
    sink.on_data = lambda _: Drop(kept=was_kept)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink, b"hello\r\n")
    assert kept(sink) == ([b"hello\r\n"] if was_kept else [])


def test_a_sender_without_patience_gives_up_on_a_hanging_sink(sink: Sink) -> None:
    sink.on_data = lambda _: Hang(seconds=60)
    with pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError)):
        send(sink, b"hello\r\n", timeout=0.3)
    assert kept(sink) == []


def test_a_sender_with_patience_is_accepted_in_the_end(sink: Sink) -> None:
    sink.on_data = lambda _: Hang(seconds=0.1)
    send(sink, b"hello\r\n")
    assert kept(sink) == [b"hello\r\n"]


def test_it_can_be_closed_while_a_sender_waits(tmp_path: Path) -> None:
    with Sink(tmp_path).listening() as sink, line_to(sink) as client:
        client.noop()
    assert client.sock is None


def test_a_taken_port_is_an_error_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match="in use"), Sink(tmp_path).listening(port):
            pass


@pytest.mark.parametrize("mail_id", ["", "..", "../secrets", "0" * 20, "0" * 20 + "-00000000/..", "x\0"])
def test_an_id_that_is_not_ours_finds_nothing(tmp_path: Path, mail_id: str) -> None:
    (tmp_path / "secrets.eml").write_text("private")
    assert Mailbox(tmp_path / "mails").find(mail_id) is None


def test_a_broken_mail_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    content = b"Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\nContent-Type: text/plain; charset=unheard-of\r\n\r\nx\r\n"
    mail = mailbox.find(mailbox.keep(content))
    assert mail is not None
    assert (mail.header("subject"), mail.header("from"), mail.text) == ("été", "", UNREADABLE)


def test_the_sink_of_the_house_refuses_mailboxes_that_nobody_has(sink: Sink) -> None:
    sink.on_data = refuse_unknown
    send(sink, b"Subject: kept\r\n\r\nhello\r\n")
    with line_to(sink) as client, pytest.raises(smtplib.SMTPDataError, match="No such mailbox"):
        client.sendmail(SENDER, ["somebody@inconnu.example"], b"Subject: refused\r\n\r\nhello\r\n")
    assert len(kept(sink)) == 1
