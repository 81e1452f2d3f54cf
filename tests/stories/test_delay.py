"""Members who wait longest are told: proposed by one, approved by another, one letter each, read as it left."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from temporalio.testing import WorkflowEnvironment

from db.models import Member
from local.mailbox import Mail
from local.sink import Sink
from tests.api.contract import rule_of
from tests.factories.figures import an_activity
from tests.letters.pdf import text_of
from tests.stories import backlog_acts
from tests.stories.acts import completes, deadlines_of, enters, journal_of, kinds_before, letters_of
from tests.stories.backlog_acts import GENERAL, MANAGER, OPERATIONS, approves, operation_of, proposes
from tests.stories.claim_acts import enters_claim, insured
from tests.stories.house import StoryHouse, open_house, settles

FRONT_DESK, HANDLER = "malo.quere", "claire.morvan"
FR = "Un quart de nos équipes est absent. Nous travaillons aussi le samedi pour vous répondre."
EN = "A quarter of our staff are away. We work on Saturdays as well to answer you."
PROMISED = "2031-03-14"


def at(day: int, hour: int) -> datetime:
    """An instant of 2031 in Paris. 3 March is a Monday."""
    return datetime(2031, 3, day, hour, tzinfo=ZoneInfo("Europe/Paris"))


def a_message(**changes: Any) -> dict[str, Any]:
    """To everybody who waits for more than a week."""
    return {"promised_on": PROMISED, "words": {"fr": FR, "en": EN}, "more_than_days": 7} | changes


async def runs(house: StoryHouse, activity: str, procedure: str) -> str:
    """An operation for this activity, which our register counts, runs from Monday 10 March on; its reference."""
    with house.house.sessions.begin() as session:
        an_activity(session, activity, procedure=procedure)
    reference = await proposes(house, activity=activity)
    await approves(house, OPERATIONS, reference)
    assert await approves(house, GENERAL, reference) == "planned"
    return reference


async def messages(house: StoryHouse, reference: str) -> list[dict[str, Any]]:
    """What became of the operation's messages."""
    told: list[dict[str, Any]] = await house.get(OPERATIONS, f"/backlog/{reference}/messages")
    return told


async def turns(house: StoryHouse, reference: str) -> int:
    """How many cases still have their turn to come, once the relay has run."""
    await house.relay()
    waiting: int = (await messages(house, reference))[0]["waiting"]
    return waiting


def mails_about(sink: Sink, subject: str) -> list[Mail]:
    """The mails whose subject holds this."""
    return [mail for mail in sink.mailbox.mails() if subject in mail.header("Subject")]


