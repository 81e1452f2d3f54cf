"""What a letter's way out is asked, and how it can end: for every procedure that writes letters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class LetterToSend:
    """A letter to make or to hand over, as of `at` (business time). `round` counts the ways it was sent."""

    id: UUID
    round: int
    at: datetime


@dataclass(frozen=True)
class MessageToSend:
    """A message to staff, to be sent or recorded as sent at `at` (business time)."""

    id: UUID
    at: datetime


class HandOver(StrEnum):
    """How an attempt to hand a letter over ended."""

    ACCEPTED = "accepted"
    """The mail server has taken it over."""
    POSTED = "posted"
    """It lies in the day's post and is handed over when the manifest is closed."""
    REJECTED = "rejected"
    """The mail server will never take it: another way or address is needed."""
    SUPERSEDED = "superseded"
    """It has left already, or takes another way by now."""


class Dispatch(StrEnum):
    """How a letter leaves, or that it was told in a recorded call instead."""

    EMAIL = "email"
    POST = "post"
    RECORDED_CALL = "recorded_call"
