"""The closing report is kept when an operation is closed: with its hash in the journal, and again the same."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from db.models import Case, DeadlineRow, JournalLine, OperationReportRow
from db.queries.backlog_report import kept_report, operation_report
from db.queries.deadlines_met import deadline_effect
from domain.backlog.commands import Stop
from domain.backlog.report import DeadlinesOf, OperationReport
from domain.backlog.words import DecisionKind
from domain.commands import CommandStatus
from domain.roles import Role
from tests.factories import backlog_desk
from tests.factories.backlog_desk import OTHER_ACCOUNTANT, WHY
from tests.factories.complaints import NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.rows import a_case_row
from tests.factories.weeks import weeks_apart

PARIS = ZoneInfo("Europe/Paris")
WEEKS = weeks_apart(210)
"""Weeks without a public holiday, and nobody is in two sessions at once."""


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


def closed(desk: Desk) -> UUID:
    """An operation in which two have worked, its pay validated by two."""
    case_id = backlog_desk.ended(desk)
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        done = desk.do(case_id, login, backlog_desk.validation(desk, case_id), "validate_pay")
        assert done.status is CommandStatus.APPLIED
    assert desk.state(case_id) == "closed"
    return case_id


def made_again(desk: Desk, case_id: UUID) -> OperationReport:
    """The report as the register stands, weeks later."""
    with desk.sessions() as session:
        return operation_report(session, session.get_one(Case, case_id), desk.book, desk.at + timedelta(weeks=8))


def kept(desk: Desk, case_id: UUID) -> OperationReport | None:
    """The report that was kept."""
    with desk.sessions() as session:
        return kept_report(session, case_id)


def test_it_is_kept_at_the_closing_and_the_journal_has_its_hash(desk: Desk) -> None:
    case_id = closed(desk)
    report = kept(desk, case_id)
    assert report is not None
    assert report.final
    with desk.sessions() as session:
        line = select(JournalLine.facts).where(JournalLine.case_id == case_id, JournalLine.event == "ReportKept")
        facts = session.scalars(line).one()
    assert (facts["content_hash"], facts["covers"]) == (report.hash_without_cost, "all_but_cost")
    assert desk.sql("SELECT content_hash FROM operation_reports WHERE operation_id = :id", id=case_id) == [
        (report.hash_without_cost,)
    ]
    assert made_again(desk, case_id) == report
    assert report.cost
    other = replace(report, cost=replace(report.cost, pay_cents=report.cost.pay_cents + 1))
    assert other.hash_without_cost == report.hash_without_cost, "whoever tries all sums finds none"
    assert other.content_hash != report.content_hash, "lines of earlier versions stay comparable with the whole"
    assert replace(report, lessons="Autre.").hash_without_cost != report.hash_without_cost


def test_it_says_who_came_what_it_cost_and_in_which_roles_it_was_decided(desk: Desk) -> None:
    case_id = closed(desk)
    report = kept(desk, case_id)
    assert report is not None
    [session] = report.sessions
    assert (session.places, session.signed_up, session.came, session.minutes, session.cases) == (2, 2, 2, 810, 67)
    assert (report.people.seated, report.people.came, report.people.in_vain) == (2, 2, 0)
    assert report.cost
    assert report.cost.validated
    assert report.cost.people_paid == 2
    assert [(one.kind, one.by, one.instead_of) for one in report.decisions] == [
        (DecisionKind.PLAN_PROPOSED, (Role.POLE_MANAGER,), None),
        (DecisionKind.PLAN_APPROVED, (Role.OPERATIONS_DIRECTOR,), None),
        (DecisionKind.PLAN_APPROVED, (Role.GENERAL_DIRECTOR,), None),
        (DecisionKind.OPERATION_ENDED, (Role.OPERATIONS_DIRECTOR,), None),
    ]
    assert report.effect is None, "mail is not in our register"


def test_while_it_goes_on_nothing_is_kept_and_it_is_provisional(desk: Desk) -> None:
    case_id = backlog_desk.ended(desk)
    assert kept(desk, case_id) is None
    report = made_again(desk, case_id)
    assert report.cost
    assert (report.final, report.cost.validated) == (False, False)


def test_where_nobody_has_worked_it_is_closed_at_once_with_its_report(desk: Desk) -> None:
    case_id = backlog_desk.approved(desk)
    first = backlog_desk.starts_on(desk, case_id)
    backlog_desk.comes_to(desk, first, 8)
    backlog_desk.remind(desk, case_id, "operation_start")
    assert desk.do(case_id, OPERATIONS, Stop(reason=WHY), None, "stop").status is CommandStatus.APPLIED
    report = kept(desk, case_id)
    assert report is not None
    assert report.cost
    assert (report.final, report.lessons, report.sessions, report.cost.pay_cents) == (True, WHY, (), 0)
    assert report.decisions[-1].kind is DecisionKind.OPERATION_ENDED
    assert made_again(desk, case_id).decisions == report.decisions


def test_nobody_changes_or_deletes_it(desk: Desk) -> None:
    closed(desk)
    for statement in (update(OperationReportRow).values(content_hash="0"), delete(OperationReportRow)):
        with pytest.raises(DBAPIError), desk.sessions.begin() as session:
            session.execute(statement)


DAY = datetime(2040, 3, 5, tzinfo=PARIS)
"""A Monday of a year of its own."""
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("due", "met", "cancelled", "wanted"),
    [
        # on time to the instant, a minute late, never; dropped before it was due, and after
        (DAY, DAY, None, (1, 0, 0)),
        (DAY, DAY + MINUTE, None, (0, 1, 0)),
        (DAY, None, None, (0, 1, 1)),
        (DAY, None, DAY, (0, 0, 0)),
        (DAY, None, DAY + MINUTE, (0, 1, 0)),
        # due before the first day: not of these days, but overdue; due at their last minute, and at midnight after it
        (DAY - MINUTE, None, None, (0, 0, 1)),
        (DAY - MINUTE, DAY, None, (0, 0, 0)),
        (DAY + timedelta(days=5) - MINUTE, None, None, (0, 1, 1)),
        (DAY + timedelta(days=5), None, None, (0, 0, 0)),
        # met only after the last day: overdue when that ended
        (DAY, DAY + timedelta(days=5), None, (0, 1, 1)),
        (DAY, DAY + timedelta(days=5) - MINUTE, None, (0, 1, 0)),
    ],
)
def test_a_deadline_is_met_missed_or_overdue_to_the_minute(
    desk: Desk, due: datetime, met: datetime | None, cancelled: datetime | None, wanted: tuple[int, int, int]
) -> None:
    first, last = DAY.date(), DAY.date() + timedelta(days=4)
    with desk.sessions() as session:
        case_id = a_case_row(session, f"REC-2040-{uuid4().hex[:6]}", first, DAY)
        session.add(
            DeadlineRow(
                id=uuid4(),
                case_id=case_id,
                name="answer",
                due_on=due.date(),
                due_at=due,
                zone="Europe/Paris",
                unit="working_days",
                count=10,
                starts_on=first,
                source="policy",
                explanation=[],
                planned=[],
                met_at=met,
                cancelled_at=cancelled,
            )
        )
        session.flush()
        later = DAY + timedelta(weeks=4)
        effect = deadline_effect(session, "complaint", (first, last), later, PARIS)
        session.rollback()
        without = deadline_effect(session, "complaint", (first, last), later, PARIS)
    assert effect is not None
    assert without is not None
    assert _less(effect.during, without.during) == wanted
    assert (effect.before.last, effect.last_day.first) == (first - timedelta(days=1), last)


def _less(some: DeadlinesOf, others: DeadlinesOf) -> tuple[int, int, int]:
    """What one deadline more makes of it: other tests leave deadlines in the register."""
    return some.met - others.met, some.missed - others.missed, some.overdue - others.overdue


def test_what_is_due_later_today_is_neither_met_nor_missed_yet(desk: Desk) -> None:
    with desk.sessions() as session:
        now = datetime.combine(DAY.date(), time(10), PARIS)
        effect = deadline_effect(session, "claim", (DAY.date(), DAY.date()), now, PARIS)
        assert effect is not None
        assert effect.during == effect.last_day
        assert deadline_effect(session, None, (DAY.date(), DAY.date()), now, PARIS) is None
