"""What the system itself does to a batch of payments: commands without a person. Ids, dates and enums only."""

from pydantic import Field

from domain.desk import Reoffer
from domain.forms import Form


class Register(Form):
    """Ask the first releaser of a new batch."""


class Remind(Form):
    """The next reminder of the deadline is due."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class RecordBankHandover(Form):
    """The bank file lies in the bank's folder."""


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "record_bank_handover": RecordBankHandover,
    "reoffer": Reoffer,
    "remind": Remind,
    "recount": Recount,
}
