"""A new finding: what is to be put right, by which delegate, by when.

Source: procedures, section 3 steps 4 to 6
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.finding.commands import OpenFinding
from domain.finding.words import FindingOrigin, RiskLevel
from domain.policy import PolicyVersion
from domain.refusals import FourEyes, Invalid

OLDEST = timedelta(days=730)
"""A date that was agreed longer ago is taken for a mistake of typing."""


@dataclass(frozen=True)
class NewFinding:
    """A finding that is to be opened. `number` is its place in its audit's report.

    `due_validated_by` is who has agreed to a date that is later than the risk allows.
    """

    delegate: str
    contract: str
    origin: FindingOrigin
    subject: str
    words: str
    risk: RiskLevel
    agreed_on: date
    due_on: date
    piece: str | None = None
    due_validated_by: UUID | None = None
    audit_id: UUID | None = None
    audit_reference: str | None = None
    number: int | None = None


def from_elsewhere(asked: OpenFinding, version: PolicyVersion) -> NewFinding:
    """A finding that no audit has made. Without an agreed date it is due when the risk's days are over."""
    due_on = asked.due_on or version.finding.latest_day(asked.agreed_on, asked.risk)
    return NewFinding(
        delegate=asked.delegate,
        contract=asked.contract,
        origin=asked.origin,
        subject=asked.subject,
        words=asked.words,
        risk=asked.risk,
        agreed_on=asked.agreed_on,
        due_on=due_on,
        piece=asked.piece,
    )


def check_new(new: NewFinding, opened_by: UUID | None, today: date, version: PolicyVersion) -> None:
    """The dates can be, and a date that is later than the risk allows has its validator. Raises Invalid, FourEyes.

    Source: procedures, section 3 step 6
    """
    if not today - OLDEST <= new.agreed_on <= today:
        raise Invalid(
            f"The date was agreed today or earlier, within two years ({new.agreed_on} is not).",
            "Give the day of the restitution.",
            field="agreed_on",
        )
    if new.due_on <= new.agreed_on:
        raise Invalid("The agreed date comes after the day of the agreement.", "Give a later day.", field="due_on")
    _check_latest(new, version)
    if new.due_validated_by is not None and new.due_validated_by == opened_by:
        raise FourEyes(
            "Whoever opens a finding does not validate its date themselves.", "Have somebody else validate it."
        )
    if (new.origin is FindingOrigin.MISSING_PIECE) != (new.piece is not None):
        raise Invalid(
            "A finding about a missing piece names the piece, and no other does.",
            "Give the piece where one is missing, and only then.",
            field="piece",
        )


def _check_latest(new: NewFinding, version: PolicyVersion) -> None:
    latest = version.finding.latest_day(new.agreed_on, new.risk)
    if new.due_on > latest and new.due_validated_by is None:
        raise Invalid(
            f"A finding of risk {new.risk} is put right by {latest}: a later date takes a validator.",
            "Give that day or an earlier one; then ask for a postponement, which somebody else decides.",
            field="due_on",
        )
