"""The SEPA credit transfer file (pain.001.001.09): one execution date, the same bytes for the same batch.

The library chooses ids and instants by itself: they are put in place of its own here, and the result is checked against
the schema before anybody sees it. Source: procedures, section 2 step 5
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from lxml import etree
from sepaxml import SepaTransfer

from bank.characters import LONGEST_NAME, LONGEST_REMITTANCE, in_sepa_characters
from domain.reference.iban import plain_iban

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
LARGEST_CENTS = 99_999_999_999
"""What one SEPA credit transfer may carry: 999,999,999.99 euros."""
_ID = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")


class UnfitForBank(ValueError):
    """The batch cannot become a file; the sentence says which line, and never holds an IBAN or a name."""


@dataclass(frozen=True)
class Account:
    """Whose account: the holder's name, IBAN, and the bank where it is given."""

    holder: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True)
class Order:
    """One credit transfer: so many cents to one account; `remittance` is what its holder reads."""

    end_to_end_id: str
    amount_cents: int
    to: Account
    remittance: str


@dataclass(frozen=True)
class CreditTransfers:
    """A batch: what goes to the bank in one file, for one execution date."""

    message_id: str
    created_at: datetime
    executes_on: date
    debtor: Account
    orders: Sequence[Order]


def write(batch: CreditTransfers) -> bytes:
    """The file, valid against its schema. Raises UnfitForBank."""
    _check(batch)
    transfer = SepaTransfer(_config(batch.debtor), schema=SCHEMA, clean=False)
    for order in batch.orders:
        transfer.add_payment(_payment(order, batch.executes_on))
    root = etree.fromstring(transfer.export(validate=False))
    _put(root, "GrpHdr/MsgId", batch.message_id)
    _put(root, "GrpHdr/CreDtTm", batch.created_at.isoformat(timespec="seconds"))
    _put(root, "PmtInf/PmtInfId", payment_information_id(batch.message_id))
    check_schema(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def payment_information_id(message_id: str) -> str:
    """The name of the one group of transfers in the file."""
    return f"{message_id}-1"


def check_schema(root: etree._Element) -> None:
    """Raises UnfitForBank, naming the element and its transfer; never its value, which may be somebody's."""
    schema = _schema()
    if schema.validate(root):
        return
    wrong = root.xpath(schema.error_log[0].path)[0]
    within = [wrong, *wrong.iterancestors()]
    path = "/".join(etree.QName(one).localname for one in reversed(within))
    transfer = next((one.findtext("{*}PmtId/{*}EndToEndId") for one in within if one.find("{*}PmtId") is not None), "")
    about = f" of the transfer {transfer}" if transfer else ""
    raise UnfitForBank(f"The file{about} is not valid against {SCHEMA} at {path}.")


@cache
def _schema() -> etree.XMLSchema:
    with (files("sepaxml") / "schemas" / f"{SCHEMA}.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


def _check(batch: CreditTransfers) -> None:
    if not batch.orders:
        raise UnfitForBank("A file without a transfer is not sent.")
    if batch.created_at.tzinfo is None:
        raise ValueError("the instant of a file needs its zone")
    ids = [order.end_to_end_id for order in batch.orders]
    for one in (batch.message_id, payment_information_id(batch.message_id), *ids):
        if not _ID.fullmatch(one):
            raise UnfitForBank(f"The id {one} does not fit a bank file: 35 plain characters at most.")
    if len(set(ids)) < len(ids):
        raise UnfitForBank("Two transfers of one file bear the same end-to-end id.")
    for order in batch.orders:
        check_order(order)


def check_order(order: Order) -> None:
    """Raises UnfitForBank for a line that no bank could execute."""
    if not 0 < order.amount_cents <= LARGEST_CENTS:
        raise UnfitForBank(f"The transfer {order.end_to_end_id} is not between 0.01 and 999,999,999.99 euros.")
    if not in_sepa_characters(order.to.holder, LONGEST_NAME):
        raise UnfitForBank(f"The name of the transfer {order.end_to_end_id} has no letter that a bank can read.")
    try:
        plain_iban(order.to.iban)
    except ValueError:
        raise UnfitForBank(f"The account of the transfer {order.end_to_end_id} cannot be right.") from None


def _config(debtor: Account) -> dict[str, object]:
    named = {"name": in_sepa_characters(debtor.holder, LONGEST_NAME), "IBAN": plain_iban(debtor.iban)}
    bank = {"BIC": debtor.bic} if debtor.bic else {}
    return {**named, **bank, "batch": True, "currency": "EUR"}


def _payment(order: Order, executes_on: date) -> dict[str, object]:
    return {
        "name": in_sepa_characters(order.to.holder, LONGEST_NAME),
        "IBAN": plain_iban(order.to.iban),
        **({"BIC": order.to.bic} if order.to.bic else {}),
        "amount": order.amount_cents,
        "execution_date": executes_on,
        "endtoend_id": order.end_to_end_id,
        "description": in_sepa_characters(order.remittance, LONGEST_REMITTANCE) or order.end_to_end_id,
    }


def _put(root: etree._Element, path: str, text: str) -> None:
    """Every element of this path says `text`: there is one of each in a file of ours."""
    for element in root.iterfind("/".join(f"{{*}}{name}" for name in ("CstmrCdtTrfInitn", *path.split("/")))):
        element.text = text
