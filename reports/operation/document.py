"""The closing report as a document: what it says; how it looks is `templates/reports/operation/report.typ`.

Source: procedures, section 4 step 6
"""

from decimal import Decimal
from typing import Any

from domain.backlog.report import DeadlinesOf, Decision, OperationReport, ReportedDay, ReportedEvening, ReportedSession
from reports.operation.burn_down import burn_down
from reports.words import Words, capital

LAYOUT = "reports/operation/report.typ"
NOTHING = "–"
Part = dict[str, Any]
Table = list[list[str]]

FRAME = {
    "page": "Page",
    "before_after": "Before and after",
    "course": "Every day against its plan",
    "chart": "What waits, by day",
    "planned": "Planned",
    "actual": "Actual",
    "allowed": "Allowed by the standard",
    "no_day": "The operation has not had a day yet.",
    "sessions": "Sessions",
    "no_session": "No session has been held yet.",
    "people": "People",
    "people_note": "Of this operation. People are counted, not named.",
    "course_note": "Figures of the whole activity, whoever handled it: its usual people and those of the sessions.",
    "sessions_note": "Of this operation. Usual cases: the minutes worked, divided by those of a usual case.",
    "cost": "Cost",
    "deadlines": "Effect on deadlines",
    "decisions": "What was decided",
    "content_hash": "SHA-256 of the content",
    "lessons": "Lessons",
}


def view(report: OperationReport, words: Words) -> Part:
    """All that the layout shows, as JSON: strings that are already set in the language."""
    return {
        "language": words.language,
        "dated": report.until.isoformat(),
        "reference": words.line(report.reference),
        "insurer": words.line(report.insurer),
        "mark": None if report.final else words.say("PROVISIONAL – the operation is not closed"),
        "words": {name: words.say(sentence) for name, sentence in FRAME.items()},
        "document": words.say("Closing report – {activity}", activity=_activity(report, words)),
        "heading": words.say("Closing report"),
        "activity": _activity(report, words),
        "facts": _facts(report, words),
        "lessons": words.typed(report.lessons),
        "tiles": _tiles(report, words),
        "measured": _before_after(report, words),
        "measured_note": _standing(report, words),
        "chart": burn_down(report.days, words),
        "days": [_day_head(words), *(_day(one, words) for one in report.days)] if report.days else [],
        "sessions": _sessions(report, words),
        "people": _people(report, words),
        "cost": _cost(report, words),
        "cost_note": _cost_note(report, words),
        "deadlines": _deadlines(report, words),
        "deadlines_note": _deadlines_note(report, words),
        "decisions": [_decision_head(words), *(_decision(one, words) for one in report.decisions)],
        "content_hash": report.content_hash,
    }


def _activity(report: OperationReport, words: Words) -> str:
    return words.line(report.activity_fr if words.language == "fr" else report.activity_en)


def _facts(report: OperationReport, words: Words) -> Table:
    ended = words.title(report.end_reason) if report.end_reason else words.say("Still going on")
    return [
        [words.say("Objective"), words.typed(report.objective)],
        [words.say("From"), words.day(report.starts_on)],
        [words.say("Up to"), words.day(report.until) if report.until >= report.starts_on else NOTHING],
        [words.say("How it ended"), ended],
    ]


def _tiles(report: OperationReport, words: Words) -> Table:
    off = report.days_off_track
    cost = [[words.say("cost of the operation"), words.euros(report.cost.pay_cents)]] if report.cost else []
    return [
        [words.say("cases handled, by the whole activity"), words.number(report.handled)],
        [words.say("hours worked in its sessions"), words.hours(sum(one.minutes for one in report.sessions))],
        *cost,
        [words.say_many("day off the plan", "days off the plan", off), words.number(off)],
    ]


def _before_after(report: OperationReport, words: Words) -> Table:
    head = ["", words.say("Evening of"), words.say("Waiting"), words.say("Days of work"), words.say("Standard")]
    return [
        head,
        _evening(words.say("Before"), report.before, report.standard, words),
        _evening(words.say("After"), report.after, report.standard, words),
    ]


def _evening(label: str, told: ReportedEvening | None, standard: Decimal, words: Words) -> list[str]:
    shown = words.say_many("{count} day", "{count} days", standard)
    if told is None:
        return [label, NOTHING, NOTHING, NOTHING, shown]
    backlog = NOTHING if told.backlog_days is None else words.number(told.backlog_days)
    kept = words.say("exceeded") if told.is_over else words.say("kept")
    return [label, words.short_day(told.on), words.number(told.stock), backlog, f"{shown}, {kept}"]


def _standing(report: OperationReport, words: Words) -> str:
    """How many working days were over and within the standard; what the plan had promised."""
    said = [
        words.say_many(
            "{count} working day over the standard.", "{count} working days over the standard.", report.days_over
        ),
        words.say("{count} within it.", count=words.number(report.days_within)),
    ]
    if report.days_without_figures:
        said.append(words.say("{count} without figures.", count=words.number(report.days_without_figures)))
    if report.planned_back_under_on:
        day = words.day(report.planned_back_under_on)
        said.append(words.say("The plan saw the stock back under its standard on {day}.", day=day))
    return " ".join(said)


