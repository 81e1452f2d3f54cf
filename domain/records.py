"""A file becomes records: CSV with a header, parted by `;` or `,`, or JSON, one object a line; in UTF-8, with or
without its mark, ended by LF or CRLF. A record stands on one line: a quote left open spoils that line alone.

Source: procedures, section 2 steps 0 and 1
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from domain.refusals import Invalid

LONGEST_LINE = 20_000
_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
Values = dict[str, Any]
Record = tuple[int, Values | Invalid]
"""The number of a line in its file, the first being 1, and what stands in its fields or why it cannot be read."""


class UnreadableFile(Invalid):
    """The file is not what it is given as: no line of it is taken in."""


@dataclass(frozen=True)
class Sheet:
    """What a file holds (`members`), the names of its columns, and those without which no line can be right."""

    name: str
    columns: Sequence[str]
    needed: Sequence[str]


def read_records(sheet: Sheet, lines: Iterable[bytes]) -> Iterator[Record]:
    """Every line that says something, in its order; an empty field is left out. Raises UnreadableFile.

    Source: procedures, section 2 steps 0 and 1 (line-by-line report)
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    number, first = next(numbered, (0, b""))
    head = _head(number, first)
    if head.startswith("{"):
        told = chain([(number, first.removeprefix(_UTF8_MARK))], numbered)
        return (_read(number, line, _of_json) for number, line in told)
    return _read_csv(sheet, head, numbered)


def _head(number: int, first: bytes) -> str:
    """The first line that says something, as text. Raises UnreadableFile."""
    if not number:
        raise UnreadableFile("The file is empty.", "Export it again, with its header.", field="file")
    if first.startswith(_OTHER_MARKS):
        raise UnreadableFile("The file is written in UTF-16.", "Save it as UTF-8.", field="file")
    if b"\0" in first:
        raise UnreadableFile("This is no text.", "Give a CSV file, or JSON with one object a line.", field="file")
    try:
        head = first.removeprefix(_UTF8_MARK).decode().strip()
    except UnicodeDecodeError:
        raise UnreadableFile("The first line is not UTF-8.", "Save the file as UTF-8.", field="file") from None
    if "\r" in head:
        raise UnreadableFile("Its lines end with CR alone.", "Save it with the ends of Unix or Windows.", field="file")
    return head


def _read_csv(sheet: Sheet, head: str, numbered: Iterator[tuple[int, bytes]]) -> Iterator[Record]:
    delimiter = ";" if ";" in head else ","
    names = _columns(sheet, head, delimiter)

    def values(line: str) -> Values:
        cells = _cells(line, delimiter)
        if len(cells) != len(names):
            raise Invalid(
                "The line has more or fewer fields than the header.",
                "Put quotes around a field that holds the sign by which fields are parted.",
            )
        return {name: cell for name, one in zip(names, cells, strict=True) if (cell := one.strip())}

    read = (_read(number, line, values) for number, line in numbered if line.strip(b";,\r\n\t "))
    first = next(read, None)
    if first is None:
        raise UnreadableFile("There is a header and nothing below it.", "Export the file again.", field="file")
    return chain([first], read)


def _columns(sheet: Sheet, head: str, delimiter: str) -> list[str]:
    """The names of the columns. Raises UnreadableFile."""
    try:
        names = [one.strip() for one in _cells(head, delimiter)]
    except Invalid as refusal:
        raise UnreadableFile(refusal.rule, refusal.remedy, field="file") from None
    known = sheet.columns
    missing = [name for name in sheet.needed if name not in names]
    strange = [name for name in names if name not in known]
    if strange or len(set(names)) < len(names):
        raise UnreadableFile(
            f"The header names a column that {sheet.name} do not have, or one of them twice.",
            f"The columns are: {', '.join(known)}.",
            field=(strange or names)[0][:60] or "file",
        )
    if missing:
        raise UnreadableFile(
            f"The header lacks a column: {', '.join(missing)}.",
            f"The columns are: {', '.join(known)}.",
            field=missing[0],
        )
    return names


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        raise Invalid(
            "A quote is not closed on its line, or stands in the midst of a field.",
            "Close it; write a quote within a quoted field twice, and no field on two lines.",
        ) from None


def _of_json(line: str) -> Values:
    """Raises Invalid."""
    try:
        values = json.loads(line, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise Invalid("This is no JSON object with each name once.", "Write one object on each line.")
    return {name: value for name, value in values.items() if value is not None}


def _once_each(pairs: list[tuple[str, Any]]) -> Values:
    values = dict(pairs)
    if len(values) < len(pairs) or not all(name.isprintable() for name in values):
        raise ValueError("a name comes twice, or is none")
    return values


def _read(number: int, line: bytes, values: Callable[[str], Values]) -> Record:
    """One line: what is wrong with it is said, and does not keep the next from being read."""
    try:
        return number, values(_text(line))
    except Invalid as refusal:
        return number, refusal


def _text(line: bytes) -> str:
    """Raises Invalid."""
    if len(line) > LONGEST_LINE:
        raise Invalid("A line has 20,000 bytes at most.", "Check where the line ends.")
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Invalid("The line is not UTF-8.", "Save the file as UTF-8.") from None
