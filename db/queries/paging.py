"""Keyset paging: a page's cursor says after which row the next one goes on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from domain.refusals import Invalid

Key = TypeVar("Key", date, datetime)


def write_cursor(key: date | datetime, row_id: UUID) -> str:
    """The cursor of the rows after this one."""
    return urlsafe_b64encode(f"{key.isoformat()}|{row_id}".encode()).decode()


def read_cursor(cursor: str, read_key: Callable[[str], Key]) -> tuple[Key, UUID]:
    """The row that a cursor names: its key, read by `read_key`, and its id. Raises Invalid."""
    try:
        key, _, row_id = urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return read_key(key), UUID(row_id)
    except ValueError as error:
        raise Invalid("No page has given this cursor.", "Start again without one.", field="cursor") from error
