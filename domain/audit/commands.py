"""Commands: what people ask of an audit, in the imperative; each is the body of an API call.

Source: procedures, section 3
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.audit.words import AuditDomain, AuditTask, Grade, Meeting, OpenFindings, Reply, Ruling
from domain.civil import Day, Instant
from domain.desk import OfferAgain
from domain.forms import Form, Line, Text
from domain.risk import RiskLevel

MOST = 500
PieceId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
ReportHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the report that was read (PDF)")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file's bytes")]
Number = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class Plan(Form):
    """Plan the yearly audit of a delegate: scope, the pieces that it is asked for, the launch meeting.

    The audit is that of the year in which it is launched. Without `pieces`, all of the catalogue's in these domains.
    Source: procedures, section 3 step 1
    """

    delegate: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,19}$")]
    contracts: Annotated[list[Line], Field(min_length=1, max_length=MOST)]
    themes: Annotated[list[AuditDomain], Field(min_length=1, max_length=len(AuditDomain))]
    pieces: Annotated[list[PieceId], Field(max_length=MOST)] | None = None
    launch_at: Instant
    place: Line


class FixMeeting(Form):
    """Fix a meeting, or move it: the day, the hour, the place. Its invitation changes with it."""

    meeting: Meeting
    at: Instant
    place: Line


class HoldLaunch(Form):
    """The launch meeting was held: the delegate's six weeks begin that day."""

    outcome: Literal["hold_launch"] = "hold_launch"
    held_on: Day
    minutes: Text | None = None


class DeliverPiece(Form):
    """A file of a piece has come. The file itself is kept beside the command."""

    piece: PieceId
    name: Line
    media_type: Line
    sha256: Sha256


class WithdrawPiece(Form):
    """Take a file back that was delivered by mistake: it stays, and counts for nothing."""

    piece: PieceId
    version: Number
    reason: Text


class Deliver(Form):
    """Everything that was asked for is there: the delegate ends the delivery."""

    outcome: Literal["deliver"] = "deliver"


class EndDelivery(Form):
    """The auditor ends the delivery: what has not come is missing, and becomes a finding."""

    reason: Text


class NoteAnalysis(Form):
    """What a piece that came is worth, on the four criteria. Noted again, the last note counts."""

    piece: PieceId
    conformity: Grade
    up_to_date: Grade
    relevance: Grade
    presentation: Grade
    comment: Text | None = None


class EndAnalysis(Form):
    """Every piece that came is graded: the report can be written."""

    outcome: Literal["end_analysis"] = "end_analysis"


class AddStrength(Form):
    """Something that the delegate does well."""

    words: Text
    domain: AuditDomain | None = None


class DropStrength(Form):
    """Take a strength out of the report again."""

    number: Number


class AddRecommendation(Form):
    """What the delegate should change, how grave it is, by when. An audit of several contracts says of which it is."""

    risk: RiskLevel
    words: Text
    expected_on: Day
    piece: PieceId | None = None
    contract: Line | None = None
    comment: Text | None = None


class ChangeRecommendation(AddRecommendation):
    """Write a recommendation anew, under its number."""

    number: Number


class DropRecommendation(Form):
    """Take a recommendation out of the report again, with the reason."""

    number: Number
    reason: Text


class Submit(Form):
    """Give the report, as its files have it, to its two validators."""

    outcome: Literal["submit"] = "submit"
    report_sha256: ReportHash


class Validate(Form):
    """Stand for the report that was read, and for no other."""

    outcome: Literal["validate"] = "validate"
    report_sha256: ReportHash


class SendBack(Form):
    """Send the report back to its authors, with the reason."""

    outcome: Literal["send_back"] = "send_back"
    report_sha256: ReportHash
    reason: Text


class Answer(Form):
    """What the delegate answers to one recommendation: accepted, with a date of their own or not; or disputed, with an
    argument."""

    number: Number
    reply: Reply
    proposed_on: Day | None = None
    argument: Text | None = None

    @model_validator(mode="after")
    def a_dispute_has_its_argument(self) -> Self:
        """Whoever disputes says why; whoever accepts may give a date."""
        if (self.reply is Reply.DISPUTE) != (self.argument is not None):
            raise ValueError("a dispute has its argument, an acceptance has none")
        if self.reply is Reply.DISPUTE and self.proposed_on is not None:
            raise ValueError("a date is proposed for what is accepted")
        return self


