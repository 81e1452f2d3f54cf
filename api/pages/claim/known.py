"""All that is known of a claim, as its file and its tasks show it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.claim_views import ClaimView, claim_view
from api.house import House
from api.pages.visit import Visit
from db.models import ClaimRow
from db.queries.claim_file import ClaimFile, claim_file
from db.queries.claim_payment import last_rejected
from domain.claim.words import CheckResult


@dataclass(frozen=True)
class Awaited:
    """A document that the member was asked for, and whether it has come."""

    kind: str
    has_come: bool


def known_of(session: Session, row: ClaimRow, visit: Visit, house: House) -> dict[str, Any]:
    """What stands on the file of a claim."""
    claim = claim_view(session, row, house, visit.words.language)
    file = claim_file(session, row, house.book.version(row.policy))
    return {
        "claim": claim,
        "rejected": last_rejected(session, row.case_id) if row.case_id else None,
        "file": file,
        "stops": [one.name for one in claim.checks if one.result == CheckResult.STOP],
        "asked": next((one for one in claim.requests if one.ended_at is None), None),
        "awaited": awaited(claim),
        "ceiling": ceiling_of(file),
        "poles": {pole.id: visit.words.name_of("Pole", pole.id, pole.label) for pole in house.book.insurer.poles},
        "policy": house.book.version(row.policy),
    }


def awaited(claim: ClaimView) -> list[Awaited]:
    """What the open request asks for."""
    asked = next((one for one in claim.requests if one.ended_at is None), None)
    if asked is None:
        return []
    come = {one.kind for one in claim.documents if one.added_at >= asked.asked_at}
    return [Awaited(kind, kind in come) for kind in asked.documents]


def ceiling_of(file: ClaimFile) -> int | None:
    """What the guarantee pays for the act at most: of several contracts, the most."""
    known = [one.ceiling_cents for one in file.rights if one.ceiling_cents is not None and one.from_on is not None]
    return max(known, default=None)
