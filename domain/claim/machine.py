"""What the system itself does to a claim: commands without a person. Ids, dates and enums only."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.claim.words import ReopeningReason, WithdrawalReason
from domain.correspondence import RecordHandover, ReportUndelivered
from domain.delay import InformOfDelay
from domain.desk import Reoffer
from domain.forms import Form
from domain.lending import Lend, TakeBack

BankCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$", description="of ISO 20022, such as AC04")]


class Register(Form):
    """Give a new claim its first controller."""


class Remind(Form):
    """The next rung of a deadline's ladder is due."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class Instruct(Form):
    """The claim is a line of a bank batch."""

    payment_id: UUID
    instruction_id: UUID


class RecordPayment(Form):
    """The bank has paid the line."""

    payment_id: UUID | None = None
    instruction_id: UUID


class WithdrawInstruction(Form):
    """The line has left its batch, and nothing is wrong with the claim. `code` is the bank's, for a refused file."""

    payment_id: UUID | None = None
    instruction_id: UUID
    reason: WithdrawalReason
    code: BankCode | None = None


class Reopen(Form):
    """The claim is to be controlled again: the bank has rejected its line, the IBAN is another one, or an approval does
    not count any more.

    `instruction_id` names a line that was rejected; without it the claim is in no batch. `code` belongs to a rejection.
    """

    reason: ReopeningReason
    payment_id: UUID | None = None
    instruction_id: UUID | None = None
    code: BankCode | None = None


class Close(Form):
    """The claim has ended and every letter has left."""


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "record_handover": RecordHandover,
    "report_undelivered": ReportUndelivered,
    "reoffer": Reoffer,
    "remind": Remind,
    "recount": Recount,
    "instruct": Instruct,
    "record_payment": RecordPayment,
    "withdraw": WithdrawInstruction,
    "reopen": Reopen,
    "close": Close,
    "lend": Lend,
    "take_back": TakeBack,
    "inform_of_delay": InformOfDelay,
}
