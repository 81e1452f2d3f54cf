"""A file is what its content says, and its name must say the same."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import Invalid
from domain.uploads import CSV, DELEGATE_FILES, DOCX, JPEG, PDF, PNG, XLSX, media_type
from tests.factories.uploads import A_CSV, A_DOCX, A_JPEG, A_PDF, A_PNG, AN_XLSM, AN_XLSX, of_office, packed

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (A_PDF, "rapport.pdf", PDF),
        (A_JPEG, "rapport.jpg", JPEG),
        (A_PNG, "rapport.png", PNG),
        (AN_XLSX, "liste.xlsx", XLSX),
        (AN_XLSX, "LISTE.XLSX", XLSX),
        (A_DOCX, "procédure.docx", DOCX),
        (A_CSV, "liste.csv", CSV),
        (b"\xef\xbb\xbf" + A_CSV, "liste.csv", CSV),
        (A_CSV.decode().encode("cp1252"), "liste.csv", CSV),
        (b"a\tb\n1\t2\n", "liste.csv", CSV),
    ],
)
def test_what_a_delegate_may_deliver(content: bytes, name: str, kind: str) -> None:
    assert media_type(content, name, DELEGATE_FILES) == kind


@pytest.mark.parametrize(("content", "name"), [(AN_XLSX, "a.xlsx"), (A_DOCX, "a.docx"), (A_CSV, "a.csv")])
def test_a_member_s_document_is_no_table(content: bytes, name: str) -> None:
    with pytest.raises(Invalid, match="PDF, a JPEG or a PNG"):
        media_type(content, name)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "liste.csv", "empty"),
        (AN_XLSX, "liste.docx", "otherwise"),
        (AN_XLSX, "liste.zip", "otherwise"),
        (A_CSV, "liste.xlsx", "otherwise"),
        (A_CSV, "liste.txt", "otherwise"),
        (AN_XLSX[:-30], "liste.xlsx", "cut off"),
        (AN_XLSX[:40], "liste.xlsx", "cut off"),
        (AN_XLSM, "liste.xlsx", "A file is"),
        (of_office(WORKBOOK, **{"xl/vbaProject.bin": "x"}), "liste.xlsx", "macros"),
        (packed(**{"readme.txt": "hello"}), "liste.xlsx", "A file is"),
        (A_CSV.decode().encode("utf-16"), "liste.csv", "A file is"),
        (b"one column\nonly\n", "liste.csv", "A file is"),
        (b"<html>;</html>", "liste.csv", "A file is"),
        (b"a;b\x00c", "liste.csv", "A file is"),
        (b"MZ\x90;" + bytes(80), "liste.csv", "A file is"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1;" + bytes(80), "liste.xls", "A file is"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        media_type(content, name, DELEGATE_FILES)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    whole = BytesIO()
    with ZipFile(whole, "w") as file:
        file.writestr("[Content_Types].xml", f"{WORKBOOK}.main+xml")
    # its two sizes stand in the table at the end: say that it is enormous
    content = bytearray(whole.getvalue())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (600_000_000).to_bytes(4, "little")
    with pytest.raises(Invalid, match="500,000,000"):
        media_type(bytes(content), "liste.xlsx", DELEGATE_FILES)


def mangled() -> Iterator[bytes]:
    """A workbook, each time with another byte of it changed."""
    for at in range(0, len(AN_XLSX), 7):
        yield AN_XLSX[:at] + bytes([AN_XLSX[at] ^ 0xFF]) + AN_XLSX[at + 1 :]


def kind_of(content: bytes, name: str) -> str | None:
    """What the file is, or None where it is refused for its content."""
    try:
        return media_type(content, name, DELEGATE_FILES)
    except Invalid as refusal:
        return None if refusal.field == "file" else "refused for something else"


def test_a_mangled_file_is_refused_or_read_never_a_mistake_of_ours() -> None:
    assert {kind_of(content, "liste.xlsx") for content in mangled()} == {XLSX, None}


@given(st.binary(max_size=200), st.sampled_from(["a.pdf", "a.csv", "a.xlsx", "a"]))
def test_no_bytes_are_a_mistake_of_ours(content: bytes, name: str) -> None:
    assert kind_of(b"PK\x03\x04" + content, name) in {*DELEGATE_FILES, None}
