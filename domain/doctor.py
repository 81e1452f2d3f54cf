"""What the doctor judges: where register and engine disagree, and what has waited for too long. Pure.

Facts in, ailments out. Instants are business time; that a case is being worked on right now is one of the facts.
Source: policy
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.ailments import Ailment, AilmentKind
from domain.canary import is_silent
from domain.standing import Standing


@dataclass(frozen=True)
class Patience:
    """How long something may wait before it is an ailment. `rung` and `letter` come on top of what the policy lets
    pass before a reminder fires, or the owner of an undelivered letter is asked."""

    command: timedelta = timedelta(minutes=2)
    rung: timedelta = timedelta(minutes=15)
    letter: timedelta = timedelta(minutes=30)
    message: timedelta = timedelta(hours=1)
    calendar_months: int = 14


@dataclass(frozen=True)
class WaitingCommand:
    """A command that is not decided yet."""

    id: UUID
    kind: str
    at: datetime


@dataclass(frozen=True)
class RefusedCommand:
    """A refused command of the system itself, or a person's that was set aside; `again` when it was given again.

    `superseded`: another command of its kind was applied since, or its task is closed.
    """

    id: UUID
    kind: str
    at: datetime
    code: str
    body: Mapping[str, Any]
    by_machine: bool
    again: bool = False
    superseded: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter that has not been handed over, or may have left twice. `asked_at`: when it last had to leave."""

    id: UUID
    kind: str
    asked_at: datetime
    handed_over: bool = False
    posted: bool = False
    with_owner: bool = False
    error: str | None = None
    possible_doubles: int = 0


@dataclass(frozen=True)
class Message:
    """A message to staff that has not left."""

    id: UUID
    leaves_at: datetime
    error: str | None = None


