"""The report: written by the auditors, validated by two people who have written none of it, by its very hash.

Source: procedures, section 3 step 4
"""

from dataclasses import dataclass
from uuid import UUID

from domain.audit.analysis import ask_for_report
from domain.audit.case import Audit, ReportVersion
from domain.audit.commands import SendBack, Submit, Validate
from domain.audit.deadlines import audit_rungs, restitution_deadline
from domain.audit.events import ReportApproved, ReportSentBack, ReportSubmitted, ReportValidated, become
from domain.audit.restitution import begin_restitution
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, AuditTask
from domain.desk import done, met, open_task
from domain.events import DeadlineOpened, Event
from domain.house import House
from domain.people import Actor, Hat, role_hat
from domain.refusals import FourEyes, StaleVersion, WrongStep
from domain.tasks import Task


@dataclass(frozen=True)
class ReportValidator:
    """One link of the chain: the hats of which one is enough."""

    number: int
    hats: frozenset[Hat]


def validators(house: House) -> tuple[ReportValidator, ...]:
    """Who validates, in order: the policy says it. Source: policy"""
    links = house.version.audit.report_chain.links
    return tuple(
        ReportValidator(number, frozenset(role_hat(role) for role in link.any_of))
        for number, link in enumerate(links, start=1)
    )


def submit(case: Audit, command: Submit, task: Task, actor: Actor, house: House) -> list[Event]:
    """The report's files, made of what the audit says now, go to the first validator. Raises Refusal."""
    report = _newest(case, command.report_sha256)
    if report.content_hash != case.content_hash:
        raise StaleVersion(
            "The audit says something else by now than these files of its report.",
            "Have the report made again, read it, and submit that.",
            field="report_sha256",
        )
    if case.refused is not None and report.version <= case.refused:
        raise StaleVersion(
            "This version of the report was sent back.", "Have it made again, and submit that.", field="report_sha256"
        )
    authors = case.authors | {actor.id, report.made_by}
    return [
        done(task, command.outcome),
        ReportSubmitted(report.version, report.hash, actor.id),
        become(case.state, AuditState.VALIDATING),
        *_ask(case, house, validators(house)[0], report, authors),
    ]


def validate(case: Audit, command: Validate, task: Task, actor: Actor, house: House) -> list[Event]:
    """A validator stands for the report that they read; after the second one it goes to the delegate."""
    report = _submitted(case, command.report_sha256)
    _check_separate(case, actor.id)
    link = _link_of(task)
    approvals = {**case.approvals, link: actor.id}
    approved: list[Event] = [
        done(task, command.outcome),
        ReportApproved(report.version, link, actor.id, report.hash),
    ]
    following = next((one for one in validators(house) if one.number not in approvals), None)
    if following is not None:
        kept_out = case.authors.union(approvals.values())
        return [*approved, *_ask(case, house, following, report, kept_out)]
    return [*approved, *_validated(case, report, house)]


def send_back(case: Audit, command: SendBack, task: Task, actor: Actor, house: House) -> list[Event]:
    """A validator wants another report: the auditors can change what it says, and have it made again."""
    report = _submitted(case, command.report_sha256)
    return [
        done(task, command.outcome),
        ReportSentBack(report.version, _link_of(task), actor.id, command.reason),
        become(case.state, AuditState.REPORTING),
        *ask_for_report(case, house),
    ]


def _validated(case: Audit, report: ReportVersion, house: House) -> list[Event]:
    deadline = restitution_deadline(house.today, house.calendar, house.version)
    return [
        ReportValidated(report.version, report.hash),
        *met(case, AuditDeadline.REPORT),
        become(case.state, AuditState.RESTITUTING),
        DeadlineOpened(deadline, case.next_generation(deadline.name), audit_rungs(deadline, house.version)),
        *begin_restitution(case, deadline.due_at, house),
    ]


def _ask(
    case: Audit, house: House, link: ReportValidator, report: ReportVersion, kept_out: frozenset[UUID]
) -> list[Event]:
    """Ask a validator; a deputy comes first where they are away, then one level up."""
    detail = {"link": link.number, "version": report.version, "report_sha256": report.hash}
    due = case.due(AuditDeadline.REPORT)
    return open_task(case, house, AuditTask.VALIDATE_REPORT, link.hats, due=due, detail=detail, excluded=kept_out)


def _check_separate(case: Audit, person_id: UUID) -> None:
    """Raises FourEyes."""
    if person_id in case.authors or person_id in case.approvals.values():
        raise FourEyes(
            "Whoever has written any of the report, or has validated it already, does not validate it.",
            "Leave this task to somebody else.",
        )


def _newest(case: Audit, read_sha256: str) -> ReportVersion:
    """The newest version of the files, if it is the one that was read. Raises WrongStep, StaleVersion."""
    if case.report is None:
        raise WrongStep("The report's files have not been made.", "Have the report made, and read it.")
    return _same(case.report, read_sha256)


def _submitted(case: Audit, read_sha256: str) -> ReportVersion:
    """The version that is with the validators, if it is the one that was read. Raises StaleVersion."""
    assert case.report is not None  # nothing is submitted without a report
    if case.report.version != case.submitted:
        raise StaleVersion("Another report has taken its place.", "Read the audit again.", field="report_sha256")
    return _same(case.report, read_sha256)


def _same(report: ReportVersion, read_sha256: str) -> ReportVersion:
    if report.hash != read_sha256:
        raise StaleVersion(
            "This is not the hash of the report as it stands: a validation holds for one file only.",
            "Read the report again, and name the hash of its PDF.",
            field="report_sha256",
        )
    return report


def _link_of(task: Task) -> int:
    return int((task.detail or {})["link"])
