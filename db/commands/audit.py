"""Write what has happened to an audit, and tell the cases of its findings."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from db.commands.case import apply
from db.commands.command import receive_all_from_machine, receive_from_machine
from db.commands.journal import Writing
from db.commands.opening import OPENERS, FromAudit
from db.models import (
    AuditApprovalRow,
    AuditDateRow,
    AuditFileRow,
    AuditFindingRow,
    AuditGradesRow,
    AuditMeetingRow,
    AuditRecommendationRow,
    AuditRow,
    AuditStrengthRow,
)
from domain.audit import events as happened
from domain.audit.words import Criterion, OpenFindings
from domain.commands import MachineCommand


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(AuditRow.case_id, writing.case.id, **values)


def _change_recommendation(writing: Writing, number: int, **values: Any) -> None:
    of_it = AuditRecommendationRow.audit_id == writing.case.id
    writing.batch.change(AuditRecommendationRow.number, number, of_it, **values)


@apply.register
def _(event: happened.MeetingFixed, writing: Writing) -> None:
    values = {"at": event.at, "place": event.place, "sequence": event.sequence, "fixed_at": writing.at}
    writing.session.execute(
        insert(AuditMeetingRow)
        .values(audit_id=writing.case.id, meeting=event.meeting, **values)
        .on_conflict_do_update(index_elements=[AuditMeetingRow.audit_id, AuditMeetingRow.meeting], set_=values)
    )


@apply.register
def _(event: happened.MeetingHeld, writing: Writing) -> None:
    """A meeting that nobody had fixed was held all the same: it is kept with its day alone."""
    held = {"held_on": event.held_on, "minutes": event.minutes}
    unfixed = {"at": writing.at, "place": "", "sequence": 0, "fixed_at": writing.at}
    writing.session.execute(
        insert(AuditMeetingRow)
        .values(audit_id=writing.case.id, meeting=event.meeting, **unfixed, **held)
        .on_conflict_do_update(index_elements=[AuditMeetingRow.audit_id, AuditMeetingRow.meeting], set_=held)
    )


@apply.register
def _(event: happened.DeliveryBegun, writing: Writing) -> None:
    _change(writing, launched_on=event.launched_on, delivery_due_on=event.due_on)


@apply.register
def _(event: happened.PieceDelivered, writing: Writing) -> None:
    """The file that came with this command is the audit's from now on."""
    delivered = {"version": event.version, "late": event.late, "delivered_at": writing.at}
    writing.batch.change(AuditFileRow.id, writing.command_id, **delivered)


@apply.register
def _(event: happened.PieceWithdrawn, writing: Writing) -> None:
    of_it = (AuditFileRow.audit_id == writing.case.id, AuditFileRow.piece == event.piece)
    withdrawn = {"withdrawn_at": writing.at, "withdrawn_by": writing.actor_id, "withdrawn_because": event.reason}
    writing.batch.change(AuditFileRow.version, event.version, *of_it, **withdrawn)


@apply.register
def _(event: happened.DeliveryEnded, writing: Writing) -> None:
    _change(writing, delivery_ended_on=event.ended_on)


@apply.register
def _(event: happened.AnalysisNoted, writing: Writing) -> None:
    grades = {criterion.value: getattr(event.note, criterion.value) for criterion in Criterion}
    values = {**grades, "comment": event.note.comment, "by_id": event.by_id, "at": writing.at}
    writing.session.execute(
        insert(AuditGradesRow)
        .values(audit_id=writing.case.id, piece=event.piece, **values)
        .on_conflict_do_update(index_elements=[AuditGradesRow.audit_id, AuditGradesRow.piece], set_=values)
    )


@apply.register
def _(event: happened.StrengthAdded, writing: Writing) -> None:
    writing.batch.insert(
        AuditStrengthRow,
        audit_id=writing.case.id,
        number=event.number,
        words=event.words,
        domain=event.domain,
        by_id=event.by_id,
        at=writing.at,
    )


@apply.register
def _(event: happened.StrengthDropped, writing: Writing) -> None:
    of_it = AuditStrengthRow.audit_id == writing.case.id
    writing.batch.change(AuditStrengthRow.number, event.number, of_it, dropped_at=writing.at)


def _written(event: happened.RecommendationAdded, writing: Writing) -> dict[str, Any]:
    same = ("risk", "words", "expected_on", "piece", "contract", "comment", "by_id")
    return {**{name: getattr(event, name) for name in same}, "at": writing.at}


@apply.register
def _(event: happened.RecommendationAdded, writing: Writing) -> None:
    writing.batch.insert(
        AuditRecommendationRow, audit_id=writing.case.id, number=event.number, **_written(event, writing)
    )


@apply.register
def _(event: happened.RecommendationChanged, writing: Writing) -> None:
    _change_recommendation(writing, event.number, **_written(event, writing))


@apply.register
def _(event: happened.RecommendationDropped, writing: Writing) -> None:
    _change_recommendation(writing, event.number, dropped_at=writing.at, dropped_because=event.reason)


@apply.register
def _(event: happened.ReportSubmitted, writing: Writing) -> None:
    _change(writing, report_version=event.version, submitted_by=event.by_id)


