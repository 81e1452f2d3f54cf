"""Reading a PDF back: its words, where they stand, its structure."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

MM = 72 / 25.4
SHEET_HEIGHT_MM = 297


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page that a reader can select."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    """The words of all pages, as `plain` text."""
    return plain(" ".join(pages_of(pdf)))


def plain(text: str) -> str:
    """Words parted by single spaces, as pages and templates may set them otherwise."""
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def characters(pdf: bytes, page: int = 0) -> Iterator[tuple[str, float, float, float, float]]:
    """Each visible character of a page with its left, top, right and bottom in mm from the sheet's top left corner."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[page].get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = (edge / MM for edge in text.get_charbox(index))
            yield text.get_text_range(index, 1), left, SHEET_HEIGHT_MM - top, right, SHEET_HEIGHT_MM - bottom
    finally:
        document.close()


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The PDF's objects."""
    return pikepdf.open(io.BytesIO(pdf))


def structure(node: Any) -> Iterator[str]:
    """The tags of a PDF in reading order: "H1", "P", …"""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from structure(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S).removeprefix("/")
        yield from structure(node.get("/K", pikepdf.Array()))


def objects(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    """All the dictionaries of that /Type."""
    return [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == kind]
