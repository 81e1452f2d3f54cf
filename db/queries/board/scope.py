"""Whose cases a board speaks of, and to whom."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from db.models import Case
from db.queries.cases import seen_by
from domain.board import Today


@dataclass(frozen=True)
class Scope:
    """Who reads, when, of which procedures, and of which pole; without one, of the whole insurer."""

    reader: UUID
    today: Today
    procedures: frozenset[str]
    pole: str | None = None

    def sees(self, case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """Nobody sees a case about themselves, nor one of a procedure that they may not read."""
        others = select(Case.id).where(Case.procedure.not_in(self.procedures))
        return and_(seen_by(self.reader, case_id), case_id.not_in(others))

    def of_pole(self, pole: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Whether it belongs to the pole that was asked for."""
        return pole == self.pole if self.pole is not None else true()

    def cases(self) -> ColumnElement[bool]:
        """The cases of this board, open and ended, of every procedure."""
        mine = (seen_by(self.reader, Case.id), self.of_pole(Case.pole))
        return and_(*mine, Case.procedure.in_(self.procedures))

    def complaints(self) -> ColumnElement[bool]:
        """The complaints among them."""
        return and_(seen_by(self.reader, Case.id), self.of_pole(Case.pole), Case.procedure == "complaint")

    def within(self, case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """The same for a table that knows no pole: only open cases of the pole are looked at."""
        if self.pole is None:
            return self.sees(case_id)
        of_pole = select(Case.id).where(Case.ended_at.is_(None), Case.pole == self.pole)
        return and_(self.sees(case_id), case_id.in_(of_pole))
