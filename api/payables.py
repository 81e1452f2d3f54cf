"""What is to be paid now: what a batch would hold, and what it would leave out and why."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.house import TheHouse
from api.payments import Reader
from db.queries.payable import Payable, payable
from domain.payment.words import LeftOut

router = APIRouter(tags=["payments"])


class HeldView(BaseModel):
    """Claims that are to be paid and may not leave, for one reason; some of them by their references."""

    reason: str = Field(examples=["iban_changed"])
    label: str
    count: int
    cents: int
    claims: list[str] = Field(description="the first twenty, without your own")


class PayableView(BaseModel):
    """What a batch that is built now would hold, and what it would leave out."""

    count: int
    cents: int
    more: bool = Field(description="more is waiting than one batch can hold")
    held: list[HeldView]


@router.get("/payments/payable")
def payable_now(house: TheHouse, actor: Reader) -> PayableView:
    """How many claims may leave, how much they come to, and what may not leave and why."""
    with house.reading() as session:
        return payable_view(payable(session, actor))


def payable_view(found: Payable) -> PayableView:
    """What is to be paid, as it is told."""
    held = [
        HeldView(
            reason=one.reason,
            label=LeftOut(one.reason).label,
            count=one.count,
            cents=one.cents,
            claims=list(one.claims),
        )
        for one in found.held
    ]
    return PayableView(count=found.count, cents=found.cents, more=found.more, held=held)
