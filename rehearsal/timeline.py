"""The timeline: what happened, read from journal, ledger and mail. Minutes and references only: the same scenario
gives the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, JournalLine, Reminder, StaffMember
from domain.people import Hat
from local.mailbox import Mail, Mailbox
from rehearsal.scenario import PARIS


@dataclass(frozen=True)
class Refused:
    """What somebody asked, and why it was refused."""

    at: datetime
    reference: str
    who: str
    what: str
    code: str
    detail: str


@dataclass(frozen=True, order=True)
class Line:
    """One thing that happened: the local minute, the case, what kind of thing, by or to whom, and what.

    Within a minute and a case, what people did comes first, in their order; then what the system did of itself; then
    ledger and mail. So the order does not hang on which of two processes was quicker.
    """

    at: str
    reference: str
    order: tuple[int, int]
    kind: str
    who: str
    what: str

    def __str__(self) -> str:
        """The line for people."""
        return f"{self.at}  {self.reference:<15}  {self.kind:<10}  {self.who:<20}  {self.what}".rstrip()

    def as_json(self) -> dict[str, str]:
        """The line for programs."""
        return {name: value for name, value in asdict(self).items() if name != "order"}


def timeline(session: Session, mailbox: Mailbox, refused: list[Refused]) -> list[Line]:
    """Everything that happened, in the order of time; within a minute, in the order of cases, kinds and words."""
    people = {row.id: row.login for row in session.execute(select(StaffMember.id, StaffMember.login))}
    logins = {str(person_id): login for person_id, login in people.items()}
    addresses = {row.email: row.login for row in session.execute(select(StaffMember.email, StaffMember.login))}
    lines = [
        *_from_journal(session, logins),
        *_from_ledger(session, logins),
        *_from_mail(mailbox, addresses),
        *(_from_refusal(one) for one in refused),
    ]
    return sorted(lines)


def _from_refusal(refused: Refused) -> Line:
    told = f"{refused.what}: {refused.code}: {refused.detail}"
    return Line(_minute(refused.at), refused.reference, (0, 10**6), "refusal", refused.who, told)


def _from_journal(session: Session, logins: dict[str, str]) -> Iterator[Line]:
    rows = session.execute(select(JournalLine, Case.reference).join(Case, Case.id == JournalLine.case_id))
    for line, reference in rows:
        tell = _TOLD.get(line.event)
        if tell is not None:
            kind, what = tell(line.facts, logins)
            who = logins.get(str(line.actor_id), "") if line.actor_id else ""
            yield Line(_minute(line.at), reference, (0 if who else 1, line.line), kind, who, what)


def _from_ledger(session: Session, logins: dict[str, str]) -> Iterator[Line]:
    ledger = select(Reminder, Case.reference).join(Case, Case.id == Reminder.case_id)
    for reminder, reference in session.execute(ledger):
        kind = "escalation" if reminder.due_at <= reminder.fired_at else "reminder"
        said = f"{reminder.deadline} ({reminder.rung}), generation {reminder.generation}"
        if reminder.copy_ids:
            said += f", copy to {_names(reminder.copy_ids, logins)}"
        if reminder.dropped_at:
            said += ", done before it left"
        yield Line(_minute(reminder.fired_at), reference, (2, 0), kind, _names(reminder.to_ids, logins), said)


def _names(ids: list[UUID], logins: dict[str, str]) -> str:
    return ", ".join(sorted(logins[str(person_id)] for person_id in ids))


def _from_mail(mailbox: Mailbox, addresses: dict[str, str]) -> Iterator[Line]:
    for mail in mailbox.mails():
        at = parsedate_to_datetime(mail.header("Date"))
        to = [address.addr_spec for address in mail.message["To"].addresses]
        who = ", ".join(sorted(addresses.get(one, "the complainant") for one in to))
        yield Line(_minute(at), _reference_in(mail), (3, 0), "mail", who, mail.header("Subject").replace("\u202f", " "))


def _reference_in(mail: Mail) -> str:
    words = mail.header("Subject").split()
    return next((word.strip(",.") for word in words if word.startswith("REC-")), "")


def _minute(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


Facts = dict[str, Any]
Teller = Callable[[Facts, dict[str, str]], tuple[str, str]]


def _hats(hats: list[Hat], logins: dict[str, str]) -> str:
    named = (logins.get(hat.removeprefix("person:"), hat) if hat.startswith("person:") else hat for hat in hats)
    return ", ".join(sorted(named))


def _opened(facts: Facts, logins: dict[str, str]) -> tuple[str, str]:
    nobody = " — nobody is left to do it" if facts["nobody_left"] else ""
    due = f", due {facts['due_at'][:10]}" if facts["due_at"] else ""
    return "task", f"opened: {facts['kind']} for {_hats(facts['offered_to'], logins)}{due}{nobody}"


_TOLD: dict[str, Teller] = {
    "ComplaintRegistered": lambda f, _: ("state", f"registered, received on {f['received_on']} under {f['policy']}"),
    "OwnerAssigned": lambda f, logins: ("state", f"owned by {logins[f['owner_id']]}"),
    "StateReached": lambda f, _: ("state", f["state"]),
    "TaskOpened": _opened,
    "TaskCompleted": lambda f, _: ("task", f"completed: {f['kind']} ({f['outcome']})"),
    "TaskWithdrawn": lambda f, _: ("task", f"withdrawn: {f['kind']}"),
    "TaskOfferedAgain": lambda f, logins: ("task", f"offered again: {f['kind']} to {_hats(f['offered_to'], logins)}"),
    "TaskClaimed": lambda f, _: ("task", f"claimed: {f['kind']}"),
    "TaskReleased": lambda f, _: ("task", f"released: {f['kind']}"),
    "Qualified": lambda f, _: ("state", f"category {f['category']} (proposed: {f['proposed']})"),
    "Analysed": lambda f, _: ("state", f"found {f['finding']}, theme {f['theme']}"),
    "AnswerDrafted": lambda f, _: ("approval", f"version {f['version']} {'amends' if f['amends'] else 'written'}"),
    "VersionApproved": lambda f, _: ("approval", f"version {f['version']} approved by link {f['link']}"),
    "VersionSentBack": lambda f, _: ("approval", f"version {f['version']} sent back by link {f['link']}"),
    "AnswerApproved": lambda f, logins: ("approval", f"answer approved, signed by {logins[f['signatory_id']]}"),
    "AnswerExtended": lambda f, _: ("deadline", f"answer extended from {f['from_on']} to {f['due_on']}"),
    "DeadlineMoved": lambda f, _: (
        "deadline",
        f"{f['name']} moved from {f['from_on']} to {f['due_on']}: {f['because']}",
    ),
    "DeadlineMet": lambda f, _: ("deadline", f"{f['name']} met"),
    "DeadlineCancelled": lambda f, _: ("deadline", f"{f['name']} cancelled"),
    "LetterRequested": lambda f, _: ("letter", f"{f['kind']} requested by {f['dispatch']}"),
    "LetterHandedOver": lambda f, _: ("letter", f"handed over by {f['dispatch']}"),
    "DeliveryFailed": lambda f, _: ("letter", f"not delivered: {f['reason']}"),
    "LetterSentAgain": lambda f, _: ("letter", f"sent again by {f['dispatch']}"),
    "CompensationPaid": lambda f, _: ("state", f"compensation paid: {f['compensation_cents'] / 100:.2f} €"),
    "ProgressCallMade": lambda f, _: ("state", "progress call made" + ("" if f["reached"] else ", not reached")),
    "Requalified": lambda f, _: ("state", f"requalified as {f['requalified_as']}"),
    "Reassigned": lambda f, _: ("state", f"reassigned for {f['reason']}"),
}
