"""The schedule as it is agreed: a day for each recommendation and missing piece, and why this day is proposed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.house import House
from db.models import Case
from db.queries import audit as audit_queries
from domain.audit.case import Audit
from domain.audit.schedule import Entry, schedule
from domain.recommended import FindingOrigin
from domain.refusals import Invalid


@dataclass(frozen=True)
class Line:
    """One line. `usual` is the day that counts where nobody says another; `latest` the last that the risk allows."""

    entry: Entry
    usual: date
    latest: date
    because: str

    @property
    def days_late(self) -> int:
        """So many days later than the risk allows."""
        return max(0, (self.entry.due_on - self.latest).days)


def lines_of(session: Session, case: Case, house: House) -> list[Line]:
    """What would be agreed today; dates that were agreed on before, and refused, stand there again."""
    known = audit_queries.audit(session, case, house.book)
    version = house.book.version(case.policy)
    agreed_on = known.agreed_on or house.today()
    try:
        entries = schedule(known, agreed_on, known.proposed, version)
        usual = {one.number: one.due_on for one in schedule(known, agreed_on, {}, version)}
    except Invalid:  # what was agreed on before has passed
        entries = schedule(known, house.today(), {}, version)
        usual = {one.number: one.due_on for one in entries}
    return [
        Line(one, usual[one.number], last, _because(known, one, usual[one.number], last))
        for one in entries
        for last in [version.finding.latest_day(agreed_on, one.risk)]
    ]


def _because(known: Audit, entry: Entry, usual: date, last: date) -> str:
    """Why this day is proposed."""
    if entry.due_on != usual:
        return "agreed_before"
    if entry.origin is FindingOrigin.MISSING_PIECE:
        return "missing_piece"
    wished = next(one for one in known.standing if one.number == entry.number)
    asked_for = wished.proposed_on or wished.expected_on
    if asked_for > last:
        return "brought_forward"
    if asked_for != usual:
        return "not_past"
    return "proposed" if wished.proposed_on else "expected"
