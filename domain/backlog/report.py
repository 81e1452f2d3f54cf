"""The closing report of an operation as it is kept: everything that it says, and the SHA-256 of it.

It names nobody: people are counted, and whoever decided is told by their role. Nobody's pay is in it, only the sum.

Source: procedures, section 4 step 6
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from json import dumps

from domain.backlog.words import DecisionKind, EndReason
from domain.roles import Role


@dataclass(frozen=True)
class Ending:
    """How an operation ends that is just being closed: its day, why, what was learnt, by somebody with these roles."""

    on: date
    why: EndReason
    words: str | None
    by: frozenset[Role]


@dataclass(frozen=True)
class ReportedEvening:
    """What waits on the evening of a day; `backlog_days` to hundredths, None where nobody is there."""

    on: date
    stock: int
    backlog_days: Decimal | None
    is_over: bool


@dataclass(frozen=True)
class ReportedDay:
    """A day against its plan. `planned` is None where the plan says nothing of it; stock, inflow and handled where
    nobody has given figures. `allowed` is the stock that the standard allows with whoever was there."""

    on: date
    planned: int | None
    stock: int | None = None
    inflow: int | None = None
    handled: int | None = None
    allowed: int | None = None
    off_track: bool = False


@dataclass(frozen=True)
class ReportedSession:
    """A session that was held: who had a place, who came, for how many minutes, and how many usual cases those are."""

    number: int
    day: date
    hours: tuple[tuple[str, str], ...]
    places: int
    signed_up: int
    came: int
    minutes: int
    cases: int


@dataclass(frozen=True)
class ReportedPeople:
    """People, counted once each, however many sessions they had: with a place, there at least once, who waited for a
    place in vain; and the places that were given back, or whose owner did not come."""

    seated: int
    came: int
    in_vain: int
    given_back: int
    stayed_away: int


@dataclass(frozen=True)
class ReportedCost:
    """The newest pay file that is not void, `validated` by both or not yet, against what was allowed.

    `by_payroll_minutes` are hours beyond part-time contracts: payroll computes them, they are not in the sum.
    """

    pay_cents: int
    budget_cents: int
    people_paid: int
    recovery_days: int
    by_payroll_minutes: int
    validated: bool

    @property
    def within_budget(self) -> bool:
        """Whether it cost no more than it was to cost."""
        return self.pay_cents <= self.budget_cents


@dataclass(frozen=True)
class DeadlinesOf:
    """The deadlines of the activity's cases that were due from the first to the last day: met in time, or missed; and
    those that were overdue and still open when the last day, or what there was of it, had passed."""

    first: date
    last: date
    met: int
    missed: int
    overdue: int


@dataclass(frozen=True)
class DeadlineEffect:
    """What the operation did for deadlines: as many days before it as it has lasted, during it, on its last day."""

    before: DeadlinesOf
    during: DeadlinesOf
    last_day: DeadlinesOf


@dataclass(frozen=True)
class Decision:
    """What was decided on a day, by somebody with these roles of their own; `instead_of` whom, where they stood in.

    `until` is the end that was asked for or granted.
    """

    on: date
    kind: DecisionKind
    by: tuple[Role, ...]
    instead_of: Role | None = None
    until: date | None = None


@dataclass(frozen=True)
class OperationReport:
    """Everything that the report says. `final` once the operation is closed; before, it is provisional.

    `effect` is None for an activity whose cases are not in our register: their deadlines are not counted here.
    `cost` is None for whoever reads no pay: the sum of a few people, or two sums, may tell what one person has.
    `cases_lent`, `cases_handled` (those on which a volunteer has done something) and `members_told` are None there too.
    """

    reference: str
    insurer: str
    activity_fr: str
    activity_en: str
    objective: str
    final: bool
    starts_on: date
    ends_on: date
    until: date
    end_reason: EndReason | None
    lessons: str | None
    standard: Decimal
    planned_back_under_on: date | None
    before: ReportedEvening | None
    after: ReportedEvening | None
    handled: int
    days_over: int
    days_within: int
    days_without_figures: int
    days: tuple[ReportedDay, ...]
    sessions: tuple[ReportedSession, ...]
    people: ReportedPeople
    cost: ReportedCost | None
    effect: DeadlineEffect | None
    decisions: tuple[Decision, ...]
    cases_lent: int | None = None
    cases_handled: int | None = None
    members_told: int | None = None

    @property
    def days_off_track(self) -> int:
        """The days on which the stock was found to be off its plan."""
        return sum(one.off_track for one in self.days)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all that it says: made again of the same register, it is the same."""
        return sha256(dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()

    @property
    def hash_without_cost(self) -> str:
        """SHA-256 over all but the cost: what the journal has, and whoever reads no pay. Of one or two people the sum
        says what they earn, and a hash over it would tell the sum to whoever tries all sums.

        Source: procedures, section 4 step 5
        """
        return replace(self, cost=None).content_hash
