"""Commands: what people ask of an operation, in the imperative; each is the body of an API call."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.backlog.figures import ActivityId
from domain.backlog.words import BacklogTask
from domain.civil import SaneDay
from domain.desk import OfferAgain
from domain.forms import Form, Line, Text, Writable

Number = Annotated[Decimal, Field(max_digits=18, decimal_places=9, ge=0)]
FileHash = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, of the plan, or of the message")
]
Cents = Annotated[int, Field(ge=0, le=10**12)]
MessageText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000), Writable]
MinutesWorked = Annotated[int, Field(ge=0, le=24 * 60, description="minutes that were worked, 0 for who did not come")]
MOST_PLACES = 1000
"""Of one session."""


class SpanAsked(Form):
    """Work without a break, from when until when, in local time."""

    starts_at: time
    ends_at: time


class SessionAsked(Form):
    """A session: a day, its hours with the breaks between them, its places, and the skill that it asks for."""

    day: SaneDay
    hours: Annotated[tuple[SpanAsked, ...], Field(min_length=1, max_length=6)]
    places: Annotated[int, Field(ge=1, le=MOST_PLACES)]
    no_show: Number = Field(Decimal(0), description="the share of places that stays empty", examples=["0.10"])
    skill: Line | None = None


class ReinforcementAsked(Form):
    """People of activities that are put aside: full-time, from the first to the last day, both included."""

    first_day: SaneDay
    last_day: SaneDay
    staff: Number


class SituationAsked(Form):
    """The activity on the evening of a day: what waits, comes in and is handled by whom. `standard` is in days of
    work, `absence` the share of the staff who are away, `minutes` those that a file takes."""

    as_of: SaneDay
    stock: Annotated[int, Field(ge=0, le=10**8)]
    inflow: Number
    minutes: Number
    staff: Number
    hours: Number
    absence: Number
    standard: Number


class PlanAsked(Form):
    """What an operation is to do, from which day on, for how much money. Source: procedures, section 4 step 3"""

    starts_on: SaneDay
    budget_cents: Cents
    situation: SituationAsked
    sessions: Annotated[tuple[SessionAsked, ...], Field(min_length=1, max_length=120)]
    reinforcements: Annotated[tuple[ReinforcementAsked, ...], Field(max_length=40)] = ()


class ProposeOperation(PlanAsked):
    """An activity that is far behind is to be brought back under its standard. `put_aside` are those
    activities that wait meanwhile, of which it was said in advance that they may.

    Source: procedures, section 4 step 3
    """

    activity: ActivityId
    pole: Line
    objective: Text
    put_aside: Annotated[tuple[ActivityId, ...], Field(max_length=20)] = ()


class Replan(PlanAsked):
    """Another plan in place of the one that is with the directors: what they have approved is void."""


class Approve(Form):
    """The plan of this hash may be carried out."""

    outcome: Literal["approve"] = "approve"
    plan_hash: FileHash


class Refuse(Form):
    """No, with the reason."""

    outcome: Literal["refuse"] = "refuse"
    reason: Text


class Cancel(Form):
    """The operation is given up before anybody has worked for it, with the reason."""

    reason: Text


class Stop(Form):
    """The operation ends before its time, with the reason. What was worked is paid."""

    reason: Text


class Attendance(Form):
    """How long somebody worked in a session."""

    login: Line
    minutes: MinutesWorked


class EnterAttendance(Form):
    """Who was there: everybody who had a place, once."""

    outcome: Literal["enter"] = "enter"
    attended: Annotated[tuple[Attendance, ...], Field(max_length=1000)]


class CorrectAttendance(Form):
    """Somebody worked longer or shorter in a session than it was entered, with the reason."""

    session: Annotated[int, Field(ge=1, description="the number of the session in its operation")]
    login: Line
    minutes: MinutesWorked
    reason: Text


class Dispatch(Form):
    """Give the oldest cases to the volunteers of a session: each as many as its minutes allow. Given again, for the
    cases that have come and the room that is left. Source: procedures, section 4 step 4"""

    session: Annotated[int, Field(ge=1, description="the number of the session in its operation")]


class GiveOut(Form):
    """Give the oldest cases to the volunteers of the task's session."""

    outcome: Literal["give_out"] = "give_out"


