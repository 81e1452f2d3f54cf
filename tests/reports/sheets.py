"""Reading a workbook back, as openpyxl does."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook


def opened(xlsx: bytes) -> Workbook:
    """The workbook."""
    return load_workbook(BytesIO(xlsx))


def lines(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, each value under its head."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
