"""Claims and batches that the one search box finds: by reference, by who is insured, by the sender's own number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Beneficiary, Case, ClaimRow, Member, PaymentRow
from db.queries.concerned import concerns
from db.queries.search import few_hits_planned, named
from domain.people import Actor
from domain.search import Sought

FEW = 1_000
"""Of so many people at most the claims are looked up: a name that more share says nothing."""
FIRST_YEAR = 2020
"""No reference is older."""


@dataclass(frozen=True)
class SoughtElsewhere:
    """What was typed, as it is and as it was read; on which day; how many of each are shown."""

    typed: str
    sought: Sought
    today: date
    limit: int = 20

    def references(self, kind: str) -> list[str]:
        """The references of this kind that were typed, of whatever year."""
        years = range(FIRST_YEAR, self.today.year + 1)
        return self.sought.reference.written(kind, years) if self.sought.reference else []


def found_claims(session: Session, actor: Actor, wanted: SoughtElsewhere) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest claims that are meant, without those of which the actor is member or beneficiary.

    By reference or the sender's number; where there is none such, by the name or number of member or beneficiary.
    """
    exact = _claims(actor, wanted.limit).where(
        ClaimRow.reference.in_(wanted.references("PRE")) | (ClaimRow.number == wanted.typed.strip())
    )
    if found := session.execute(exact).all():
        return found
    people = _people(session, wanted.sought)
    if not people:
        return []
    theirs = [
        _claims(actor, wanted.limit).where(column.in_(people)).with_only_columns(ClaimRow.id)
        for column in (ClaimRow.member_number, ClaimRow.beneficiary_number)
    ]
    ids = union_all(*(one.subquery().select() for one in theirs))
    return session.execute(_claims(actor, wanted.limit).where(ClaimRow.id.in_(ids))).all()


def found_batches(session: Session, wanted: SoughtElsewhere) -> Sequence[Row[*tuple[Any, ...]]]:
    """The batches with this reference."""
    columns = (Case.reference, Case.state, PaymentRow.executes_on, PaymentRow.count, PaymentRow.total_cents)
    batches = select(*columns).join(PaymentRow, PaymentRow.case_id == Case.id)
    return session.execute(
        batches.where(Case.reference.in_(wanted.references("VIR"))).order_by(Case.reference.desc()).limit(wanted.limit)
    ).all()


def _claims(actor: Actor, limit: int) -> Select[*tuple[Any, ...]]:
    columns = (
        ClaimRow.id,
        ClaimRow.reference,
        ClaimRow.number,
        ClaimRow.state,
        ClaimRow.category,
        ClaimRow.amount_cents,
        ClaimRow.received_on,
        Beneficiary.name.label("beneficiary"),
    )
    lines = select(*columns).join(Beneficiary, Beneficiary.number == ClaimRow.beneficiary_number)
    newest = (ClaimRow.received_on.desc(), ClaimRow.id.desc())
    return lines.where(~concerns(actor.id)).order_by(*newest).limit(limit)


def _people(session: Session, sought: Sought) -> list[str]:
    """The numbers of the members and beneficiaries who are meant, if they are few."""
    few_hits_planned(session)
    both = (_meant(Member.number, Member.name, sought), _meant(Beneficiary.number, Beneficiary.name, sought))
    found = sorted(set(session.scalars(union_all(*both))))
    return found if len(found) <= FEW else []


def _meant(number: InstrumentedAttribute[str], name: InstrumentedAttribute[str], sought: Sought) -> Select[str]:
    both = name.op("||")(literal_column("' '")).op("||")(number)
    return select(select(number).where(named(both, sought)).limit(FEW + 1).subquery().c[0])
