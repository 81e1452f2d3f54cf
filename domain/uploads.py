"""What a file that comes in may be, by its content and not by its name; and its name must not say otherwise.

A document is a PDF, a JPEG or a PNG. What a delegate delivers may be an Excel workbook, a Word document or a CSV too.
Source: policy
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Mapping
from io import BytesIO
from types import MappingProxyType

from domain.refusals import Invalid

PDF, JPEG, PNG, CSV = "application/pdf", "image/jpeg", "image/png", "text/csv"
_OFFICE = "application/vnd.openxmlformats-officedocument."
XLSX, DOCX = f"{_OFFICE}spreadsheetml.sheet", f"{_OFFICE}wordprocessingml.document"
DOCUMENTS = frozenset({PDF, JPEG, PNG})
"""What a member's document may be."""
DELEGATE_FILES = DOCUMENTS | {XLSX, DOCX, CSV}
"""What a delegate may deliver."""
_BEGINS: Mapping[str, bytes] = MappingProxyType({PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"})
_ENDS: Mapping[str, bytes] = MappingProxyType({PDF: b"%%EOF", JPEG: b"\xff\xd9", PNG: b"IEND\xaeB`\x82"})
_ENDINGS: Mapping[str, str] = MappingProxyType(
    {"pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "png": PNG, "xlsx": XLSX, "docx": DOCX, "csv": CSV}
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", XLSX: "XLSX", DOCX: "DOCX", CSV: "CSV"}
)
_TAIL = 1024
"""Some programs write a little behind the end."""
_LONGEST_NAME = 200
_PACKED = b"PK\x03\x04"
_TABLE_OF_TYPES = "[Content_Types].xml"
_LARGEST_TABLE, _LARGEST_UNPACKED = 1_000_000, 500_000_000
_CANNOT_BE_OPENED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError)


def media_type(content: bytes, name: str, among: Collection[str] = DOCUMENTS) -> str:
    """What the file is, by its content. Raises Invalid where it is none of those, is cut off, or is not what its name
    says.

    Source: policy
    """
    if not content:
        raise Invalid("The document is empty.", "Send it again; look at it first.", field="file")
    found = _found(content, among)
    said = _ENDINGS.get(name.rpartition(".")[2].lower())
    if said != found:
        raise Invalid(
            f"The document is a {_NAMES[found]}, and its name says otherwise.",
            "Save it again, under a name that ends as it should.",
            field="file",
        )
    return found


def _found(content: bytes, among: Collection[str]) -> str:
    """One of these types. Raises Invalid."""
    found = next((kind for kind, begins in _BEGINS.items() if content.startswith(begins)), None)
    if found is not None and _ENDS[found] not in content[-_TAIL:]:
        raise Invalid(f"The {_NAMES[found]} is cut off: its end is missing.", "Send it whole.", field="file")
    if found is None and content.startswith(_PACKED) and XLSX in among:
        found = _packed(content)
    if found is None and CSV in among and _is_a_table(content):
        found = CSV
    if found is None or found not in among:
        raise _none_of(among)
    return found


def _none_of(among: Collection[str]) -> Invalid:
    if XLSX in among:
        return Invalid(
            "A file is a PDF, a JPEG, a PNG, an Excel workbook (XLSX), a Word document (DOCX) or a CSV.",
            "Save it as one of these, and send that.",
            field="file",
        )
    return Invalid(
        "A document is a PDF, a JPEG or a PNG.",
        "Print the document, or photograph it, and send that.",
        field="file",
    )


def _packed(content: bytes) -> str | None:
    """An Excel workbook or a Word document, by the table of types in it; None for any other packed file. Raises
    Invalid."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            return _of_office(file)
    except _CANNOT_BE_OPENED:
        raise Invalid(
            "The file cannot be opened: it is cut off, or locked by a password.",
            "Send it whole, without a password.",
            field="file",
        ) from None


def _of_office(file: zipfile.ZipFile) -> str | None:
    entries = file.infolist()
    if sum(one.file_size for one in entries) > _LARGEST_UNPACKED:
        raise Invalid(
            "The file unpacks to more than 500,000,000 bytes.", "Send it smaller, or in several files.", field="file"
        )
    if any("vbaproject" in one.filename.lower() for one in entries):
        raise Invalid("The file has macros in it.", "Save it without macros, and send that.", field="file")
    if _TABLE_OF_TYPES not in file.namelist():
        return None
    with file.open(_TABLE_OF_TYPES) as table:
        told = table.read(_LARGEST_TABLE).decode("utf-8", "replace")
    return next((kind for kind in (XLSX, DOCX) if f"{kind}.main+xml" in told), None)


def _is_a_table(content: bytes) -> bool:
    """Lines of text, some of them in columns: in UTF-8, or as Excel writes it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        if "\ufffd" in text:
            return False
    strange = any(unicodedata.category(one) == "Cc" and one not in "\t\r\n" for one in text)
    return not strange and not text.lstrip().startswith("<") and any(sign in text for sign in ";,\t")


def plain_name(name: str) -> str:
    """The file's own name without the folders before it, on one line. Raises Invalid where nothing is left of it."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(one for one in last if unicodedata.category(one)[0] not in "CZ" or one == " ").strip()
    if not kept or len(kept) > _LONGEST_NAME:
        raise Invalid("A document has a name, of 200 characters at most.", "Give it a short name.", field="file")
    return kept
