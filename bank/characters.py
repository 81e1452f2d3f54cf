"""The characters that every bank of SEPA takes: letters without accents, figures, and some signs."""

import re

from text_unidecode import unidecode

_REFUSED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_INSTEAD = str.maketrans({"&": "+", "_": "-", "’": "'", "‘": "'", "@": "(at)"})
LONGEST_NAME = 70
LONGEST_REMITTANCE = 140


def in_sepa_characters(text: str, longest: int) -> str:
    """The same text in letters without accents; what has no counterpart becomes a space; cut to its longest.

    Source: procedures, section 2 step 5 (European Payments Council, best practices on the character set)
    """
    plain = unidecode(text.translate(_INSTEAD))
    return " ".join(_REFUSED.sub(" ", plain).split())[:longest].strip()
