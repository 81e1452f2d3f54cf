"""Several rows in one: the rows of another table told as JSON, so that one question can read a whole case."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import JSON, ColumnElement, ScalarSelect, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

Told = dict[str, Any]
"""A row, by column: ids, dates and instants as text."""


def as_json(
    columns: Iterable[InstrumentedAttribute[Any]],
    *among: ColumnElement[bool],
    by: Iterable[InstrumentedAttribute[Any]],
) -> ScalarSelect[list[Told]]:
    """The rows `among` these, ordered `by`, as a list of objects: empty where there are none."""
    named = chain.from_iterable((literal_column(f"'{column.key}'"), column) for column in columns)
    rows = func.json_agg(aggregate_order_by(func.json_build_object(*named), *by), type_=JSON)
    return select(func.coalesce(rows, literal_column("'[]'::json"), type_=JSON)).where(*among).scalar_subquery()


def instant(told: str | None) -> datetime | None:
    """An instant, where there is one."""
    return datetime.fromisoformat(told) if told is not None else None
