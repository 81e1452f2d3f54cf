"""Writes that are gathered while a command is decided, and made together: one statement for the rows of a table.

They are made in the order in which they were given, as far as anybody can tell: on one table, an insertion and a
change never overtake each other; tables follow in the order in which they were first written to.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, any_, bindparam, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Base

Values = dict[str, Any]


@dataclass
class _Insertion:
    """Rows that go into a table by one statement."""

    table: Table
    rows: list[Values]

    def takes(self, values: Values) -> bool:
        """Whether a row can join these: it names the same columns, and the database computes none of its values."""
        return self.rows[0].keys() == values.keys() and not _is_computed(values) and not _is_computed(self.rows[0])

    def write(self, session: Session) -> None:
        if _is_computed(self.rows[0]):
            session.connection().execute(self.table.insert().values(self.rows[0]))
        else:
            session.connection().execute(_insertion(self.table), self.rows)


@dataclass
class _Change:
    """Rows of a table that change alike: those whose `column` is one of `wanted`, as far as they are `among` these."""

    table: Table
    column: ColumnElement[Any]
    wanted: list[Any]
    among: tuple[ColumnElement[bool], ...]
    values: Values

    def takes(
        self, column: ColumnElement[Any], wanted: Any, among: tuple[ColumnElement[bool], ...], values: Values
    ) -> bool:
        """Join another change to this one, if it is alike or of the very same rows; whether it was."""
        if column is not self.column or not _same(among, self.among):
            return False
        if values == self.values:
            self.wanted.append(wanted)
        elif self.wanted == [wanted] and not among:
            self.values |= values
        else:
            return False
        return True

    def write(self, session: Session) -> None:
        one_of = any_(bindparam("wanted", self.wanted, ARRAY(self.column.type)))
        session.connection().execute(update(self.table).where(self.column == one_of, *self.among).values(self.values))


@dataclass
class Batch:
    """What is still to be written."""

    writes: list[_Insertion | _Change] = field(default_factory=list)

    def insert(self, model: type[Base], **values: Any) -> None:
        """A new row. Rows of one table name the same columns."""
        table = _table(model)
        last = self._last(table)
        if isinstance(last, _Insertion) and last.takes(values):
            last.rows.append(values)
        else:
            self.writes.append(_Insertion(table, [values]))

    def change(
        self, column: InstrumentedAttribute[Any], wanted: Any, *among: ColumnElement[bool], **values: Any
    ) -> None:
        """Rows that are there change: those whose `column` has the `wanted` value, as far as they are `among` these."""
        table = _table(column.class_)
        last = self._last(table)
        if not (isinstance(last, _Change) and last.takes(table.c[column.key], wanted, among, values)):
            self.writes.append(_Change(table, table.c[column.key], [wanted], among, values))

    def write(self, session: Session) -> None:
        """Write everything that was gathered."""
        writes, self.writes = self.writes, []
        for one in writes:
            one.write(session)

    def _last(self, table: Table) -> _Insertion | _Change | None:
        return next((one for one in reversed(self.writes) if one.table is table), None)


def _same(some: tuple[ColumnElement[bool], ...], others: tuple[ColumnElement[bool], ...]) -> bool:
    return len(some) == len(others) and all(a.compare(b) for a, b in zip(some, others, strict=True))


def _is_computed(values: Values) -> bool:
    return any(isinstance(value, ColumnElement) for value in values.values())


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


@cache
def _insertion(table: Table) -> Insert:
    """With RETURNING, SQLAlchemy makes one statement of many rows; without, one of each."""
    return table.insert().returning(*table.primary_key.columns)
