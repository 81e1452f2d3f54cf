"""Complaints as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from local.mailbox import Mail
from local.sink import Sink
from tests.stories.acts import (
    acknowledges,
    amends,
    analyses,
    approves,
    completes,
    deadlines_of,
    drafts,
    enters,
    journal_of,
    kinds_before,
    letters_of,
    pdf_of,
    sends_back,
    state_of,
)
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")

FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"
ACCOUNTANT = "solene.guivarch"
NAMES = {
    "Mme Claire Morvan": "the owner",
    "Mme Gwenola Prigent": "the referent",
    "Mme Anne Le Goff": "the manager",
    "Mme Solène Guivarch": "the accountant",
    "M. Malo Quéré": "the front desk",
    None: "the system",
}
TELLING = {
    *("ComplaintRegistered", "OwnerAssigned", "Acknowledged", "Qualified", "Analysed"),
    *("AnswerDrafted", "VersionSentBack", "VersionApproved", "AnswerApproved"),
    *("LetterHandedOver", "CompensationPaid", "StateReached"),
}
"""The lines of the journal that tell the story; the others say which task or deadline it opened and closed."""


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2031 in Paris. March has no holiday; 3 March is a Monday."""
    return datetime(2031, month, day, hour, minute, tzinfo=PARIS)


