"""What the doctor reads of the register: cases page by page, each with all that can have gone wrong on it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from db.models import Case, CommandRow, DeadlineRow, LetterRow, PostDay, StaffMessage, TaskRow
from db.queries.lending import lent_until
from domain.commands import again
from domain.doctor import CaseFacts, Lent, Letter, Message, RefusedCommand, WaitingCommand
from domain.payment.words import PaymentDeadline

Row = TypeVar("Row")
Position = Callable[[Session, Case], Any]

SENDING = timedelta(minutes=3)
"""A letter or message that was begun so recently may still be in the mail server's hands, in wall time."""


@dataclass(frozen=True)
class Read:
    """The cases that could be read, and what stumbled over the others: id and reference → the error's name."""

    cases: tuple[CaseFacts, ...]
    unreadable: Mapping[tuple[UUID, str], str]


def needing_a_run(session: Session, after: UUID | None, most: int) -> Sequence[UUID]:
    """The next cases that a workflow must carry, by their id: open ones, and those with something still to send."""
    wanted = select(Case.id).where(_needs_run())
    if after is not None:
        wanted = wanted.where(Case.id > after)
    return session.scalars(wanted.order_by(Case.id).limit(most)).all()


def count_needing_a_run(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Case).where(_needs_run())) or 0


def _needs_run() -> ColumnElement[bool]:
    letter = exists().where(LetterRow.case_id == Case.id, LetterRow.handed_over_at.is_(None))
    message = exists().where(StaffMessage.case_id == Case.id, StaffMessage.sent_at.is_(None))
    return Case.ended_at.is_(None) | letter | message