@apply.register
def _(event: happened.ReportApproved, writing: Writing) -> None:
    writing.batch.insert(
        AuditApprovalRow,
        audit_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        link=event.link,
        report_sha256=event.report_sha256,
        at=writing.at,
    )


@apply.register
def _(event: happened.ReportSentBack, writing: Writing) -> None:
    """Approvals of the version stay where they are, and count for nothing: another one is submitted."""
    _change(writing, report_version=None, submitted_by=None, refused_version=event.version)


@apply.register
def _(_event: happened.ReportValidated, writing: Writing) -> None:
    _change(writing, validated_at=writing.at)


@apply.register
def _(event: happened.FindingsAnswered, writing: Writing) -> None:
    for one in event.answers:
        said = {"reply": one.reply, "proposed_on": one.proposed_on, "argument": one.argument}
        _change_recommendation(writing, one.number, **said)


@apply.register
def _(event: happened.AnswersEnded, writing: Writing) -> None:
    _change(writing, answers_ended_on=event.ended_on, answers_ended_because=event.reason)


@apply.register
def _(event: happened.FindingsArbitrated, writing: Writing) -> None:
    for one in event.rulings:
        ruled = {"ruling": one.ruling, "ruled_risk": one.risk, "ruled_because": one.reason}
        _change_recommendation(writing, one.number, **ruled, ruled_by=event.person_id)


@apply.register
def _(event: happened.ScheduleProposed, writing: Writing) -> None:
    """Agreed on anew, the later dates count."""
    _change(writing, agreed_on=event.agreed_on, agreed_by=event.by_id)
    for number, due_on in event.dates:
        writing.session.execute(
            insert(AuditDateRow)
            .values(audit_id=writing.case.id, number=number, due_on=due_on)
            .on_conflict_do_update(index_elements=[AuditDateRow.audit_id, AuditDateRow.number], set_={"due_on": due_on})
        )


@apply.register
def _(_event: happened.ScheduleRefused, _writing: Writing) -> None:
    """The task to agree on other dates is an event of its own."""


@apply.register
def _(event: happened.FindingsOpened, writing: Writing) -> None:
    """Each becomes a case of its own, in this very transaction."""
    case, session = writing.case, writing.session
    assert writing.book is not None  # whatever is decided is decided by a policy
    delegate = session.get_one(AuditRow, case.id).delegate
    source = FromAudit(case.id, case.reference, delegate)
    for one in event.findings:
        finding_id = OPENERS["finding"](session, one, source, writing.at, writing.book)
        writing.batch.insert(AuditFindingRow, audit_id=case.id, finding_id=finding_id, number=one.number)


def _of_finding(writing: Writing, finding_ids: Iterable[UUID], **values: Any) -> None:
    for finding_id in finding_ids:
        of_it = AuditFindingRow.audit_id == writing.case.id
        writing.batch.change(AuditFindingRow.finding_id, finding_id, of_it, **values)


@apply.register
def _(event: happened.FindingClosed, writing: Writing) -> None:
    _of_finding(writing, [event.finding_id], ended_at=writing.at, outcome=event.outcome)


@apply.register
def _(event: happened.FindingEndPassedOn, writing: Writing) -> None:
    body = {"finding_id": str(event.finding_id), "state": event.outcome}
    told = MachineCommand(event.to_audit, "finding_ended", writing.at, str(event.finding_id), body)
    receive_from_machine(writing.session, told)


@apply.register
def _(event: happened.FindingsCarriedOver, writing: Writing) -> None:
    """The next audit follows them from this transaction on; its journal, and theirs, say so in their own commands."""
    _of_finding(writing, event.findings, carried_to=event.to_audit)
    for finding_id in event.findings:
        writing.batch.insert(
            AuditFindingRow, audit_id=event.to_audit, finding_id=finding_id, carried_from=writing.case.id
        )
    _tell_findings(writing, event.findings, "carry_over", event.to_audit)
    body = {"audit_id": str(writing.case.id), "count": len(event.findings)}
    receive_from_machine(
        writing.session, MachineCommand(event.to_audit, "take_over", writing.at, str(writing.case.id), body)
    )


def _tell_findings(writing: Writing, finding_ids: Iterable[UUID], kind: str, audit_id: UUID) -> None:
    body = {"audit_id": str(audit_id)}
    told = [MachineCommand(one, kind, writing.at, str(audit_id), dict(body)) for one in finding_ids]
    receive_all_from_machine(writing.session, told)


@apply.register
def _(_event: happened.FindingsTakenOver, _writing: Writing) -> None:
    """They stand in this audit's rows already: the audit that carried them over has seen to that."""


@apply.register
def _(_event: happened.AuditClosed, writing: Writing) -> None:
    """The last word: nothing of the audit changes any more."""
    _change(writing, closed_at=writing.at)


@apply.register
def _(event: happened.AuditCancelled, writing: Writing) -> None:
    _change(writing, cancelled_at=writing.at)
    if event.open_findings is OpenFindings.CANCEL:
        _tell_findings(writing, event.findings, "cancel_with_audit", writing.case.id)
