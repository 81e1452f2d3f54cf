"""What the board tells: each number with the address that lists its cases, instants with their zone, codes as why."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.narrowing import link
from db.queries.board.counts import Counted
from db.queries.board.deadlines import Deadline
from domain.board import AgeBand, Blockage, DueWindow
from domain.complaint.diagram import TimerKind, Way
from domain.complaint.states import ComplaintState
from domain.hold import Hold
from domain.roles import Role


class Number(BaseModel):
    """So many, and the address that lists their cases."""

    count: int
    cases: str = Field(examples=["/api/v1/complaints?states=drafted&open=true"])

    @classmethod
    def of(cls, counted: Counted) -> "Number":
        """As it is told."""
        return cls(count=counted.count, cases=link(counted.cases))


class OpenNumber(Number):
    """The open cases at one step and of one age, in calendar days since reception."""

    state: ComplaintState
    age: AgeBand


class CountsView(BaseModel):
    """Open cases by step and age; this week's, from Monday on; the answers of the last 30 days."""

    at: datetime
    open: list[OpenNumber]
    received_this_week: Number
    closed_this_week: Number
    requalified_this_week: Number
    answered_in_time: Number
    answered_late: Number
    share_in_time: float | None = Field(description="of the answers of the last 30 days; null where there were none")


class HeldView(BaseModel):
    """Why it is not done: a code, since when, and the task that holds it."""

    why: Hold
    since: datetime | None
    task: UUID | None
    kind: str | None
    offered_to: list[str] = Field(description="hats: `person:<id>`, a role, a role of one pole")
    claimed_by: str | None


class DueNumber(Number):
    """The open deadlines of one name in one window: one per case."""

    procedure: str
    window: DueWindow
    deadline: Deadline


class LateView(BaseModel):
    """One open deadline of a case, and why what it asks for is not done."""

    deadline: Deadline
    due_at: datetime
    window: DueWindow
    case: str
    procedure: str
    state: str
    pole: str
    owner: str | None
    held: HeldView


class LatePageView(BaseModel):
    """What is late and what will be: numbers, and some of them one by one, the earliest due first."""

    at: datetime
    due: list[DueNumber]
    lines: list[LateView]
    next: str | None


class BlockedView(BaseModel):
    """One thing that does not go on, and since when."""

    id: UUID
    case: str
    procedure: str
    pole: str
    owner: str | None
    about: str = Field(description="kind of the task, letter or command")
    since: datetime
    offered_to: list[str]
    meant_for: list[str]
    claimed_by: str | None
    attempts: int | None
    detail: str | None = Field(description="the task that is blocked, or a letter's last error")


class StandstillView(BaseModel):
    """All cases that are blocked in one way, and the oldest of what blocks them."""

    kind: Blockage
    cases: Number
    oldest: list[BlockedView]


class BlockedPage(BaseModel):
    """Who and what is blocked."""

    at: datetime
    standstills: list[StandstillView]


class LoadView(BaseModel):
    """What one person carries, and whether they are away."""

    login: str
    name: str
    roles: list[Role]
    pole: str | None
    open_cases: Number
    tasks: Number = Field(description="offered to them by name, or claimed by them")
    overdue: Number
    absent: bool
    back_on: date | None
    deputy: str | None


class UntakenView(BaseModel):
    """The cases with a task of one kind that is offered to a role and that nobody has taken in hand."""

    procedure: str
    kind: str
    since: datetime = Field(description="since when the oldest of them is open")
    cases: Number
    overdue: Number


class LoadPage(BaseModel):
    """Everybody's load, the most loaded first; and the tasks that nobody has taken in hand, the oldest first."""

    at: datetime
    people: list[LoadView]
    untaken: list[UntakenView]


class NodeView(BaseModel):
    """A step on the drawing's grid; `open` is null where nothing stays open."""

    state: ComplaintState
    label: str
    x: float
    y: int
    open: Number | None


class EdgeView(BaseModel):
    """A way between two steps."""

    begins: ComplaintState
    ends: ComplaintState
    way: Way


class ProcedureView(BaseModel):
    """The procedure as a drawing."""

    at: datetime
    nodes: list[NodeView]
    edges: list[EdgeView]


class PassedView(BaseModel):
    """A step that the case has reached."""

    state: ComplaintState
    at: datetime
    actor: str | None = Field(description="null for the system itself")


class TimerView(BaseModel):
    """What will happen by itself, when, and to whom it speaks. Rungs that have merged are one message."""

    kind: TimerKind
    about: str
    generation: int
    at: datetime | None
    armed: bool = Field(description="the workflow sleeps to this one; the others follow it")
    rungs: list[str]
    to: list[str]
    copies: list[str]
    at_once: bool


class PathView(BaseModel):
    """The way of one case: the steps it has passed, where it stands, and what its timers will do."""

    case: str
    passed: list[PassedView]
    stands_at: ComplaintState
    timers: list[TimerView]
