"""Reading a workbook back, as openpyxl does."""

from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook


def opened(xlsx: bytes) -> Workbook:
    """The workbook."""
    return load_workbook(BytesIO(xlsx))


def lines(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, each value under its head."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, map(_day, row), strict=True)) for row in rows]


def _day(value: Any) -> Any:
    """A day as a day: spreadsheets have instants only."""
    return value.date() if isinstance(value, datetime) else value
