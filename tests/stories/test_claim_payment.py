"""A claim of 7,400 € to its payment, day by day: two experts, two releasers, the bank; over HTTP, on the real parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from bank.stand_in import receive
from db.models import Case
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from local.sink import Sink
from tests.api.contract import rule_of
from tests.factories.payments import BUILDER, FIRST, SECOND
from tests.factories.reference import an_iban
from tests.stories.acts import deadlines_of, journal_of, kinds_before, state_of
from tests.stories.claim_acts import claim_of, confirms, decides, enters_claim, insured
from tests.stories.house import StoryHouse, open_house
from tests.stories.payment_acts import builds, hands_over, is_answered, laid, releases
from tests.stories.test_claim import ADMINISTRATOR, DENTAL, EXPERT, HANDLER, MANAGER, OTHER_EXPERT, REFERENT

PARIS = ZoneInfo("Europe/Paris")
MEMBERSHIPS, UP = "nolwenn.salaun", "francois.le.bihan"
NEW_IBAN = an_iban(4_200)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2031 in Paris; 3 March is a Monday."""
    return datetime(2031, 3, day, hour, minute, tzinfo=PARIS)


@asynccontextmanager
async def a_house(
    environment: WorkflowEnvironment, insurer: str, sink: Sink, folder: Path
) -> AsyncIterator[StoryHouse]:
    """Monday 3 March 2031, 9:00. The house has two experts in dental care, and member 42 is insured."""
    async with open_house(environment, insurer, sink, folder, at(3, 9)) as house:
        insured(house, 42)
        await a_second_expert(house)
        yield house


async def a_second_expert(house: StoryHouse) -> None:
    """Two have the skill for dental care from now on."""
    skills = {"skills": ["optical", "dental", "hospital"]}
    assert (await house.as_(ADMINISTRATOR, "PATCH", f"/people/{OTHER_EXPERT}", skills)).status_code == 200


async def is_approved(house: StoryHouse, reference: str) -> None:
    """Both experts stand for paying it as it was asked."""
    assert await decides(house, EXPERT, reference) == "confirming"
    assert await confirms(house, OTHER_EXPERT, reference) == "payable"


async def changes_iban(house: StoryHouse, login: str = MEMBERSHIPS, iban: str = NEW_IBAN) -> None:
    """The member is paid elsewhere from now on, by the member's own letter."""
    answer = await house.as_(login, "POST", "/members/M0000042/iban", {"iban": iban, "through": "member"})
    assert answer.status_code == 200, answer.text


def orders(house: StoryHouse) -> list[tuple[str, str]]:
    """Every order that has ever been laid in the bank's folder, with its euros."""
    return [order for file in laid(house) for order in receive(file.read_bytes()).orders.items()]


def letters_that_left(house: StoryHouse) -> list[str]:
    """What the member has received, by its subject."""
    return [mail.header("Subject").replace("\u202f", " ") for mail in house.sink.mailbox.mails()]


def the_register_is_whole(house: StoryHouse) -> None:
    """Every journal is what it was when it was written."""
    assert list(verify_register(house.house.sessions, house.checkpoints_folder, Read())) == []


def euros(payment: dict[str, Any]) -> dict[str, int]:
    """The cents of a batch by status."""
    return {one["status"]: one["cents"] for one in payment["totals"] if one["count"]}


