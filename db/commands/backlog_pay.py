"""Write what happens to the pay files of an operation."""

from db.commands.case import apply
from db.commands.journal import Writing
from db.commands.keys import case_cipher
from db.models import PayFileRow, PayValidationRow
from db.vault import about_pay
from domain.backlog import events as happened
from domain.backlog.slips import write_slips
from keys.sealing import seal


@apply.register
def _(event: happened.PayPrepared, writing: Writing) -> None:
    """Sealed under the case's key: what somebody earns is read by those who may."""
    cipher, case_id = case_cipher(writing.session, writing.case.id), writing.case.id
    writing.batch.insert(
        PayFileRow,
        operation_id=case_id,
        version=event.version,
        since_version=event.made.since_version,
        sha256=event.made.sha256,
        file=seal(cipher, event.made.file, about_pay(case_id, event.version, "file")),
        slips=seal(
            cipher, write_slips(event.made.payroll, event.made.leave), about_pay(case_id, event.version, "slips")
        ),
        paid=sorted(event.made.people),
        entered_by=sorted(event.entered_by),
        cents=event.made.payroll.cents,
        days=event.made.payroll.days,
        made_by=event.person_id,
        made_at=writing.at,
    )


def _void(writing: Writing, version: int, why: str) -> None:
    is_this = PayFileRow.version == version
    writing.batch.change(PayFileRow.operation_id, writing.case.id, is_this, void_at=writing.at, void_because=why)


@apply.register
def _(event: happened.PayVoided, writing: Writing) -> None:
    _void(writing, event.version, "corrected")


@apply.register
def _(event: happened.PaySentBack, writing: Writing) -> None:
    _void(writing, event.version, "sent_back")


@apply.register
def _(event: happened.PayValidated, writing: Writing) -> None:
    writing.batch.insert(
        PayValidationRow,
        operation_id=writing.case.id,
        version=event.version,
        person_id=event.person_id,
        link=event.link,
        sha256=event.sha256,
        at=writing.at,
    )
