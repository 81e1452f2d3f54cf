"""A line has the same bytes before the database has kept it and after: otherwise a whole journal would look altered."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from psycopg.types.json import Jsonb

from keys.chain import Link, canonical

TEXT = some.text(some.characters(codec="utf-8", exclude_characters="\0"))
NUMBERS = some.one_of(
    some.integers(-(10**30), 10**30),
    some.floats(allow_nan=False, allow_infinity=False),
    some.sampled_from([0.0, -0.0, 1e23, 1e22, 5e-324, 1.7976931348623157e308, 100.0, 2.5, 1e-7]),
)
VALUES = some.recursive(
    some.none() | some.booleans() | NUMBERS | TEXT,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FACTS = some.dictionaries(TEXT, VALUES, max_size=5)


@pytest.fixture(scope="module")
def connection(postgres: str) -> Any:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


@settings(max_examples=300, deadline=None)
@given(facts=FACTS)
def test_the_canonical_form_survives_jsonb(connection: Any, facts: dict[str, Any]) -> None:
    ((kept,),) = connection.execute("SELECT %s::jsonb", [Jsonb(facts)]).fetchall()
    assert canonical(kept) == canonical(facts)
    assert canonical(dict(reversed(facts.items()))) == canonical(facts)


@settings(max_examples=200, deadline=None)
@given(one=VALUES, other=VALUES)
def test_what_differs_in_jsonb_differs_in_its_canonical_form(connection: Any, one: Any, other: Any) -> None:
    ((same,),) = connection.execute("SELECT %s::jsonb = %s::jsonb", [Jsonb(one), Jsonb(other)]).fetchall()
    assert (canonical(one) == canonical(other)) is same


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_jsonb_cannot_hold_has_no_canonical_form(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": value})


def test_every_part_of_a_line_counts() -> None:
    at = datetime(2031, 3, 3, 9, 0, 0, 1, tzinfo=UTC)
    line = Link(UUID(int=1), 1, "Analysed", at, UUID(int=2), UUID(int=3), {"a": 1}, bytes(32))
    parts = {
        "case_id": UUID(int=9),
        "line": 2,
        "event": "Qualified",
        "at": at.replace(microsecond=2),
        "actor_id": None,
        "command_id": None,
        "facts": {"a": "1"},
        "sealed_sha256": None,
    }
    others = {Link(**{**vars(line), name: value}).written() for name, value in parts.items()}
    assert len(others | {line.written()}) == 1 + len(parts)
    swapped = Link(**{**vars(line), "actor_id": line.command_id, "command_id": line.actor_id})
    assert swapped.written() not in others | {line.written()}
