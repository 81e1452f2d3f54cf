"""The e-mail that carries a letter: three forms of one text, honest headers, the same bytes at each attempt."""

import email
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from typing import Any

import pytest

from activities.mime import UnmailableAddress, letter_message, mailbox
from domain.complaint.letters import LetterKind
from domain.letters import Letter
from letters.rendering import to_html, to_pdf, to_text
from tests.factories.letters import a_draft, a_letter, an_answer

PDF = to_pdf(a_letter())
SENT_AT = datetime(2026, 11, 12, 9, 30, tzinfo=timezone(timedelta(hours=1)))
MESSAGE_ID = "<0199f0aa.1.answer@trois-rivieres.example>"


def a_message(letter: Letter | None = None, **changes: Any) -> EmailMessage:
    """The message of a founded answer."""
    known: dict[str, Any] = {
        "pdf": PDF,
        "sender": mailbox("Mutuelle des Trois Rivières", "reclamations@trois-rivieres.example"),
        "recipient": mailbox("Mme Odette Vasseur-Lenoir", "odette.vasseur@courriel.example"),
        "message_id": MESSAGE_ID,
        "date": SENT_AT,
    }
    return letter_message(letter or a_letter(), **(known | changes))


def received(message: EmailMessage) -> EmailMessage:
    """What the recipient's program reads."""
    return email.message_from_bytes(message.as_bytes(), policy=SMTP)


def test_the_message_carries_text_page_and_paper() -> None:
    letter = a_letter()
    message = received(a_message(letter))
    text, html = message.get_body(["plain"]), message.get_body(["html"])
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").strip() == to_text(letter).strip()
    assert html.get_content().replace("\r\n", "\n").strip() == to_html(letter).strip()
    [paper] = list(message.iter_attachments())
    assert paper.get_filename() == "REC-2026-000417-answer_founded.pdf"
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_content() == PDF


def test_the_parts_are_nested_as_mail_programs_expect() -> None:
    assert [part.get_content_type() for part in a_message().walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]


def test_headers_say_who_what_and_when() -> None:
    message = received(a_message())
    assert message["From"].addresses[0].display_name == "Mutuelle des Trois Rivières"
    assert message["To"].addresses[0].addr_spec == "odette.vasseur@courriel.example"
    assert message["Subject"] == "Réponse à votre réclamation du 2 novembre 2026 – REC-2026-000417"
    assert message["Message-ID"] == MESSAGE_ID
    assert message["Date"].datetime == SENT_AT
    assert message["Content-Language"] == "fr"


def test_an_english_letter_makes_an_english_message() -> None:
    message = received(a_message(a_letter(language="en")))
    assert message["Subject"] == "Our reply to your complaint of 2 November 2026 – REC-2026-000417"
    assert message["Content-Language"] == "en"
    html = message.get_body(["html"])
    assert html is not None
    assert '<html lang="en">' in html.get_content()


def test_a_draft_never_becomes_a_message() -> None:
    with pytest.raises(ValueError, match="nobody has approved it"):
        a_message(a_draft())


def test_the_wire_is_ascii_with_lines_that_every_server_takes() -> None:
    wire = a_message(a_letter(answer=an_answer(found="é" * 5000))).as_bytes()
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998


def test_a_second_attempt_sends_the_same_bytes() -> None:
    assert a_message().as_bytes() == a_message().as_bytes()
    assert a_message().as_bytes() != a_message(message_id="<0199f0aa.2.answer@trois-rivieres.example>").as_bytes()


@pytest.mark.parametrize("kind", LetterKind)
def test_only_what_nobody_has_read_one_by_one_says_that_a_machine_sent_it(kind: LetterKind) -> None:
    automatic = a_message(a_letter(kind))["Auto-Submitted"]
    unread = {LetterKind.ACKNOWLEDGEMENT, LetterKind.DELAY_NOTICE}
    assert automatic == ("auto-generated" if kind in unread else None)


@pytest.mark.parametrize(
    "attack", ["a\r\nBcc: x@y.example", "a\nBcc: x@y.example", "a\rBcc: x@y.example", "a\u2028Bcc: x"]
)
def test_no_header_can_be_slipped_in(attack: str) -> None:
    letter = replace(a_letter(), subject=attack, reference=attack)
    recipient = mailbox(attack, "odette.vasseur@courriel.example")
    message = received(a_message(letter, recipient=recipient))
    assert sorted(message.keys()) == sorted(a_message().keys())
    assert message["To"].addresses[0].addr_spec == "odette.vasseur@courriel.example"
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize("name", ["Mme Élodie Ñúñez", "M. Jean-Noël L’Hostis", "李明", "x" * 300, "Mme Odette 😀", ""])
def test_a_name_is_received_as_it_was_written(name: str) -> None:
    message = received(a_message(recipient=mailbox(name, "odette@courriel.example")))
    [address] = message["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "odette@courriel.example")


LONG = " mot" * 40
"""A header of this length is folded."""


@pytest.mark.parametrize("more", ["", LONG, " é" + LONG])
@pytest.mark.parametrize(
    "name",
    [
        'M. "Le Grand", Jean <x@y.example>',
        "x@y.example,",
        '"x" <x@y.example>,',
        'x" <x@y.example>, "',
        "a: x@y.example;",
        "(x@y.example)",
        '\\", x@y.example, \\',
        "=?utf-8?q?a=2C_x=40y=2Eexample=2C?=",
        "=?utf-8?b?YSwgeEB5LmV4YW1wbGUs?=",
    ],
)
def test_a_name_never_changes_the_address(name: str, more: str) -> None:
    message = received(a_message(recipient=mailbox(name + more, "odette@courriel.example")))
    assert [address.addr_spec for address in message["To"].addresses] == ["odette@courriel.example"]
    assert [address for _, address in getaddresses([str(message["To"])])] == ["odette@courriel.example"]


def test_accents_of_a_domain_are_encoded() -> None:
    assert mailbox("X", "odette@montélimar.example") == Address("X", "odette", "xn--montlimar-e4a.example")


@pytest.mark.parametrize(
    "unusable",
    [
        "",
        "odette",
        "@courriel.example",
        "odette@",
        "odette@courriel",
        "élodie@courriel.example",
        "odette vasseur@courriel.example",
        "odette@courriel..example",
        "odette@courriel.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
        "<odette@courriel.example>",
        ".odette@courriel.example",
        "odette@-courriel.example",
        "o" * 65 + "@courriel.example",
        "odette@[127.0.0.1]",
    ],
)
def test_an_unusable_address_is_refused_without_being_repeated(unusable: str) -> None:
    with pytest.raises(UnmailableAddress) as refused:
        mailbox("Mme Odette Vasseur", unusable)
    assert "odette" not in str(refused.value)


@pytest.mark.parametrize("identifier", ["", "x@y", "<x>", "<x@y>\r\nBcc: z@z", "<a b@c>", "<é@c>"])
def test_a_malformed_identifier_is_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        a_message(message_id=identifier)


def test_a_date_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        a_message(date=datetime(2026, 11, 12, 9, 30, tzinfo=UTC).replace(tzinfo=None))


def test_a_reference_makes_no_path() -> None:
    message = a_message(a_letter(reference="../../etc/REC 1\u00e9"))
    [paper] = list(message.iter_attachments())
    assert paper.get_filename() == "..-..-etc-REC-1--answer_founded.pdf"
