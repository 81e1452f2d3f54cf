"""HOW anything comes onto paper: a layout of Typst, data, an archivable and accessible PDF, the same bytes each time.

What is said comes as data and is set as text: no layout reads it as markup.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from letters import typography

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def on_paper(layout: str, data: Mapping[str, Any], dated: date) -> bytes:
    """A PDF/A-3a and PDF/UA-1 of these data, in a layout that is named by its path in `templates`.

    Dated by the day that is given, so that it is the same file each time. A character that the fonts cannot draw is
    shown as a box (`typography.drawable`).
    """
    return typst.compile(
        str(TEMPLATES / layout),
        root=str(TEMPLATES),
        sys_inputs={name: json.dumps(_drawable(value)) for name, value in data.items()},
        pdf_standards=["a-3a", "ua-1"],
        font_paths=_fonts(),
        ignore_system_fonts=True,
        timestamp=datetime.combine(dated, time(), UTC),
    )


def page_count(pdf: bytes) -> int:
    """How many pages a PDF made here has, as its metadata says; ValueError for any other bytes."""
    found = _PAGES.search(pdf)
    if found is None:
        raise ValueError("not a PDF made by on_paper: it does not say how many pages it has")
    return int(found.group(1))


@cache
def _fonts() -> typst.Fonts:
    """The fonts that Typst brings along, read once."""
    return typst.Fonts(include_system_fonts=False)


def _drawable(value: Any) -> Any:
    """The same JSON value with only characters that the fonts draw."""
    if isinstance(value, dict):
        return {key: _drawable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(inner) for inner in value]
    return typography.drawable(value) if isinstance(value, str) else value


_PAGES = re.compile(rb"<xmpTPg:NPages>([0-9]+)</xmpTPg:NPages>")
