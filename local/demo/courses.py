"""What becomes of each complaint of the demo: those told one by one, so that every situation can be seen, and the rest.

Days are working days before today.
"""

from dataclasses import dataclass
from random import Random

from domain.complaint.words import Finding, RequalifiedAs, TaskKind

OLDEST_DAYS = 47
ORDINARY = 84
REFUSED = "boite.fermee@inconnu.example"
UNUSABLE = "rené.l’hostis@boite-postale.example"


@dataclass(frozen=True)
class Course:
    """The way of one complaint: when it arrived, how it ends, or at which task it stands still.

    `link`: at which validator it stands still. `holding_after`: so many working days after it arrived its holding
    letter leaves. `slow`: so many more for the analysis. `hasty`: each step follows without a pause. `volunteers`: it
    stands still until an operation lends it to one of them.
    """

    days_ago: int
    finding: Finding = Finding.FOUNDED
    compensation_cents: int = 0
    stops_at: TaskKind | None = None
    link: int = 0
    sent_back: bool = False
    amended: bool = False
    holding_after: int | None = None
    requalified: RequalifiedAs | None = None
    repaired: bool = False
    slow: int = 0
    hasty: bool = False
    sent_days_before: int | None = None
    by_post: bool = False
    email: str | None = None
    about: str | None = None
    subject: str | None = None
    volunteers: bool = False


def _standing(kind: TaskKind, *days: int, link: int = 0, holding_after: int | None = None) -> tuple[Course, ...]:
    return tuple(Course(day, stops_at=kind, link=link, holding_after=holding_after, hasty=True) for day in days)


_LATE_LETTER = "Résiliation infra-annuelle ignorée"

TOLD = (
    # To be acknowledged: since yesterday, today at the latest, too late.
    *_standing(TaskKind.ACKNOWLEDGE, 1, 1, 2, 2, 4),
    # To be analysed: in time, this week, today, late, long after a holding letter.
    *_standing(TaskKind.ANALYSE, 3, 5, 7, 8, 9, 10, 10, 13),
    *_standing(TaskKind.ANALYSE, 19, holding_after=9),
    # To be answered.
    *_standing(TaskKind.DRAFT_ANSWER, 5, 6, 8, 9, 10, 14),
    *_standing(TaskKind.DRAFT_ANSWER, 24, holding_after=8),
    # Left until a volunteer of the operation on complaints takes them up, on one of its evenings.
    Course(17, stops_at=TaskKind.DRAFT_ANSWER, holding_after=8, hasty=True, volunteers=True),
    *(
        Course(day, stops_at=TaskKind.DRAFT_ANSWER, hasty=True, volunteers=True, subject=subject)
        for day, subject in (
            (16, "Carte de tiers payant"),
            (20, "Nouveau-né pas inscrit"),
            (22, "Hausse de cotisation"),
        )
    ),
    # Before the first validator, and before the second.
    *_standing(TaskKind.VALIDATE, 5, 6, 8, 10, 15, link=1),
    *_standing(TaskKind.VALIDATE, 6, 7, 9, 10, link=2),
    Course(7, Finding.FOUNDED, 22_000, TaskKind.VALIDATE, 2, hasty=True),
    Course(8, Finding.FOUNDED, 180_000, TaskKind.VALIDATE, 2, hasty=True, subject="Frais d’hôpital réclamés"),
    # About the operations director, while the general director is away: nobody is left to sign.
    Course(6, stops_at=TaskKind.VALIDATE, link=2, hasty=True, about="isabelle.kermarrec", subject="Avis public"),
    # Sent back, to be drafted again; amended, then signed.
    Course(7, Finding.UNFOUNDED, 0, TaskKind.DRAFT_ANSWER, sent_back=True, hasty=True),
    Course(9, Finding.PARTLY_FOUNDED, 2_000, TaskKind.DRAFT_ANSWER, sent_back=True, hasty=True),
    Course(12, Finding.PARTLY_FOUNDED, 3_000, amended=True),
    Course(21, Finding.FOUNDED, 6_000, amended=True, sent_back=True),
    # Approved, and the letter does not leave: refused by the mail server, no usable address.
    Course(8, hasty=True, email=REFUSED, stops_at=TaskKind.REPAIR_DELIVERY),
    Course(9, Finding.UNFOUNDED, hasty=True, email=UNUSABLE, stops_at=TaskKind.REPAIR_DELIVERY),
    Course(22, Finding.PARTLY_FOUNDED, email=REFUSED, repaired=True),
    # Answered, compensation to be paid by accounting.
    Course(9, Finding.FOUNDED, 8_000, TaskKind.PAY_COMPENSATION, hasty=True),
    Course(12, Finding.PARTLY_FOUNDED, 4_500, TaskKind.PAY_COMPENSATION, hasty=True),
    Course(11, Finding.FOUNDED, 25_000, TaskKind.PAY_COMPENSATION, hasty=True),
    # Past the two months, and still open; answered too late.
    Course(46, stops_at=TaskKind.VALIDATE, link=1, holding_after=9, hasty=True, sent_days_before=6, by_post=True),
    Course(45, stops_at=TaskKind.DRAFT_ANSWER, hasty=True, sent_days_before=5, by_post=True, subject=_LATE_LETTER),
    Course(40, Finding.FOUNDED, 5_000, slow=9),
    Course(33, Finding.UNFOUNDED, slow=8),
    # A holding letter, then the answer.
    Course(35, Finding.PARTLY_FOUNDED, 2_500, holding_after=8, slow=14),
    Course(38, Finding.FOUNDED, holding_after=9, slow=17, by_post=True),
    # Signed by the operations director and by the general director.
    Course(28, Finding.FOUNDED, 40_000, subject="Chambre particulière"),
    Course(31, Finding.FOUNDED, 160_000, subject="Mise en demeure au nom"),
    # Not complaints.
    Course(4, requalified=RequalifiedAs.SERVICE_REQUEST),
    Course(16, requalified=RequalifiedAs.INFORMATION_REQUEST),
    Course(26, requalified=RequalifiedAs.OPINION_REQUEST),
    Course(37, requalified=RequalifiedAs.INFORMATION_REQUEST, by_post=True),
)


def courses(chance: Random) -> list[Course]:
    """All courses, the oldest first."""
    ordinary = [_ordinary(number, chance) for number in range(ORDINARY)]
    return sorted([*TOLD, *ordinary], key=lambda course: -course.days_ago)


def _ordinary(number: int, chance: Random) -> Course:
    """A complaint that goes its way; spread evenly over the two months, two of them today."""
    finding = chance.choices(list(Finding), weights=[5, 2, 4])[0]
    cents = 0 if finding is Finding.UNFOUNDED else chance.choice([0, 0, 0, 1_500, 3_000, 5_000, 12_000])
    return Course(
        days_ago=number * (OLDEST_DAYS + 1) // ORDINARY,
        finding=finding,
        compensation_cents=cents,
        sent_back=chance.random() < 0.07,
        amended=chance.random() < 0.07,
        by_post=chance.random() < 0.25,
    )
