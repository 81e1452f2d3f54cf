"""A finding from its opening to its end: who may say what, and what follows."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from domain.events import DeadlineOpened, Event, TaskOpened
from domain.finding import events as told
from domain.finding.commands import (
    AcceptPlan,
    Cancel,
    Confirm,
    DeliverEvidence,
    Refuse,
    RequestPostponement,
    SendPlanBack,
    WithdrawRequest,
)
from domain.finding.machine import CancelWithAudit, CarryOver, Recount, Register
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline, FindingTask, RiskLevel
from domain.forms import Form
from domain.refusals import FourEyes, Invalid, NotYourTask, Refusal, WrongStep
from local.demo_staff import person_id
from tests.factories.complaints import GENERAL, MANAGER, OPERATIONS
from tests.factories.finding_bench import (
    AGREED_ON,
    AUDITOR,
    BASTIEN,
    CASE,
    CONTROL,
    ENORA,
    OTHER_AUDITOR,
    PLAN,
    PROOF,
    SABINE,
    STRANGER,
    FindingBench,
    a_finding,
    a_house_on,
)
from tests.factories.rules import a_calendar_closed_on

WHY = "Le contrôle mensuel n’est pas prouvé."
REFUSE = Refuse(reason=WHY)


def a_bench(risk: RiskLevel = RiskLevel.HIGH) -> FindingBench:
    """A finding whose delegate is asked for a plan."""
    return FindingBench(a_finding(risk)).opens()


def a_planned_one(risk: RiskLevel = RiskLevel.HIGH) -> FindingBench:
    """A finding whose evidence is awaited."""
    return a_bench(risk).plans()


def happened(events: list[Event], kind: type[Event]) -> list[Event]:
    """The events of a kind."""
    return [event for event in events if isinstance(event, kind)]


def test_the_delegate_is_asked_for_a_plan_users_and_director_alike() -> None:
    bench = a_bench()
    task = bench.task(FindingTask.PROPOSE_PLAN)
    assert task.offered_to == {"delegate_user@ARMOR", "delegate_director@ARMOR"}
    assert task.due_at == bench.case.open_deadlines[FindingDeadline.PLAN]
    assert bench.case.deadline(FindingDeadline.PLAN).due_on == AGREED_ON + timedelta(days=15)  # type: ignore[union-attr]
    with pytest.raises(WrongStep):
        bench.machine(Register())


@pytest.mark.parametrize("login", [STRANGER, AUDITOR, CONTROL, OPERATIONS])
def test_nobody_else_proposes_it(login: str) -> None:
    with pytest.raises(NotYourTask):
        a_bench().does(login, FindingTask.PROPOSE_PLAN, PLAN)


def test_a_plan_that_is_sent_back_is_asked_for_again_with_fifteen_days_and_the_agreed_date_stays() -> None:
    bench = a_bench()
    due_on = bench.case.due_on
    bench.later(3).does(SABINE, FindingTask.PROPOSE_PLAN, PLAN)
    assert bench.kinds == {FindingTask.ACCEPT_PLAN}
    bench.later(2).does(AUDITOR, FindingTask.ACCEPT_PLAN, SendPlanBack(reason=WHY))
    assert (bench.case.state, bench.kinds) == (FindingState.OPEN, {FindingTask.PROPOSE_PLAN})
    plan = bench.case.deadline(FindingDeadline.PLAN)
    assert plan is not None
    assert (plan.generation, plan.due_on) == (2, AGREED_ON + timedelta(days=20))
    assert bench.case.due_on == due_on
    bench.plans()
    assert (bench.case.plans, bench.case.state) == (2, FindingState.PLANNED)


def test_evidence_waits_for_the_plan_and_nothing_is_delivered_without_any() -> None:
    bench = a_bench()
    with pytest.raises(WrongStep, match="plan is accepted first"):
        bench.on_case(ENORA, PROOF)
    bench.plans()
    with pytest.raises(WrongStep, match="No new evidence"):
        bench.does(ENORA, FindingTask.DELIVER_EVIDENCE, DeliverEvidence())
    with pytest.raises(NotYourTask):
        bench.on_case(STRANGER, PROOF)
    assert bench.on_case(ENORA, PROOF) != []
    assert bench.on_case(BASTIEN, PROOF) == [], "the same file twice is one"
    bench.does(ENORA, FindingTask.DELIVER_EVIDENCE, DeliverEvidence())
    assert bench.case.state is FindingState.VERIFYING
    with pytest.raises(WrongStep):
        bench.on_case(ENORA, PROOF)


def test_what_was_refused_is_not_delivered_again_as_it_was() -> None:
    bench = a_planned_one().delivers()
    bench.does(AUDITOR, FindingTask.VERIFY, REFUSE)
    assert (bench.case.state, bench.case.round) == (FindingState.PLANNED, 2)
    bench.on_case(ENORA, PROOF)
    with pytest.raises(WrongStep, match="No new evidence"):
        bench.does(ENORA, FindingTask.DELIVER_EVIDENCE, DeliverEvidence())
    assert bench.delivers(sha256="b" * 64).case.state is FindingState.VERIFYING


def test_two_people_close_it_who_had_no_hand_in_the_evidence() -> None:
    bench = a_planned_one().delivers(login=OTHER_AUDITOR)
    with pytest.raises(FourEyes):
        bench.verifies(OTHER_AUDITOR)
    bench.verifies(AUDITOR)
    for login in (AUDITOR, OTHER_AUDITOR, ENORA, BASTIEN):
        with pytest.raises((FourEyes, NotYourTask)):
            bench.confirms(login)
    events = bench.does(CONTROL, FindingTask.CONFIRM_REMEDIATION, Confirm())
    assert happened(events, told.FindingEnded) == [told.FindingEnded(FindingState.CLOSED)]
    assert (bench.case.open_tasks, dict(bench.case.open_deadlines)) == ((), {})


def test_the_second_validator_can_refuse_it_back_and_then_somebody_verifies_it_anew() -> None:
    bench = a_planned_one().delivers().verifies()
    bench.does(CONTROL, FindingTask.CONFIRM_REMEDIATION, REFUSE)
    assert (bench.case.state, bench.case.verified_by) == (FindingState.PLANNED, None)
    again = bench.case.deadline(FindingDeadline.REMEDIATION)
    assert again is not None
    assert (again.generation, again.due_on) == (2, bench.case.due_on)
    bench.delivers(sha256="c" * 64).verifies(OTHER_AUDITOR).confirms()
    assert bench.case.state is FindingState.CLOSED


def test_when_whoever_controls_is_away_the_direction_confirms_and_never_the_verifier() -> None:
    bench = FindingBench(a_finding(), a_house_on(absent=[AUDITOR, OTHER_AUDITOR], deputies={})).opens()
    bench.does(ENORA, FindingTask.PROPOSE_PLAN, PLAN)
    bench.does(CONTROL, FindingTask.ACCEPT_PLAN, AcceptPlan())
    bench.delivers().verifies(CONTROL)
    task = bench.task(FindingTask.CONFIRM_REMEDIATION)
    assert task.offered_to == {"operations_director"}
    bench.confirms(OPERATIONS)
    assert bench.case.state is FindingState.CLOSED


# Postponement


@pytest.mark.parametrize("risk", list(RiskLevel))
def test_a_later_date_is_decided_by_somebody_who_stands_the_higher_the_higher_the_risk(risk: RiskLevel) -> None:
    bench = a_planned_one(risk)
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=1))
    high = risk in {RiskLevel.HIGH, RiskLevel.MAJOR}
    validator = OPERATIONS if high else CONTROL
    assert bench.task(FindingTask.DECIDE_POSTPONEMENT).offered_to == {
        "operations_director" if high else "internal_control"
    }
    bench.grants(validator)
    assert bench.case.due_on == bench.case.deadline(FindingDeadline.REMEDIATION).due_on  # type: ignore[union-attr]
    assert bench.task(FindingTask.DELIVER_EVIDENCE).due_at == bench.case.due_at


def test_each_postponement_is_a_generation_of_its_own() -> None:
    bench = a_planned_one()
    for times in (1, 2):
        until = bench.case.due_on + timedelta(days=30)
        bench.asks_to_postpone(until, login=AUDITOR).grants()
        known = bench.case.deadline(FindingDeadline.REMEDIATION)
        assert known is not None
        assert (known.generation, known.due_on, bench.case.request) == (times + 1, until, None)


@pytest.mark.parametrize(("days", "is_right"), [(-1, False), (0, False), (1, True), (305, True), (306, False)])
def test_a_postponement_moves_the_date_and_not_further_than_a_year_ahead(days: int, is_right: bool) -> None:
    bench = a_planned_one(RiskLevel.HIGH)
    until = bench.case.due_on + timedelta(days=days)
    assert (until <= AGREED_ON + timedelta(days=365)) == (days <= 305)
    if is_right:
        assert bench.asks_to_postpone(until).case.request is not None
    else:
        with pytest.raises(Invalid):
            bench.asks_to_postpone(until)


def test_there_is_one_request_at_a_time_and_whoever_asks_does_not_decide() -> None:
    bench = a_planned_one()
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=30))
    with pytest.raises(WrongStep, match="one at a time"):
        bench.asks_to_accept(date(2027, 12, 31))
    with pytest.raises(WrongStep, match="Nothing that you"):
        bench.on_case(BASTIEN, WithdrawRequest())
    bench.on_case(ENORA, WithdrawRequest())
    assert bench.kinds == {FindingTask.DELIVER_EVIDENCE}
    with pytest.raises(WrongStep):
        bench.on_case(ENORA, WithdrawRequest())


def test_a_delegate_hears_the_same_whatever_the_insurer_asks_for_behind_its_back() -> None:
    thinking, waiting, idle = a_planned_one(), a_planned_one(), a_planned_one()
    until = idle.case.due_on + timedelta(days=30)
    thinking.asks_to_accept(date(2027, 5, 31))
    waiting.asks_to_postpone(until, login=ENORA)
    asked = {hears(bench, BASTIEN, RequestPostponement(until=until, reason=WHY)) for bench in (thinking, waiting)}
    assert len(asked) == 1
    assert "risk" not in str(asked)
    assert len({hears(bench, BASTIEN, WithdrawRequest()) for bench in (thinking, waiting, idle)}) == 1


def hears(bench: FindingBench, login: str, command: Form) -> str:
    """What is refused, in the words that somebody hears."""
    with pytest.raises(Refusal) as refused:
        bench.on_case(login, command)
    return repr(refused.value.recorded())


def test_a_refused_postponement_leaves_the_date() -> None:
    bench = a_planned_one()
    known = bench.case.deadline(FindingDeadline.REMEDIATION)
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=30))
    bench.does(OPERATIONS, FindingTask.DECIDE_POSTPONEMENT, REFUSE)
    assert bench.case.request is None
    assert bench.case.deadline(FindingDeadline.REMEDIATION) == known


def test_a_day_that_has_come_while_nobody_decided_is_not_granted() -> None:
    bench = a_planned_one()
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=1))
    bench.on(bench.case.due_on + timedelta(days=1))
    with pytest.raises(WrongStep, match="has come"):
        bench.grants()


def test_what_is_delivered_needs_no_later_date() -> None:
    bench = a_planned_one()
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=30)).delivers()
    assert (bench.case.request, bench.kinds) == (None, {FindingTask.VERIFY})
    with pytest.raises(WrongStep):
        bench.asks_to_postpone(bench.case.due_on + timedelta(days=30))


# Risk acceptance


def test_a_risk_is_accepted_by_two_and_its_end_reopens_the_finding() -> None:
    bench = a_planned_one(RiskLevel.MEDIUM)
    until = AGREED_ON + timedelta(days=200)
    bench.asks_to_accept(until)
    with pytest.raises(NotYourTask):
        bench.approves(GENERAL)
    bench.approves(OPERATIONS)
    with pytest.raises((FourEyes, NotYourTask)):
        bench.approves(OPERATIONS)
    bench.approves(GENERAL)
    assert (bench.case.state, bench.kinds) == (FindingState.RISK_ACCEPTED, set())
    assert set(bench.case.open_deadlines) == {FindingDeadline.RISK_ACCEPTANCE}
    bench.on(until, time(16, 59))
    assert bench.case.state is FindingState.RISK_ACCEPTED
    bench.on(until, time(8)).reminds(FindingDeadline.RISK_ACCEPTANCE)
    assert bench.case.state is FindingState.RISK_ACCEPTED, "a month before, they are reminded of it"
    bench.on(until, time(17)).reminds(FindingDeadline.RISK_ACCEPTANCE)
    assert (bench.case.state, bench.kinds) == (FindingState.PLANNED, {FindingTask.DELIVER_EVIDENCE})
    assert bench.case.due_on == until + timedelta(days=90)


def test_without_a_plan_the_end_of_an_acceptance_asks_for_one() -> None:
    bench = a_bench(RiskLevel.LOW)
    until = AGREED_ON + timedelta(days=10)
    bench.asks_to_accept(until).approves(OPERATIONS).approves(GENERAL)
    bench.on(until, time(17)).reminds(FindingDeadline.RISK_ACCEPTANCE)
    assert (bench.case.state, bench.kinds) == (FindingState.OPEN, {FindingTask.PROPOSE_PLAN})


@pytest.mark.parametrize(("days", "is_right"), [(0, False), (1, True), (365, True), (366, False)])
def test_a_risk_is_accepted_for_a_year_at_most(days: int, is_right: bool) -> None:
    bench = a_bench()
    if is_right:
        assert bench.asks_to_accept(AGREED_ON + timedelta(days=days)).case.request is not None
    else:
        with pytest.raises(Invalid):
            bench.asks_to_accept(AGREED_ON + timedelta(days=days))


def test_only_an_auditor_asks_for_it() -> None:
    for login in (ENORA, SABINE, CONTROL):
        with pytest.raises(NotYourTask):
            a_bench().asks_to_accept(AGREED_ON + timedelta(days=30), login=login)


def test_either_of_the_two_can_say_no() -> None:
    for first in ((), (OPERATIONS,)):
        bench = a_planned_one().asks_to_accept(AGREED_ON + timedelta(days=30))
        for login in first:
            bench.approves(login)
        bench.does(GENERAL if first else OPERATIONS, FindingTask.ACCEPT_RISK, REFUSE)
        assert (bench.case.state, bench.case.request) == (FindingState.PLANNED, None)


def test_nobody_accepts_a_risk_twice_even_as_a_deputy() -> None:
    """The general director's deputy is the operations director, who has said yes already."""
    house = a_house_on(absent=[GENERAL], deputies={GENERAL: OPERATIONS})
    bench = FindingBench(a_finding(), house).opens().asks_to_accept(AGREED_ON + timedelta(days=30)).approves(OPERATIONS)
    assert FindingTask.UNBLOCK in bench.kinds, "the direction is told that nobody is left"
    with pytest.raises(FourEyes):
        bench.approves(OPERATIONS)