@dataclass(frozen=True)
class Lent:
    """A loan that has not ended. `until` is the last day on which it gives a right; None where its operation is not
    running."""

    loan_id: UUID
    since: datetime
    until: date | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it gives no right any more."""
        return self.until is None or self.until < now.date()


@dataclass(frozen=True)
class CaseFacts:
    """A case as its row tells. `lines` counts its journal; `position` is where a run would start; `at_work`: somebody
    delivers a command on it, or sends a letter of it, at this moment. `bank_answer_due_at`: by when the bank,
    which has it, has to have answered."""

    id: UUID
    reference: str
    procedure: str
    opened_at: datetime
    lines: int
    position: Any
    ended_at: datetime | None = None
    at_work: bool = False
    waiting: tuple[WaitingCommand, ...] = ()
    refused: tuple[RefusedCommand, ...] = ()
    letters: tuple[Letter, ...] = ()
    messages: tuple[Message, ...] = ()
    bank_answer_due_at: datetime | None = None
    lent: tuple[Lent, ...] = ()

    @property
    def needs_run(self) -> bool:
        """Whether something is left to do, be it only a letter or a message."""
        return self.ended_at is None or bool(self.messages) or any(not letter.handed_over for letter in self.letters)


@dataclass(frozen=True)
class RunFacts:
    """A case's workflow as the engine tells; `standing` is what it says itself, None when it does not answer.

    `stuck`: its code fails again and again. `asked` is false where nobody could have answered.
    """

    running: bool
    ended_at: datetime | None = None
    standing: Standing[Any] | None = None
    stuck: bool = False
    asked: bool = True


@dataclass(frozen=True)
class HouseFacts:
    """What is not of one case. `resting` are the standing workflows that do not run → when they ended."""

    resting: Mapping[str, datetime | None] = field(default_factory=dict)
    worker_answers: bool = True
    canary_at: datetime | None = None
    post_left_open: tuple[date, ...] = ()
    digests: tuple[Message, ...] = ()
    calendar_until: date = date.max


def judge(case: CaseFacts, run: RunFacts, now: datetime, patience: Patience | None = None) -> tuple[Ailment, ...]:
    """What is wrong with a case. One that is being worked on is left alone but for what has waited too long."""
    patience = patience or Patience()
    found = [
        *_of_run(case, run, now, patience),
        *_of_commands(case, now, patience),
        *_of_letters(case, now, patience),
        *_of_messages(case.messages, now, patience),
        *_of_bank(case, now),
        *_of_loans(case, now),
    ]
    return tuple(one.of(case.id, case.reference, case.lines) for one in found)


def is_at_work(case: CaseFacts, now: datetime, patience: Patience | None = None) -> bool:
    """Whether a case is being worked on: its workflow is not judged, and not touched."""
    young = (patience or Patience()).command
    return case.at_work or any(now - command.at < young for command in case.waiting)


def judge_house(house: HouseFacts, now: datetime, today: date, patience: Patience | None = None) -> tuple[Ailment, ...]:
    """What is wrong with the house as a whole."""
    patience = patience or Patience()
    found = [Ailment(AilmentKind.NO_STANDING_RUN, name, ended_at) for name, ended_at in house.resting.items()]
    if not house.worker_answers:
        found.append(Ailment(AilmentKind.NO_WORKER))
    if "canary" not in house.resting and house.canary_at is not None and is_silent(house.canary_at, now):
        found.append(Ailment(AilmentKind.CANARY_SILENT, since=house.canary_at))
    found += [Ailment(AilmentKind.POST_LEFT_OPEN, day.isoformat(), day) for day in house.post_left_open]
    found += _of_messages(house.digests, now, patience)
    if ends_soon(house.calendar_until, today, patience):
        found.append(Ailment(AilmentKind.CALENDAR_ENDS, since=house.calendar_until))
    return tuple(found)


def ends_soon(calendar_until: date, today: date, patience: Patience | None = None) -> bool:
    """Whether the calendar ends before the deadlines of next year's complaints can be counted."""
    months = today.month - 1 + (patience or Patience()).calendar_months
    return (calendar_until.year, calendar_until.month) < (today.year + months // 12, months % 12 + 1)


def _of_run(case: CaseFacts, run: RunFacts, now: datetime, patience: Patience) -> list[Ailment]:
    if is_at_work(case, now, patience):
        return []
    if not run.running:
        return [Ailment(AilmentKind.NO_RUN, since=run.ended_at or case.opened_at)] if case.needs_run else []
    if not case.needs_run:
        return [] if case.waiting else [Ailment(AilmentKind.RUN_AFTER_END, since=case.ended_at)]
    if not run.asked:
        return []
    if run.standing is None:
        return [Ailment(AilmentKind.STUCK_RUN if run.stuck else AilmentKind.NO_ANSWER)]
    return [*_unwatched(case, run.standing), *_elsewhere(case, run.standing)] or _overdue(case, now, patience)


def _unwatched(case: CaseFacts, standing: Standing[Any]) -> list[Ailment]:
    """Open deadlines whose next rung nobody waits for."""
    return [
        Ailment(AilmentKind.NO_WATCHER, _name(deadline), deadline.next_at)
        for deadline in case.position.watched
        if (deadline.name, deadline.generation) not in standing.watching
    ]


def _elsewhere(case: CaseFacts, standing: Standing[Any]) -> list[Ailment]:
    """What the run believes or has in hand otherwise than its row. That a letter lies in the post, or a message has
    left, it need not know."""
    row, run = case.position, standing.position
    dates = {(one.name, one.generation): one.next_at for one in row.watched}
    believed = {(one.name, one.generation): one.next_at for one in run.watched if (one.name, one.generation) in dates}
    differences = {
        "state": row.state != run.state,
        "compensation": _compensation_due(row) != _compensation_due(run),
        "deadlines": bool(set(standing.watching) - set(dates))
        or any(dates[key] != next_at for key, next_at in believed.items()),
        "letters": not _unposted(row) <= set(standing.leaving),
        "messages": not set(row.messages) <= set(standing.telling),
    }
    differing = [name for name, differs in differences.items() if differs]
    return [Ailment(AilmentKind.RUN_ELSEWHERE, ", ".join(differing))] if differing else []


def _compensation_due(position: Any) -> bool:
    """Whether accounting still has to pay; only complaints are compensated."""
    return bool(getattr(position, "compensation_due", False))


def _unposted(position: Any) -> set[tuple[UUID, int]]:
    return {(letter.id, letter.round) for letter in position.letters if not letter.posted}


def _overdue(case: CaseFacts, now: datetime, patience: Patience) -> list[Ailment]:
    """Rungs that were due long ago; one that was refused is told as a refused command."""
    late = patience.rung + case.position.spread
    refused = {_name_in(command.body) for command in _blocking(case) if command.kind == "remind"}
    return [
        Ailment(AilmentKind.RUNG_OVERDUE, _name(deadline), deadline.next_at)
        for deadline in case.position.watched
        if deadline.next_at + late < now and _name(deadline) not in refused
    ]


def _name(deadline: Any) -> str:
    return f"{deadline.name} {deadline.generation}"


def _name_in(body: Mapping[str, Any]) -> str:
    return f"{body.get('deadline')} {body.get('generation')}"


def _of_commands(case: CaseFacts, now: datetime, patience: Patience) -> Iterator[Ailment]:
    for waiting in case.waiting:
        if now - waiting.at >= patience.command:
            yield Ailment(AilmentKind.COMMAND_WAITING, waiting.kind, waiting.at, waiting.id)
    for refused in _blocking(case):
        kind = AilmentKind.COMMAND_REFUSED if refused.by_machine else AilmentKind.COMMAND_SET_ASIDE
        yield Ailment(kind, refused.kind, refused.at, refused.id, f"{refused.kind} ({refused.code})")


def _blocking(case: CaseFacts) -> list[RefusedCommand]:
    """Refused commands whose effect is still lacking; what was given again is told by its newest attempt."""
    return [one for one in case.refused if not one.again and not one.superseded and _still_lacks(case, one)]


def _still_lacks(case: CaseFacts, refused: RefusedCommand) -> bool:
    """Whether what a refused command was to do is still to be done, and could be."""
    letter = next((one for one in case.letters if str(one.id) == str(refused.body.get("letter_id"))), None)
    match refused.kind:
        case "record_handover":
            return letter is not None and not letter.handed_over
        case "report_undelivered":
            return letter is not None and not letter.handed_over and not letter.with_owner
        case "remind":
            watched = {_name(deadline): deadline.next_at for deadline in case.position.watched}
            return bool(_name_in(refused.body) in watched and watched[_name_in(refused.body)] <= refused.at)
        case "register":
            return bool(case.position.state == "registered")
        case "close":
            outstanding = bool(case.position.letters or _compensation_due(case.position))
            return case.ended_at is None and not outstanding
        case _:
            return case.ended_at is None


def _of_letters(case: CaseFacts, now: datetime, patience: Patience) -> Iterator[Ailment]:
    for letter in case.letters:
        late = now - letter.asked_at >= case.position.mail_patience + patience.letter
        if letter.with_owner and not letter.handed_over:
            yield Ailment(AilmentKind.LETTER_WITH_OWNER, letter.kind, letter.asked_at, letter.id, _why(letter))
        elif late and not letter.handed_over and not letter.posted:
            yield Ailment(AilmentKind.LETTER_WAITING, letter.kind, letter.asked_at, letter.id, _why(letter))
        if letter.possible_doubles:
            yield Ailment(AilmentKind.POSSIBLE_DOUBLE, letter.kind, letter.asked_at, letter.id)


def _of_bank(case: CaseFacts, now: datetime) -> list[Ailment]:
    """The bank has a file, and has not answered for every line of it by the day that the policy says."""
    due_at = case.bank_answer_due_at
    return [Ailment(AilmentKind.BANK_SILENT, since=due_at)] if due_at is not None and due_at < now else []


def _of_loans(case: CaseFacts, now: datetime) -> list[Ailment]:
    """A loan outlives its operation, and nobody has asked the case to end it."""
    if any(command.kind in {"lend", "take_back"} for command in case.waiting):
        return []
    kind = AilmentKind.LENT_IN_VAIN
    over = [one for one in case.lent if one.is_over(now)]
    return [Ailment(kind, str(one.loan_id), one.since, one.loan_id, "loan") for one in over]


def _of_messages(messages: Iterable[Message], now: datetime, patience: Patience) -> Iterator[Ailment]:
    for message in messages:
        if now - message.leaves_at >= patience.message:
            kind = AilmentKind.MESSAGE_WAITING
            yield Ailment(kind, "message", message.leaves_at, message.id, _why(message))


def _why(sent: Letter | Message) -> str:
    what = sent.kind if isinstance(sent, Letter) else "message"
    return f"{what} ({sent.error})" if sent.error else what
