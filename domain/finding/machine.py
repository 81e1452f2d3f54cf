"""What the system itself does to a finding: commands without a person. Ids, dates and enums only.

Source: procedures, section 3 steps 6 and 7
"""

from uuid import UUID

from pydantic import Field

from domain.desk import Reoffer
from domain.forms import Form


class Register(Form):
    """Ask the delegate of a new finding for a plan."""


class Remind(Form):
    """The next rung of a deadline's ladder is due."""

    deadline: str
    generation: int
    patient: bool = Field(True, description="whether it waits for commands that are still to be decided")


class Recount(Form):
    """The calendar has changed: count again what is not yet due."""

    because: str


class CarryOver(Form):
    """Its audit closes, and another audit of the delegate takes it over."""

    audit_id: UUID


class CancelWithAudit(Form):
    """Its audit was cancelled, and its findings with it."""

    audit_id: UUID


MACHINE_COMMANDS: dict[str, type[Form]] = {
    "register": Register,
    "remind": Remind,
    "recount": Recount,
    "reoffer": Reoffer,
    "carry_over": CarryOver,
    "cancel_with_audit": CancelWithAudit,
}
