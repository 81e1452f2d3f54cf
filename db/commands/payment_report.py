"""Keep a bank's status report as it came, before the batch decides on it."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bank.status_report import read
from db.commands.keys import case_cipher
from db.models import BankReportRow
from db.vault import about_bank_report
from domain.people import Actor
from keys.sealing import seal


def keep_report(session: Session, payment_id: UUID, content: bytes, actor: Actor, at: datetime) -> UUID:
    """Keep it sealed under the batch's key; the same bytes again are the same report. Raises UnreadableReport."""
    report = read(content)
    told = sha256(content).hexdigest()
    report_id = uuid5(payment_id, f"bank_report:{told}")
    session.execute(
        insert(BankReportRow)
        .values(
            id=report_id,
            payment_id=payment_id,
            message_id=report.message_id,
            sha256=told,
            content=seal(case_cipher(session, payment_id), content, about_bank_report(report_id)),
            received_at=at,
            received_by=actor.id,
        )
        .on_conflict_do_nothing()
    )
    return report_id
