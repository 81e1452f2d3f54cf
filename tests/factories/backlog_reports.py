"""Closing reports of an invented operation: six weeks, three Saturdays, one day without figures."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.backlog.report import (
    DeadlineEffect,
    DeadlinesOf,
    Decision,
    OperationReport,
    ReportedCost,
    ReportedDay,
    ReportedEvening,
    ReportedPeople,
    ReportedSession,
)
from domain.backlog.words import DecisionKind, EndReason
from domain.roles import Role

FIRST, LAST = date(2026, 11, 30), date(2027, 1, 8)
OBJECTIVE = "Revenir sous cinq jours de traitement."
WITHOUT_FIGURES = date(2026, 12, 10)


def a_closing_report(**changes: Any) -> OperationReport:
    """A final report of an operation that is back under its standard."""
    said: dict[str, Any] = {
        "reference": "OPE-2026-000001",
        "insurer": "Mutuelle des Embruns",
        "activity_fr": "Courrier des prestations",
        "activity_en": "Benefits mail",
        "objective": OBJECTIVE,
        "final": True,
        "starts_on": FIRST,
        "ends_on": date(2027, 1, 10),
        "until": LAST,
        "end_reason": EndReason.UNDER_STANDARD,
        "lessons": "Trois samedis ont suffi.",
        "standard": Decimal("5.00"),
        "planned_back_under_on": date(2026, 12, 21),
        "before": ReportedEvening(date(2026, 11, 27), 3000, Decimal("7.14"), is_over=True),
        "after": ReportedEvening(LAST, 1445, Decimal("3.44"), is_over=False),
        "handled": 9860,
        "days_over": 20,
        "days_within": 9,
        "days_without_figures": 1,
        "days": tuple(_day(n) for n in range(40) if (FIRST + timedelta(days=n)).weekday() < 5),
        "sessions": tuple(_session(number) for number in (1, 2, 3)),
        "people": ReportedPeople(55, 50, 6, 4, 9),
        "cost": ReportedCost(1_239_17, 4_000_000, 50, 7, 0, validated=True),
        "effect": DeadlineEffect(
            DeadlinesOf(date(2026, 10, 21), date(2026, 11, 29), 120, 31, 17),
            DeadlinesOf(FIRST, LAST, 180, 12, 3),
            DeadlinesOf(LAST, LAST, 4, 0, 3),
        ),
        "decisions": (
            Decision(date(2026, 11, 23), DecisionKind.PLAN_PROPOSED, (Role.POLE_MANAGER,)),
            Decision(date(2026, 11, 24), DecisionKind.PLAN_APPROVED, (Role.PROCESS_PILOT,), Role.OPERATIONS_DIRECTOR),
            Decision(
                date(2026, 12, 30),
                DecisionKind.EXTENSION_REFUSED,
                (Role.GENERAL_DIRECTOR,),
            ),
        ),
    }
    return OperationReport(**(said | changes))


def _day(number: int) -> ReportedDay:
    on, planned = FIRST + timedelta(days=number), 3000 - 30 * number
    if on == WITHOUT_FIGURES:
        return ReportedDay(on, planned)
    return ReportedDay(on, planned, 3200 - 45 * number, 300, 340, 2100, off_track=number in {3, 4})


def _session(number: int) -> ReportedSession:
    hours = (("08:30", "12:30"), ("13:15", "16:15"))
    return ReportedSession(number, FIRST + timedelta(days=7 * number - 2), hours, 40, 38, 36 - number, 14_700, 1225)


def an_empty_closing_report() -> OperationReport:
    """A provisional report of an operation that has not begun; of another program's files."""
    nothing: dict[str, Any] = {"days": (), "sessions": (), "before": None, "after": None, "effect": None}
    return a_closing_report(**nothing, final=False, decisions=(), end_reason=None, lessons=None)
