"""IBANs: how one is written, and whether it can be one.

Source: procedures, section 2 step 2
"""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_LENGTHS = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GI": 23,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "VA": 22,
}
"""The countries that a SEPA transfer reaches, and how long their IBANs are."""


_CHECK_DIGITS = {f"{number:02}" for number in range(2, 99)}
"""98 less a remainder of 97: 00, 01 and 99 never come out of it, though they would pass the test."""


def written_plainly(iban: str) -> str:
    """Capitals, without the spaces between groups of four."""
    return "".join(iban.split()).upper()


Iban = Annotated[str, StringConstraints(max_length=60), AfterValidator(written_plainly)]
"""An IBAN as somebody types it, kept plainly; whether it is valid is a check of its own."""


def is_valid(iban: str) -> bool:
    """Of a SEPA country, of that country's length, and its check digits are right (ISO 13616, modulo 97)."""
    if not (iban.isascii() and iban.isalnum()) or len(iban) != _LENGTHS.get(iban[:2]) or iban[2:4] not in _CHECK_DIGITS:
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def last_digits(iban: str) -> str:
    """The last four, by which people know their account; never more of it in a file or on a page."""
    return iban[-4:]
