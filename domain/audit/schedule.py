"""By when each recommendation and each missing piece is to be put right, and what becomes a finding.

Source: procedures, section 3 steps 4 to 6
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.audit.case import Audit, Recommendation
from domain.audit.planning import check_within
from domain.policy import PolicyVersion
from domain.recommended import FindingOrigin, Recommended
from domain.refusals import Invalid
from domain.risk import RiskLevel


@dataclass(frozen=True)
class Entry:
    """One line of the schedule. `late`: later than its risk allows, so that somebody has to approve it."""

    number: int
    origin: FindingOrigin
    words: str
    risk: RiskLevel
    due_on: date
    late: bool
    piece: str | None = None
    contract: str | None = None


@dataclass(frozen=True)
class Agreement:
    """The day of the restitution meeting, who agreed on the dates there, and who approved those that are late."""

    on: date
    by_id: UUID
    due_validated_by: UUID | None = None


def schedule(case: Audit, agreed_on: date, asked: Mapping[int, date], version: PolicyVersion) -> tuple[Entry, ...]:
    """Every recommendation that stands, then every missing piece, with its day. Raises Invalid.

    What is not asked for by number is due when the delegate has proposed, else when the report expects it, and never
    later than the risk allows; a missing piece, on the last day that its risk allows.
    """
    entries = [
        *(_of_recommendation(one, agreed_on, asked.get(one.number), version) for one in case.standing),
        *_of_missing(case, agreed_on, asked, version),
    ]
    _check_known(asked, entries)
    for entry in entries:
        _check_later(entry, agreed_on)
        check_within(entry.due_on, agreed_on, version, "schedule")
    return tuple(entries)


def numbers_of_missing(case: Audit) -> dict[int, str]:
    """Number → piece: missing pieces are counted on after the recommendations."""
    first = max((one.number for one in case.recommendations), default=0) + 1
    return {number: piece.id for number, piece in enumerate(case.missing, start=first)}


def _of_recommendation(one: Recommendation, agreed_on: date, asked: date | None, version: PolicyVersion) -> Entry:
    last = version.finding.latest_day(agreed_on, one.agreed_risk)
    due_on = asked or max(min(one.proposed_on or one.expected_on, last), agreed_on + timedelta(days=1))
    return Entry(
        one.number,
        FindingOrigin.RECOMMENDATION,
        one.words,
        one.agreed_risk,
        due_on,
        due_on > last,
        one.piece,
        one.contract,
    )


def _of_missing(case: Audit, agreed_on: date, asked: Mapping[int, date], version: PolicyVersion) -> Iterable[Entry]:
    risk = version.audit.missing_pieces.risk
    last = version.finding.latest_day(agreed_on, risk)
    for number, piece_id in numbers_of_missing(case).items():
        piece = case.piece(piece_id)
        assert piece is not None
        due_on = asked.get(number, last)
        yield Entry(number, FindingOrigin.MISSING_PIECE, piece.label, risk, due_on, due_on > last, piece.id)


def _check_known(asked: Mapping[int, date], entries: Iterable[Entry]) -> None:
    """Raises Invalid."""
    if unknown := sorted(set(asked) - {entry.number for entry in entries}):
        raise Invalid(
            f"The schedule names what is no open recommendation or missing piece: {', '.join(map(str, unknown))}.",
            "Take the numbers of the audit's schedule.",
            field="schedule",
        )


def _check_later(entry: Entry, agreed_on: date) -> None:
    """Raises Invalid."""
    if entry.due_on <= agreed_on:
        raise Invalid(
            f"Number {entry.number} is to be put right after the restitution, not on {entry.due_on}.",
            "Give a later day.",
            field="schedule",
        )


def recommended(case: Audit, entries: Iterable[Entry], agreement: Agreement) -> tuple[Recommended, ...]:
    """What becomes a finding, each with the contract that its recommendation names, else the first one."""
    return tuple(
        Recommended(
            number=entry.number,
            origin=entry.origin,
            subject=_subject(entry),
            words=entry.words,
            risk=entry.risk,
            agreed_on=agreement.on,
            agreed_by=agreement.by_id,
            due_on=entry.due_on,
            contract=entry.contract or case.contracts[0],
            piece=entry.words if entry.origin is FindingOrigin.MISSING_PIECE else None,
            due_validated_by=agreement.due_validated_by if entry.late else None,
        )
        for entry in entries
    )


_LONGEST_SUBJECT = 120


def _subject(entry: Entry) -> str:
    """The first line of what was written, cut where it is long."""
    first = entry.words.splitlines()[0]
    return first if len(first) <= _LONGEST_SUBJECT else f"{first[: _LONGEST_SUBJECT - 1].rstrip()}…"
