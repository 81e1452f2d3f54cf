"""Whatever a cast of people says in whatever order: nothing is closed by fewer than two who had no hand in it, and
wherever a finding stands somebody has a task, or its risk is accepted until a day that is watched.

Source: procedures, section 3 step 6
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.desk import OfferAgain, Reoffer
from domain.events import Event
from domain.finding import events as told
from domain.finding.commands import (
    AcceptPlan,
    AddEvidence,
    Approve,
    Cancel,
    Confirm,
    DeliverEvidence,
    Grant,
    ProposePlan,
    Refuse,
    RequestPostponement,
    RequestRiskAcceptance,
    SendPlanBack,
    Verified,
    WithdrawRequest,
)
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline, FindingTask, RiskLevel
from domain.refusals import Refusal
from tests.factories.finding_bench import (
    AUDITOR,
    BASTIEN,
    CONTROL,
    ENORA,
    GENERAL,
    OPERATIONS,
    OTHER_AUDITOR,
    SABINE,
    STRANGER,
    FindingBench,
    a_finding,
    a_house_on,
)

CAST = (AUDITOR, OTHER_AUDITOR, CONTROL, ENORA, BASTIEN, SABINE, STRANGER, OPERATIONS, GENERAL)
WHY = "Cela ne suffit pas."
ON_TASKS: dict[FindingTask, tuple[Any, ...]] = {
    FindingTask.PROPOSE_PLAN: (ProposePlan(plan="Nous corrigeons."),),
    FindingTask.ACCEPT_PLAN: (AcceptPlan(), AcceptPlan(), SendPlanBack(reason=WHY)),
    FindingTask.DELIVER_EVIDENCE: (DeliverEvidence(),),
    FindingTask.VERIFY: (Verified(), Verified(), Refuse(reason=WHY)),
    FindingTask.CONFIRM_REMEDIATION: (Confirm(), Confirm(), Refuse(reason=WHY)),
    FindingTask.DECIDE_POSTPONEMENT: (Grant(), Refuse(reason=WHY)),
    FindingTask.ACCEPT_RISK: (Approve(), Approve(), Refuse(reason=WHY)),
    FindingTask.UNBLOCK: (OfferAgain(),),
}
HOUSES: tuple[dict[str, Any], ...] = (
    {},
    {"absent": [CONTROL]},
    {"absent": [AUDITOR, OTHER_AUDITOR], "deputies": {}},
    {"absent": [GENERAL], "deputies": {GENERAL: OPERATIONS}},
    {"absent": [ENORA, BASTIEN, SABINE], "deputies": {ENORA: None, BASTIEN: None}},
    {"absent": [CONTROL, OPERATIONS], "deputies": {OPERATIONS: AUDITOR}},
)
Act = Callable[[FindingBench], object]


def does_a_task(place: int, way: int, login: str) -> Act:
    """Somebody tries one of the open tasks."""

    def act(bench: FindingBench) -> None:
        if tasks := bench.case.open_tasks:
            kind = FindingTask(tasks[place % len(tasks)].kind)
            bench.does(login, kind, ON_TASKS[kind][way % len(ON_TASKS[kind])])

    return act


def brings(number: int, login: str) -> Act:
    """Somebody brings a file."""
    return lambda bench: bench.on_case(login, AddEvidence(name="preuve.pdf", sha256=f"{number:064x}"))


def asks(kind: type[RequestPostponement] | type[RequestRiskAcceptance], days: int, login: str) -> Act:
    """Somebody asks for another date, or that the risk be accepted."""

    def act(bench: FindingBench) -> None:
        base = bench.case.due_on if kind is RequestPostponement else bench.house.today
        bench.on_case(login, kind(until=base + timedelta(days=days), reason=WHY))

    return act


def waits(days: int) -> Act:
    """Days pass, and what is due is told, deadline by deadline."""

    def act(bench: FindingBench) -> None:
        bench.later(days)
        for name in [*bench.case.open_deadlines]:
            bench.reminds(name)

    return act


def people_change(number: int) -> Act:
    """Others are at work from now on."""

    def act(bench: FindingBench) -> None:
        bench.house = bench.house.with_staff(a_house_on(**HOUSES[number % len(HOUSES)]).staff)
        bench.machine(Reoffer())

    return act


LOGIN, NUMBER = st.sampled_from(CAST), st.integers(0, 5)
ACTS = st.one_of(
    st.builds(does_a_task, NUMBER, NUMBER, LOGIN),
    st.builds(does_a_task, NUMBER, NUMBER, LOGIN),
    st.builds(does_a_task, NUMBER, NUMBER, LOGIN),
    st.builds(brings, NUMBER, LOGIN),
    st.builds(asks, st.sampled_from([RequestPostponement, RequestRiskAcceptance]), st.integers(1, 90), LOGIN),
    st.builds(waits, st.integers(1, 60)),
    st.builds(people_change, NUMBER),
    st.builds(lambda login: lambda bench: bench.on_case(login, WithdrawRequest()), LOGIN),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(RiskLevel)), st.lists(ACTS, max_size=40))
def test_nothing_that_people_say_in_any_order_breaks_the_rules(risk: RiskLevel, acts: list[Act]) -> None:
    bench = FindingBench(a_finding(risk)).opens()
    for act in acts:
        before = bench.case.state
        with suppress(Refusal):
            act(bench)
            before = bench.case.state
        assert bench.case.state is before, "what is refused changes nothing"
        check(bench)


def check(bench: FindingBench) -> None:
    """What must hold after whatever was said."""
    case = bench.case
    ended = case.state in FindingState.ended()
    if case.state is FindingState.RISK_ACCEPTED:
        assert set(case.open_deadlines) == {FindingDeadline.RISK_ACCEPTANCE}
        check_accepted(bench.events)
    elif not ended:
        assert case.open_tasks, f"nobody has a task: {case.state}"
        assert any(bench.house.staff.present_under(task.offered_to, task.excluded) for task in case.open_tasks), (
            f"nobody at work can do anything: {case.state}"
        )
    else:
        assert not case.open_tasks
        assert not case.open_deadlines
    if case.state is FindingState.CLOSED:
        check_closed(bench.events)


def check_closed(events: list[Event]) -> None:
    """Closed: verified by one, confirmed by another, neither of whom ever brought or delivered evidence."""
    [confirmed] = [one for one in events if isinstance(one, told.RemediationConfirmed)]
    [verified] = [one for one in events if isinstance(one, told.EvidenceVerified) and one.round == confirmed.round]
    authors = {one.person_id for one in events if isinstance(one, told.EvidenceAdded | told.EvidenceDelivered)}
    assert verified.person_id != confirmed.person_id
    assert authors.isdisjoint({verified.person_id, confirmed.person_id})


def check_accepted(events: list[Event]) -> None:
    """A risk is accepted by two, neither of whom asked."""
    asked = next(one for one in reversed(events) if isinstance(one, told.RequestMade))
    since = events[len(events) - 1 - events[::-1].index(asked) :]
    approved = {one.person_id for one in since if isinstance(one, told.RequestApproved)}
    assert len(approved) == 2
    assert asked.person_id not in approved


def test_the_cast_can_close_one() -> None:
    """So that the property above is not true of nothing."""
    bench = FindingBench().opens().plans().delivers().verifies().confirms()
    check(bench)
    assert bench.case.state is FindingState.CLOSED
    cancelled = FindingBench().opens()
    cancelled.on_case(OPERATIONS, Cancel(reason=WHY))
    check(cancelled)
