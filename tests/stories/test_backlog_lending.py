"""Cases lent to volunteers of another department, over HTTP: given out, worked on, gone with the operation."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.api.contract import rule_of
from tests.stories.acts import acknowledges, analyses, completes, drafts, enters, kinds_before
from tests.stories.backlog_acts import CLAIRE, MANAGER, OPERATIONS, REFERENT, WHY, says_who_came, signs
from tests.stories.house import open_house, settles
from tests.stories.lending_acts import AUDITOR, an_operation_on_complaints, at, dispatches, runs, status


async def test_a_volunteer_of_another_department_works_on_what_is_lent_until_the_operation_ends(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Three complaints wait, and one that is sensitive. The auditor sees none of them.
        first, second, third = [await enters(house, CLAIRE) for _ in range(3)]
        lawyer = {"name": "Me Armelle Kerjean", "kind": "lawyer", "address": ["1 quai Neuf", "29200 Brest"]}
        sensitive = await enters(house, CLAIRE, complainant=lawyer)
        reference = await an_operation_on_complaints(house)
        assert await status(house, AUDITOR, f"/complaints/{first}") == 403
        assert rule_of(await dispatches(house, REFERENT, reference)) == "wrong_step", "it is not running"

        # The first morning: whoever runs the session is asked to give out its cases, and does.
        await runs(house, reference)
        await settles(lambda: kinds_before(house, REFERENT, reference), ["dispatch_cases"])
        await completes(house, REFERENT, reference, "dispatch_cases", {"outcome": "give_out"})
        await house.relay()
        told = await house.get(OPERATIONS, f"/backlog/{reference}/dispatch")
        assert sorted(one["case"] for one in told["loans"]) == [first, second, third]
        assert [(one["session"], one["given"], one["left"]) for one in told["dispatches"]] == [(1, 3, [])]

        # He sees what is lent to him, and nothing else: no list, no other case, no command but his tasks.
        inbox = await house.get(AUDITOR, "/tasks")
        assert {(one["case"], one["kind"], one["lent_by"]) for one in inbox["tasks"]} == {
            (one, "acknowledge", reference) for one in (first, second, third)
        }
        assert await status(house, AUDITOR, f"/complaints/{first}") == 200
        assert await status(house, AUDITOR, f"/cases/{first}/journal") == 200
        assert await status(house, AUDITOR, f"/complaints/{sensitive}") == 404
        assert await status(house, AUDITOR, "/complaints") == 403
        reassigned = await house.as_(AUDITOR, "POST", f"/cases/{first}/reassign", {"to": CLAIRE, "reason": "absence"})
        assert reassigned.status_code == 403

        # He works: up to the draft, which others validate.
        await acknowledges(house, AUDITOR, first)
        await analyses(house, AUDITOR, first)
        assert await drafts(house, AUDITOR, first) == "drafted"
        assert await kinds_before(house, AUDITOR, first) == []
        assert await kinds_before(house, REFERENT, first) == ["validate"]
        events = [one["event"] for one in (await house.get(CLAIRE, f"/cases/{first}/journal"))["lines"]]
        assert events.count("CaseLent") == 1

        # He has another one in hand. In the evening the third, which nobody has begun, goes back.
        [task] = await house.inbox(AUDITOR, second)
        assert (await house.as_(AUDITOR, "POST", f"/tasks/{task['id']}/claim")).status_code == 200
        await house.sleep_until(at(10, 21))
        await settles(lambda: kinds_before(house, REFERENT, reference), ["enter_attendance"])
        await says_who_came(house, REFERENT, reference, gildas_madec=120)
        await house.relay()
        assert await status(house, AUDITOR, f"/complaints/{third}") == 404
        assert await status(house, AUDITOR, f"/complaints/{second}") == 200

        # The operation is stopped: at once he sees nothing any more; what he had in hand is free again.
        stopped = await house.as_(OPERATIONS, "POST", f"/backlog/{reference}/stop", {"reason": WHY})
        assert stopped.status_code == 200, stopped.text
        assert await status(house, AUDITOR, f"/complaints/{second}") == 403
        assert await status(house, AUDITOR, f"/complaints/{first}") == 403
        done = {"outcome": "acknowledge", "dispatch": "recorded_call"}
        refused = await house.as_(AUDITOR, "POST", f"/tasks/{task['id']}/complete", done)
        assert rule_of(refused) == "not_your_task"
        await house.relay()
        [free] = [one for one in (await house.get(CLAIRE, f"/cases/{second}/state"))["tasks"] if not one["closed_at"]]
        assert (free["claimed_by"], [hat for hat in free["offered_to"] if hat.startswith("borrower")]) == (None, [])
        told = await house.get(OPERATIONS, f"/backlog/{reference}/dispatch")
        assert (told["lent"], told["handled"], told["lent_now"]) == (3, 1, 0)
        assert {one["case"]: (one["why"], one["done"]) for one in told["loans"]} == {
            first: ("operation_ended", 3),
            second: ("operation_ended", 0),
            third: ("session_over", 0),
        }
        report = await house.get(OPERATIONS, f"/backlog/{reference}/report")
        assert (report["cases_lent"], report["cases_handled"]) == (3, 1)


@pytest.mark.proof
async def test_a_place_that_is_given_back_takes_its_cases_with_it_and_the_next_dispatch_gives_them_anew(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        complaint = await enters(house, CLAIRE)
        reference = await an_operation_on_complaints(house)
        await runs(house, reference)
        assert rule_of(await dispatches(house, AUDITOR, reference)) == "role_missing"
        assert (await dispatches(house, MANAGER, reference)).status_code == 200
        await house.relay()
        assert await status(house, AUDITOR, f"/complaints/{complaint}") == 200

        assert (await signs(house, AUDITOR, reference, 1, "off")).status_code == 200
        await house.relay()
        assert await status(house, AUDITOR, f"/complaints/{complaint}") == 403
        assert await kinds_before(house, AUDITOR, complaint) == []

        assert (await signs(house, AUDITOR, reference, 1)).status_code == 200
        assert (await dispatches(house, MANAGER, reference)).status_code == 200
        await house.relay()
        assert await kinds_before(house, AUDITOR, complaint) == ["acknowledge"]
        told = await house.get(OPERATIONS, f"/backlog/{reference}/dispatch")
        assert sorted(one["why"] or "" for one in told["loans"]) == ["", "signed_off"]
