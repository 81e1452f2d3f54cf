"""The policy's small parts: exact types, and numbers that carry their unit and their source."""

from collections.abc import Iterable
from datetime import time
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, PositiveInt, StringConstraints, model_validator

from domain.sources import Source

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Model(BaseModel):
    """A part of the policy: exact types, no unknown field, never changed after it was read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Days(Model):
    """Civil days."""

    days: PositiveInt
    source: Source


class WorkingDays(Model):
    """Working days (jours ouvrés)."""

    working_days: PositiveInt
    source: Source


class Minutes(Model):
    """Minutes of the clock, nights and Sundays included."""

    minutes: PositiveInt
    source: Source


class TimeOfDay(Model):
    """A local time of day, to the minute."""

    at: time
    source: Source


class Window(Model):
    """Half-open: messages may leave from `opens_at`, no longer at `closes_at`."""

    opens_at: time
    closes_at: time
    source: Source

    @model_validator(mode="after")
    def opens_before_it_closes(self) -> Self:
        """A window without a minute in it would hold every message for ever."""
        if self.opens_at >= self.closes_at:
            raise ValueError("a window opens before it closes: exchange opens_at and closes_at")
        return self


class Limit(Model):
    """How many times something may happen."""

    at_most: PositiveInt
    source: Source


def check_known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse a name that the list does not know, and show the list."""
    allowed = list(known)
    if unknown := [name for name in names if name not in allowed]:
        raise ValueError(f"unknown {what} {', '.join(unknown)}: use {', '.join(allowed)}")


def check_unique(names: Iterable[str], what: str) -> None:
    """Refuse a name that is given twice."""
    seen = list(names)
    if twice := sorted({name for name in seen if seen.count(name) > 1}):
        raise ValueError(f"{what} given twice: {', '.join(twice)}; keep one")
