"""The page of the mail sink, as a browser asks for it."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from local.mailbox import Mailbox
from local.sink_page import create_page

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mails")


@pytest.fixture
def browser(mailbox: Mailbox) -> TestClient:
    return TestClient(create_page(mailbox), base_url="http://127.0.0.1")


def letter() -> EmailMessage:
    """A mail as the house sends it: text, HTML and a letter."""
    message = EmailMessage()
    message["From"], message["To"] = "house@example.org", "Aïcha <member@example.org>"
    message["Subject"] = f"Votre réclamation {HOSTILE}"
    message.set_content("Bonjour,\n\nvoici notre réponse.\n")
    message.add_alternative(f"<p>voici notre réponse</p>{HOSTILE}", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="réponse 1.pdf")
    message.add_attachment(HOSTILE.encode(), maintype="text", subtype="html", filename="page.html")
    return message


def test_an_empty_box_says_so(browser: TestClient) -> None:
    assert "Aucun courriel" in browser.get("/").text


def test_the_list_names_sender_recipient_and_subject(browser: TestClient, mailbox: Mailbox) -> None:
    mail_id = mailbox.keep(letter().as_bytes())
    page = browser.get("/").text
    assert "house@example.org" in page
    assert "Aïcha &lt;member@example.org&gt;" in page
    assert f'href="/mails/{mail_id}"' in page
    assert HOSTILE not in page


def test_a_mail_is_shown_as_text_and_its_html_only_in_a_cage(browser: TestClient, mailbox: Mailbox) -> None:
    mail_id = mailbox.keep(letter().as_bytes())
    page = browser.get(f"/mails/{mail_id}")
    assert "voici notre réponse." in page.text
    assert f'<iframe sandbox src="/mails/{mail_id}/body"' in page.text
    assert HOSTILE not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_cage_lets_nothing_run_or_load(browser: TestClient, mailbox: Mailbox) -> None:
    answer = browser.get(f"/mails/{mailbox.keep(letter().as_bytes())}/body")
    assert HOSTILE in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_letter_can_be_saved(browser: TestClient, mailbox: Mailbox) -> None:
    answer = browser.get(f"/mails/{mailbox.keep(letter().as_bytes())}/attachments/1")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''r%C3%A9ponse%201.pdf"


def test_any_other_file_is_never_shown_by_the_browser(browser: TestClient, mailbox: Mailbox) -> None:
    answer = browser.get(f"/mails/{mailbox.keep(letter().as_bytes())}/attachments/2")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_mail_can_be_saved_byte_for_byte(browser: TestClient, mailbox: Mailbox) -> None:
    content = letter().as_bytes()
    assert browser.get(f"/mails/{mailbox.keep(content)}/source").content == content


@pytest.mark.parametrize("path", ["x", "..%2fsecrets", "00000000000000000000-00000000", "x/attachments/1", "x/body"])
def test_what_does_not_exist_is_not_found(browser: TestClient, path: str) -> None:
    assert browser.get(f"/mails/{path}").status_code == 404


@pytest.mark.parametrize("number", [0, 3])
def test_an_attachment_that_does_not_exist_is_not_found(browser: TestClient, mailbox: Mailbox, number: int) -> None:
    mail_id = mailbox.keep(letter().as_bytes())
    assert browser.get(f"/mails/{mail_id}/attachments/{number}").status_code == 404


def test_another_site_s_name_for_this_machine_is_refused(mailbox: Mailbox) -> None:
    assert TestClient(create_page(mailbox), base_url="http://evil.example").get("/").status_code == 400


def test_the_looks_come_from_here(browser: TestClient) -> None:
    assert browser.get("/style.css").headers["content-type"].startswith("text/css")