def ended_among(session: Session, case_ids: Iterable[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of these cases, those that need no workflow any more, and those that the register does not know."""
    asked = set(case_ids)
    known = dict(session.execute(select(Case.id, _needs_run()).where(Case.id.in_(asked))).all())
    return {case_id for case_id, needs_run in known.items() if not needs_run}, asked - set(known)


def read_cases(session: Session, case_ids: Iterable[UUID], position: Position) -> Read:
    """These cases, with everything that the doctor judges; `position` says where the run of each would start."""
    cases = session.scalars(select(Case).where(Case.id.in_(list(case_ids))).order_by(Case.id)).all()
    sheet = _Sheet(session, [case.id for case in cases])
    facts, unreadable = [], {}
    for case in cases:
        try:
            facts.append(_facts(session, case, sheet, position(session, case)))
        except Exception as error:  # whatever it is, the other cases are looked at, and this one is named
            unreadable[case.id, case.reference] = type(error).__name__
    return Read(tuple(facts), unreadable)


class _Sheet:
    """What was read for many cases at once, by case."""

    def __init__(self, session: Session, case_ids: Sequence[UUID]) -> None:
        self.wall_now: datetime = session.scalars(select(func.clock_timestamp())).one()
        of_these = CommandRow.case_id.in_(case_ids)
        undecided = select(CommandRow).where(of_these, CommandRow.status == "received").order_by(CommandRow.order)
        self.waiting = _by_case(session.scalars(undecided), lambda row: row.case_id)
        self.refused = _by_case(_refused(session, of_these), lambda row: row.case_id)
        self.applied = _applied_since(session, self.refused)
        self.known = _known(session, [again(row.id) for rows in self.refused.values() for row in rows])
        open_letters = LetterRow.handed_over_at.is_(None) | (LetterRow.possible_doubles > 0)
        letters = select(LetterRow).where(LetterRow.case_id.in_(case_ids), open_letters).order_by(LetterRow.id)
        self.letters = _by_case(session.scalars(letters), lambda row: row.case_id)
        unsent = select(StaffMessage).where(StaffMessage.case_id.in_(case_ids), StaffMessage.sent_at.is_(None))
        self.messages = _by_case(session.scalars(unsent.order_by(StaffMessage.id)), lambda row: row.case_id)
        repairs = select(TaskRow).where(
            TaskRow.case_id.in_(case_ids), TaskRow.kind == "repair_delivery", TaskRow.closed_at.is_(None)
        )
        self.with_owner = {str(task.detail.get("letter")) for task in session.scalars(repairs)}
        self.lent = _by_case(lent_until(session, case_ids), lambda one: one[0].case_id)
        self.answers_due = _answers_due(session, case_ids)
        self.resent = _last_resent(session, [row.case_id for rows in self.letters.values() for row in rows])


def _by_case(rows: Iterable[Row], case_of: Callable[[Row], UUID | None]) -> Mapping[UUID | None, list[Row]]:
    found: defaultdict[UUID | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[case_of(row)].append(row)
    return found


def _refused(session: Session, of_these: ColumnElement[bool]) -> Iterable[CommandRow]:
    """Commands of the system itself, to which the taking up of a new complaint belongs, and what was set aside."""
    machine = CommandRow.actor_id.is_(None) | (CommandRow.kind == "register")
    set_aside = CommandRow.refusal["code"].astext == "undecidable"
    wanted = select(CommandRow).where(of_these, CommandRow.status == "refused", machine | set_aside)
    return session.scalars(wanted.order_by(CommandRow.order))


def _applied_since(session: Session, refused: Mapping[UUID | None, list[CommandRow]]) -> list[CommandRow]:
    wanted = select(CommandRow).where(CommandRow.case_id.in_(list(refused)), CommandRow.status == "applied")
    return list(session.scalars(wanted)) if refused else []


def _known(session: Session, command_ids: list[UUID]) -> set[UUID]:
    return set(session.scalars(select(CommandRow.id).where(CommandRow.id.in_(command_ids)))) if command_ids else set()


def _last_resent(session: Session, case_ids: list[UUID]) -> dict[UUID, datetime]:
    """When the owner of each case last made a letter leave another way."""
    if not case_ids:
        return {}
    resent = select(CommandRow.case_id, func.max(CommandRow.at)).where(
        CommandRow.case_id.in_(case_ids), CommandRow.kind == "resend", CommandRow.status == "applied"
    )
    return dict(session.execute(resent.group_by(CommandRow.case_id)).all())


def _answers_due(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """By when the bank has to have answered for each batch that it has."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    wanted = select(DeadlineRow.case_id, DeadlineRow.due_at).where(DeadlineRow.case_id.in_(case_ids), *still_open)
    return dict(session.execute(wanted.where(DeadlineRow.name == PaymentDeadline.BANK_ANSWER)).all())


def _facts(session: Session, case: Case, sheet: _Sheet, position: Any) -> CaseFacts:
    letters, messages, waiting = sheet.letters[case.id], sheet.messages[case.id], sheet.waiting[case.id]
    sending = [*(row.sending_wall for row in letters), *(row.sending_wall for row in messages)]
    leased = [row.lease_until_wall for row in waiting if row.leased_by and row.lease_until_wall is not None]
    return CaseFacts(
        id=case.id,
        reference=case.reference,
        procedure=case.procedure,
        opened_at=case.opened_at,
        lines=case.lines,
        position=position,
        ended_at=case.ended_at,
        at_work=any(at_wall is not None and abs(sheet.wall_now - at_wall) < SENDING for at_wall in sending)
        or any(timedelta(0) < until_wall - sheet.wall_now < SENDING for until_wall in leased),
        waiting=tuple(WaitingCommand(row.id, row.kind, row.at) for row in waiting),
        refused=tuple(_refused_command(session, row, sheet) for row in sheet.refused[case.id]),
        letters=tuple(_letter(row, sheet) for row in letters),
        messages=tuple(_message(row) for row in messages),
        bank_answer_due_at=sheet.answers_due.get(case.id),
        lent=tuple(Lent(row.id, row.asked_at, until) for row, until in sheet.lent[case.id]),
    )


def _refused_command(session: Session, row: CommandRow, sheet: _Sheet) -> RefusedCommand:
    task = session.get(TaskRow, row.task_id) if row.task_id else None
    by_machine = row.actor_id is None or row.kind == "register"
    return RefusedCommand(
        id=row.id,
        kind=row.kind,
        at=row.at,
        code=(row.refusal or {})["code"],
        body=row.body,
        by_machine=by_machine,
        again=again(row.id) in sheet.known,
        superseded=(task is not None and task.closed_at is not None) or _is_superseded(row, by_machine, sheet.applied),
    )


def _is_superseded(row: CommandRow, by_machine: bool, applied: Iterable[CommandRow]) -> bool:
    """Whether the same was applied later: of the system's own with the same body, of a person's whatever they said."""
    return any(
        (other.case_id, other.kind) == (row.case_id, row.kind)
        and other.order > row.order
        and (not by_machine or other.body == row.body)
        for other in applied
    )


def _letter(row: LetterRow, sheet: _Sheet) -> Letter:
    return Letter(
        id=row.id,
        kind=row.kind,
        asked_at=max(row.requested_at, sheet.resent.get(row.case_id, row.requested_at)),
        handed_over=row.handed_over_at is not None,
        posted=row.posted_on is not None,
        with_owner=str(row.id) in sheet.with_owner,
        error=row.last_error,
        possible_doubles=row.possible_doubles,
    )


def _message(row: StaffMessage) -> Message:
    return Message(row.id, row.leaves_at, row.last_error)


def unsent_digests(session: Session) -> tuple[Message, ...]:
    """The digests that have not left."""
    unsent = select(StaffMessage).where(StaffMessage.digest_at.is_not(None), StaffMessage.sent_at.is_(None))
    return tuple(_message(row) for row in session.scalars(unsent.order_by(StaffMessage.id)))


def post_left_open(session: Session, before: date) -> tuple[date, ...]:
    """The days before this one whose post was never closed, though letters lie in it."""
    laid = exists().where(LetterRow.posted_on == PostDay.day, LetterRow.handed_over_at.is_(None))
    wanted = select(PostDay.day).where(PostDay.closed_at.is_(None), PostDay.day < before, laid)
    return tuple(session.scalars(wanted.order_by(PostDay.day)))
