"""What the system itself does to an audit: commands without a person. Ids, dates and enums only."""

from uuid import UUID

from pydantic import Field

from domain.desk import Reoffer
from domain.forms import Form


class Register(Form):
    """Ask for the launch meeting of a new audit."""


class Remind(Form):
    """The next rung of a deadline's ladder is due."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class FindingEnded(Form):
    """A finding that the audit follows has ended, in this state."""

    finding_id: UUID
    state: str


class TakeOver(Form):
    """An earlier audit of the delegate has carried its open findings into this one."""

    audit_id: UUID
    count: int


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "remind": Remind,
    "recount": Recount,
    "reoffer": Reoffer,
    "finding_ended": FindingEnded,
    "take_over": TakeOver,
}
