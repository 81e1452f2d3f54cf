"""The timeline: what happened, read from journal, ledger and mail. Minutes and references only: the same scenario
gives the same bytes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, JournalLine, Reminder, StaffMember
from local.mailbox import Mail, Mailbox
from rehearsal.scenario import PARIS
from rehearsal.told import TOLD


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
        tell = TOLD.get(line.event)
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
        reference = _reference_in(mail)
        outside = "the member" if reference.startswith("PRE-") else "the complainant"
        who = ", ".join(sorted(addresses.get(one, outside) for one in to))
        yield Line(_minute(at), reference, (3, 0), "mail", who, mail.header("Subject").replace("\u202f", " "))


_CASES = ("REC-", "PRE-", "VIR-", "CST-", "AUD-")


def _reference_in(mail: Mail) -> str:
    words = mail.header("Subject").split()
    return next((word.strip(",.") for word in words if word.startswith(_CASES)), "")


def _minute(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")