async def test_a_complaint_from_arrival_to_the_paid_compensation(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March, 9:00. A letter, postmarked Friday, is entered at the front desk. It has an owner at once.
        reference = await enters(house, FRONT_DESK, sent_on="2031-02-28")
        assert reference.startswith("REC-2031-")
        complaint = await house.get(OWNER, f"/complaints/{reference}")
        assert complaint["owner"] == "Mme Claire Morvan"
        assert complaint["state"] == "assigned"
        assert {name: one["due_on"] for name, one in (await deadlines_of(house, OWNER, reference)).items()} == {
            "acknowledgement": "2031-03-05",  # 2 working days from reception
            "acknowledgement_limit": "2031-03-12",  # 10 jours ouvrables from sending
            "answer": "2031-03-17",  # 10 working days from reception
            "answer_target": "2031-04-28",  # a Monday: nothing to bring back
            "answer_limit": "2031-04-28",  # two months from sending
        }

        # Tuesday 4 March. The owner acknowledges it by e-mail: who handles it, and until when, stands in the mail.
        await house.sleep_until(at(4, 10))
        assert await acknowledges(house, OWNER, reference, "email") == "acknowledged"
        await house.sleep_until(at(4, 11))
        [acknowledgement] = await letters_of(house, OWNER, reference)
        mail = mail_of(sink, acknowledgement)
        await check_kept_as_sent(house, mail, acknowledgement)
        assert mail.header("From").endswith("<reclamations@mutuelle-des-embruns.example>")
        assert mail.header("To").endswith(f"<{complaint['email']}>")
        assert reference in mail.header("Subject")
        assert parsedate_to_datetime(mail.header("Date")).astimezone(PARIS).date() == at(4, 10).date()
        assert mail.header("Auto-Submitted") == "auto-generated"
        assert [one.name for one in mail.attachments] == [f"{reference}-acknowledgement.pdf"]
        for said in ("Mme Claire Morvan", "3 mars 2031", "17 mars 2031", "Médiateur de la Mutualité Française"):
            assert said in words(mail), f"{said} is missing from {words(mail)}"
        assert (await deadlines_of(house, OWNER, reference))["acknowledgement_limit"]["met_at"] is not None

        # Thursday 6 March. She looks into it, and writes the answer.
        await house.sleep_until(at(6, 14))
        assert await analyses(house, OWNER, reference) == "analysed"
        assert await drafts(house, OWNER, reference, compensation_cents=5000) == "drafted"

        # Friday 7 March. The technical referent sends it back, with the reason; the owner writes it again.
        await house.sleep_until(at(7, 9))
        assert await sends_back(house, REFERENT, reference, "Dites quand le virement part.") == "analysed"
        assert (await house.get(OWNER, f"/complaints/{reference}"))["answer"]["sent_back_reason"] is not None
        again = "Le virement part le lundi 10 mars."
        assert await drafts(house, OWNER, reference, next_steps=again, compensation_cents=5000) == "drafted"
        assert await approves(house, REFERENT, reference) == "drafted"

        # Monday 10 March. The pole's manager amends it: what the referent had approved is void, and comes back to her.
        await house.sleep_until(at(10, 9))
        assert await kinds_before(house, REFERENT, reference) == []
        assert await amends(house, MANAGER, reference, next_steps=again, compensation_cents=3000) == "drafted"
        answer = (await house.get(MANAGER, f"/complaints/{reference}"))["answer"]
        assert (answer["version"], answer["amends"], answer["approved_by"]) == (3, True, ["Mme Anne Le Goff"])
        assert await kinds_before(house, REFERENT, reference) == ["validate"]
        assert len(await letters_of(house, OWNER, reference)) == 1
        assert await approves(house, REFERENT, reference) == "approved"

        # It leaves by e-mail, signed by the manager, well before Monday 17.
        await house.sleep_until(at(10, 10))
        assert await state_of(house, OWNER, reference) == "answered"
        [_, letter] = await letters_of(house, OWNER, reference)
        mail = mail_of(sink, letter)
        await check_kept_as_sent(house, mail, letter)
        assert [one.name for one in mail.attachments] == [f"{reference}-answer_founded.pdf"]
        for said in (again, "30,00 €", "Mme Anne Le Goff", "Médiateur de la Mutualité Française"):
            assert said in words(mail), f"{said} is missing from {words(mail)}"
        assert all(one["met_at"] for one in (await deadlines_of(house, OWNER, reference)).values())

        # Wednesday 12 March. Accounting pays the compensation, and the complaint is closed.
        await house.sleep_until(at(12, 9))
        assert (await house.get(OWNER, f"/complaints/{reference}"))["compensation_paid_at"] is None
        paid = {"outcome": "paid", "payment_reference": "VIR-2031-0042"}
        await completes(house, ACCOUNTANT, reference, "pay_compensation", paid)
        await house.sleep_until(at(12, 10))
        assert await state_of(house, OWNER, reference) == "closed"
        assert (await house.get(OWNER, f"/complaints/{reference}"))["compensation_paid_at"] is not None

        # The journal tells the story.
        assert told_by(await journal_of(house, OWNER, reference)) == [
            ("ComplaintRegistered", "the front desk"),
            ("OwnerAssigned", "the front desk"),
            ("assigned", "the front desk"),
            ("Acknowledged", "the owner"),
            ("acknowledged", "the owner"),
            ("LetterHandedOver", "the system"),
            ("Qualified", "the owner"),
            ("Analysed", "the owner"),
            ("analysed", "the owner"),
            ("AnswerDrafted", "the owner"),
            ("drafted", "the owner"),
            ("VersionSentBack", "the referent"),
            ("analysed", "the referent"),
            ("AnswerDrafted", "the owner"),
            ("drafted", "the owner"),
            ("VersionApproved", "the referent"),
            ("AnswerDrafted", "the manager"),
            ("VersionApproved", "the manager"),
            ("VersionApproved", "the referent"),
            ("AnswerApproved", "the referent"),
            ("approved", "the referent"),
            ("LetterHandedOver", "the system"),
            ("answered", "the system"),
            ("CompensationPaid", "the accountant"),
            ("closed", "the system"),
        ]


def told_by(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The lines that tell the story, each with who did it; of a step reached, its name."""
    telling = [line for line in lines if line["event"] in TELLING]
    assert [line["line"] for line in lines] == list(range(1, len(lines) + 1))
    return [
        (line["facts"]["state"] if line["event"] == "StateReached" else line["event"], NAMES[line["actor"]])
        for line in telling
    ]


def mail_of(sink: Sink, letter: dict[str, Any]) -> Mail:
    """The one mail that carried this letter."""
    message_id = f"<{letter['id'].replace('-', '')}.1@mutuelle-des-embruns.example>"
    [mail] = [mail for mail in sink.mailbox.mails() if mail.header("Message-ID") == message_id]
    return mail


def words(mail: Mail) -> str:
    """The text of a mail with plain spaces: typography puts unbreakable ones into amounts and dates."""
    return " ".join(mail.text.split())


async def check_kept_as_sent(house: StoryHouse, mail: Mail, letter: dict[str, Any]) -> None:
    """What the register keeps is what was received, byte for byte, and both hashes say so."""
    kept = await pdf_of(house, OWNER, letter)
    assert kept.startswith(b"%PDF-")
    assert [one.content for one in mail.attachments] == [kept]
    assert sha256(kept).hexdigest() == letter["pdf_sha256"]
    assert sha256(mail.content).hexdigest() == letter["message_sha256"]
    assert (letter["attempts"], letter["possible_doubles"], letter["last_error"]) == (1, 0, None)
