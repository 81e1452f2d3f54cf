"""What a document may be: PDF, JPEG or PNG, by its content and not by its name; and its name must not say otherwise.

Source: policy
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from domain.refusals import Invalid

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_BEGINS: Mapping[str, bytes] = MappingProxyType({PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"})
_ENDS: Mapping[str, bytes] = MappingProxyType({PDF: b"%%EOF", JPEG: b"\xff\xd9", PNG: b"IEND\xaeB`\x82"})
_ENDINGS: Mapping[str, str] = MappingProxyType({"pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "png": PNG})
_NAMES: Mapping[str, str] = MappingProxyType({PDF: "PDF", JPEG: "JPEG", PNG: "PNG"})
_TAIL = 1024
"""Some programs write a little behind the end."""
_LONGEST_NAME = 200


def media_type(content: bytes, name: str) -> str:
    """What the document is, by its first and last bytes. Raises Invalid where it is none of the three, is cut off, or
    is not what its name says.

    Source: policy
    """
    if not content:
        raise Invalid("The document is empty.", "Send it again; look at it first.", field="file")
    found = next((kind for kind, begins in _BEGINS.items() if content.startswith(begins)), None)
    if found is None:
        raise Invalid(
            "A document is a PDF, a JPEG or a PNG.",
            "Print the document, or photograph it, and send that.",
            field="file",
        )
    if _ENDS[found] not in content[-_TAIL:]:
        raise Invalid(f"The {_NAMES[found]} is cut off: its end is missing.", "Send it whole.", field="file")
    said = _ENDINGS.get(name.rpartition(".")[2].lower())
    if said != found:
        raise Invalid(
            f"The document is a {_NAMES[found]}, and its name says otherwise.",
            "Print the document, or photograph it, and send that.",
            field="file",
        )
    return found


def plain_name(name: str) -> str:
    """The file's own name without the folders before it, on one line. Raises Invalid where nothing is left of it."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(one for one in last if unicodedata.category(one)[0] not in "CZ" or one == " ").strip()
    if not kept or len(kept) > _LONGEST_NAME:
        raise Invalid("A document has a name, of 200 characters at most.", "Give it a short name.", field="file")
    return kept
