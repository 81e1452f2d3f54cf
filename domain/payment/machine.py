"""What the system itself does to a batch of payments: commands without a person. Ids, dates and enums only."""

from domain.desk import Reoffer
from domain.forms import Form


class Register(Form):
    """Ask the first releaser of a new batch."""


class RecordBankHandover(Form):
    """The bank file lies in the bank's folder."""


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "record_bank_handover": RecordBankHandover,
    "reoffer": Reoffer,
}