class AddSessions(Form):
    """More sessions, in which volunteers can sign up at once."""

    sessions: Annotated[tuple[SessionAsked, ...], Field(min_length=1, max_length=40)]


class Places(Form):
    """A session has so many places: as many as before, or more."""

    places: Annotated[int, Field(ge=1, le=MOST_PLACES, examples=[60])]


class Strengthen(AddSessions):
    """The stock is off its plan: more sessions."""

    outcome: Literal["strengthen"] = "strengthen"


class GoOn(Form):
    """The stock is off its plan, and the operation goes on as it is, with the reason."""

    outcome: Literal["go_on"] = "go_on"
    reason: Text


class RequestExtension(Form):
    """Ask the general director for a later end. Source: procedures, section 4 step 6"""

    until: SaneDay
    reason: Text


class Extend(RequestExtension):
    """In place of its end, or because the stock is off its plan: a later end is asked for."""

    outcome: Literal["extend"] = "extend"


class Grant(Form):
    """The operation ends on the later day."""

    outcome: Literal["grant"] = "grant"


class Close(Form):
    """The operation ends; what was worked is paid."""

    outcome: Literal["close"] = "close"
    lessons: Text | None = None


class PaidLeave(Form):
    """Days of somebody's absence that were paid leave: they count towards overtime as work does."""

    login: Line
    days: Annotated[tuple[SaneDay, ...], Field(min_length=1, max_length=100)]


class PreparePay(Form):
    """Make the pay file of what was worked up to now. Left out, paid leave is what earlier files named; else days of
    absence that are not named were none, and of those that an earlier file named `leave_taken_away` says why not."""

    paid_leave: Annotated[tuple[PaidLeave, ...], Field(max_length=1000)] | None = None
    leave_taken_away: Text | None = None


class Prepare(PreparePay):
    """The pay file of the operation's end."""

    outcome: Literal["prepare"] = "prepare"


class Validate(Form):
    """The very file of this hash may go to payroll."""

    outcome: Literal["validate"] = "validate"
    sha256: FileHash


class SendBack(Form):
    """The pay file will not do, with the reason: it is to be made anew."""

    outcome: Literal["send_back"] = "send_back"
    reason: Text


class MessageWords(Form):
    """Why it takes longer, in the insurer's own words: a paragraph of each member's letter, in their language."""

    fr: MessageText
    en: MessageText


class ProposeMessage(Form):
    """Members whose cases are open for more than so many days are to be told until which day their answer is promised.

    `more_than_days` left out, they are the policy's; `after_the_end` says that the promise goes beyond the operation.
    Source: procedures, section 4 step 4
    """

    promised_on: SaneDay
    words: MessageWords
    more_than_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    after_the_end: bool = False


class ApproveMessage(Form):
    """The very message of this hash may leave."""

    outcome: Literal["approve_message"] = "approve_message"
    sha256: FileHash


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    BacklogTask.APPROVE_OPERATION: (Approve, Refuse),
    BacklogTask.DISPATCH_CASES: (GiveOut,),
    BacklogTask.ENTER_ATTENDANCE: (EnterAttendance,),
    BacklogTask.DECIDE_OFF_TRACK: (GoOn, Strengthen, Extend),
    BacklogTask.APPROVE_EXTENSION: (Grant, Refuse),
    BacklogTask.CLOSE_OPERATION: (Close, Extend),
    BacklogTask.PREPARE_PAY: (Prepare,),
    BacklogTask.VALIDATE_PAY: (Validate, SendBack),
    BacklogTask.APPROVE_MESSAGE: (ApproveMessage, Refuse),
    BacklogTask.UNBLOCK: (OfferAgain,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {
    "replan": Replan,
    "cancel": Cancel,
    "stop": Stop,
    "add_sessions": AddSessions,
    "dispatch": Dispatch,
    "correct_attendance": CorrectAttendance,
    "request_extension": RequestExtension,
    "prepare_pay": PreparePay,
    "propose_message": ProposeMessage,
}
"""The commands that are given on an operation, without a task."""
