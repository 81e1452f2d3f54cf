"""What the system itself does to an operation: commands without a person. Ids, dates and enums only."""

from pydantic import Field

from domain.desk import Reoffer
from domain.forms import Form


class Register(Form):
    """Ask the directors of a new operation whether they approve it."""


class Remind(Form):
    """The next rung of a deadline's ladder is due; the first day, a day's point and the last day are rungs as well."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class TellVolunteers(Form):
    """Messages to volunteers about their places are to leave now: they are written, and the run is to see them."""

    messages: int


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "remind": Remind,
    "recount": Recount,
    "reoffer": Reoffer,
    "tell_volunteers": TellVolunteers,
}
