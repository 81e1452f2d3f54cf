"""The delegate proposes a plan; the auditor accepts it, or sends it back with the reason.

Source: procedures, section 3 step 6
"""

from domain.deadlines import Deadline
from domain.desk import done, met, open_task
from domain.events import DeadlineOpened, Event
from domain.finding.case import Finding
from domain.finding.commands import AcceptPlan, ProposePlan, SendPlanBack
from domain.finding.deadlines import finding_rungs, plan_deadline, verification_deadline
from domain.finding.events import PlanAccepted, PlanProposed, PlanSentBack, become
from domain.finding.machine import Register
from domain.finding.parties import AUDITOR, delegate_hats
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline, FindingTask
from domain.house import House
from domain.people import Actor
from domain.refusals import FourEyes, WrongStep
from domain.tasks import Task


def register(case: Finding, _command: Register, house: House) -> list[Event]:
    """The delegate is asked for a plan as soon as the finding is open."""
    if case.state is not FindingState.REGISTERED:
        raise WrongStep("The finding is open already.", "Nothing is left to do.")
    due = case.open_deadlines.get(FindingDeadline.PLAN)
    asked = open_task(case, house, FindingTask.PROPOSE_PLAN, delegate_hats(case.delegate), due=due)
    return [become(case.state, FindingState.OPEN), *asked]


def propose(case: Finding, command: ProposePlan, task: Task, actor: Actor, house: House) -> list[Event]:
    """The delegate says what it will do, and an auditor is asked."""
    version = case.plans + 1
    answer = verification_deadline(house.today, house.calendar, house.version)
    detail = {"plan": version}
    return [
        done(task, command.outcome),
        PlanProposed(version, actor.id, command.plan),
        *met(case, FindingDeadline.PLAN),
        opened(case, answer, house),
        *open_task(
            case, house, FindingTask.ACCEPT_PLAN, AUDITOR, due=answer.due_at, detail=detail, excluded=(actor.id,)
        ),
    ]


def accept(case: Finding, command: AcceptPlan, task: Task, actor: Actor, house: House) -> list[Event]:
    """The plan will do: the evidence is awaited by the agreed date."""
    _check_is_another(case, actor)
    return [
        done(task, command.outcome),
        PlanAccepted(case.plans, actor.id),
        *met(case, FindingDeadline.VERIFICATION),
        become(case.state, FindingState.PLANNED),
        *ask_for_evidence(case, house, case.round),
    ]


def send_back(case: Finding, command: SendPlanBack, task: Task, actor: Actor, house: House) -> list[Event]:
    """The plan will not do: the delegate is asked for another, with the reason; the agreed date stays."""
    _check_is_another(case, actor)
    return [
        done(task, command.outcome),
        PlanSentBack(case.plans, actor.id, command.reason),
        *met(case, FindingDeadline.VERIFICATION),
        *ask_for_plan(case, house),
    ]


def _check_is_another(case: Finding, actor: Actor) -> None:
    if actor.id == case.planned_by:
        raise FourEyes("Whoever proposed a plan does not accept it.", "Leave this task to somebody else.")


def ask_for_plan(case: Finding, house: House) -> list[Event]:
    """Ask the delegate for a plan, within fifteen days. Source: policy"""
    deadline = plan_deadline(house.today, house.version)
    asked = open_task(case, house, FindingTask.PROPOSE_PLAN, delegate_hats(case.delegate), due=deadline.due_at)
    return [opened(case, deadline, house), *asked]


def ask_for_evidence(case: Finding, house: House, number: int, due: Deadline | None = None) -> list[Event]:
    """Ask the delegate for the evidence of a round, by the agreed date or another one."""
    due_at = due.due_at if due else case.due_at
    detail = {"round": number}
    hats = delegate_hats(case.delegate)
    return open_task(case, house, FindingTask.DELIVER_EVIDENCE, hats, due=due_at, detail=detail)


def opened(case: Finding, deadline: Deadline, house: House) -> DeadlineOpened:
    """A deadline begins, with the reminders of this risk."""
    planned = finding_rungs(deadline, case.risk, house.calendar, house.version, house.today)
    return DeadlineOpened(deadline, case.next_generation(deadline.name), planned)
