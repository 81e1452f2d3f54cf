"""Every sequence of what a small cast may say on a claim, up to five of them: what must hold after each.

Sequences that end in the same situation are continued once. Source: procedures, section 2 steps 3 and 4
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from domain.claim import events as told
from domain.claim.commands import Confirm, StopWaiting
from domain.claim.machine import Instruct, Reopen
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimLetter, ClaimTask, DocumentKind, ReopeningReason, Verdict
from domain.desk import Reoffer
from domain.events import LetterRequested
from domain.refusals import Refusal
from local.demo_staff import person_id
from tests.factories.claim_bench import (
    ADMINISTRATOR,
    BATCH,
    EXPERT,
    GENERAL,
    HANDLER,
    LINE,
    MANAGER,
    OPERATIONS,
    OTHER_EXPERT,
    REFERENT,
    ClaimBench,
    a_claim_in_control,
    a_house,
)

LONGEST = 5
CAST = (HANDLER, EXPERT, OTHER_EXPERT, REFERENT, MANAGER, OPERATIONS, GENERAL, ADMINISTRATOR)
ENTERED_BY = {CareCategory.HEARING: HANDLER, CareCategory.OPTICAL: OTHER_EXPERT}
DECIDED = {ClaimState.PAYABLE, ClaimState.INSTRUCTED, ClaimState.REFUSED}
"""What happens to these with another IBAN, `test_claim_payment` says, and the database: none of them leaves."""
VERDICTS: dict[Verdict, dict[str, Any]] = {
    Verdict.PAY: {},
    Verdict.PAY_CORRECTED: {"amount_cents": 1, "reason": "Plafond."},
    Verdict.REFUSE: {"reason": "Hors garantie."},
}
HOUSES: dict[str, dict[str, Any]] = {
    "everybody is there": {},
    "the referent is away, who entered it stands in": {"absent": [REFERENT], "deputies": {REFERENT: HANDLER}},
    "the manager is away, the referent stands in": {"absent": [MANAGER], "deputies": {MANAGER: REFERENT}},
    "nobody above is there": {
        "absent": [MANAGER, OPERATIONS, GENERAL],
        "deputies": {MANAGER: None, OPERATIONS: None, GENERAL: None},
    },
}


@dataclass(frozen=True)
class Played:
    """Something that was allowed: the bench before and after it."""

    vote: str
    before: ClaimBench
    after: ClaimBench


def votes(bench: ClaimBench) -> Iterator[tuple[str, Any]]:
    """Everything that anybody of the cast could try now, and what can happen to the claim meanwhile."""
    stale = Confirm(decision_hash="0" * 64)
    for login in CAST:
        for verdict, said in VERDICTS.items():
            if bench.case.state is ClaimState.IN_CONTROL:
                yield f"{login}: {verdict}", partial(ClaimBench.decides, login=login, decision=verdict, **said)
        if bench.case.state is ClaimState.IN_CONTROL:
            yield f"{login} asks", partial(asks, login=login)
        if bench.case.state is ClaimState.CONFIRMING:
            yield f"{login} confirms", partial(ClaimBench.confirms, login=login)
            yield f"{login} sends back", partial(ClaimBench.sends_back, login=login)
            yield (
                f"{login} confirms another",
                partial(ClaimBench.does, login=login, kind=ClaimTask.CONFIRM, command=stale),
            )
        if bench.case.state is ClaimState.AWAITING_DOCUMENTS:
            yield f"{login} stops waiting", partial(ClaimBench.on_case, login=login, command=StopWaiting())
    if bench.case.state not in DECIDED:
        yield "another IBAN by the referent", partial(changes_iban, login=REFERENT)
        yield "another IBAN by the manager, unheard", partial(changes_iban_unheard, login=MANAGER)
    yield "the morning", partial(ClaimBench.machine, command=Reoffer())
    yield "a batch is built", partial(ClaimBench.machine, command=Instruct(payment_id=BATCH, instruction_id=LINE))


def asks(bench: ClaimBench, login: str) -> None:
    """Somebody asks the member for the invoice."""
    bench.asks(login, DocumentKind.INVOICE)


def changes_iban_unheard(bench: ClaimBench, login: str) -> None:
    """Somebody makes another IBAN the member's, and nobody has told the claim yet."""
    bench.knows(iban_hash=bench.case.iban_hash + "+", iban_changed_by=person_id(login))


def changes_iban(bench: ClaimBench, login: str) -> None:
    """Somebody makes another IBAN the member's, and the register tells the claim."""
    bench.knows(iban_hash=bench.case.iban_hash + "+", iban_changed_by=person_id(login))
    bench.machine(Reopen(reason=ReopeningReason.IBAN_CHANGED))


