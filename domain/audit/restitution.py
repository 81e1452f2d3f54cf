"""The restitution: the delegate accepts or disputes, disputes are ruled on, the schedule is agreed, findings open.

Source: procedures, section 3 step 5
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.audit.case import AUDITORS, Audit
from domain.audit.commands import (
    AgreeSchedule,
    AnswerFindings,
    ApproveSchedule,
    Arbitrate,
    EndAnswers,
    RefuseSchedule,
)
from domain.audit.deadlines import audit_rungs, follow_up_deadline
from domain.audit.events import (
    AnswersEnded,
    AuditClosed,
    FindingsAnswered,
    FindingsArbitrated,
    FindingsOpened,
    MeetingHeld,
    ScheduleProposed,
    ScheduleRefused,
    become,
)
from domain.audit.meetings import check_auditor, check_held_on, check_not_ended
from domain.audit.planning import check_within
from domain.audit.schedule import Agreement, Entry, recommended, schedule
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, AuditTask, Meeting, Reply
from domain.civil import local_date
from domain.deadlines import due_instant
from domain.desk import done, met, open_task, withdraw
from domain.events import DeadlineOpened, Event
from domain.house import House
from domain.people import Actor, Hat, role_hat
from domain.refusals import FourEyes, Invalid, WrongStep
from domain.roles import Role
from domain.tasks import Task

ARBITERS = frozenset({role_hat(Role.INTERNAL_CONTROL)})


def begin_restitution(case: Audit, due_at: datetime, house: House) -> list[Event]:
    """The delegate is asked to answer the recommendations; where there are none, the schedule comes at once."""
    if not case.standing:
        return ask_for_schedule(case, due_at, house)
    answers_on = house.calendar.working_day_on_or_before(house.today + timedelta(days=house.version.audit.answers.days))
    answers_at = due_instant(answers_on, house.version.office)
    return open_task(case, house, AuditTask.ANSWER_FINDINGS, case.delegate_hats, due=answers_at)


def answer(case: Audit, command: AnswerFindings, task: Task, _actor: Actor, house: House) -> list[Event]:
    """Each recommendation is accepted or disputed, once. What is disputed is ruled on; else the schedule is agreed."""
    _check_covers("answers", [one.number for one in command.answers], [one.number for one in case.standing])
    for one in command.answers:
        if one.proposed_on is not None:
            _check_proposed(one.number, one.proposed_on, house)
    disputed = [one.number for one in command.answers if one.reply is Reply.DISPUTE]
    due_at = case.due(AuditDeadline.RESTITUTION)
    asked = _ask_to_arbitrate(case, due_at, house) if disputed else ask_for_schedule(case, due_at, house)
    return [done(task, command.outcome), FindingsAnswered(tuple(command.answers)), *asked]


def _check_proposed(number: int, on: date, house: House) -> None:
    """Raises Invalid."""
    if on <= house.today:
        raise Invalid(f"Number {number}: propose a day to come.", "Give a later day.", field="answers")
    check_within(on, house.today, house.version, "answers")


def end_answers(case: Audit, command: EndAnswers, actor: Actor, house: House) -> list[Event]:
    """The delegate has let its date pass: the auditors go on, and what it has not answered counts as neither accepted
    nor disputed. It can still speak on the finding itself. Raises Refusal.

    Source: policy
    """
    check_may_end_answers(case, actor, house)
    unanswered = tuple(one.number for one in case.standing if one.reply is None)
    return [
        *withdraw(case.open_tasks),
        AnswersEnded(house.today, unanswered, command.reason),
        *ask_for_schedule(case, case.due(AuditDeadline.RESTITUTION), house),
    ]


def check_may_end_answers(case: Audit, actor: Actor, house: House) -> None:
    """An auditor, from the day after the date of the answers on, while they have not come. Raises Refusal."""
    check_auditor(actor)
    check_not_ended(case)
    asked = next((task for task in case.open_tasks if task.kind == AuditTask.ANSWER_FINDINGS), None)
    if case.state is not AuditState.RESTITUTING or asked is None:
        raise WrongStep("No answer of the delegate is awaited.", "Look at the audit's steps.")
    if asked.due_at is not None and house.today <= (last := local_date(asked.due_at, house.version.office.zone)):
        raise WrongStep(
            f"The delegate has until {last} to answer, that day included.", "Go on without it from the day after."
        )


def _ask_to_arbitrate(case: Audit, due_at: datetime | None, house: House) -> list[Event]:
    """Somebody rules on it who has written none of the report. Source: policy"""
    return open_task(case, house, AuditTask.ARBITRATE, ARBITERS, due=due_at, excluded=case.authors)


def arbitrate(case: Audit, command: Arbitrate, task: Task, actor: Actor, house: House) -> list[Event]:
    """Each disputed recommendation is maintained, lowered or dropped, with the reason. Raises Invalid."""
    disputed = {one.number: one for one in case.standing if one.reply is Reply.DISPUTE}
    _check_covers("rulings", [one.number for one in command.rulings], disputed)
    for one in command.rulings:
        if one.risk is not None and one.risk.height >= disputed[one.number].risk.height:
            raise Invalid(
                f"Number {one.number} is {disputed[one.number].risk}: it is lowered to less than that.",
                "Give a lower risk, or maintain it.",
                field="rulings",
            )
    return [
        done(task, command.outcome),
        FindingsArbitrated(actor.id, tuple(command.rulings)),
        *ask_for_schedule(case, case.due(AuditDeadline.RESTITUTION), house),
    ]


def _check_covers(field: str, given: list[int], wanted: Iterable[int]) -> None:
    """Each number once, all of them, no other. Raises Invalid."""
    known = set(wanted)
    if twice := sorted(number for number, times in Counter(given).items() if times > 1):
        raise Invalid(f"Named twice: {_listed(twice)}.", "Name each number once.", field=field)
    if strange := sorted(set(given) - known):
        raise Invalid(f"Not to be answered here: {_listed(strange)}.", f"Take {_listed(sorted(known))}.", field=field)
    if left := sorted(known - set(given)):
        raise Invalid(f"Left without an answer: {_listed(left)}.", "Answer each of them.", field=field)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def ask_for_schedule(case: Audit, due_at: datetime | None, house: House) -> list[Event]:
    """The auditors hold the restitution meeting, and agree on the dates with the delegate."""
    return open_task(case, house, AuditTask.AGREE_SCHEDULE, AUDITORS, due=due_at)


def agree(case: Audit, command: AgreeSchedule, task: Task, actor: Actor, house: House) -> list[Event]:
    """The meeting was held and the dates are agreed; one later than its risk allows wants a validator first.

    Source: procedures, section 3 step 6 (never later than the risk's without a validator)
    """
    check_held_on(case, command.held_on, house)
    asked = {one.number: one.due_on for one in command.schedule}
    _check_once([one.number for one in command.schedule])
    entries = schedule(case, command.held_on, asked, house.version)
    late = tuple(entry for entry in entries if entry.late)
    begun: list[Event] = [
        done(task, command.outcome),
        MeetingHeld(Meeting.RESTITUTION, command.held_on, command.minutes),
        ScheduleProposed(
            command.held_on,
            actor.id,
            tuple((entry.number, entry.due_on) for entry in entries),
            tuple(entry.number for entry in late),
        ),
    ]
    if late:
        return [*begun, *_ask_to_approve(case, late, actor, house)]
    return [*begun, *_agreed(case, entries, Agreement(command.held_on, actor.id), house)]


def _check_once(numbers: list[int]) -> None:
    if len(set(numbers)) < len(numbers):
        raise Invalid("The schedule names a number twice.", "Name each number once.", field="schedule")


def _ask_to_approve(case: Audit, late: Iterable[Entry], agreed_by: Actor, house: House) -> list[Event]:
    """Whoever decides on postponing the gravest of them decides here as well, and never who agreed on them.

    Source: policy
    """
    gravest = max((entry.risk for entry in late), key=lambda risk: risk.height)
    hats: frozenset[Hat] = frozenset({role_hat(house.version.finding.postponement[gravest].role)})
    detail = {"numbers": [entry.number for entry in late]}
    due, kept_out = case.due(AuditDeadline.RESTITUTION), case.authors | {agreed_by.id}
    return open_task(case, house, AuditTask.APPROVE_SCHEDULE, hats, due=due, detail=detail, excluded=kept_out)


def approve_schedule(case: Audit, command: ApproveSchedule, task: Task, actor: Actor, house: House) -> list[Event]:
    """The late dates stand, with the name of whoever approves them: somebody else than who agreed on them.

    Raises WrongStep, FourEyes. Source: procedures, section 3 step 6
    """
    agreement = _approved(case, actor)
    entries = schedule(case, agreement.on, case.proposed, house.version)
    return [done(task, command.outcome), *_agreed(case, entries, agreement, house)]


def refuse_schedule(case: Audit, command: RefuseSchedule, task: Task, actor: Actor, house: House) -> list[Event]:
    """Other dates are to be agreed on."""
    return [
        done(task, command.outcome),
        ScheduleRefused(actor.id, command.reason),
        *ask_for_schedule(case, case.due(AuditDeadline.RESTITUTION), house),
    ]


def _approved(case: Audit, actor: Actor) -> Agreement:
    """Raises WrongStep, FourEyes."""
    if case.agreed_on is None or case.agreed_by is None:
        raise WrongStep("No schedule is proposed.", "Hold the restitution meeting first.")
    if actor.id == case.agreed_by:
        raise FourEyes("Whoever agreed on late dates does not approve them.", "Leave this task to somebody else.")
    return Agreement(case.agreed_on, case.agreed_by, actor.id)


def _agreed(case: Audit, entries: tuple[Entry, ...], agreement: Agreement, house: House) -> list[Event]:
    """Everything becomes a finding in this one transaction; with nothing to put right, and nothing to follow of an
    earlier audit, this one is closed.

    Source: procedures, section 3 steps 6 and 7
    """
    if not entries and not case.open_findings:
        return [*met(case, AuditDeadline.RESTITUTION), AuditClosed(), become(case.state, AuditState.CLOSED)]
    follow_up = follow_up_deadline(agreement.on, case.year, house.calendar, house.version)
    return [
        *met(case, AuditDeadline.RESTITUTION),
        *([FindingsOpened(agreement.on, recommended(case, entries, agreement))] if entries else []),
        become(case.state, AuditState.FOLLOWING_UP),
        DeadlineOpened(follow_up, case.next_generation(follow_up.name), audit_rungs(follow_up, house.version)),
        *open_task(case, house, AuditTask.HOLD_FOLLOW_UP, AUDITORS, due=follow_up.due_at),
    ]
