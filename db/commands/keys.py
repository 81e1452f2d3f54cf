"""Keys of the register: made, sealed anew when the ring turns, erased."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import KeptKey
from db.session import Sessions
from db.vault import DataKey, kept_case_key, ring, unwrap, wrap
from keys.accounts import iban_mac
from keys.sealing import Cipher, new_key

AT_ONCE = 500
"""So many keys are sealed anew in one transaction."""


def case_cipher(session: Session, case_id: UUID) -> Cipher:
    """What seals the letters and the private words of a case: made at the first need. Raises Erased."""
    kept = kept_case_key(session, case_id) or _make(session, "case", case_id)
    return Cipher(unwrap(session, kept).secret)


def make_case_key(session: Session, case_id: UUID) -> None:
    """Make the key of a case that is new: nobody can have made one for it."""
    make_case_keys(session, [case_id])


def make_case_keys(session: Session, case_ids: Sequence[UUID]) -> None:
    """The same for many cases, in one statement."""
    made = [_new(session, "case", one) for one in case_ids]
    made_at_wall = func.clock_timestamp()
    session.execute(insert(KeptKey).values(made_at_wall=made_at_wall).on_conflict_do_nothing(), made)


def journal_key(session: Session) -> DataKey:
    """The key that chains the journal today, made at the first need."""
    return unwrap(session, journal_kept_key(session))


def journal_kept_key(session: Session) -> KeptKey:
    """The same as it lies in the register."""
    return session.scalar(_active()) or _make(session, "journal")


def renew_journal_key(session: Session) -> UUID:
    """From the next line on the journal is chained with a new key; the old ones still check what they chained."""
    wall_now = func.clock_timestamp()
    session.execute(update(KeptKey).where(is_active()).values(retired_wall=wall_now))
    return _make(session, "journal").id


def iban_hasher(session: Session) -> Callable[[str], bytes]:
    """What IBANs are compared by: an HMAC under a key that stays the same, whatever becomes of the ring."""
    kept = session.scalar(select(KeptKey).where(KeptKey.purpose == "iban"))
    secret = unwrap(session, kept or _make(session, "iban")).secret
    return lambda iban: iban_mac(secret, iban)


def erase_case_key(session: Session, case_id: UUID, at: datetime) -> None:
    """Destroy the key of a case: its letters and private words can no longer be read. The chain covers them sealed."""
    kept = kept_case_key(session, case_id) or _make(session, "case", case_id)
    kept.wrapped, kept.erased_at = None, kept.erased_at or at


def rewrap_all(sessions: Sessions) -> int:
    """Seal every key of the register under the ring's current one, some at a time; how many were sealed anew.

    It goes on where an earlier call stopped, and holds up nobody: the keys themselves stay the same.

    Raises KeysError when the ring lacks the key that one of them lies under.
    """
    total = 0
    while done := _rewrap_some(sessions):
        total += done
    return total


def wrapped_by(session: Session) -> Counter[str]:
    """How many keys of the register lie under each key of the ring."""
    rows = session.execute(
        select(KeptKey.wrapped_by, func.count().label("kept"))
        .where(KeptKey.wrapped.is_not(None))
        .group_by(KeptKey.wrapped_by)
    )
    return Counter({row.wrapped_by: row.kept for row in rows})


def _rewrap_some(sessions: Sessions) -> int:
    with sessions.begin() as session:
        wanted = select(KeptKey).where(KeptKey.wrapped_by != ring(session).current, KeptKey.wrapped.is_not(None))
        some = session.scalars(wanted.order_by(KeptKey.id).limit(AT_ONCE).with_for_update()).all()
        for kept in some:
            wrap(session, kept, unwrap(session, kept).secret)
        return len(some)


def _make(session: Session, purpose: str, case_id: UUID | None = None) -> KeptKey:
    """Make a key; where two do so at once, both get the first one's."""
    _keep_new(session, purpose, case_id)
    of_purpose = select(KeptKey).where(KeptKey.purpose == purpose, KeptKey.retired_wall.is_(None))
    made = of_purpose if case_id is None else select(KeptKey).where(KeptKey.case_id == case_id)
    return session.scalars(made).one()


def _keep_new(session: Session, purpose: str, case_id: UUID | None) -> None:
    values = _new(session, purpose, case_id) | {"made_at_wall": func.clock_timestamp()}
    session.execute(insert(KeptKey).values(values).on_conflict_do_nothing())


def _new(session: Session, purpose: str, case_id: UUID | None) -> dict[str, Any]:
    kept = KeptKey(id=uuid7(), purpose=purpose, case_id=case_id)
    wrap(session, kept, new_key())
    return {name: getattr(kept, name) for name in ("id", "purpose", "case_id", "wrapped_by", "wrapped")}


def is_active() -> ColumnElement[bool]:
    """Whether it is the key that chains the journal today."""
    return (KeptKey.purpose == "journal") & KeptKey.retired_wall.is_(None)


def _active() -> Select[KeptKey]:
    return select(KeptKey).where(is_active())
