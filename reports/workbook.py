"""HOW a workbook takes shape: plain values, frozen heads, filters, widths; the same content is the same bytes.

What somebody typed is text, whatever it begins with: no cell of ours is a formula.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from io import BytesIO
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from letters import typography

LONGEST = 32_000
"""So many UTF-16 units of a text are kept in a cell, which holds 32,767."""
_FIRST_DAY = date(1900, 3, 1)
"""Before it the calendar of spreadsheets is wrong: such a day is written as text."""
_LINE, _HIGHEST = 13.5, 409.0
"""Points of a line, and of the highest row that there can be."""
_FILLED = 0.9
_COMMANDS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Shaded:
    """A word on a ground of its own, 0 for the palest of five."""

    text: str
    height: int


Value = str | int | Decimal | date | Shaded | None


class Width(Enum):
    """How wide a column is, in characters."""

    NARROW = 8
    DAY = 13
    LEVEL = 14
    WORD = 18
    NAME = 34
    TEXT = 64
    HASH = 68


@dataclass(frozen=True)
class Column:
    """A column: its head, its width, and the words that may stand in it, where they are few."""

    head: str
    width: Width
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet: one line a row, a value for each column."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True)
class About:
    """What stands around the sheets: the title, whose it is, a mark on every printed page, the day it is of."""

    title: str
    author: str
    reference: str
    dated: date
    page: str
    mark: str | None = None


def workbook_of(sheets: Sequence[Sheet], about: About) -> bytes:
    """The sheets as XLSX. Text longer than a cell is cut, with an ellipsis at its end.

    Nothing in it depends on when or where it is made, and it is made in memory: no text lies about in files.
    """
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        mark = f"{about.mark} – " if about.mark else ""
        created = datetime.combine(about.dated, time())
        properties = {"title": mark + about.title, "author": about.author, "created": created}
        book.set_properties({name: _kept(said) for name, said in properties.items()})
        formats = _Formats(book)
        for sheet in sheets:
            _Writing(book.add_worksheet(sheet.name), sheet, formats).write(about)
    return file.getvalue()


def is_command(text: str) -> bool:
    """Whether a spreadsheet that is told to read this text would take it for a formula."""
    return text.startswith(_COMMANDS)


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **look: Any) -> Any:
        """The format with this look."""
        base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9D6DA", "font_size": 10}
        whole = tuple(sorted((base | look).items()))
        if whole not in self._made:
            self._made[whole] = self._book.add_format(dict(whole))
        return self._made[whole]


@dataclass(frozen=True)
class _Writing:
    """A sheet being written."""

    page: Any
    sheet: Sheet
    formats: _Formats

    def write(self, about: About) -> None:
        """All of it: heads, rows, and what makes it easy to read on screen and on paper."""
        head = self.formats.of(bold=True, font_color="#FFFFFF", bg_color="#0B5563", valign="vcenter")
        for place, column in enumerate(self.sheet.columns):
            self.page.set_column(place, place, column.width.value)
            self.page.write_string(0, place, column.head, head)
            self._choose(place, column)
        for number, row in enumerate(self.sheet.rows, start=1):
            self.page.set_row(number, self._height(row))
            for place, value in enumerate(row):
                self._put(number, place, value)
        self._frame(about)

    def _height(self, row: Sequence[Value]) -> float:
        """High enough for every line of its texts: not every program measures that when it opens a file."""
        texts = (value.text if isinstance(value, Shaded) else str(value or "") for value in row)
        columns = zip(texts, self.sheet.columns, strict=True)
        lines = max(_lines(text, column.width.value) for text, column in columns)
        return min(_LINE * lines + 2, _HIGHEST)

    def _put(self, row: int, place: int, value: Value) -> None:
        if value is None:
            self.page.write_blank(row, place, None, self.formats.of())
        elif isinstance(value, date) and value >= _FIRST_DAY:
            self.page.write_datetime(row, place, value, self.formats.of(num_format="dd/mm/yyyy", align="left"))
        elif isinstance(value, int | Decimal):
            self.page.write_number(row, place, value, self.formats.of(align="left"))
        elif isinstance(value, Shaded):
            ink, ground = _SHADES[value.height]
            self._text(row, place, value.text, bold=True, font_color=ink, bg_color=ground)
        else:
            self._text(row, place, str(value))

    def _text(self, row: int, place: int, text: str, **look: Any) -> None:
        """A text, which stays one when somebody opens the cell and closes it again."""
        kept = _kept(text)
        quoted = {"quote_prefix": True} if is_command(kept) else {}
        self.page.write_string(row, place, kept, self.formats.of(**look, **quoted))

    def _choose(self, place: int, column: Column) -> None:
        if column.choices and self.sheet.rows:
            rule = {"validate": "list", "source": list(column.choices)}
            self.page.data_validation(1, place, len(self.sheet.rows), place, rule)

    def _frame(self, about: About) -> None:
        self.page.freeze_panes(1, 0)
        self.page.autofilter(0, 0, len(self.sheet.rows), len(self.sheet.columns) - 1)
        self.page.repeat_rows(0)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_header("".join(_margins(about)))
        self.page.set_footer(f"&L{_margin(self.sheet.name)}&R{_margin(about.page)} &P/&N")


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters; words are not cut, so that some room is lost."""
    return sum(ceil((len(part) + 1) / (width * _FILLED)) for part in text.split("\n"))


def _margins(about: About) -> Iterator[str]:
    """The head of a printed page: left, middle, right."""
    yield f"&L{_margin(about.title)}"
    if about.mark:
        yield f"&C&B{_margin(about.mark)}&B"
    yield f"&R{_margin(about.reference)}"


def _margin(text: str) -> str:
    """A text in a margin, short enough, in which "&" is no command."""
    return " " + typography.one_line(text)[:60].replace("&", "&&")


def _kept(said: Any) -> Any:
    """A text as a cell keeps it: no control characters, ordinary spaces, by which people search; cut where too long."""
    if not isinstance(said, str):
        return said
    spaced = said.replace("\u00a0", " ").replace("\u202f", " ")
    clean = typography.many_lines(spaced).replace(typography.LINE_END, "\n")
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return clean
    return units[: 2 * LONGEST].decode("utf-16-le", errors="ignore") + "…"


_SHADES = (
    ("#47606D", "#E9EFF1"),
    ("#0B5563", "#DCECEE"),
    ("#7A5A00", "#FBF0CF"),
    ("#9A4312", "#FDE3D3"),
    ("#8C1D2F", "#F9DBE0"),
)
