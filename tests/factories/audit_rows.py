"""An audit that is launched, put straight into the register."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from db.commands.audit_file import DeliveredFile, keep_audit_file
from db.commands.keys import make_case_key
from db.models import AuditFileRow, AuditMeetingRow, AuditPieceRow, AuditRow, Case
from local.demo_staff import person_id
from tests.factories.rules import the_book
from tests.factories.uploads import A_PDF

PIECE = "tariff-table"
_years = count(2100)


def a_launched_audit(session: Session, at: datetime, delegate: str, contract: str) -> tuple[UUID, str]:
    """An audit of one piece, in a year of its own; its case and its reference."""
    year = next(_years)
    case = Case(
        id=uuid4(),
        reference=f"AUD-{year}-{uuid4().int % 1_000_000:06d}",
        procedure="audit",
        state="launched",
        policy=the_book().versions[-1].name,
        pole="memberships",
        received_on=at.date(),
        opened_at=at,
        lines=0,
    )
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    row = AuditRow(
        case_id=case.id,
        delegate=delegate,
        year=year,
        contracts=[contract],
        themes=["contributions"],
        conflict_of_interest=False,
        catalogue="of a test",
        planned_by=person_id("gildas.madec"),
        planned_at=at,
    )
    session.add(row)
    session.flush()
    row.launched_on, row.delivery_due_on = at.date(), at.date() + timedelta(days=42)
    said = {"label_fr": "Barème", "label_en": "Table", "checked_for_fr": "À jour", "checked_for_en": "Up to date"}
    session.add(
        AuditPieceRow(audit_id=case.id, piece=PIECE, number=1, domain="contributions", lists_people=False, **said)
    )
    session.add(
        AuditMeetingRow(audit_id=case.id, meeting="launch", at=at, place="Brest", sequence=0, fixed_at=at, held_on=None)
    )
    session.flush()
    return case.id, case.reference


def a_delivered_file(session: Session, at: datetime, audit_id: UUID) -> UUID:
    """A file of its piece that has come."""
    file_id = uuid4()
    file = DeliveredFile(PIECE, "bareme.pdf", "application/pdf", file_id.hex * 2, A_PDF, person_id("enora.lagadec"))
    keep_audit_file(session, audit_id, file_id, file)
    session.flush()
    row = session.get_one(AuditFileRow, file_id)
    row.version, row.late, row.delivered_at = 1, False, at
    session.flush()
    return file_id