async def test_7400_euros_go_through_two_experts_and_two_releasers_to_the_member(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_house(skipping_environment, insurer, sink, tmp_path) as house:
        # Monday 3 March: it is entered. Nobody can pay it yet.
        reference = (await enters_claim(house, HANDLER, **DENTAL))["reference"]
        nothing = await house.as_(BUILDER, "POST", "/payments", {"executes_on": "2031-03-03"})
        assert (nothing.status_code, rule_of(nothing)) == (409, "nothing_to_pay")

        # Tuesday 4 March: both experts. Wednesday 5 March: accounting builds the batch, two others release its file.
        await house.sleep_until(at(4, 10))
        await is_approved(house, reference)
        await house.sleep_until(at(5, 10))
        batch = await builds(house)
        assert (batch["count"], batch["total_cents"], batch["left_out"]) == (1, 740_000, [])
        await house.relay()
        assert await state_of(house, HANDLER, reference) == "instructed"
        file = await hands_over(house, batch["reference"], FIRST, SECOND)
        assert receive(file).orders == {f"{reference}-1": "7400.00"}

        # Thursday 6 March: the bank has paid. The member is told, and nothing is left to do for anybody.
        await house.sleep_until(at(6, 8, 30))
        assert await is_answered(house, batch["reference"], file) == "settled"
        await house.sleep_until(at(6, 9))
        claim = await claim_of(house, HANDLER, reference)
        assert (claim["state"], claim["payable_cents"]) == ("paid", 740_000)
        assert len(letters_that_left(house)) == 1
        assert reference in letters_that_left(house)[0]
        for login in (HANDLER, EXPERT, OTHER_EXPERT, MANAGER, BUILDER, FIRST, SECOND):
            assert await kinds_before(house, login, reference) == []
        assert (await deadlines_of(house, HANDLER, reference))["decision"]["met_at"] is not None
        events = [line["event"] for line in await journal_of(house, HANDLER, reference)]
        assert (events.count("ClaimPaid"), events.count("LetterHandedOver"), "CommandRefused" in events) == (
            1,
            1,
            False,
        )

        # Both runs have ended, and every line of every journal is as it was written.
        for of in (f"claim-{case_id(house, reference)}", f"payment-{case_id(house, batch['reference'])}"):
            await house.client.get_workflow_handle(of).result()
        the_register_is_whole(house)


def case_id(house: StoryHouse, reference: str) -> str:
    """The case with this reference."""
    with house.house.sessions() as session:
        return str(session.scalars(select(Case.id).where(Case.reference == reference)).one())


@pytest.mark.proof
async def test_what_the_bank_rejects_is_decided_anew_and_paid_once(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_house(skipping_environment, insurer, sink, tmp_path) as house:
        reference = (await enters_claim(house, HANDLER, **DENTAL))["reference"]
        await house.sleep_until(at(4, 10))
        await is_approved(house, reference)
        await house.sleep_until(at(5, 10))
        first = (await builds(house))["reference"]
        file = await hands_over(house, first, FIRST, SECOND)

        # Thursday 6 March: the account is closed. The claim is with the first expert again, its clock counts anew.
        await house.sleep_until(at(6, 8, 30))
        closed = {f"{reference.replace('-', '_')}_1": "AC04"}
        assert await is_answered(house, first, file, **closed) == "returned"
        assert await state_of(house, HANDLER, reference) == "in_control"
        assert await kinds_before(house, EXPERT, reference) == ["control"]
        claim = await claim_of(house, HANDLER, reference)
        assert claim["payable_cents"] is None
        [counts] = [one for one in claim["deadlines"] if one["name"] == "decision" and one["met_at"] is None]
        assert (counts["generation"], counts["due_on"]) == (2, "2031-03-13")
        nothing = await house.as_(BUILDER, "POST", "/payments", {"executes_on": "2031-03-06"})
        assert (nothing.status_code, rule_of(nothing)) == (409, "nothing_to_pay")
        assert letters_that_left(house) == []

        # Friday 7 March: the member gives another account. Monday 10 March: both experts decide for it.
        await house.sleep_until(at(7, 10))
        await changes_iban(house)
        await house.relay()
        await house.sleep_until(at(10, 10))
        await is_approved(house, reference)
        await house.sleep_until(at(11, 10))
        second = (await builds(house))["reference"]
        file = await hands_over(house, second, FIRST, SECOND)
        await house.sleep_until(at(12, 8, 30))
        assert await is_answered(house, second, file) == "settled"
        await house.sleep_until(at(12, 9))

        # Ordered twice under two names, paid once, to the new account, and told once.
        assert orders(house) == [(f"{reference}-1", "7400.00"), (f"{reference}-2", "7400.00")]
        assert euros(await house.get(BUILDER, f"/payments/{first}")) == {"rejected": 740_000}
        assert euros(await house.get(BUILDER, f"/payments/{second}")) == {"paid": 740_000}
        [line] = (await house.get(BUILDER, f"/payments/{second}/lines"))["lines"]
        assert line["iban_ends"] == NEW_IBAN[-4:]
        assert await state_of(house, HANDLER, reference) == "paid"
        assert len(letters_that_left(house)) == 1
        the_register_is_whole(house)


@pytest.mark.proof
async def test_an_iban_that_changes_between_approval_and_batch_is_approved_before_it_is_paid(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_house(skipping_environment, insurer, sink, tmp_path) as house:
        reference = (await enters_claim(house, HANDLER, **DENTAL))["reference"]
        other = (await enters_claim(house, HANDLER, **DENTAL | {"act": "COURONNE"}))["reference"]
        await house.sleep_until(at(4, 10))
        await is_approved(house, reference)

        # Wednesday 5 March: the account changes while the second claim is before its second controller, and a batch is
        # built before anybody has told the cases. Nothing leaves.
        await house.sleep_until(at(5, 10))
        assert await decides(house, EXPERT, other) == "confirming"
        await changes_iban(house)
        nothing = await house.as_(BUILDER, "POST", "/payments", {"executes_on": "2031-03-05"})
        assert (nothing.status_code, rule_of(nothing)) == (409, "nothing_to_pay")
        await house.relay()
        for one in (reference, other):
            assert await state_of(house, HANDLER, one) == "in_control"
        assert await kinds_before(house, OTHER_EXPERT, other) == ["control"]
        assert laid(house) == []

        # Thursday 6 March: decided for the new account, both are paid to it.
        await house.sleep_until(at(6, 10))
        for one in (reference, other):
            await is_approved(house, one)
        batch = await builds(house)
        assert (batch["count"], batch["total_cents"], batch["left_out"]) == (2, 1_480_000, [])
        file = await hands_over(house, batch["reference"], FIRST, SECOND)
        assert file.count(NEW_IBAN.encode()) == 2
        the_register_is_whole(house)


@pytest.mark.proof
async def test_while_a_releaser_is_on_holiday_their_deputy_releases_if_they_had_no_hand_in_it(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_house(skipping_environment, insurer, sink, tmp_path) as house:
        reference = (await enters_claim(house, HANDLER, **DENTAL))["reference"]
        await house.sleep_until(at(4, 10))
        await is_approved(house, reference)

        # From Wednesday 5 to Friday 7 March the operations director is away; her deputy is the manager of benefits.
        away = {"from_on": "2031-03-05", "back_on": "2031-03-10"}
        assert (await house.as_(ADMINISTRATOR, "POST", f"/people/{SECOND}/absences", away)).status_code == 201
        await house.sleep_until(at(5, 10))
        batch = (await builds(house))["reference"]
        assert await releases(house, FIRST, batch) == "releasing"
        [task] = await house.inbox(MANAGER, batch)
        body = {"outcome": "release", "file_sha256": task["detail"]["file_sha256"]}
        released = await house.complete(MANAGER, batch, "release", **body)
        assert released.json()["state"] == "released"
        assert [one["person"] for one in (await house.get(BUILDER, f"/payments/{batch}"))["releases"]] == [
            "M. Ronan Postec",
            "Mme Anne Le Goff",
        ]

        # In the next one is a claim that the deputy has controlled: it waits for somebody who had no hand in it.
        hearing = (await enters_claim(house, HANDLER, amount_cents=600_000))["reference"]
        assert await decides(house, REFERENT, hearing) == "confirming"
        assert await confirms(house, MANAGER, hearing) == "payable"
        second = (await builds(house))["reference"]
        assert await releases(house, FIRST, second) == "releasing"
        told = {one["person"]: one for one in (await house.get(BUILDER, f"/payments/{second}"))["releasers"]}
        assert told["Mme Anne Le Goff"]["because"] == ["controlled"]
        assert await kinds_before(house, MANAGER, second) == []
        assert await kinds_before(house, UP, second) == ["release"]
        assert orders(house) == [(f"{reference}-1", "7400.00")]
