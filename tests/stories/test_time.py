"""Time on a complaint: who is reminded of what, when, and once."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from local.mailbox import Mail
from local.sink import Sink
from tests.stories.house import open_house

PARIS = ZoneInfo("Europe/Paris")

OWNER, MANAGER = "claire.morvan", "anne.le.goff"
OPERATIONS, GENERAL = "isabelle.kermarrec", "francois.le.bihan"

# Received on Wed 2031-04-30. 1 May (Thu), 8 May (Thu), 22 May (Ascension) and 2 June (Whit Monday) are off. By hand:
# acknowledgement due Mon 5 May; answer due Fri 16 May; two months on Mon 30 June, which is a working day.
EXPECTED = [
    ("2031-05-02 08:10", [OWNER], ["acknowledgement"]),  # half-way and the day before, merged
    ("2031-05-05 17:0_", [OWNER, MANAGER], ["acknowledgement"]),
    ("2031-05-06 08:10", [OPERATIONS], ["acknowledgement"]),
    ("2031-05-09 08:10", [OWNER], ["answer"]),  # half of 10 working days
    ("2031-05-15 08:10", [OWNER], ["answer"]),
    ("2031-05-16 17:0_", [OWNER, MANAGER], ["answer"]),
    ("2031-05-19 08:10", [OPERATIONS], ["answer"]),
    ("2031-05-30 08:10", [OWNER], ["answer_target"]),  # the 19th of 39 working days
    ("2031-06-16 08:10", [GENERAL], ["answer_target"]),  # 10 working days before
    ("2031-06-27 08:10", [OWNER], ["answer_target"]),
    ("2031-06-30 17:0_", [OWNER, MANAGER], ["answer_target"]),
    ("2031-07-01 08:10", [OPERATIONS], ["answer_target"]),
]
LABELS = {"Accusé de réception": "acknowledgement", "Réponse": "answer"}


async def test_a_complaint_that_nobody_touches_reminds_each_once_on_its_day(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    starts = datetime(2031, 4, 30, 9, 0, tzinfo=PARIS)
    async with open_house(skipping_environment, database, sink, tmp_path, starts) as house:
        answer = await house.as_(
            "malo.quere",
            "POST",
            "/complaints",
            {
                "channel": "letter",
                "received_on": "2031-04-30",
                "complainant": {"member_number": "M0000042"},
                "subject": "Remboursement en attente",
                "text": "J'attends toujours.",
                "pole": "benefits",
            },
        )
        assert answer.json()["owner"] == "Mme Claire Morvan", answer.text

        await house.sleep_until(datetime(2031, 7, 4, 12, 0, tzinfo=PARIS))

        told = sorted((told_by(mail) for mail in sink.mailbox.mails()), key=lambda one: one[0])
        for line in told:
            print(line)
        assert [(when[:15] + ("_" if "17:0" in when else when[15:]), who) for when, who, _ in told] == [
            (when, [f"{login}@mutuelle-des-embruns.example" for login in who]) for when, who, _ in EXPECTED
        ]


def told_by(mail: Mail) -> tuple[str, list[str], str]:
    """When a message left, to whom, and about what."""
    at = parsedate_to_datetime(mail.header("Date")).astimezone(PARIS)
    to = [address.addr_spec for address in mail.message["To"].addresses]
    return at.strftime("%Y-%m-%d %H:%M"), to, mail.header("Subject")


del timedelta
