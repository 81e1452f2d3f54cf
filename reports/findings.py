"""The findings of delegates as a list for the insurer: a workbook, or CSV for other programs.

Source: procedures, section 3 steps 6 and 7
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO

from domain.risk import RiskLevel
from letters import typography
from reports.words import Words, words_in
from reports.workbook import About, Column, Shaded, Sheet, Value, Width, is_command, workbook_of


@dataclass(frozen=True)
class FindingLine:
    """A finding as the list shows it. `state` and `origin` are words of the domain, which have their labels.

    `audit` is the reference of the audit that follows it now. Until `accepted_until` its risk is accepted, and the due
    day does not count. `ended_on` is empty while it is open; `plan` is what the
    delegate means to do; `postponements` counts those that were granted.
    """

    reference: str
    audit: str
    delegate: str
    contract: str
    origin: StrEnum
    piece: str | None
    subject: str
    words: str
    risk: RiskLevel
    agreed_on: date
    due_on: date
    state: StrEnum
    owner: str | None = None
    plan: str | None = None
    postponements: int = 0
    ended_on: date | None = None
    accepted_until: date | None = None


def days_late(line: FindingLine, on: date) -> int | None:
    """How many civil days after its due day an open finding is; None where it is not late, or has ended, or its risk is
    accepted for a time.

    On the due day itself it is not late. Source: procedures, section 3 step 6
    """
    late = (on - line.due_on).days
    return late if late > 0 and line.ended_on is None and line.accepted_until is None else None


def findings_workbook(rows: Iterable[FindingLine], language: str, on: date, insurer: str) -> bytes:
    """The list as XLSX, as it was on a day: one finding a line, the same list is the same bytes.

    Raises KeyError for a language that reports are not written in.
    """
    words = words_in(language)
    levels = tuple(words.title(level) for level in RiskLevel)
    columns = tuple(Column(head, width, levels if width is Width.LEVEL else ()) for head, width in _columns(words))
    sheet = Sheet(words.say("Findings"), columns, [_line(words, row, on) for row in rows])
    title = words.say("Findings of delegates on {day}", day=words.day(on))
    return workbook_of([sheet], About(title, insurer, on.isoformat(), on, words.say("Page")))


def findings_csv(rows: Iterable[FindingLine], language: str, on: date) -> bytes:
    """The same list as CSV: semicolons, UTF-8 with its mark, days as 2026-12-31.

    A typed text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    words, table = words_in(language), StringIO()
    writer = csv.writer(table, delimiter=";")
    writer.writerow([head for head, _ in _columns(words)])
    writer.writerows([_plain(value) for value in _line(words, row, on)] for row in rows)
    return table.getvalue().encode("utf-8-sig")


def _columns(words: Words) -> Iterator[tuple[str, Width]]:
    """The heads, each with its width."""
    yield words.say("Finding"), Width.WORD
    yield words.say("Audit"), Width.WORD
    yield words.say("Delegate"), Width.WORD
    yield words.say("Contract"), Width.WORD
    yield words.say("Origin"), Width.WORD
    yield words.say("Piece"), Width.NAME
    yield words.say("Subject"), Width.NAME
    yield words.say("Words"), Width.TEXT
    yield words.say("Risk"), Width.LEVEL
    yield words.say("State"), Width.WORD
    yield words.say("Agreed on"), Width.DAY
    yield words.say("Due on"), Width.DAY
    yield words.say("Risk accepted until"), Width.DAY
    yield words.say("Days late"), Width.NARROW
    yield words.say("Owner"), Width.WORD
    yield words.say("Plan"), Width.NAME
    yield words.say("Postponements"), Width.NARROW
    yield words.say("Ended on"), Width.DAY


def _line(words: Words, row: FindingLine, on: date) -> Sequence[Value]:
    return (
        *(row.reference, row.audit, row.delegate, row.contract, words.title(row.origin), row.piece, row.subject),
        *(row.words, Shaded(words.title(row.risk), row.risk.height), words.title(row.state), row.agreed_on),
        *(
            None if row.accepted_until else row.due_on,
            row.accepted_until,
            days_late(row, on),
            row.owner,
            row.plan,
            row.postponements,
            row.ended_on,
        ),
    )


def _plain(value: Value) -> str:
    """A value as it stands in a line of CSV."""
    if isinstance(value, Shaded):
        return value.text
    if value is None or isinstance(value, int | Decimal):
        return "" if value is None else str(value)
    if isinstance(value, date):
        return value.isoformat()
    clean = typography.many_lines(value).replace(typography.LINE_END, "\n")
    return f"'{clean}" if is_command(clean) else clean
