"""A file becomes lines: CSV with a header, parted by `;` or `,`, or JSON, one object a line; in UTF-8, with or without
its mark, ended by LF or CRLF. A record stands on one line, so that a quote left open spoils that line alone.

Source: procedures, section 2 step 0
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from domain.reference.lines import FORMS, AnyLine
from domain.reference.reading import Reading, read_line
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid

LONGEST_LINE = 20_000
_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
Values = dict[str, Any]
Told = tuple[int, AnyLine | Invalid]
"""The number of a line in its file, the first being 1, and its form or why it is refused."""


class UnreadableFile(Invalid):
    """The file is none of reference data: no line of it is taken in."""


def read_file(reading: Reading, lines: Iterable[bytes]) -> Iterator[Told]:
    """Every line that says something, in its order. Raises UnreadableFile.

    Source: procedures, section 2 step 0 (line-by-line report)
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    number, first = next(numbered, (0, b""))
    head = _head(number, first)
    if head.startswith("{"):
        told = chain([(number, first.removeprefix(_UTF8_MARK))], numbered)
        return (_read(reading, number, line, _of_json) for number, line in told)
    return _read_csv(reading, head, numbered)


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


def _read_csv(reading: Reading, head: str, numbered: Iterator[tuple[int, bytes]]) -> Iterator[Told]:
    delimiter = ";" if ";" in head else ","
    names = _columns(reading.kind, head, delimiter)

    def values(line: str) -> Values:
        cells = _cells(line, delimiter)
        if len(cells) != len(names):
            raise Invalid(
                "The line has more or fewer fields than the header.",
                "Put quotes around a field that holds the sign by which fields are parted.",
            )
        return {name: cell for name, one in zip(names, cells, strict=True) if (cell := one.strip())}

    read = (_read(reading, number, line, values) for number, line in numbered if line.strip(b";,\r\n\t "))
    first = next(read, None)
    if first is None:
        raise UnreadableFile("There is a header and nothing below it.", "Export the file again.", field="file")
    return chain([first], read)


def _columns(kind: ReferenceKind, head: str, delimiter: str) -> list[str]:
    """The names of the columns. Raises UnreadableFile."""
    try:
        names = [one.strip() for one in _cells(head, delimiter)]
    except Invalid as refusal:
        raise UnreadableFile(refusal.rule, refusal.remedy, field="file") from None
    known = FORMS[kind].model_fields
    needed = [name for name, field in known.items() if field.is_required()]
    missing, strange = [name for name in needed if name not in names], [name for name in names if name not in known]
    if strange or len(set(names)) < len(names):
        raise UnreadableFile(
            f"The header names a column that {kind} do not have, or one of them twice.",
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


def _read(reading: Reading, number: int, line: bytes, values: Callable[[str], Values]) -> Told:
    """One line: what is wrong with it is said, and does not keep the next from being read."""
    try:
        return number, read_line(reading, values(_text(line)))
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