class AnswerFindings(Form):
    """The delegate answers each recommendation of the report.

    Source: procedures, section 3 step 5
    """

    outcome: Literal["answer"] = "answer"
    answers: Annotated[list[Answer], Field(max_length=MOST)]


class EndAnswers(Form):
    """The auditor goes on without the delegate's answers, once their date has passed: what was not answered counts as
    neither accepted nor disputed.

    Source: policy
    """

    reason: Text


class Rule(Form):
    """What becomes of one disputed recommendation, and why. `risk` only where it is lowered."""

    number: Number
    ruling: Ruling
    risk: RiskLevel | None = None
    reason: Text

    @model_validator(mode="after")
    def lowered_to_something(self) -> Self:
        """What is lowered is lowered to another risk."""
        if (self.ruling is Ruling.LOWER) != (self.risk is not None):
            raise ValueError("Give the risk where the recommendation is lowered, and only there.")
        return self


class Arbitrate(Form):
    """Rule on each recommendation that the delegate disputes."""

    outcome: Literal["arbitrate"] = "arbitrate"
    rulings: Annotated[list[Rule], Field(min_length=1, max_length=MOST)]


class AgreedDate(Form):
    """By when one recommendation, or one missing piece, is to be put right. Missing pieces come after the
    recommendations."""

    number: Number
    due_on: Day


class AgreeSchedule(Form):
    """The restitution meeting was held, and the schedule is agreed.

    What `schedule` does not name is due on the date that the delegate proposed, else on the one that the report
    expects, brought forward to what the risk allows; a missing piece, on the last day that its risk allows.
    """

    outcome: Literal["agree"] = "agree"
    held_on: Day
    schedule: Annotated[list[AgreedDate], Field(default_factory=list, max_length=MOST)]
    minutes: Text | None = None


class ApproveSchedule(Form):
    """Stand for the dates that are later than their risk allows."""

    outcome: Literal["approve_schedule"] = "approve_schedule"


class RefuseSchedule(Form):
    """Refuse the dates that are later than their risk allows, with the reason: others are to be agreed on."""

    outcome: Literal["refuse_schedule"] = "refuse_schedule"
    reason: Text


class HoldFollowUp(Form):
    """The follow-up meeting at the year's end was held."""

    outcome: Literal["hold_follow_up"] = "hold_follow_up"
    held_on: Day
    minutes: Text | None = None


class CarryOver(Form):
    """Carry what is still open into the delegate's next audit, and close this one."""

    outcome: Literal["carry_over"] = "carry_over"


class Cancel(Form):
    """Cancel the audit, with the reason. Where findings are open, say whether they are kept or cancelled with it."""

    reason: Text
    findings: OpenFindings | None = None


OUTCOMES: dict[str, tuple[type[Form], ...]] = {
    AuditTask.HOLD_LAUNCH_MEETING: (HoldLaunch,),
    AuditTask.DELIVER_PIECES: (Deliver,),
    AuditTask.ANALYSE: (EndAnalysis,),
    AuditTask.WRITE_REPORT: (Submit,),
    AuditTask.VALIDATE_REPORT: (Validate, SendBack),
    AuditTask.ANSWER_FINDINGS: (AnswerFindings,),
    AuditTask.ARBITRATE: (Arbitrate,),
    AuditTask.AGREE_SCHEDULE: (AgreeSchedule,),
    AuditTask.APPROVE_SCHEDULE: (ApproveSchedule, RefuseSchedule),
    AuditTask.HOLD_FOLLOW_UP: (HoldFollowUp,),
    AuditTask.CARRY_OVER: (CarryOver,),
    AuditTask.UNBLOCK: (OfferAgain,),
}
"""The allowed outcomes of each kind of task: the body's schema is served with the task."""

CASE_COMMANDS: dict[str, type[Form]] = {
    "fix_meeting": FixMeeting,
    "deliver_piece": DeliverPiece,
    "withdraw_piece": WithdrawPiece,
    "end_delivery": EndDelivery,
    "note_analysis": NoteAnalysis,
    "add_strength": AddStrength,
    "drop_strength": DropStrength,
    "add_recommendation": AddRecommendation,
    "change_recommendation": ChangeRecommendation,
    "drop_recommendation": DropRecommendation,
    "end_answers": EndAnswers,
    "cancel": Cancel,
}
"""The commands that are given on an audit, without a task."""