def _day_head(words: Words) -> list[str]:
    titles = [words.say("Day"), words.say("Planned"), words.say("Waiting"), words.say("Difference")]
    return [*titles, words.say("Came in"), words.say("Handled"), words.say("Allowed"), words.say("Off plan")]


def _day(one: ReportedDay, words: Words) -> list[str]:
    apart = None if one.stock is None or one.planned is None else one.stock - one.planned
    numbers = (one.planned, one.stock, apart, one.inflow, one.handled, one.allowed)
    shown = [NOTHING if number is None else words.number(number) for number in numbers]
    return [words.short_day(one.on), *shown, words.say("yes") if one.off_track else ""]


def _sessions(report: OperationReport, words: Words) -> Table:
    if not report.sessions:
        return []
    head = [words.say("No."), words.say("Day"), words.say("Hours"), words.say("Places"), words.say("Signed up")]
    total = ["", words.say("All"), "", *_sums(report.sessions, words)]
    return [
        [*head, words.say("Present"), words.say("Worked"), words.say("Usual cases")],
        *(_session(one, words) for one in report.sessions),
        total,
    ]


def _session(one: ReportedSession, words: Words) -> list[str]:
    hours = ", ".join(f"{starts}–{ends}" for starts, ends in one.hours)
    return [str(one.number), words.short_day(one.day), hours, *_sums((one,), words)]


def _sums(some: tuple[ReportedSession, ...], words: Words) -> list[str]:
    counts = [sum(getattr(one, name) for one in some) for name in ("places", "signed_up", "came")]
    worked, cases = sum(one.minutes for one in some), sum(one.cases for one in some)
    return [*map(words.number, counts), words.hours(worked), words.number(cases)]


def _people(report: OperationReport, words: Words) -> Table:
    people = report.people
    counted = {
        words.say("had a place"): people.seated,
        words.say("came at least once"): people.came,
        words.say("waited for a place in vain"): people.in_vain,
        words.say("places given back"): people.given_back,
        words.say("places whose owner did not come"): people.stayed_away,
        words.say("people paid"): report.cost.people_paid if report.cost else None,
        words.say("cases lent to volunteers"): report.cases_lent,
        words.say("cases handled by volunteers"): report.cases_handled,
        words.say("members told of their wait"): report.members_told,
    }
    return [[capital(label), words.number(count)] for label, count in counted.items() if count is not None]


def _cost(report: OperationReport, words: Words) -> Table:
    cost = report.cost
    if cost is None:
        return []
    left = cost.budget_cents - cost.pay_cents
    return [
        [words.say("Pay, gross"), words.euros(cost.pay_cents)],
        [words.say("Budget"), words.euros(cost.budget_cents)],
        [words.say("Left") if left >= 0 else words.say("Beyond the budget"), words.euros(abs(left))],
        [words.say("Days of recovery"), words.number(cost.recovery_days)],
    ]


def _cost_note(report: OperationReport, words: Words) -> str:
    cost = report.cost
    if cost is None:
        return words.say("What it has cost is told to those who read pay.")
    said = (
        words.say("The pay file is validated by both validators.")
        if cost.validated
        else words.say("No pay file is validated by both validators yet.")
    )
    if not cost.by_payroll_minutes:
        return said
    hours = words.hours(cost.by_payroll_minutes)
    more = words.say("{hours} beyond part-time contracts are not in it: payroll adds what they cost.", hours=hours)
    return f"{said} {more}"


def _deadlines(report: OperationReport, words: Words) -> Table:
    effect = report.effect
    if effect is None:
        return []
    head = [words.say("Deadlines due"), words.say("Met in time"), words.say("Missed"), words.say("Overdue at the end")]
    named = {
        words.say("Before"): effect.before,
        words.say("During"): effect.during,
        words.say("Last day"): effect.last_day,
    }
    return [head, *(_due(label, of_days, words) for label, of_days in named.items())]


def _due(label: str, of_days: DeadlinesOf, words: Words) -> list[str]:
    first, last = words.short_day(of_days.first), words.short_day(of_days.last)
    between = first if first == last else f"{first} – {last}"
    return [f"{label}, {between}", *map(words.number, (of_days.met, of_days.missed, of_days.overdue))]


def _deadlines_note(report: OperationReport, words: Words) -> str:
    if report.until < report.starts_on:
        return words.say("The operation has not had a day yet.")
    if report.effect is None:
        return words.say("Cases of this activity are not in our register: their deadlines are not counted here.")
    return words.say(
        "Of all cases of this activity in our register, lent to volunteers or not. Overdue: past due and still open "
        "when the last of the days ended."
    )


def _decision_head(words: Words) -> list[str]:
    return [words.say("Day"), words.say("Decision"), words.say("By")]


def _decision(one: Decision, words: Words) -> list[str]:
    told = words.title(one.kind)
    if one.until:
        told = words.say("{decision}, until {day}", decision=told, day=words.short_day(one.until))
    by = words.listed(one.by)
    if one.instead_of:
        by = words.say("{roles} – instead of: {role}", roles=by, role=words.label(one.instead_of))
    return [words.short_day(one.on), told, by]
