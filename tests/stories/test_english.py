"""A complaint in English: every letter leaves in English, with what the French ones say."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from local.mailbox import Mail
from local.sink import Sink
from tests.letters.pdf import text_of
from tests.stories.acts import acknowledges, analyses, approves, drafts, enters, state_of
from tests.stories.house import open_house

FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"
SAID = {
    "asked": "You ask for the reimbursement of your glasses.",
    "found": "Your file was left unattended for six weeks.",
    "decision": "We are reimbursing you without delay.",
    "reasons": "The delay was ours.",
    "next_steps": "The transfer leaves this week.",
}


def at(day: int, hour: int) -> datetime:
    """An instant of March 2031 in Paris; 3 March is a Monday."""
    return datetime(2031, 3, day, hour, tzinfo=ZoneInfo("Europe/Paris"))


def newest(sink: Sink, subject: str) -> Mail:
    """The mail whose subject begins like this."""
    [mail] = [mail for mail in sink.mailbox.mails() if mail.header("Subject").startswith(subject)]
    return mail


async def test_a_complaint_in_english_gets_english_letters(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March. It arrives in English, and is acknowledged in English on Tuesday.
        reference = await enters(house, FRONT_DESK, language="en")
        await house.sleep_until(at(4, 10))
        assert await acknowledges(house, OWNER, reference, "email") == "acknowledged"

        # Wednesday. The owner says that it takes longer.
        await house.sleep_until(at(5, 10))
        body = {"dispatch": "email", "reason": "document_awaited", "answer_by": "2031-03-25"}
        held = await house.as_(OWNER, "POST", f"/cases/{reference}/holding-letter", body)
        assert held.status_code == 200, held.text

        # Thursday. The answer is written and approved by two people.
        await house.sleep_until(at(6, 10))
        await analyses(house, OWNER, reference)
        await drafts(house, OWNER, reference, compensation_cents=3000, **SAID)
        for login in (REFERENT, MANAGER):
            await approves(house, login, reference)
        await house.sleep_until(at(6, 11))
        assert await state_of(house, OWNER, reference) == "answered"

        expected = {
            "Acknowledgement of your complaint": ("Mme Claire Morvan", "17 March 2031"),
            "Your complaint of 3 March 2031: when": ("We are still without a document", "25 March 2031"),
            "Our reply to your complaint": (
                "Your complaint is justified",
                "€30.00",
                *SAID.values(),
                "Yours faithfully",
            ),
        }
        for subject, sentences in expected.items():
            mail = newest(sink, subject)
            assert mail.header("Content-Language") == "en"
            paper = text_of(mail.attachments[0].content)
            for said in (*sentences, "Médiateur de la Mutualité Française"):
                assert said in " ".join(mail.text.split())
                assert said in paper