async def test_whoever_waits_longest_gets_one_letter_in_their_language_once_two_people_want_it(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March. Complaints come in, one in English, one sensitive, one that is closed meanwhile.
        old = await enters(house, FRONT_DESK)
        english = await enters(house, FRONT_DESK, complainant={"member_number": "M0000043"}, language="en")
        third = await enters(house, FRONT_DESK, complainant={"member_number": "M0000044"})
        sensitive = await enters(
            house, FRONT_DESK, complainant={"member_number": "M0000045"}, text="Mon avocat va saisir le tribunal."
        )
        closed = await enters(house, FRONT_DESK, complainant={"member_number": "M0000046"})
        operation = await runs(house, "complaints", "complaint")
        early = await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message())
        assert rule_of(early) == "wrong_step", "it does not run yet"

        # Tuesday 11 March. It runs; a young complaint; a manager looks at what a message would do, and proposes it.
        await house.sleep_until(at(11, 9))
        await settles(lambda: _state(house, operation), "running")
        young = await enters(house, FRONT_DESK, complainant={"member_number": "M0000047"})
        looked = await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages/preview", a_message())
        reach = looked.json()
        assert (reach["told"], reach["by_language"], reach["oldest_days"]) == (4, {"fr": 3, "en": 1}, 8)
        assert [(one["reason"], one["cases"]) for one in reach["not_told"]] == [("sensitive", 1)]
        french, in_english = (letter["text"] for letter in reach["letters"])
        assert FR in " ".join(french.split())
        assert EN in " ".join(in_english.split())
        assert "14 March 2031" in in_english
        assert [one["missing"] for one in reach["letters"]] == [[], []]
        for day, rule in {"2031-03-11": "promised_on", "2031-12-31": "promised_on"}.items():
            refused = await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message(promised_on=day))
            assert (refused.status_code, refused.json()["field"]) == (422, rule)
        asked = await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message())
        assert (asked.status_code, asked.json()["status"]) == (200, "applied"), asked.text
        again = await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message())
        assert rule_of(again) == "wrong_step", "one at a time"

        # Nothing leaves. The director finds fault with the first, and approves the second, by the hash that she read.
        assert "approve_message" not in await kinds_before(house, MANAGER, operation)
        assert "approve_message" in await kinds_before(house, OPERATIONS, operation)
        no = {"outcome": "refuse", "reason": "Dites ce que nous faisons."}
        assert await completes(house, OPERATIONS, operation, "approve_message", no) == "running"
        await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message())
        requalified = {"requalified_as": "information_request", "reason": "Une simple question."}
        ended = await house.as_(MANAGER, "POST", f"/cases/{closed}/requalify", requalified)
        assert ended.status_code == 200, ended.text
        assert await letters_of(house, OPERATIONS, old) == []
        newest, first = await messages(house, operation)
        assert (first["status"], first["refusal"], newest["status"]) == ("refused", no["reason"], "waiting")
        assert newest["reach"]["told"] == 3
        stale = await house.complete(
            OPERATIONS, operation, "approve_message", outcome="approve_message", sha256="0" * 64
        )
        assert rule_of(stale) == "stale_version"
        yes = {"outcome": "approve_message", "sha256": newest["sha256"]}
        assert await completes(house, OPERATIONS, operation, "approve_message", yes) == "running"

        # Each case has its turn; each member one letter, in their language, by their way.
        await settles(lambda: turns(house, operation), 0)
        told, *_ = await messages(house, operation)
        assert (told["status"], told["told"]) == ("approved", 3)
        assert [(one["reason"], one["cases"]) for one in told["not_told"]] == [("sensitive", 1)]
        for reference in (sensitive, closed, young):
            assert await letters_of(house, OPERATIONS, reference) == [], reference
        await settles(lambda: _handed(house, old, english, third), 3)
        [in_french] = [m for m in mails_about(sink, "où nous en sommes") if old in m.text]
        [in_english_mail] = mails_about(sink, "where we stand")
        assert english in in_english_mail.text
        for mail, said, day in ((in_french, FR, "14 mars 2031"), (in_english_mail, EN, "14 March 2031")):
            paper = " ".join(text_of(mail.attachments[0].content).split())
            for sentence in (said, day, "Médiateur de la Mutualité Française"):
                assert sentence in " ".join(mail.text.split())
                assert sentence in paper

        # It is in the journal; no deadline has moved. Told once, nobody is told again by this operation.
        lines = await journal_of(house, OPERATIONS, old)
        assert [one["facts"]["promised_on"] for one in lines if one["event"] == "DelayTold"] == [PROMISED]
        assert (await deadlines_of(house, OPERATIONS, old))["answer"]["due_on"] == "2031-03-17"
        await house.as_(MANAGER, "POST", f"/backlog/{operation}/messages", a_message(more_than_days=1))
        reach = (await messages(house, operation))[0]["reach"]
        assert [(one["reason"], one["cases"]) for one in reach["not_told"]] == [("sensitive", 1), ("told_already", 3)]
        assert reach["told"] == 0


async def test_a_member_whose_claim_waits_is_told_once_somebody_above_the_director_who_proposed_it_wants_it(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        insured(house, 42)
        with house.house.sessions.begin() as session:
            session.execute(update(Member).where(Member.number == "M0000042").values(language="en"))
        claim = (await enters_claim(house, HANDLER))["reference"]
        operation = await runs(house, "claims", "claim")
        await house.sleep_until(at(11, 9))
        await settles(lambda: _state(house, operation), "running")

        # The director proposes it herself: whoever stands above her approves it.
        await house.as_(OPERATIONS, "POST", f"/backlog/{operation}/messages", a_message())
        assert "approve_message" not in await kinds_before(house, OPERATIONS, operation)
        [message] = await messages(house, operation)
        yes = {"outcome": "approve_message", "sha256": message["sha256"]}
        assert await completes(house, GENERAL, operation, "approve_message", yes) == "running"
        await settles(lambda: turns(house, operation), 0)
        await settles(lambda: _handed(house, claim), 1)
        [mail] = mails_about(sink, "where we stand")
        assert EN in " ".join(mail.text.split())
        assert mail.header("Auto-Submitted") != ""


async def _state(house: StoryHouse, reference: str) -> str:
    state: str = (await operation_of(house, reference))["state"]
    return state


async def _handed(house: StoryHouse, *references: str) -> int:
    """How many letters of these cases have been handed over."""
    letters = [letter for one in references for letter in await letters_of(house, backlog_acts.OPERATIONS, one)]
    return sum(letter["handed_over_at"] is not None for letter in letters)
