"""Credit transfer files and the bank's answers, as small as they can be."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from bank.credit_transfer import Account, CreditTransfers, Order, write

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ANSWERED = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
ON = date(2026, 11, 26)
IBAN = "FR1420041010050500013M02606"
DEBTOR = Account("Mutuelle des Embruns", "FR7630006000011234567890189", "AGRIFRPP")
MESSAGE = "VIR-2026-000001"


def an_order(number: int, cents: int = 1_234, name: str = "Mme Anne Vasseur", iban: str = IBAN) -> Order:
    """One credit transfer to a member."""
    return Order(f"PRE-2026-{number:06d}-1", cents, Account(name, iban), f"Prestation PRE-2026-{number:06d}")


def a_batch(orders: Iterable[Order] | None = None, message_id: str = MESSAGE) -> CreditTransfers:
    """A batch of three, unless others are given."""
    given = (an_order(1, 100), an_order(2, 2_050), an_order(3, 500_001)) if orders is None else tuple(orders)
    return CreditTransfers(message_id, AT, ON, DEBTOR, given)


def a_file(orders: Iterable[Order] | None = None, message_id: str = MESSAGE) -> bytes:
    """Its file."""
    return write(a_batch(orders, message_id))


def sent(orders: Iterable[Order] | None = None) -> dict[str, int]:
    """What was sent: end-to-end id → cents."""
    return {order.end_to_end_id: order.amount_cents for order in a_batch(orders).orders}
