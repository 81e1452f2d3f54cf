"""A file of every malformation: what can be read is read, and what cannot is explained."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.records import LONGEST_LINE, UnreadableFile
from domain.reference.files import read_file
from domain.reference.lines import MemberLine
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid
from tests.factories.reference import a_csv, a_member

READING = Reading(ReferenceKind.MEMBERS, datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))


def read(content: bytes) -> dict[int, str]:
    """By their number, the members' names, or why a line is refused."""
    told = read_file(READING, BytesIO(content))
    return {number: line.rule if isinstance(line, Invalid) else str(getattr(line, "name", "")) for number, line in told}


READABLE = {
    "with semicolons": b"number;name\nM1;Mme \xc3\x89lise\n",
    "with commas": b"number,name\nM1,Mme \xc3\x89lise\n",
    "with the mark of UTF-8": b"\xef\xbb\xbfnumber;name\nM1;Mme \xc3\x89lise\n",
    "with the ends of Windows": b"number;name\r\nM1;Mme \xc3\x89lise\r\n",
    "without a last end": b"number;name\nM1;Mme \xc3\x89lise",
    "with quotes": b'"number";"name"\n"M1";"Mme \xc3\x89lise"\n',
    "with other columns first": b"name;number\nMme \xc3\x89lise;M1\n",
    "with spaces": b" number ; name \n M1 ; Mme \xc3\x89lise \n",
    "as JSON": b'{"number": "M1", "name": "Mme \xc3\x89lise"}\n',
    "as JSON in ASCII": b'{"number": "M1", "name": "Mme \\u00c9lise", "email": null}',
    "as JSON with a mark": b'\xef\xbb\xbf{"number": "M1", "name": "Mme \xc3\x89lise"}\r\n',
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE)
def test_a_file_is_read_however_programs_write_it(content: bytes) -> None:
    assert list(read(content).values()) == ["Mme Élise"]


UNREADABLE = {
    "nothing": (b"", "is empty"),
    "nothing but ends": (b"\r\n\n  \n", "is empty"),
    "nothing but the mark": (b"\xef\xbb\xbf", "lacks a column|names a column"),
    "a header alone": (b"number;name\n", "nothing below"),
    "a header and empty rows": (b"number;name\n;\n;;\n", "nothing below"),
    "UTF-16": ("number;name\nM1;x\n".encode("utf-16"), "UTF-16"),
    "UTF-16 the other way": (b"\xfe\xff" + "number;name\nM1;x\n".encode("utf-16-be"), "UTF-16"),
    "Latin-1": ("numéro;nom\n".encode("latin-1"), "not UTF-8"),
    "an archive": (b"PK\x03\x04\x14\0\0\0", "no text"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "names a column"),
    "the ends of an old Mac": (b"number;name\rM1;x\r", "CR alone"),
    "no header": (b"M1;Mme Lise\nM2;M. Yann\n", "names a column"),
    "a column too few": (b"number\nM1\n", "lacks a column: name"),
    "a column that nobody knows": (b"number;name;birthday\nM1;x;y\n", "names a column"),
    "a column twice": (b"number;name;name\nM1;x;y\n", "one of them twice"),
    "a column without name": (b"number;name;\nM1;x;\n", "names a column"),
    "a header with an open quote": (b'number;"name\nM1;x\n', "quote is not closed"),
    "tabs": (b"number\tname\nM1\tx\n", "names a column"),
    "a list of JSON": (b'[{"number": "M1", "name": "x"}]', "names a column"),
}


@pytest.mark.parametrize(("content", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_none_of_reference_data_is_explained(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why) as refusal:
        read(content)
    assert refusal.value.remedy


ODD_LINES = {
    "a field too few": (b"M1", "more or fewer fields"),
    "a field too many": (b"M1;x;y", "more or fewer fields"),
    "an open quote": (b'M1;"x', "quote is not closed"),
    "a quote in the midst": (b'M1;"x"y', "quote is not closed"),
    "another encoding": ("M1;Élise".encode("latin-1"), "not UTF-8"),
    "too much": (b"M1;" + b"x" * LONGEST_LINE, "20,000 bytes"),
    "a NUL": (b"M1;a\0b", "1 to 200"),
    "nothing in it": (b"M1;", "is empty"),
}


@pytest.mark.parametrize(("line", "why"), ODD_LINES.values(), ids=ODD_LINES)
def test_an_odd_line_is_refused_and_the_next_one_read(line: bytes, why: str) -> None:
    told = read(b"number;name\n" + line + b"\n\nM2;M. Yann\n")
    assert why in told[2]
    assert told[4] == "M. Yann"
    assert len(told) == 2


ODD_JSON = {
    "a list": b"[1]",
    "an open brace": b'{"number": "M1"',
    "a name twice": b'{"number": "M1", "number": "M2", "name": "x"}',
    "no number of JSON's": b"NaN",
    "half a character for a name": b'{"number": "M1", "name": "x", "\\ud800": 1}',
    "a well": b"[" * 9_000,
    "a number beyond measure": b'{"number": ' + b"9" * 9_000 + b"}",
    "a row of CSV": b"M1;x",
}


@pytest.mark.parametrize("line", ODD_JSON.values(), ids=ODD_JSON)
def test_an_odd_line_of_json_is_refused_and_the_next_one_read(line: bytes) -> None:
    told = read(b'{"number": "M1", "name": "Mme Lise"}\n' + line + b'\n{"number": "M2", "name": "M. Yann"}\n')
    assert told[1] == "Mme Lise"
    assert "JSON object" in told[2]
    assert told[3] == "M. Yann"


def test_a_quoted_field_holds_separators_and_quotes() -> None:
    assert read(b'number;name\nM1;"Mme ""Lise""; dite Lisette"\n') == {2: 'Mme "Lise"; dite Lisette'}


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_explained(content: bytes) -> None:
    for head in (b"", b"number;name\n", b"{}\n"):
        try:
            told = list(read_file(READING, BytesIO(head + content)))
        except UnreadableFile:
            continue
        assert all(isinstance(line, Invalid | MemberLine) for _, line in told)


names = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n"', categories=("L", "P", "N")), min_size=1)


@given(st.lists(names.filter(str.strip), min_size=1, max_size=5))
def test_every_line_is_told_once_in_its_order(given_names: list[str]) -> None:
    quoted = [f'"{name}"' for name in given_names]
    told = read(a_csv(*(a_member(f"M{n}", name=name, email="") for n, name in enumerate(quoted))))
    assert list(told) == list(range(2, len(given_names) + 2))
