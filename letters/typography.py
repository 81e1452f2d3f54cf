"""How words are set: typed text made safe, French spaces, dates and amounts, what the fonts can draw.

Everything typed is data: nothing here reads it as template, markup or command.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

LINE_END = "\u2028"
"""A line end that someone meant; the ordinary one only wraps the source of a template."""

STAND_IN = "\u25a1"
"""Drawn where the fonts have no glyph; the e-mail keeps the character itself."""

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}

_NO_BREAK, _NARROW_NO_BREAK = "\u00a0", "\u202f"
_SPACES = f"[ {_NO_BREAK}{_NARROW_NO_BREAK}]"
_FRENCH_SPACES = (
    (re.compile(f"{_SPACES}+([:»€%])"), rf"{_NO_BREAK}\1"),
    (re.compile(f"«{_SPACES}+"), f"«{_NO_BREAK}"),
    (re.compile(f"{_SPACES}+([;!?])"), rf"{_NARROW_NO_BREAK}\1"),
)

_TYPED_LINE_END = re.compile("\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_NEVER_TEXT = frozenset({"Cc", "Cs", "Co"})
_INVISIBLE = _NEVER_TEXT | {"Cf", "Mn", "Me", "Mc", "Zl", "Zp"}
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Away from a Latin letter, whether an accent is drawn depends on the font of the whole run.
_ACCENTS, _LATIN = "\u0300-\u0331", "A-Za-zÀ-ȿḀ-ẛẠ-ỹ"
_STRAY_ACCENTS = re.compile(f"(?<![{_LATIN}{_ACCENTS}])[{_ACCENTS}]+")

# Drawn in full by the fonts inside typst: tests/letters/test_typography.py compiles every character of them.
DRAWN = (
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x00AC),  # Latin supplements
    (0x00AE, 0x0331),  # combining accents
    (0x0370, 0x0377),  # Greek
    (0x0384, 0x038A),  # Greek
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x0482),  # Greek, Cyrillic
    (0x048A, 0x04FF),  # Cyrillic
    (0x0531, 0x0556),  # Armenian
    (0x0561, 0x0587),
    (0x05D0, 0x05EA),  # Hebrew
    (0x060C, 0x060C),  # Arabic
    (0x061B, 0x061B),
    (0x061F, 0x061F),
    (0x0621, 0x063A),
    (0x0640, 0x064A),
    (0x0660, 0x066D),
    (0x10D0, 0x10FF),  # Georgian
    (0x1E00, 0x1EFF),  # Latin of Vietnamese and others
    (0x2000, 0x200A),  # spaces
    (0x2010, 0x2027),  # dashes, quotation marks
    (0x202F, 0x2040),
    (0x20A0, 0x20C0),  # currencies
    (0x2100, 0x211E),  # letterlike signs
    (0x2122, 0x2122),
    (0x2190, 0x23FF),  # arrows, mathematics, technical signs
    (0x2460, 0x2606),  # circled figures, shapes
    (0x2609, 0x262F),  # telephone, ballot boxes
    (0x2638, 0x268B),  # faces, hearts
    (0x270C, 0x2714),  # ticks
)
_NOT_DRAWN = re.compile("[^\\n{}]".format("".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in DRAWN)))


def one_line(typed: str) -> str:
    """A name, a reference or a line of an address: no line end, no control character, single spaces."""
    return _single_spaces(_textual(_TYPED_LINE_END.sub(" ", typed)))


def many_lines(typed: str) -> str:
    """A text of several lines: each line end becomes LINE_END, so that no template wraps it away."""
    lines = (_single_spaces(_textual(line)) for line in _TYPED_LINE_END.split(typed))
    return LINE_END.join(lines).strip(LINE_END)


def paragraph(rendered: str) -> str:
    """The text of a rendered block: the template's own wrapping undone, the typed line ends given back.

    A blank line parts two paragraphs, whoever wrote it.
    """
    parts = (" ".join(part.split("\n")) for part in re.split(r"\n\s*?\n", rendered))
    text = "\n\n".join(_single_spaces(part) for part in parts).replace(LINE_END, "\n")
    lines = "\n".join(line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def set_in(language: str, text: str) -> str:
    """The text with the spaces its language asks for: French keeps : ; ? ! » € % with the word before them.

    Only a space that is there is changed; none is added, so that a time or a site stays whole.
    """
    if language == "fr":
        for pattern, replacement in _FRENCH_SPACES:
            text = pattern.sub(replacement, text)
    return text


def long_date(day: date, language: str) -> str:
    """A date in full words: "22 novembre 2026", and "1er" for the first of a French month; "22 November 2026"."""
    written = format_date(day, "long", locale=_LOCALES[language])
    return re.sub(r"^1 ", "1er ", written) if language == "fr" else written


def euros(cents: int, language: str) -> str:
    """An amount in euro cents as people read it: 14999 is "149,99 €", its spaces never broken; "€149.99"."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=_LOCALES[language])


def drawable(text: str) -> str:
    """The text with only what the fonts draw: the rest is a box, an invisible sign or a stray accent is left out."""
    drawn = _NOT_DRAWN.sub(_instead, unicodedata.normalize("NFC", text))
    return _STRAY_ACCENTS.sub("", drawn)


def _instead(found: "re.Match[str]") -> str:
    """What stands for a character that the fonts do not draw."""
    category = unicodedata.category(found[0])
    if category == "Zs":
        return " "
    return "" if category in _INVISIBLE else STAND_IN


def _textual(typed: str) -> str:
    kept = (character for character in typed.replace("\t", " ") if _is_textual(character))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_textual(character: str) -> bool:
    """Control, private, surrogate and noncharacter codes are no text; direction overrides disguise it."""
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    category = unicodedata.category(character)
    return not noncharacter and category not in _NEVER_TEXT and character not in _DIRECTION_CONTROLS


def _single_spaces(text: str) -> str:
    return re.sub(" {2,}", " ", text).strip(" ")
