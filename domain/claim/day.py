"""A day's file: its lines become benefit requests, each once, or are refused with what is wrong with them.

What becomes of a line depends on no other line's place: a file says the same in whatever order it is written.
Source: procedures, section 2 step 1 (a batch reports line by line, the same line twice is one claim)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from domain.calendar import Calendar
from domain.claim.intake import ClaimIntake, problems_of, read_shape
from domain.policy import PolicyBook
from domain.records import Record, Sheet, UnreadableFile, Values
from domain.refusals import Invalid

MOST_LINES = 200_000
CLAIMS = Sheet(
    "claims",
    list(ClaimIntake.model_fields),
    ["number", *(name for name, one in ClaimIntake.model_fields.items() if one.is_required())],
)
_LONGEST_AMOUNT = 12
OTHER_CONTENT = Invalid(
    "This number was used for a claim that says otherwise.",
    "A claim stays as it was asked for: give a new one a new number, or leave this line out.",
    field="number",
)
_SAYS_TWO_THINGS = Invalid(
    "Two lines of the file have this number and say different things: neither is taken in.",
    "Leave in the file the line that is right, or give one of them a number of its own.",
    field="number",
)


@dataclass(frozen=True)
class Reading:
    """As of which day a file is read, under which policy, and for which days the calendar can count."""

    today: date
    book: PolicyBook
    calendar: Calendar


@dataclass
class ReadDay:
    """The requests of a file by the line where each stands first; lines that say the same again; refused ones."""

    requests: dict[int, ClaimIntake] = field(default_factory=dict)
    repeated: int = 0
    refused: dict[int, Invalid] = field(default_factory=dict)

    @property
    def in_order(self) -> list[tuple[int, ClaimIntake]]:
        """By their reception, then by their number: the order in which they are each other's earlier claims."""
        return sorted(self.requests.items(), key=lambda one: (one[1].received_on, one[1].number))


def read_day(records: Iterable[Record], reading: Reading) -> ReadDay:
    """Read a file's lines. Raises UnreadableFile where there are too many.

    Source: procedures, section 2 step 1
    """
    day, by_number = ReadDay(), _ByNumber()
    for count, (line, record) in enumerate(records, 1):
        if count > MOST_LINES:
            raise UnreadableFile(
                f"A day's file has {MOST_LINES} lines at most.", "Send it in several parts.", field="file"
            )
        try:
            by_number.add(line, read_request(record, reading))
        except Invalid as refusal:
            day.refused[line] = refusal
    by_number.tell(day)
    return day


def read_request(record: Values | Invalid, reading: Reading) -> ClaimIntake:
    """One line's request. Raises Invalid: the first thing that is wrong with it."""
    if isinstance(record, Invalid):
        raise record
    amount = {"amount_cents": _whole(record["amount_cents"])} if "amount_cents" in record else {}
    intake = read_shape(record | amount)
    if isinstance(intake, tuple):
        raise intake[0]
    for problem in _problems(intake, reading):
        raise problem
    return intake


def _problems(intake: ClaimIntake, reading: Reading) -> Iterator[Invalid]:
    if intake.number is None:
        yield Invalid("A line of a file has a number.", "Give the entering system's own.", field="number")
    yield from problems_of(intake, reading.today, reading.book.in_force_on(intake.received_on).claim)
    if intake.received_on < reading.calendar.first_day:
        yield Invalid(
            f"The calendar begins on {reading.calendar.first_day}: no deadline can be counted from before.",
            "Check the year; if it is right, have the calendar filled further back.",
            field="received_on",
        )


def _whole(written: object) -> object:
    """CSV knows text only: an amount of nothing but digits, with or without a minus, is a number."""
    digits = written.removeprefix("-") if isinstance(written, str) else ""
    return int(str(written)) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_AMOUNT else written


@dataclass
class _ByNumber:
    """Which lines bear which number, and what they say."""

    lines: dict[str, list[tuple[int, ClaimIntake]]] = field(default_factory=dict)

    def add(self, line: int, intake: ClaimIntake) -> None:
        self.lines.setdefault(str(intake.number), []).append((line, intake))

    def tell(self, day: ReadDay) -> None:
        """The same twice is one request; a number that says two things is believed in neither."""
        for same_number in self.lines.values():
            if len({intake.content_hash for _, intake in same_number}) > 1:
                day.refused |= dict.fromkeys((line for line, _ in same_number), _SAYS_TWO_THINGS)
            else:
                (line, intake), *again = same_number
                day.requests[line] = intake
                day.repeated += len(again)
