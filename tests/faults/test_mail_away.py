"""The mail server is away, slow, or says no: no letter is lost, the case shows why, and its owner is asked to help.

Source: procedures, section 1 step 6; policy (a task for the owner after an hour)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.testing import WorkflowEnvironment

from activities.mail import MailServer
from local.ports import HOST, free_port
from local.sink import Drop, Hang, Sink, Verdict
from tests.api.counter import NOON
from tests.stories.acts import acknowledges, completes, deadlines_of, enters, kinds_before, letters_of
from tests.stories.house import StoryHouse, open_house, settles

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Opening:
    """Opens the house of one test, at noon on Monday 3 March 2031."""

    def __init__(self, environment: WorkflowEnvironment, insurer: str, sink: Sink, folder: Path) -> None:
        self._given = environment, insurer, sink, folder

    @asynccontextmanager
    async def house(self, server: MailServer | None = None) -> AsyncIterator[StoryHouse]:
        """With this mail server, or with the sink, which is waited for half a second."""
        _, _, sink, _ = self._given
        server = server or replace(MailServer.parse(sink.url), patience=0.5)
        async with open_house(*self._given, NOON, server) as house:
            yield house


@pytest.fixture
def opening(skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path) -> Opening:
    """How a test opens its house."""
    return Opening(skipping_environment, insurer, sink, tmp_path)


async def acknowledged(house: StoryHouse, **complaint: Any) -> str:
    """A complaint of Claire Morvan's (it takes English) that she has acknowledged by e-mail."""
    reference = await enters(house, FRONT_DESK, skills=["english"], **complaint)
    assert await acknowledges(house, OWNER, reference, "email") == "acknowledged"
    return reference


async def letter_of(house: StoryHouse, reference: str) -> dict[str, Any]:
    """The one letter of the case."""
    [letter] = await letters_of(house, OWNER, reference)
    return letter


async def resend(house: StoryHouse, reference: str, **body: Any) -> None:
    """The owner makes the letter leave another way."""
    await completes(house, OWNER, reference, "repair_delivery", {"outcome": "resend", **body})


def message_ids(sink: Sink) -> list[str]:
    """The identifiers of what the mail server has kept."""
    return [mail.header("Message-ID") for mail in sink.mailbox.mails()]


async def test_a_server_that_is_away_is_asked_ever_more_rarely_and_after_an_hour_the_owner_is(opening: Opening) -> None:
    async with opening.house(MailServer(HOST, free_port())) as house:
        # 12:00. The letter cannot leave. The case says why; nobody is asked for anything yet.
        reference = await acknowledged(house)
        await house.sleep(MINUTE)
        letter = await letter_of(house, reference)
        assert "Connect" in letter["last_error"]
        assert letter["handed_over_at"] is None
        assert letter["attempts"] == 4  # at once, then after 5, 10 and 20 seconds
        assert (await deadlines_of(house, OWNER, reference))["acknowledgement_limit"]["met_at"] is None
        await house.sleep(58 * MINUTE)
        assert await kinds_before(house, OWNER, reference) == ["analyse"]

        # 13:01. It is the owner's to make it leave, and still no other's.
        await house.sleep(2 * MINUTE)
        assert sorted(await kinds_before(house, OWNER, reference)) == ["analyse", "repair_delivery"]
        assert 15 <= (await letter_of(house, reference))["attempts"] <= 20

        # She sends it by post. It leaves with the day's, at 16:30.
        await resend(house, reference, dispatch="post")
        await house.sleep(MINUTE)
        letter = await letter_of(house, reference)
        assert (letter["dispatch"], letter["posted_on"], letter["last_error"]) == ("post", "2031-03-03", None)
        await house.sleep_until(NOON.replace(hour=16, minute=31))
        await house.relay()
        assert (await letter_of(house, reference))["handed_over_at"] is not None
        assert (await deadlines_of(house, OWNER, reference))["acknowledgement_limit"]["met_at"] is not None
        assert await kinds_before(house, OWNER, reference) == ["analyse"]


@pytest.mark.parametrize(("away", "asked"), [(30 * MINUTE, ["analyse"]), (2 * HOUR, ["analyse", "repair_delivery"])])
async def test_a_letter_leaves_by_itself_when_the_server_is_back(
    opening: Opening, tmp_path: Path, away: timedelta, asked: list[str]
) -> None:
    port = free_port()
    async with opening.house(MailServer(HOST, port)) as house:
        reference = await acknowledged(house)
        await house.sleep(away)
        assert sorted(await kinds_before(house, OWNER, reference)) == asked
        with Sink(tmp_path / "back").listening(port) as back:
            await house.sleep(6 * MINUTE)
            assert len(back.mailbox.mails()) == 1
        letter = await letter_of(house, reference)
        assert (letter["last_error"], letter["possible_doubles"]) == (None, 0)
        assert letter["handed_over_at"] is not None
        assert await kinds_before(house, OWNER, reference) == ["analyse"]


async def test_a_server_that_says_later_is_asked_again_with_the_same_message(opening: Opening, sink: Sink) -> None:
    seen: list[bytes] = []

    def twice_later(envelope: Envelope) -> Verdict:
        seen.append(envelope.original_content or b"")
        return "451 4.3.0 Come back later" if len(seen) < 3 else None

    sink.on_data = twice_later
    async with opening.house() as house:
        reference = await acknowledged(house)
        await house.sleep(3 * timedelta(seconds=1))
        assert (await letter_of(house, reference))["last_error"] == "451 4.3.0 Come back later"
        await house.sleep(MINUTE)
        letter = await letter_of(house, reference)
        assert letter["handed_over_at"] is not None
        assert (letter["attempts"], letter["last_error"], letter["possible_doubles"]) == (3, None, 0)
    assert len(set(seen)) == 1
    assert len(sink.mailbox.mails()) == 1


