"""Whose cases a board speaks of, and to whom."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from db.models import Case
from db.queries.cases import seen_by
from domain.board import Today


@dataclass(frozen=True)
class Scope:
    """Who reads, when, and of which pole; without one, of the whole insurer."""

    reader: UUID
    today: Today
    pole: str | None = None

    def sees(self, case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """Nobody sees a case about themselves."""
        return seen_by(self.reader, case_id)

    def sees_complaint(self, case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """The same for what every procedure has: claims under control have a clock that no board shows.

        Source: procedures, section 2 step 3
        """
        return and_(self.sees(case_id), case_id.in_(select(Case.id).where(Case.procedure == "complaint")))

    def of_pole(self, pole: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Whether it belongs to the pole that was asked for."""
        return pole == self.pole if self.pole is not None else true()

    def cases(self) -> ColumnElement[bool]:
        """The cases of this board, open and ended."""
        return and_(self.sees(Case.id), Case.procedure == "complaint", self.of_pole(Case.pole))

    def within(self, case_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """The same for a table that knows no pole: only open cases of the pole are looked at."""
        if self.pole is None:
            return self.sees(case_id)
        of_pole = select(Case.id).where(Case.ended_at.is_(None), Case.pole == self.pole)
        return and_(self.sees(case_id), case_id.in_(of_pole))


Numbers = dict[Any, int]
