"""What happens to a complaint before and after the validators: assignment, the owner's steps, requalification,
reassignment, absences, letters that cannot leave, and the table of states.

Source: procedures, section 1 steps 1 to 6
"""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import pytest

from domain.complaint.commands import ConfirmPayment, Reassign
from domain.complaint.events import become
from domain.complaint.machine import Close
from domain.complaint.states import TRANSITIONS, ComplaintState
from domain.complaint.words import Category, TaskKind
from domain.correspondence import RecordHandover, ReportUndelivered, Resend
from domain.desk import Reoffer
from domain.events import StateReached
from domain.outgoing import Dispatch
from domain.people import person_hat
from domain.refusals import FourEyes, Invalid, NotYourTask, OwnerChanged, RoleMissing, WrongStep
from local.demo_staff import person_id
from tests.factories.bench import Bench, a_drafted_complaint, an_analysed_complaint, an_assigned_complaint
from tests.factories.complaints import (
    ACCOUNTANT,
    ADMINISTRATOR,
    AUTHOR,
    COLLEAGUE,
    HANDLERS,
    MANAGER,
    OPERATIONS,
    OTHER_MANAGER,
    REFERENT,
    a_complaint,
    a_draft,
    a_house,
    a_requalification,
    an_acknowledgement,
    an_analysis,
)


def owner_of(bench: Bench) -> str | None:
    return bench.house.staff.get(bench.case.owner_id).login if bench.case.owner_id else None


# The owner's steps.


@pytest.mark.parametrize("login", [COLLEAGUE, MANAGER, ADMINISTRATOR, REFERENT])
def test_only_the_owner_acknowledges(login: str) -> None:
    bench = an_assigned_complaint()
    with pytest.raises(NotYourTask):
        bench.does(login, TaskKind.ACKNOWLEDGE, an_acknowledgement())


def test_the_owners_deputy_does_the_owners_tasks_while_the_owner_is_away() -> None:
    bench = an_assigned_complaint().at(absent=[AUTHOR])
    bench.does(COLLEAGUE, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    assert owner_of(bench) == AUTHOR


@pytest.mark.parametrize(
    ("dispatch", "facts"),
    [(Dispatch.EMAIL, {"has_email": False}), (Dispatch.POST, {"has_address": False})],
)
def test_a_letter_needs_somewhere_to_go(dispatch: Dispatch, facts: dict[str, Any]) -> None:
    bench = an_assigned_complaint(**facts)
    with pytest.raises(Invalid) as refusal:
        bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement(dispatch))
    assert refusal.value.field == "dispatch"
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement(Dispatch.RECORDED_CALL))
    bench.does(AUTHOR, TaskKind.ANALYSE, an_analysis())
    with pytest.raises(Invalid):
        bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft(dispatch=dispatch))
    other = Dispatch.POST if dispatch is Dispatch.EMAIL else Dispatch.EMAIL
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft(dispatch=other))
    with pytest.raises(Invalid):
        bench.amends(MANAGER, dispatch=dispatch)
    bench.amends(MANAGER, dispatch=other)


def test_a_recorded_call_is_no_letter() -> None:
    bench = an_assigned_complaint()
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement(Dispatch.RECORDED_CALL))
    assert bench.case.letters == ()
    assert "acknowledgement" not in bench.case.open_deadlines
    assert "acknowledgement_limit" not in bench.case.open_deadlines


def test_sensitive_is_lowered_to_business_only_with_a_reason() -> None:
    bench = an_assigned_complaint(category=Category.SENSITIVE)
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    for reason in ({}, {"category_reason": None}):
        with pytest.raises(Invalid) as refusal:
            bench.does(AUTHOR, TaskKind.ANALYSE, an_analysis(**reason))
        assert refusal.value.field == "category_reason"
    lowered = an_analysis(category_reason="L'avocat cité est le notaire de la succession.")
    bench.does(AUTHOR, TaskKind.ANALYSE, lowered)
    assert bench.case.category is Category.BUSINESS


def test_business_is_raised_to_sensitive_without_a_word() -> None:
    bench = an_analysed_complaint({"category": Category.SENSITIVE})
    assert bench.case.category is Category.SENSITIVE
    bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())
    with pytest.raises(NotYourTask):
        bench.approves(REFERENT)


# Requalification.

