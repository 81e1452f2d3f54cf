"""The answer: drafted by the owner, approved by two validators who name the version that they read.

A new version voids earlier approvals; to amend is to write a new version and approve it; the last link signs.
Source: Sheet (two validators); procedures, section 1 steps 6 and 7
"""

from collections.abc import Mapping
from uuid import UUID

from domain.complaint.case import AnswerVersion, Complaint, version_hash
from domain.complaint.chain import Link, chain, next_link, offer_link
from domain.complaint.commands import Amend, AnswerContent, Approve, DraftAnswer, SendBack
from domain.complaint.events import AnswerApproved, AnswerDrafted, VersionApproved, VersionSentBack, become
from domain.complaint.handling import open_owner_task
from domain.complaint.preview import answer_letter
from domain.complaint.states import ComplaintState
from domain.complaint.words import Finding, TaskKind
from domain.correspondence import check_reachable
from domain.desk import done, open_offer, open_task, withdraw
from domain.events import Event, LetterRequested
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import Invalid, StaleVersion
from domain.roles import Role
from domain.tasks import Task, may_do


def draft(case: Complaint, command: DraftAnswer, task: Task, actor: Actor, house: House) -> list[Event]:
    """The owner writes the answer; it goes to the first validator."""
    content, drafted = _write(case, command, actor, house, amends=False)
    return [
        done(task, command.outcome),
        drafted,
        become(case.state, ComplaintState.DRAFTED),
        *_ask_next(case, house, _version(content, drafted, frozenset({actor.id})), {}),
    ]


def approve(case: Complaint, command: Approve, task: Task, actor: Actor, house: House) -> list[Event]:
    """A validator approves the version that they read, named by its hash."""
    answer = _read_version(case, command.version_hash)
    link = _link_of(task)
    approvals = {**case.approvals, link: actor.id}
    return [
        done(task, command.outcome),
        VersionApproved(answer.version, answer.hash, link, actor.id),
        *_ask_next(case, house, answer, approvals),
    ]


def amend(case: Complaint, command: Amend, task: Task, actor: Actor, house: House) -> list[Event]:
    """A validator writes a new version and approves it: earlier approvals are void.

    When its compensation raises the chain above the validator, the new version stands but their approval of that
    link does not: a higher one decides. Who may grant more may grant less.
    """
    replaced = _read_version(case, command.version_hash)
    content, drafted = _write(case, command, actor, house, amends=True)
    answer = _version(content, drafted, replaced.authors | {actor.id})
    link = _link_of(task)
    lowered = answer.compensation_cents <= replaced.compensation_cents
    approved = lowered or _approves(case, actor, link, answer, house)
    return [
        done(task, command.outcome),
        drafted,
        *([VersionApproved(answer.version, answer.hash, link, actor.id)] if approved else []),
        *_ask_next(case, house, answer, {link: actor.id} if approved else {}),
    ]


def send_back(case: Complaint, command: SendBack, task: Task, actor: Actor, house: House) -> list[Event]:
    """A validator sends the version back, with the reason: the owner writes another."""
    answer = _read_version(case, command.version_hash)
    return [
        done(task, command.outcome),
        VersionSentBack(answer.version, answer.hash, _link_of(task), actor.id, command.reason),
        become(case.state, ComplaintState.ANALYSED),
        *open_owner_task(case, house, TaskKind.DRAFT_ANSWER, actor),
    ]


def _write(
    case: Complaint, command: AnswerContent, actor: Actor, _house: House, *, amends: bool
) -> tuple[AnswerContent, AnswerDrafted]:
    content = AnswerContent(**{name: getattr(command, name) for name in AnswerContent.model_fields})
    check_reachable(case, content.dispatch)
    check_compensation(case, content.compensation_cents)
    version = case.answer.version + 1 if case.answer else 1
    drafted = AnswerDrafted(version, version_hash(content), actor.id, amends, content.compensation_cents, content)
    return content, drafted


def check_compensation(case: Complaint, compensation_cents: int) -> None:
    """Raises Invalid for a compensation on an unfounded complaint. Amounts in euro cents."""
    if case.finding is Finding.UNFOUNDED and compensation_cents > 0:
        raise Invalid(
            "An unfounded complaint grants no compensation.",
            "Set compensation_cents to 0, or have the analysis corrected.",
            field="compensation_cents",
        )


def _version(content: AnswerContent, drafted: AnswerDrafted, authors: frozenset[UUID]) -> AnswerVersion:
    return AnswerVersion(drafted.version, drafted.version_hash, authors, content.compensation_cents, content.dispatch)


def _read_version(case: Complaint, read_hash: str) -> AnswerVersion:
    """The current version, if it is the one that was read. Raises StaleVersion."""
    if case.answer is None or case.answer.hash != read_hash:
        raise StaleVersion(
            "The version that you read has been replaced: an approval holds for one version only.",
            "Read the case's current version and decide on its hash.",
            field="version_hash",
        )
    return case.answer


def _link_of(task: Task) -> int:
    return int((task.detail or {})["link"])


def _links(case: Complaint, answer: AnswerVersion, house: House) -> tuple[Link, ...]:
    return chain(house.version.complaint, case.category, case.pole, answer.compensation_cents)


def _approves(case: Complaint, actor: Actor, number: int, answer: AnswerVersion, house: House) -> bool:
    """Whether an amender may stand for the link under the chain that their own version needs."""
    link = next(link for link in _links(case, answer, house) if link.number == number)
    before = AnswerVersion(answer.version, answer.hash, frozenset(), answer.compensation_cents, answer.dispatch)
    return may_do(offer_link(link, case, before, {}, house).hats, frozenset(), actor)


def _ask_next(case: Complaint, house: House, answer: AnswerVersion, approvals: Mapping[int, UUID]) -> list[Event]:
    """Ask the next link; when there is none left, the answer is approved and leaves."""
    link = next_link(_links(case, answer, house), approvals)
    if link is None:
        return _approved(case, house, answer, approvals)
    offered = offer_link(link, case, answer, approvals, house)
    detail = {"link": link.number, "version": answer.version, "version_hash": answer.hash}
    return open_offer(case, house, TaskKind.VALIDATE, offered, link.hats, case.open_deadlines.get("answer"), detail)


def _approved(case: Complaint, house: House, answer: AnswerVersion, approvals: Mapping[int, UUID]) -> list[Event]:
    events: list[Event] = [
        AnswerApproved(answer.version, answer.hash, approvals[max(approvals)], answer.compensation_cents),
        LetterRequested(answer_letter(case), answer.dispatch, answer.version),
        *withdraw(task for task in case.open_tasks if task.kind == TaskKind.PROGRESS_CALL),
        become(ComplaintState.DRAFTED, ComplaintState.APPROVED),
    ]
    if answer.compensation_cents > 0:
        events += open_task(case, house, TaskKind.PAY_COMPENSATION, {role_hat(Role.ACCOUNTING)}, due=None)
    return events
