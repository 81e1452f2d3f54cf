"""The plan of the demo's past: who complains of what, and when. The same everywhere, the dates slide with today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.complaint.intake import Complainant, Intake
from domain.complaint.words import Channel, ComplainantKind
from local.demo.courses import Course, courses
from local.demo.texts import WORDINGS
from local.demo.wording import Wording

SEED = 20220701
_CHANNELS = [Channel.EMAIL, Channel.WEB_FORM, Channel.LETTER, Channel.DELEGATE]
_STRANGERS = {
    ComplainantKind.LAWYER: ("Maître Hervé Kersaint", "cabinet.kersaint@barreau.example"),
    ComplainantKind.ASSOCIATION: ("Association Droits des assurés d’Iroise", "contact@assures-iroise.example"),
    ComplainantKind.PROSPECT: ("M. Gwilherm Postic", "gwilherm.postic@boite-postale.example"),
    ComplainantKind.AGENT: ("Cabinet Le Hénaff Courtage", "agence@lehenaff-courtage.example"),
    ComplainantKind.FORMER_MEMBER: ("Ms Eleanor Whitcombe", "eleanor.whitcombe@mailbox.example"),
    ComplainantKind.BENEFICIARY: ("Mme Jeanne Quiniou", "jeanne.quiniou@boite-postale.example"),
}
_STRANGERS_HOME = ("7 rue des Abers", "29200 Brest")


@dataclass(frozen=True)
class Insured:
    """A member of the register, as a plan needs one."""

    number: str
    name: str
    email: str | None
    language: str


@dataclass(frozen=True)
class Story:
    """One complaint of the past: its intake, the instant at which it was entered, and its course."""

    number: int
    arrives_at: datetime
    intake: Intake
    wording: Wording
    course: Course
    by_email: bool

    @property
    def key(self) -> str:
        """The idempotency key of its intake: by it one sees that the past was loaded."""
        return f"demo:{self.number}"


def last_working_day(today: date, calendar: Calendar) -> date:
    """The day from which the plan counts backwards: today, or on a day off the working day before it."""
    return calendar.working_day_on_or_before(today)


def plan(today: date, calendar: Calendar, members: Sequence[Insured], zone: ZoneInfo) -> list[Story]:
    """Every story, the oldest first."""
    chance = Random(SEED)  # noqa: S311  (a plan, not a secret)
    draw = _Draw(chance, members)
    stories = []
    for number, course in enumerate(courses(chance)):
        day = calendar.add_working_days(last_working_day(today, calendar), -course.days_ago)
        at = datetime.combine(day, time(8, 45), zone) + timedelta(minutes=chance.randrange(420))
        stories.append(draw.story(number, course, at))
    return sorted(stories, key=lambda story: story.arrives_at)


class _Draw:
    """Who writes what: drawn from the same chance, each wording before any comes twice."""

    def __init__(self, chance: Random, members: Sequence[Insured]) -> None:
        self._chance = chance
        self._members = {language: [m for m in members if m.language == language] for language in ("fr", "en")}
        self._left: list[Wording] = []

    def story(self, number: int, course: Course, at: datetime) -> Story:
        wording = self._wording(course)
        complainant = self._complainant(wording, course)
        email = complainant[1]
        received = at.date()
        intake = Intake(
            channel=wording.channel or (Channel.LETTER if course.by_post else self._chance.choice(_CHANNELS)),
            received_on=received,
            sent_on=received - timedelta(days=self._sent_before(course)),
            complainant=complainant[0],
            subject=wording.subject,
            text=self._text(wording, complainant[2]),
            pole=wording.pole,
            skills=frozenset(wording.skills),
            language=wording.language,
            about=course.about,
        )
        return Story(number, at, intake, wording, course, by_email=email is not None and not course.by_post)

    def _sent_before(self, course: Course) -> int:
        return self._chance.randrange(4) if course.sent_days_before is None else course.sent_days_before

    def _wording(self, course: Course) -> Wording:
        if course.subject is not None:
            return next(one for one in WORDINGS if one.subject.startswith(course.subject))
        if not self._left:
            self._left = list(WORDINGS)
            self._chance.shuffle(self._left)
        return self._left.pop()

    def _complainant(self, wording: Wording, course: Course) -> tuple[Complainant, str | None, str]:
        """The complainant, an address for e-mails if one is known, and the name."""
        if wording.kind is not ComplainantKind.MEMBER:
            name, usual = _STRANGERS[wording.kind]
            who = Complainant(kind=wording.kind, name=name, email=course.email or usual, address=_STRANGERS_HOME)
            return who, who.email, name.removeprefix("Maître ")
        member = self._chance.choice(self._members[wording.language])
        email = course.email or member.email
        return Complainant(member_number=member.number, email=course.email), email, member.name

    def _text(self, wording: Wording, name: str) -> str:
        weeks, amount = self._chance.randrange(3, 12), self._chance.randrange(38, 640)
        return wording.text.format(weeks=weeks, amount=amount, name=name)
