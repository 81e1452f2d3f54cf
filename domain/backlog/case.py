"""What is known of an operation when a command on it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from domain.backlog.cost import Prices
from domain.backlog.dispatch import WaitingCase
from domain.backlog.hours import Session, session_starts
from domain.backlog.leave import NamedLeave, PaidLeaves
from domain.backlog.outlook import SessionSoFar
from domain.backlog.payfile import Validated
from domain.backlog.payroll import Worker
from domain.backlog.projection import PlannedSession, Reinforcement
from domain.backlog.report import Ending, OperationReport
from domain.backlog.states import BacklogState
from domain.backlog.watch import Activity, DailyFigures
from domain.backlog.words import BacklogDeadline
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


@dataclass(frozen=True)
class HeldSession:
    """A session of the operation. `seats` are those who have a place, by login; `attended` the minutes that each
    worked, once they were entered, and `versions` how often that was corrected."""

    id: UUID
    number: int
    session: Session
    planned: PlannedSession
    seats: Mapping[UUID, str] = field(default_factory=dict)
    entered: bool = False
    attended: Mapping[UUID, int] = field(default_factory=dict)
    versions: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day on which it is."""
        return self.session.day

    def has_begun(self, now: datetime, zone: str) -> bool:
        """Whether its first minute has come."""
        return session_starts(self.session, zone) <= now

    @property
    def so_far(self) -> SessionSoFar:
        """It, as a projection counts it."""
        return SessionSoFar(self.planned, len(self.seats), sum(self.attended.values()) if self.entered else None)

    @property
    def lacks_attendance(self) -> bool:
        """Whether somebody had a place and nobody has said who came."""
        return bool(self.seats) and not self.entered


@dataclass(frozen=True)
class OpenExtension:
    """A later end that somebody has asked for, and nobody has decided."""

    id: UUID
    until: date
    asked_by: UUID


@dataclass(frozen=True)
class OpenMessage:
    """A message to the members who wait longest that somebody has proposed, and nobody has decided."""

    id: UUID
    sha256: str
    more_than_days: int
    promised_on: date
    quiet_days: int
    proposed_by: UUID


@dataclass(frozen=True)
class PayVersion:
    """The newest pay file. `validations` are link → person; a void one is no longer right. `entered_by` are those who
    have entered what it is made of, until `made_at`."""

    version: int
    sha256: str
    made_by: UUID
    paid: frozenset[UUID] = frozenset()
    validations: Mapping[int, UUID] = field(default_factory=dict)
    void: bool = False
    entered_by: frozenset[UUID] = frozenset()
    made_at: datetime | None = None

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Who does not validate it: who made it, is paid by it, has entered what it is made of, or has validated it."""
        return self.paid | self.entered_by | {self.made_by, *self.validations.values()}


@dataclass(frozen=True)
class Operation:
    """The facts under the case's lock. `authors` are those who have written any version of its plan; `approvals` those
    of the plan as it stands, link → person; `planned` the plan's stock of each day. `put_off_on` is the day on which
    somebody last decided what to do about a stock that was off its plan. `procedure` is that of our register whose
    cases the activity counts, if any; `last_number` is that of its newest session, dropped or not. `dispatched` are the
    sessions whose cases were given out. Figures, what pay is made of (entered until an instant, or all), what of it
    was validated, which leave its files name so far, and one version of them (None: not known), the cases that wait,
    how many each volunteer of a session has, what each works that day beside it, the dearest hour of all volunteers,
    what an hour costs, the sessions of other operations on the activity, and what the closing report says (with how it
    ends, where that is just decided) are looked up where they matter.
    """

    id: UUID
    reference: str
    state: BacklogState
    pole: str
    activity: Activity
    authors: frozenset[UUID]
    starts_on: date
    ends_on: date
    plan_version: int
    plan_hash: str
    look_up_figures: Callable[[date, date], tuple[DailyFigures, ...]]
    look_up_workers: Callable[[PaidLeaves, datetime | None], tuple[Worker, ...]]
    look_up_validated: Callable[[], Validated | None]
    look_up_named: Callable[[], PaidLeaves]
    look_up_leave: Callable[[int], NamedLeave | None]
    look_up_report: Callable[[Ending | None], OperationReport]
    look_up_waiting: Callable[[date], tuple[WaitingCase, ...]]
    look_up_held: Callable[[UUID], Mapping[UUID, int]]
    look_up_day: Callable[[UUID], Mapping[UUID, int]]
    look_up_dearest_hour: Callable[[], int | None]
    look_up_prices: Callable[[], Prices | None]
    look_up_beside: Callable[[], tuple[tuple[SessionSoFar, ...], ...]]
    budget_cents: int
    planned: Mapping[date, Decimal] = field(default_factory=dict)
    approvals: Mapping[int, UUID] = field(default_factory=dict)
    sessions: tuple[HeldSession, ...] = ()
    last_number: int = 0
    extension: OpenExtension | None = None
    put_off_on: date | None = None
    procedure: str | None = None
    minutes_per_case: Decimal = Decimal(1)
    reinforcements: tuple[Reinforcement, ...] = ()
    dispatched: frozenset[int] = frozenset()
    pay: PayVersion | None = None
    message: OpenMessage | None = None
    generations: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[OpenDeadline, ...] = ()

    @property
    def kept_out(self) -> frozenset[UUID]:
        """Nobody, from the operation as such."""
        return frozenset()

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that somebody still has to do."""
        return tuple(task for task in self.tasks if task.closed_at is None)

    @cached_property
    def open_deadlines(self) -> Mapping[str, datetime]:
        """Name → due instant of what is neither met nor cancelled."""
        return {deadline.name: deadline.due_at for deadline in self.deadlines}

    @property
    def due_at(self) -> datetime | None:
        """By when it wants to be decided: approved, ended, paid."""
        wanted = (BacklogDeadline.APPROVAL, BacklogDeadline.OPERATION_END, BacklogDeadline.PAY)
        return next((self.open_deadlines[name] for name in wanted if name in self.open_deadlines), None)

    def deadline(self, name: str) -> OpenDeadline | None:
        """The open deadline of this name."""
        return next((deadline for deadline in self.deadlines if deadline.name == name), None)

    def next_generation(self, name: str) -> int:
        """The number of the next deadline of this name, 1 for the first."""
        return self.generations.get(name, 0) + 1

    def tasks_of(self, kind: str) -> tuple[Task, ...]:
        """The open tasks of this kind."""
        return tuple(task for task in self.open_tasks if task.kind == kind)

    def session(self, number: int) -> HeldSession | None:
        """The session of this number."""
        return next((one for one in self.sessions if one.number == number), None)

    @property
    def minutes_worked(self) -> int:
        """All that was worked in its sessions."""
        return sum(minutes for one in self.sessions for minutes in one.attended.values())


@dataclass(frozen=True)
class BacklogPosition:
    """Where the workflow stands: ids and enums only. It can start from here at any step.

    Reminders of one instant fire over some minutes: this case's `spread` after it.
    """

    case_id: UUID
    state: BacklogState
    spread: timedelta = timedelta(0)
    watched: tuple[Watched, ...] = ()
    messages: tuple[UUID, ...] = ()
    mail_patience: timedelta = timedelta(0)
    letters: tuple[LetterInHand, ...] = ()
