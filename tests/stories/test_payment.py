"""Payments, told day by day: built by accounting, released by two others, laid in the bank's folder, answered."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from bank.stand_in import accept_all, receive, refuse_whole, reject_some
from local.sink import Sink
from tests.api.counter import NOON
from tests.factories.payments import BUILDER, FIRST, SECOND, cashier_of
from tests.stories.house import open_house, settles
from tests.stories.payment_acts import builds, laid, reads, releases, state


async def test_a_batch_from_its_claims_to_the_banks_last_word(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        cashier = cashier_of(house.house.sessions, NOON)
        for cents in (5_000, 7_525, 100_000):
            cashier.claim(cents)
        cashier.sql("ALTER TABLE claims DROP CONSTRAINT ck_claims_controlled_above")
        unapproved = cashier.claim(100_001)

        # Monday 3 March 2031: accounting builds a batch; what nobody has approved is left out
        told = await builds(house)
        reference = told["reference"]
        assert (told["state"], told["count"], told["total_cents"]) == ("releasing", 3, 112_525)
        assert [(one["claim"], one["reason"]) for one in told["left_out"]] == [("PRE-2026-000004", "approvals_missing")]
        people = {one["person"]: (one["may"], one["because"]) for one in told["releasers"]}
        assert people["M. Ronan Postec"] == (True, [])
        assert people["Mme Solène Guivarch"] == (False, ["built"])
        nothing = await house.as_(BUILDER, "POST", "/payments", {"executes_on": "2031-03-03"})
        assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing_to_pay")

        # The builder has no task; two others release the very file
        assert await house.inbox(BUILDER, reference) == []
        assert laid(house) == []
        assert await releases(house, FIRST, reference) == "releasing"
        assert await house.inbox(FIRST, reference) == []
        assert await releases(house, SECOND, reference) == "released"

        # The file is laid, whole, once, byte for byte the one that accounting can read
        await settles(lambda: state(house, reference), "handed_over")
        [file] = laid(house)
        assert file.name == f"{reference}.xml"
        read = await house.as_(BUILDER, "GET", f"/payments/{reference}/file")
        assert read.content == file.read_bytes()
        received = receive(read.content)
        assert received.message_id == reference

        # Tuesday: the bank has taken it, and rejects one line
        await house.sleep(timedelta(days=1))
        at = house.house.now()
        assert (await reads(house, reference, accept_all(read.content, "B1", at, "ACCP"))).status_code == 200
        assert await state(house, reference) == "handed_over"
        answer = await reads(house, reference, reject_some(read.content, "B2", at, {"PRE-2026-000002-1": "AC04"}))
        assert (answer.status_code, answer.json()["state"]) == (200, "settled")
        lines = (await house.get(BUILDER, f"/payments/{reference}/lines"))["lines"]
        assert [(one["status"], one["bank_says"]) for one in lines] == [
            ("paid", None),
            ("rejected", "compte clos (AC04)"),
            ("paid", None),
        ]
        assert {one["iban_ends"] for one in lines} == {"2606"}

        # The run has ended; the journal tells all of it, without a name or an account
        handle = house.client.get_workflow_handle(f"payment-{cashier.payment_of(reference)}")
        await handle.result()
        journal = await house.get("katell.rolland", f"/cases/{reference}/journal")
        events = [one["event"] for one in journal["lines"]]
        assert events[0] == "BatchBuilt"
        assert events.count("BatchReleased") == 2
        assert events[-1] == "PaymentReached"
        facts = str([one["facts"] for one in journal["lines"]])
        assert all(secret not in facts for secret in ("FR14", "2606", "Vasseur"))
        assert cashier.claim_is_alone(unapproved)


@pytest.mark.proof
async def test_a_batch_that_the_bank_refuses_whole_is_paid_by_another(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        cashier = cashier_of(house.house.sessions, NOON)
        cashier.claim(5_000)
        first = (await builds(house))["reference"]
        for login in (FIRST, SECOND):
            await releases(house, login, first)
        await settles(lambda: state(house, first), "handed_over")
        report = refuse_whole(laid(house)[0].read_bytes(), "B1", house.house.now())
        assert (await reads(house, first, report)).json()["state"] == "returned"
        assert rule(await reads(house, first, report)) == (409, "/problems/report_read_already")
        assert rule(await reads(house, first, b"<a/>")) == (422, "/problems/unreadable_report")
        again = await builds(house)
        assert (again["count"], again["total_cents"]) == (1, 5_000)
        assert rule(await reads(house, again["reference"], report)) == (409, "/problems/wrong_step")
        refused = await house.complete(FIRST, again["reference"], "release", outcome="refuse", reason="Un doute.")
        assert refused.json()["state"] == "cancelled"
        assert len(laid(house)) == 1


def rule(answer: httpx2.Response) -> tuple[int, str]:
    """The status and the name of a refusal."""
    return answer.status_code, answer.json()["type"]