def played(bench: ClaimBench, left: int, known: dict[Any, int]) -> Iterator[Played]:
    """Everything allowed in this situation and in all that follow from it; what is refused leaves it as it was."""
    if known.get(situation(bench), 0) >= left:
        return
    known[situation(bench)] = left
    for vote, cast in votes(bench):
        after = bench.copy()
        try:
            cast(after)
        except Refusal:
            assert after.case == bench.case
            continue
        assert "another " not in vote or "IBAN" in vote, "a decision that nobody has taken was confirmed"
        yield Played(vote, bench, after)
        yield from played(after, left - 1, known)


def situation(bench: ClaimBench) -> Any:
    """What later votes can depend on: everything but words and numbers of versions."""
    case = bench.case
    decision = case.decision and (case.decision.verdict, case.decision.author_id)
    is_of_iban = case.decision is None or case.decision.iban_hash == case.iban_hash
    tasks = {(task.kind, task.offered_to, task.excluded) for task in case.open_tasks}
    return (case.state, decision, is_of_iban, case.iban_changed_by, frozenset(tasks))


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("links", [1, 2])
@pytest.mark.parametrize("category", ENTERED_BY)
def test_every_sequence_of_votes(category: CareCategory, links: int, house: str) -> None:
    staff = a_house(only=[*CAST], **HOUSES[house])
    bench = a_claim_in_control(staff, category=category, links=links, entered_by=person_id(ENTERED_BY[category]))
    seen = set[ClaimState]()
    for step in played(bench, LONGEST, {}):
        try:
            check(step)
        except AssertionError as error:
            error.add_note(f"{step.vote}, after: {story(step.before)}")
            raise
        seen.add(step.after.case.state)
    assert ClaimState.AWAITING_DOCUMENTS in seen
    assert links == 2 or seen >= {ClaimState.PAYABLE, ClaimState.INSTRUCTED, ClaimState.REFUSED}


def check(step: Played) -> None:
    """What holds after everything that was allowed."""
    bench, state = step.after, step.after.case.state
    if state in DECIDED:
        enough_others_stand_for_the_very_decision(bench)
        assert bench.open_kinds() == []
        assert bench.case.deadline("decision") is None
        assert bench.letters().count(ClaimLetter.CLAIM_REFUSED) == (state is ClaimState.REFUSED)
    elif state is ClaimState.AWAITING_DOCUMENTS:
        assert bench.open_kinds() == []
        assert set(bench.case.open_deadlines) == {"documents"}
    else:
        kind = ClaimTask.CONTROL if state is ClaimState.IN_CONTROL else ClaimTask.CONFIRM
        assert [one for one in bench.open_kinds() if one != ClaimTask.UNBLOCK] == [kind]
        assert bench.task(kind).due_at == bench.case.due_at is not None
        nobody_is_asked_who_may_not(bench, kind, heard="unheard" not in step.vote)


def enough_others_stand_for_the_very_decision(bench: ClaimBench) -> None:
    decision = bench.decision
    approvals = [e for e in bench.said if isinstance(e, told.DecisionApproved) and e.version == decision.version]
    people = [e.person_id for e in approvals]
    assert {e.decision_hash for e in approvals} == {decision.hash}
    assert [e.link for e in approvals] == [1, 2][: bench.case.links]
    assert len(set(people)) == bench.case.links
    assert people[0] == decision.author_id
    entered_or_no_say = {bench.case.entered_by, person_id(ADMINISTRATOR)}
    assert not set(people) & entered_or_no_say
    paid = bench.case.state is not ClaimState.REFUSED
    assert paid is (decision.verdict is not Verdict.REFUSE)
    assert paid is (decision.amount_cents > 0)
    assert not paid or decision.iban_hash == bench.case.iban_hash
    assert not paid or not set(people) & bench.case.kept_out
    decided = [e for e in bench.said if isinstance(e, told.ClaimDecided)][-1]
    assert (decided.version, decided.decision_hash) == (decision.version, decision.hash)


def nobody_is_asked_who_may_not(bench: ClaimBench, kind: ClaimTask, *, heard: bool) -> None:
    """Until the claim has heard of another IBAN, whoever made it so is asked still, and may not answer."""
    task, asked = bench.task(kind), bench.who_can_do(kind)
    kept_out = set(bench.case.kept_out if heard else task.excluded) | (
        {bench.decision.author_id} if kind == ClaimTask.CONFIRM else set()
    )
    assert not {person_id(login) for login in asked} & kept_out
    assert ADMINISTRATOR not in asked
    assert task.nobody_left == (not asked)
    assert (ClaimTask.UNBLOCK in bench.open_kinds()) == task.nobody_left
    if kind == ClaimTask.CONFIRM:
        detail = {"link": 2, "version": bench.decision.version, "decision_hash": bench.decision.hash}
        assert task.detail == detail


def story(bench: ClaimBench) -> str:
    """How it came to this."""
    said = (type(event).__name__ for event in bench.said if not isinstance(event, LetterRequested))
    return " · ".join(said)
