"""A member's IBAN, changed by hand. Who did it is kept: they neither control nor release what is paid on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.administration import Act
from db.commands.claim_accounts import tell_of_new_accounts
from db.commands.command import key_reused
from db.commands.keys import iban_hasher
from db.commands.reference.imports import lock
from db.models import MemberIban, ReferenceChange, StaffIban
from domain.claim.words import ChangedThrough
from domain.reference.iban import last_four
from domain.reference.words import ReferenceKind
from domain.refusals import Conflict, FourEyes


class IbanChangedMeanwhile(Conflict):
    """The member's IBAN was registered at this very instant, or later."""


@dataclass(frozen=True)
class NewIban:
    """The account that a member is to be paid on from now on, and through whom that was asked."""

    member_number: str
    iban: str
    through: ChangedThrough


def change_iban(session: Session, new: NewIban, act: Act) -> None:
    """From now on the member is paid on this account; the same one again changes nothing.

    Raises FourEyes, IbanChangedMeanwhile, KeyReused. Source: procedures, section 2 step 0
    """
    lock(session, ReferenceKind.IBANS)
    _check_not_own(session, new.member_number, act.actor.id)
    current = current_iban(session, new.member_number)
    if _already_changed(session, act) or (current is not None and current.iban == new.iban):
        return
    if current is not None:
        _end(current, act.at)
        session.flush()
    row = MemberIban(
        id=uuid7(),
        member_number=new.member_number,
        iban=new.iban,
        iban_hash=iban_hasher(session)(new.iban),
        from_at=act.at,
        changed_by=act.actor.id,
        changed_through=new.through,
    )
    session.add(row)
    session.add(_history(current, row, act))
    session.flush()
    tell_of_new_accounts(session, [new.member_number], act.at, row.id)


def current_iban(session: Session, member_number: str) -> MemberIban | None:
    """The account that the member is paid on today."""
    return session.scalar(
        select(MemberIban).where(MemberIban.member_number == member_number, MemberIban.until_at.is_(None))
    )


def _check_not_own(session: Session, member_number: str, actor_id: UUID) -> None:
    """Source: procedures, section 2 step 2 (IBAN of a staff member)"""
    own = select(StaffIban.staff_id).where(StaffIban.staff_id == actor_id, StaffIban.member_number == member_number)
    if session.scalar(own.limit(1)) is not None:
        raise FourEyes("This membership is your own.", "Ask a colleague to change its IBAN.", field="number")


def _already_changed(session: Session, act: Act) -> bool:
    """Whether the same request was carried out before. Raises KeyReused when its key named something else."""
    row = session.scalar(
        select(ReferenceChange).where(
            ReferenceChange.by_id == act.actor.id, ReferenceChange.idempotency_key == act.ask.key
        )
    )
    if row is not None and row.body_hash != act.ask.hash:
        raise key_reused()
    return row is not None


def _end(current: MemberIban, at: datetime) -> None:
    if current.from_at >= at:
        raise IbanChangedMeanwhile(
            "Another IBAN has been registered for this member at this very instant.",
            "Look at the member again, and change it if it is still wrong.",
        )
    current.until_at = at


def _history(current: MemberIban | None, row: MemberIban, act: Act) -> ReferenceChange:
    return ReferenceChange(
        kind=ReferenceKind.IBANS,
        key=row.member_number,
        member_number=row.member_number,
        at=act.at,
        by_id=act.actor.id,
        before=_told(current) if current else None,
        after=_told(row),
        idempotency_key=act.ask.key,
        body_hash=act.ask.hash,
    )


def _told(row: MemberIban) -> dict[str, str]:
    return {
        "last_four": last_four(row.iban),
        "iban_hash": row.iban_hash.hex(),
        "from_at": row.from_at.isoformat(),
    }