class NobodyHere(Sink):
    """A server that knows none of the recipients."""

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, _envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the recipient."""
        return f"550 5.1.1 {address} is unknown here"


async def test_a_letter_that_the_server_will_never_take_is_its_owners_at_once(opening: Opening, sink: Sink) -> None:
    sink.on_data = lambda _: "550 5.7.1 We do not want this"
    async with opening.house() as house:
        reference = await acknowledged(house)
        await settles(lambda: kinds_before(house, OWNER, reference), ["analyse", "repair_delivery"])
        letter = await letter_of(house, reference)
        assert (letter["attempts"], letter["last_error"]) == (1, "550 5.7.1 We do not want this")

        # Nobody insists. The owner corrects the address, and the letter leaves for it.
        await house.sleep(2 * HOUR)
        assert (await letter_of(house, reference))["attempts"] == 1
        sink.on_data = lambda _: None
        await resend(house, reference, dispatch="email", email="nouvelle.adresse@courriel.example")
        await house.sleep(MINUTE)
        assert (await letter_of(house, reference))["handed_over_at"] is not None
        [mail] = sink.mailbox.mails()
        assert mail.header("To").endswith("<nouvelle.adresse@courriel.example>")
        assert await kinds_before(house, OWNER, reference) == ["analyse"]


async def test_an_unknown_recipient_is_the_owners_at_once(opening: Opening, tmp_path: Path) -> None:
    with NobodyHere(tmp_path / "nobody").listening() as nobody:
        async with opening.house(MailServer.parse(nobody.url)) as house:
            reference = await acknowledged(house)
            await settles(lambda: kinds_before(house, OWNER, reference), ["analyse", "repair_delivery"])
            assert "unknown here" in (await letter_of(house, reference))["last_error"]


async def test_an_address_that_no_mail_can_reach_is_the_owners_at_once(opening: Opening, sink: Sink) -> None:
    async with opening.house() as house:
        reference = await acknowledged(house, complainant={"name": "M. José Núñez", "email": "josé@courriel.example"})
        await settles(lambda: kinds_before(house, OWNER, reference), ["analyse", "repair_delivery"])
        letter = await letter_of(house, reference)
        assert (letter["last_error"], letter["message_sha256"]) == ("the e-mail address cannot be used", None)
        assert letter["pdf_sha256"] is not None
        assert sink.mailbox.mails() == []


async def test_a_server_that_is_away_and_then_refuses_asks_the_owner_once(opening: Opening, tmp_path: Path) -> None:
    port = free_port()
    async with opening.house(MailServer(HOST, port)) as house:
        reference = await acknowledged(house)
        await house.sleep(HOUR + MINUTE)
        with NobodyHere(tmp_path / "nobody").listening(port):
            await house.sleep(6 * MINUTE)
        assert "unknown here" in (await letter_of(house, reference))["last_error"]
        assert sorted(await kinds_before(house, OWNER, reference)) == ["analyse", "repair_delivery"]


@pytest.mark.parametrize(
    ("fault", "copies"),
    [(Hang(5.0), 1), (Drop(kept=True), 2), (Drop(kept=False), 1)],
    ids=["falls silent", "cuts the line after keeping it", "cuts the line without keeping it"],
)
async def test_a_letter_that_was_not_answered_is_sent_again_and_counted_as_a_possible_double(
    opening: Opening, sink: Sink, fault: Verdict, copies: int
) -> None:
    seen: list[bytes] = []

    def first_fails(envelope: Envelope) -> Verdict:
        seen.append(envelope.original_content or b"")
        return fault if len(seen) == 1 else None

    sink.on_data = first_fails
    async with opening.house() as house:
        reference = await acknowledged(house)
        await house.sleep(MINUTE)
        letter = await letter_of(house, reference)
        assert letter["handed_over_at"] is not None
        assert (letter["attempts"], letter["possible_doubles"], letter["last_error"]) == (2, 1, None)
    assert len(set(seen)) == 1, "the second copy is the first one, byte for byte"
    assert len(message_ids(sink)) == copies
    assert len(set(message_ids(sink))) == 1


async def test_a_server_that_is_slow_with_some_letters_holds_up_no_other(opening: Opening, sink: Sink) -> None:
    sink.on_data = lambda envelope: Hang(6) if "adherent42@" in str(envelope.rcpt_tos) else None
    async with opening.house(replace(MailServer.parse(sink.url), patience=30.0)) as house:
        slow = [await acknowledged(house) for _ in range(3)]
        quick = await acknowledged(house, complainant={"member_number": "M0000043"})
        await settles(lambda: has_left(house, quick), wanted=True)
        assert not any([await has_left(house, reference) for reference in slow])
        await house.sleep(MINUTE)
        assert all([await has_left(house, reference) for reference in (*slow, quick)])


async def has_left(house: StoryHouse, reference: str) -> bool:
    """Whether the letter of the case has been handed over."""
    return (await letter_of(house, reference))["handed_over_at"] is not None
