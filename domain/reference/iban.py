"""IBANs: whether one can be right and can be paid by a SEPA transfer, and how much of it may be shown."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

SHOWN = 4
"""So many of its last characters may be shown."""


def plain_iban(written: str) -> str:
    """The IBAN without spaces, in capitals. Raises ValueError where its length, its check digits, those of its country
    or its country cannot be right: only countries of the SEPA zone are paid.

    Source: procedures, section 2 step 2
    """
    try:
        iban = IBAN(written, validate_bban=True)
    except (SchwiftyException, ValueError):
        raise ValueError("its length, its country or its check digits are none of an IBAN") from None
    if not iban.in_sepa_zone:
        raise ValueError("only countries of the SEPA zone are paid")
    return str(iban)


def last_four(iban: str) -> str:
    """What people are shown of an account: its last four characters. Source: procedures, section 2 step 0"""
    return iban[-SHOWN:]


Iban = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50), AfterValidator(plain_iban)]
"""An IBAN that somebody writes, with spaces or without."""