# Carrying over, and the end


def test_a_finding_outlives_its_audit() -> None:
    bench = a_planned_one()
    before = (bench.case.state, bench.case.due_on, bench.case.open_tasks)
    assert bench.machine(CarryOver(audit_id=CASE)) == [told.CarriedOver(CASE)]
    assert bench.machine(CarryOver(audit_id=CASE)) == []
    assert (bench.case.state, bench.case.due_on, bench.case.open_tasks) == before
    bench.delivers().verifies().confirms()
    with pytest.raises(WrongStep):
        bench.machine(CarryOver(audit_id=CASE))
    assert bench.machine(CancelWithAudit(audit_id=CASE)) == [], "what is closed stays closed"


@pytest.mark.parametrize("by_audit", [True, False])
@pytest.mark.parametrize("step", range(6))
def test_it_can_be_cancelled_wherever_it_stands_and_then_nothing_moves(step: int, by_audit: bool) -> None:
    bench = FindingBench()
    ways = (
        FindingBench.opens,
        FindingBench.plans,
        lambda one: one.asks_to_postpone(one.case.due_on + timedelta(days=9)),
        FindingBench.delivers,
        FindingBench.verifies,
    )
    for way in ways[:step]:
        way(bench)
    events = (
        bench.machine(CancelWithAudit(audit_id=CASE))
        if by_audit
        else bench.on_case(OPERATIONS, Cancel(reason="Le contrat est résilié."))
    )
    assert happened(events, told.FindingEnded)
    assert (bench.case.state, bench.case.open_tasks, bench.case.request) == (FindingState.CANCELLED, (), None)
    assert dict(bench.case.open_deadlines) == {}
    for command in (PROOF, Cancel(reason=WHY)):
        with pytest.raises(WrongStep, match="does not move any more"):
            bench.on_case(AUDITOR, command)


