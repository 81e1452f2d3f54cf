"""What the system itself does to a complaint: commands without a person. Ids, dates and enums only."""

from pydantic import Field

from domain.correspondence import RecordHandover, ReportUndelivered
from domain.delay import InformOfDelay
from domain.desk import Reoffer
from domain.forms import Form
from domain.lending import Lend, TakeBack


class Register(Form):
    """Give a new complaint its owner and first task."""


class Remind(Form):
    """The next rung of a deadline's ladder is due."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class Close(Form):
    """The answer is with the complainant and nothing is outstanding."""


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "record_handover": RecordHandover,
    "report_undelivered": ReportUndelivered,
    "reoffer": Reoffer,
    "remind": Remind,
    "recount": Recount,
    "close": Close,
    "lend": Lend,
    "take_back": TakeBack,
    "inform_of_delay": InformOfDelay,
}