UNANSWERED: dict[ComplaintState, Callable[[], Bench]] = {
    ComplaintState.REGISTERED: lambda: Bench(a_complaint()),
    ComplaintState.ASSIGNED: an_assigned_complaint,
    ComplaintState.ACKNOWLEDGED: lambda: an_acknowledged_complaint(),
    ComplaintState.ANALYSED: an_analysed_complaint,
    ComplaintState.DRAFTED: a_drafted_complaint,
}


def an_acknowledged_complaint() -> Bench:
    bench = an_assigned_complaint()
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    return bench


def an_approved_complaint(cents: int = 0) -> Bench:
    bench = a_drafted_complaint(cents=cents)
    bench.approves(REFERENT)
    bench.approves(MANAGER)
    return bench


@pytest.mark.parametrize("state", UNANSWERED)
def test_until_its_answer_is_approved_a_complaint_can_be_requalified(state: ComplaintState) -> None:
    bench = UNANSWERED[state]()
    assert bench.case.state is state
    bench.on_case(MANAGER, a_requalification())
    assert bench.case.state is ComplaintState.REQUALIFIED
    assert bench.open_kinds() == []
    assert bench.case.deadlines == ()


def test_after_the_approval_it_is_answered_as_a_complaint() -> None:
    bench = an_approved_complaint()
    for command in (a_requalification(), Reassign(to=COLLEAGUE, reason="conflict_of_interest")):
        with pytest.raises(WrongStep):
            bench.on_case(MANAGER, command)


@pytest.mark.parametrize("login", [COLLEAGUE, REFERENT, ADMINISTRATOR, ACCOUNTANT, OPERATIONS])
def test_only_its_owner_or_a_pole_manager_requalifies(login: str) -> None:
    bench = an_assigned_complaint()
    with pytest.raises(RoleMissing):
        bench.on_case(login, a_requalification())


def test_whoever_stands_in_for_the_owner_may_requalify() -> None:
    bench = an_assigned_complaint().at(absent=[AUTHOR])
    bench.on_case(COLLEAGUE, a_requalification())
    assert bench.case.state is ComplaintState.REQUALIFIED


def test_the_person_whom_it_is_about_neither_requalifies_nor_reassigns_it() -> None:
    bench = an_assigned_complaint(about_id=person_id(MANAGER))
    for command in (a_requalification(), Reassign(to=COLLEAGUE, reason="conflict_of_interest")):
        with pytest.raises(FourEyes):
            bench.on_case(MANAGER, command)


def test_an_acknowledgement_that_could_not_leave_is_still_mended_after_the_requalification() -> None:
    bench = an_acknowledged_complaint()
    (letter,) = bench.case.letters
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="rejected"))
    bench.on_case(MANAGER, a_requalification())
    assert bench.open_kinds() == [TaskKind.REPAIR_DELIVERY]
    bench.does(AUTHOR, TaskKind.REPAIR_DELIVERY, Resend(dispatch=Dispatch.POST))
    bench.machine(RecordHandover(letter_id=letter.id))
    assert bench.case.letters == ()
    assert bench.open_kinds() == []


# Reassignment.


def test_a_reassigned_complaint_and_its_tasks_are_the_new_owners() -> None:
    bench = an_analysed_complaint()
    bench.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))
    assert owner_of(bench) == COLLEAGUE
    assert bench.who_can_do(TaskKind.DRAFT_ANSWER) == {COLLEAGUE}
    with pytest.raises(NotYourTask):
        bench.does(AUTHOR, TaskKind.DRAFT_ANSWER, a_draft())


def test_a_task_that_absences_had_raised_comes_down_to_the_new_owner() -> None:
    bench = an_assigned_complaint().at(absent=[AUTHOR], deputies={AUTHOR: None})
    bench.machine(Reoffer())
    assert bench.who_can_do(TaskKind.ACKNOWLEDGE) == {MANAGER}
    bench.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))
    assert bench.who_can_do(TaskKind.ACKNOWLEDGE) == {COLLEAGUE}


def test_absences_later_on_do_not_bring_the_task_back_to_the_first_owner() -> None:
    bench = an_analysed_complaint()
    bench.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))
    later = bench.at(absent=[COLLEAGUE], deputies={COLLEAGUE: None})
    later.machine(Reoffer())
    assert later.who_can_do(TaskKind.DRAFT_ANSWER) == {MANAGER}


