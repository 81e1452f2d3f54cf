"""Nobody sees a claim of which they are the member or the beneficiary: not in any list, not by its reference."""

from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest

from db.models import Case, TaskRow
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_claim
from tests.factories.claim_rows import a_claim_row
from tests.factories.insured import employs, insure, provide
from tests.factories.reference import an_iban
from tests.factories.rows import a_task_row

MEMBER, COLLEAGUE, CONTROL = "gwenola.prigent", "claire.morvan", "katell.rolland"
_numbers = count(600_001)


@dataclass(frozen=True)
class Planted:
    """A claim, under control or not, and its task where it has one."""

    reference: str
    case_id: UUID | None
    task_id: UUID | None


def plant(counter: Counter, of: str | None, *, controlled: bool = True) -> Planted:
    """A claim of a member who is this one of the staff; its control is offered to the referents."""
    reference = f"PRE-2031-{next(_numbers)}"
    with counter.house.sessions.begin() as session:
        row = a_claim_row(session, reference, NOON, controlled=controlled)
        if of is not None:
            employs(session, of, an_iban(next(_numbers)), row.member_number)
        if row.case_id is None:
            return Planted(reference, None, None)
        offered = {"kind": "control", "excluded": [counter.id_of(of)] if of else []}
        task_id = a_task_row(session, row.case_id, NOON, "technical_referent@benefits", **offered)
        return Planted(reference, row.case_id, task_id)


@pytest.mark.parametrize("controlled", [True, False])
async def test_no_list_and_no_reference_shows_me_my_own_claim(counter: Counter, *, controlled: bool) -> None:
    mine, other = plant(counter, MEMBER, controlled=controlled), plant(counter, None, controlled=controlled)
    for login, seen in ((MEMBER, {other.reference}), (COLLEAGUE, {mine.reference, other.reference})):
        listed = {one["reference"] for one in (await counter.get(login, "/claims?limit=200"))["claims"]}
        assert listed & {mine.reference, other.reference} == seen
        for claim in (mine, other):
            answer = await counter.ask(login, "GET", f"/claims/{claim.reference}")
            assert answer.status_code == (200 if claim.reference in seen else 404)


@pytest.mark.parametrize("part", ["state", "deadlines", "journal", "letters"])
async def test_nothing_of_its_case_is_shown_to_me(counter: Counter, part: str) -> None:
    mine = plant(counter, MEMBER)
    assert (await counter.ask(MEMBER, "GET", f"/cases/{mine.reference}/{part}")).status_code == 404
    assert (await counter.ask(COLLEAGUE, "GET", f"/cases/{mine.reference}/{part}")).status_code == 200


async def test_its_tasks_are_neither_in_my_inbox_nor_in_my_pole_s(counter: Counter) -> None:
    mine, other = plant(counter, MEMBER), plant(counter, None)
    for whose in ("mine", "pole"):
        tasks = (await counter.get(MEMBER, f"/tasks?whose={whose}&limit=200"))["tasks"]
        shown = {task["case"]: task["subject"] for task in tasks}
        assert mine.reference not in shown
        assert shown[other.reference] == "audition · 1\u202f500,00\u00a0€"
    refused = await counter.ask(MEMBER, "GET", f"/tasks/{mine.task_id}")
    assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")


async def test_nobody_enters_a_claim_of_their_own(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        provide(session)
        insure(session, 99)
        employs(session, COLLEAGUE, an_iban(99), "M0000099")
    theirs = {"member_number": "M0000099", "beneficiary_number": "M0000099", "contract_number": "C0000099"}
    body = a_claim(NOON.date(), **theirs, iban=an_iban(99), amount_cents=5_000)
    refused = await counter.ask(COLLEAGUE, "POST", "/claims", body)
    assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")
    entered = await counter.ask("yann.kerloch", "POST", "/claims", body)
    assert entered.status_code == 201
    [staff] = [one for one in entered.json()["checks"] if one["name"] == "staff_iban"]
    assert (staff["result"], staff["evidence"]["own_contract"]) == ("pass", True)


async def test_what_is_of_complaints_alone_shows_no_claim(counter: Counter) -> None:
    claim = plant(counter, None)
    for path in (
        f"/complaints/{claim.reference}",
        f"/cases/{claim.reference}/path",
        f"/cases/{claim.reference}/answer.pdf",
    ):
        assert (await counter.ask(COLLEAGUE, "GET", path)).status_code == 404
    for act, body in (
        ("requalify", {"requalified_as": "opinion_request", "reason": "Un avis."}),
        ("reassign", {"to": "yann.kerloch", "reason": "conflict_of_interest"}),
        ("holding-letter", {"dispatch": "post", "reason": "document_awaited"}),
    ):
        assert (await counter.ask(COLLEAGUE, "POST", f"/cases/{claim.reference}/{act}", body)).status_code == 404
    board = [await counter.get("anne.le.goff", f"/board/{part}") for part in ("counts", "late", "blocked", "load")]
    assert claim.reference not in str(board)
    with counter.house.sessions() as session:
        assert session.get_one(Case, claim.case_id).state == "in_control"
        assert session.get_one(TaskRow, claim.task_id).closed_at is None
