"""Reference data for tests: files as an insurer's other programs write them, and IBANs that nobody has."""

from collections.abc import Callable

from schwifty import IBAN

from domain.reference.words import ReferenceKind

Row = dict[str, str]
INVENTED_BANK = "99999"
"""No bank has this code: the check digits are right, and no account is anybody's."""


def an_iban(number: int = 1) -> str:
    """An invented French IBAN, always the same for the same number, with its right check digits."""
    return str(IBAN.generate("FR", bank_code=INVENTED_BANK, branch_code="00001", account_code=f"{number:011d}"))


def a_csv(*rows: Row, delimiter: str = ";", end: str = "\n") -> bytes:
    """A file of these rows, with the columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(delimiter.join(line) + end for line in lines).encode()


def a_member(number: str = "M9000001", **changes: str) -> Row:
    """A member whom no other test has."""
    return {"number": number, "name": "Mme Armelle Kerbiriou", "email": "armelle@boite-postale.example"} | changes


def a_contract(number: str = "C9000001", member: str = "M9000001", **changes: str) -> Row:
    """Rights since the first of January 2026, without end."""
    return {
        "number": number,
        "member_number": member,
        "guarantee": "CONFORT-2",
        "from_on": "2026-01-01",
        "until_on": "",
    } | changes


def a_contribution(contract: str = "C9000001", **changes: str) -> Row:
    """A month that was paid."""
    return {
        "contract_number": contract,
        "period_on": "2026-01-01",
        "due_cents": "4500",
        "paid_cents": "4500",
    } | changes


def an_iban_change(member: str = "M9000001", number: int = 1, **changes: str) -> Row:
    """An account that the member has given."""
    return {
        "member_number": member,
        "iban": an_iban(number),
        "changed_through": "member",
        "from_at": "2026-01-05",
        "changed_by": "",
    } | changes


def a_provider(number: str = "990000017", **changes: str) -> Row:
    """An optician."""
    return {"number": number, "name": "Optique de la Rade", "category": "optical"} | changes


def a_guarantee(**changes: str) -> Row:
    """What a guarantee pays for a pair of glasses."""
    return {"guarantee": "CONFORT-2", "category": "optical", "act": "LUNETTES", "ceiling_cents": "42000"} | changes


def a_staff_iban(login: str = "claire.morvan", number: int = 700, **changes: str) -> Row:
    """An account of somebody of the demo's staff."""
    return {"login": login, "iban": an_iban(number), "member_number": ""} | changes


ROWS: dict[ReferenceKind, Callable[..., Row]] = {
    ReferenceKind.MEMBERS: a_member,
    ReferenceKind.CONTRACTS: a_contract,
    ReferenceKind.CONTRIBUTIONS: a_contribution,
    ReferenceKind.IBANS: an_iban_change,
    ReferenceKind.PROVIDERS: a_provider,
    ReferenceKind.GUARANTEES: a_guarantee,
    ReferenceKind.STAFF: a_staff_iban,
}
