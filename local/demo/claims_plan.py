"""The plan of the demo's claims: what is entered by hand and becomes of it, when files come, when batches are built.

Days are working days before today.
"""

from dataclasses import dataclass
from datetime import time

from domain.claim.words import CareCategory, ClaimKind, ClaimTask, DocumentKind, Verdict
from local.demo.texts_claims import CUT, REFUSED

DENTAL, HOSPITAL, HEARING = CareCategory.DENTAL, CareCategory.HOSPITAL, CareCategory.HEARING
OPTICAL, ROUTINE = CareCategory.OPTICAL, CareCategory.ROUTINE
CONTROL, CONFIRM = ClaimTask.CONTROL, ClaimTask.CONFIRM

FILES = (44, 38, 32, 27, 21, 15, 10, 4, 0)
"""On these days the entering system sends a file, before the office opens."""
FILE_AT, LINES = time(7, 40), 38
LEFT_FROM = 4
"""What the files of the last days bring under control is still to be done."""


@dataclass(frozen=True)
class ClaimCourse:
    """The way of one claim: for whom and what it asks, how it ends, or at which task it stands still.

    `member` is a number of the demo's members. `lacks` are the documents that are asked for; they come
    `comes_after` so many working days, or never. `rejected`: the bank rejects its first order. `reason` is why less is
    paid, or nothing.
    """

    days_ago: int
    category: CareCategory
    act: str
    cents: int
    member: int
    kind: ClaimKind = ClaimKind.REIMBURSEMENT
    verdict: Verdict = Verdict.PAY
    reason: str | None = None
    pays_cents: int | None = None
    stops_at: ClaimTask | None = None
    lacks: tuple[DocumentKind, ...] = ()
    comes_after: int | None = None
    sent_back: bool = False
    rejected: bool = False
    hasty: bool = True


def _standing(task: ClaimTask, *asked: tuple[int, CareCategory, str, int, int]) -> tuple[ClaimCourse, ...]:
    return tuple(ClaimCourse(*one, stops_at=task) for one in asked)


TOLD = (
    # Paid by the first batch: one expert, two, a corrected amount, a document that came, a decision sent back, at any
    # amount for an administrator.
    ClaimCourse(43, HOSPITAL, "SEJOUR", 320_000, 61),
    ClaimCourse(42, DENTAL, "IMPLANT", 740_000, 62),
    ClaimCourse(
        40, HEARING, "APPAREIL", 165_000, 64, verdict=Verdict.PAY_CORRECTED, reason=CUT, pays_cents=140_000, hasty=False
    ),
    ClaimCourse(38, OPTICAL, "LUNETTES-COMPLEXES", 118_000, 65, lacks=(DocumentKind.PRESCRIPTION,), comes_after=5),
    ClaimCourse(36, HOSPITAL, "HONORAIRES", 610_000, 67, sent_back=True),
    ClaimCourse(33, ROUTINE, "CONSULTATION", 6_000, 7),
    # Refused; never completed, and closed after sixty days.
    ClaimCourse(34, DENTAL, "ORTHODONTIE", 190_000, 68, verdict=Verdict.REFUSE, reason=REFUSED),
    ClaimCourse(12, HEARING, "APPAREIL", 210_000, 71, verdict=Verdict.REFUSE, reason=REFUSED, hasty=False),
    ClaimCourse(47, OPTICAL, "LUNETTES-COMPLEXES", 142_000, 73, lacks=(DocumentKind.INVOICE,)),
    # Paid by the second batch; one of them is rejected by the bank, and controlled again.
    ClaimCourse(17, DENTAL, "IMPLANT", 180_000, 76),
    ClaimCourse(14, HOSPITAL, "SEJOUR", 560_000, 79),
    ClaimCourse(13, HEARING, "APPAREIL", 150_000, 82, rejected=True),
    # In the batch that awaits its second release; to be paid by the next one.
    ClaimCourse(6, OPTICAL, "LUNETTES-COMPLEXES", 132_000, 83),
    ClaimCourse(5, HOSPITAL, "SEJOUR", 830_000, 86),
    ClaimCourse(1, OPTICAL, "LUNETTES-COMPLEXES", 108_000, 88),
    # Documents are awaited: reminded twice, once, not yet.
    ClaimCourse(20, DENTAL, "IMPLANT", 260_000, 89, lacks=(DocumentKind.QUOTE, DocumentKind.INVOICE)),
    ClaimCourse(11, HEARING, "APPAREIL", 155_000, 91, lacks=(DocumentKind.PRESCRIPTION,)),
    ClaimCourse(4, HOSPITAL, "SEJOUR", 410_000, 94, lacks=(DocumentKind.ADMISSION_FORM,)),
    # Before the second controller: in time, late.
    *_standing(CONFIRM, (2, DENTAL, "IMPLANT", 620_000, 97), (3, HOSPITAL, "SEJOUR", 720_000, 98)),
    *_standing(CONFIRM, (8, OPTICAL, "LUNETTES-COMPLEXES", 540_000, 101)),
    # Before the first: since today, in time, late.
    *_standing(CONTROL, (0, DENTAL, "COURONNE", 124_000, 103), (1, HEARING, "APPAREIL", 149_000, 104)),
    *_standing(CONTROL, (3, HOSPITAL, "HONORAIRES", 205_000, 106), (9, OPTICAL, "LUNETTES-COMPLEXES", 115_000, 107)),
    # A hospital that waits for a promise: until tomorrow, too late.
    ClaimCourse(1, HOSPITAL, "SEJOUR", 300_000, 109, kind=ClaimKind.COMMITMENT, stops_at=CONTROL),
    ClaimCourse(4, HOSPITAL, "SEJOUR", 280_000, 112, kind=ClaimKind.COMMITMENT, stops_at=CONTROL),
    # What the checks have found: an account of the staff, one of two strangers, one that was changed last week.
    *_standing(CONTROL, (2, ROUTINE, "KINESITHERAPIE", 8_400, 300), (3, OPTICAL, "LENTILLES", 9_900, 141)),
    *_standing(CONTROL, (2, HEARING, "APPAREIL", 139_000, 58)),
    # A decision-maker of a large client, at any amount.
    *_standing(CONTROL, (1, ROUTINE, "CONSULTATION", 3_000, 255)),
)


@dataclass(frozen=True)
class Batch:
    """A batch: when it is built, how many people release it, and whether the bank answers."""

    days_ago: int
    releases: int = 2


BATCHES = (Batch(26), Batch(8), Batch(1, releases=1))
BUILT_AT, RELEASED_AT, ANSWERED_AT = time(9, 5), (time(11, 20), time(15, 10)), time(8, 20)