def test_a_new_owner_does_not_inherit_the_validators_work() -> None:
    bench = a_drafted_complaint()
    bench.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))
    with pytest.raises(NotYourTask):
        bench.approves(COLLEAGUE)
    bench.sends_back(MANAGER)
    assert bench.who_can_do(TaskKind.DRAFT_ANSWER) == {COLLEAGUE}


def test_the_first_owner_of_a_complaint_that_nobody_could_take_does_not_inherit_the_directions_task() -> None:
    bench = an_assigned_complaint(a_house(absent=[*HANDLERS, MANAGER, OPERATIONS, "francois.le.bihan", REFERENT]))
    assert bench.open_kinds() == [TaskKind.ACKNOWLEDGE, TaskKind.UNBLOCK]
    back = bench.at()
    back.on_case(OTHER_MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))
    assert back.who_can_do(TaskKind.ACKNOWLEDGE) == {COLLEAGUE}
    assert COLLEAGUE not in back.who_can_do(TaskKind.UNBLOCK)


@pytest.mark.parametrize(
    ("to", "about"),
    [
        ("nobody.at.all", None),
        (MANAGER, None),
        (ADMINISTRATOR, None),
        (AUTHOR, None),
        ("nolwenn.salaun", None),
        (COLLEAGUE, COLLEAGUE),
    ],
    ids=["unknown", "no handler", "no hat", "owns it already", "away", "about them"],
)
def test_a_new_owner_is_a_handler_at_work_whom_it_is_not_about(to: str, about: str | None) -> None:
    bench = an_assigned_complaint(about_id=person_id(about) if about else None).at(absent=["nolwenn.salaun"])
    with pytest.raises(Invalid) as refusal:
        bench.on_case(MANAGER, Reassign(to=to, reason="conflict_of_interest"))
    assert refusal.value.field == "to"


def test_a_complaint_is_taken_from_the_owner_that_was_named_and_from_no_other() -> None:
    bench = an_assigned_complaint()
    bench.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="conflict_of_interest", from_owner=person_id(AUTHOR)))
    assert owner_of(bench) == COLLEAGUE
    with pytest.raises(OwnerChanged) as refusal:
        bench.on_case(MANAGER, Reassign(to="malo.quere", reason="conflict_of_interest", from_owner=person_id(AUTHOR)))
    assert (refusal.value.status, owner_of(bench)) == (409, COLLEAGUE)


def test_a_reassignment_of_before_says_what_it_always_said() -> None:
    assert Reassign(to=COLLEAGUE, reason="absence").model_dump(mode="json") == {"to": COLLEAGUE, "reason": "absence"}


@pytest.mark.parametrize("login", [COLLEAGUE, REFERENT, ADMINISTRATOR])
def test_only_those_in_charge_reassign(login: str) -> None:
    with pytest.raises(RoleMissing):
        an_assigned_complaint().on_case(login, Reassign(to=COLLEAGUE, reason="conflict_of_interest"))


# Letters that cannot leave, and the end.


def test_a_letter_that_cannot_leave_asks_its_owner_and_takes_another_way() -> None:
    bench = an_approved_complaint()
    answer = next(letter for letter in bench.case.letters if letter.kind.startswith("answer"))
    bench.machine(ReportUndelivered(letter_id=answer.id, reason="rejected"))
    assert bench.task(TaskKind.REPAIR_DELIVERY).offered_to == {person_hat(person_id(AUTHOR))}
    bench.does(AUTHOR, TaskKind.REPAIR_DELIVERY, Resend(dispatch=Dispatch.POST))
    again = next(letter for letter in bench.case.letters if letter.id == answer.id)
    assert (again.dispatch, again.round) == (Dispatch.POST, 2)


@pytest.mark.parametrize(
    ("facts", "command", "allowed"),
    [
        ({"has_address": False}, Resend(dispatch=Dispatch.POST), False),
        ({"has_address": False}, Resend(dispatch=Dispatch.POST, address=("1 rue du Port", "29200 Brest")), True),
        ({"has_address": False}, Resend(dispatch=Dispatch.EMAIL), True),
        ({}, Resend(dispatch=Dispatch.EMAIL, email="autre@courriel.example"), True),
    ],
    ids=["no address known", "an address given", "the same way again", "a corrected address"],
)
def test_to_send_again_needs_somewhere_to_go(facts: dict[str, bool], command: Resend, allowed: bool) -> None:
    bench = a_drafted_complaint(**facts)
    (letter,) = bench.case.letters
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="rejected"))
    if allowed:
        bench.does(AUTHOR, TaskKind.REPAIR_DELIVERY, command)
        assert TaskKind.REPAIR_DELIVERY not in bench.open_kinds()
    else:
        with pytest.raises(Invalid):
            bench.does(AUTHOR, TaskKind.REPAIR_DELIVERY, command)