def test_a_calendar_that_changes_moves_the_auditor_s_ten_working_days_and_nothing_else() -> None:
    bench = a_planned_one().delivers()
    due_on = bench.case.due_on
    closed = a_calendar_closed_on({AGREED_ON + timedelta(days=2): "Fermeture"})
    bench.house = replace(a_house_on(), look_up_calendar=lambda: closed)
    bench.machine(Recount(because="closing"))
    verification = bench.case.deadline(FindingDeadline.VERIFICATION)
    assert verification is not None
    assert verification.due_on == date(2027, 3, 16), "one working day later"
    assert bench.task(FindingTask.VERIFY).due_at == verification.due_at
    assert bench.case.due_on == due_on


def test_a_deputy_of_an_auditor_is_an_auditor_and_a_manager_is_none() -> None:
    bench = a_bench()
    bench.does(ENORA, FindingTask.PROPOSE_PLAN, PLAN)
    with pytest.raises(NotYourTask):
        bench.does(MANAGER, FindingTask.ACCEPT_PLAN, AcceptPlan())


def test_each_deadline_that_opens_says_why_it_is_that_day() -> None:
    bench = a_planned_one()
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=30)).grants()
    bench.delivers().verifies()
    opened = [event.deadline for event in bench.events if isinstance(event, DeadlineOpened)]
    assert all(one.explanation[-1].on == one.due_on for one in opened)
    assert {one.name for one in opened} == {"remediation", "verification", "confirmation"}


def test_nothing_is_asked_of_whoever_must_keep_out() -> None:
    bench = a_planned_one().delivers(login=OTHER_AUDITOR).verifies()
    opened = [event for event in bench.events if isinstance(event, TaskOpened)]
    asked = {event.kind: event.offer.excluded for event in opened}
    assert asked[FindingTask.VERIFY] == {person_id(OTHER_AUDITOR), person_id(BASTIEN)}
    assert asked[FindingTask.CONFIRM_REMEDIATION] == asked[FindingTask.VERIFY] | {person_id(AUDITOR)}