def test_a_letter_that_left_in_the_meantime_needs_no_mending() -> None:
    bench = an_acknowledged_complaint()
    (letter,) = bench.case.letters
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="no_server"))
    repair = bench.task(TaskKind.REPAIR_DELIVERY)
    bench.machine(RecordHandover(letter_id=letter.id))
    assert TaskKind.REPAIR_DELIVERY not in bench.open_kinds()
    with pytest.raises(WrongStep):
        bench.on_task(AUTHOR, Resend(dispatch=Dispatch.POST), repair)
    for late in (RecordHandover(letter_id=letter.id), ReportUndelivered(letter_id=letter.id, reason="rejected")):
        with pytest.raises(WrongStep):
            bench.machine(late)


def test_a_complaint_closes_when_its_letters_have_left_and_its_compensation_is_paid() -> None:
    bench = an_approved_complaint(cents=3000)
    for letter in bench.case.letters:
        with pytest.raises(WrongStep):
            bench.machine(Close())
        bench.machine(RecordHandover(letter_id=letter.id))
    assert bench.case.state == "answered"
    assert not {"answer", "answer_target", "answer_limit"} & set(bench.case.open_deadlines)
    with pytest.raises(WrongStep):
        bench.machine(Close())
    bench.does(ACCOUNTANT, TaskKind.PAY_COMPENSATION, ConfirmPayment(payment_reference="VIR-1"))
    bench.machine(Close())
    assert bench.case.state == "closed"
    assert bench.open_kinds() == []
    assert bench.case.open_deadlines == {}


# The table of states.


def test_every_way_of_the_table_is_taken_and_no_other() -> None:
    taken = set[tuple[ComplaintState, ComplaintState]]()
    ways: list[Callable[[], Bench]] = [
        lambda: closed(an_approved_complaint(cents=100)),
        lambda: sent_back(a_drafted_complaint()),
        *(partial(requalified_from, begun) for begun in UNANSWERED.values()),
    ]
    for way in ways:
        stands = ComplaintState.REGISTERED
        for event in way().said:
            if isinstance(event, StateReached):
                reached = ComplaintState(event.state)
                taken.add((stands, reached))
                stands = reached
    assert taken == {(state, to) for state, reachable in TRANSITIONS.items() for to in reachable}


def closed(bench: Bench) -> Bench:
    for letter in bench.case.letters:
        bench.machine(RecordHandover(letter_id=letter.id))
    bench.does(ACCOUNTANT, TaskKind.PAY_COMPENSATION, ConfirmPayment(payment_reference="VIR-1"))
    bench.machine(Close())
    return bench


def sent_back(bench: Bench) -> Bench:
    bench.sends_back(MANAGER)
    return bench


def requalified_from(begun: Callable[[], Bench]) -> Bench:
    bench = begun()
    bench.on_case(MANAGER, a_requalification())
    return bench


@pytest.mark.parametrize(("state", "to"), list(product(ComplaintState, ComplaintState)))
def test_no_state_is_left_by_a_way_that_is_not_in_the_table(state: ComplaintState, to: ComplaintState) -> None:
    if to in TRANSITIONS[state]:
        assert become(state, to).state is to
    else:
        with pytest.raises(AssertionError, match="no way from"):
            become(state, to)


def test_what_has_ended_goes_nowhere() -> None:
    assert {state for state, reachable in TRANSITIONS.items() if not reachable} == ComplaintState.ended()


def test_an_absence_that_is_none_is_no_reason_for_another_owner() -> None:
    with pytest.raises(Invalid, match="at work") as refusal:
        an_assigned_complaint().on_case(MANAGER, Reassign(to=COLLEAGUE, reason="absence"))
    assert refusal.value.field == "reason"
    away = an_assigned_complaint().at(absent=[AUTHOR])
    away.on_case(MANAGER, Reassign(to=COLLEAGUE, reason="absence"))
    assert away.case.owner_id == person_id(COLLEAGUE)
