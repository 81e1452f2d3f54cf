"""What must hold of a house after whatever it went through; each sentence that comes back is a promise that was broken.

Read from the register itself, the mails that the sink has kept, and the folders of the post.
"""

import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from db.models import (
    Case,
    ClaimRow,
    CommandRow,
    DeadlineRow,
    DocumentRequest,
    JournalLine,
    LetterRow,
    PostDay,
    Reminder,
    StaffMessage,
)
from db.session import driver_url
from domain.claim.states import ClaimState
from domain.ladder import Rung
from local.home import PROJECT
from tests.faults.exposed_house import ExposedHouse
from tests.faults.money import broken_promises_on_money
from tests.faults.people import Seen

ONCE = ("ComplaintRegistered", "OwnerAssigned", "Acknowledged", "Analysed", "AnswerApproved")
"""What the journal of a complaint that went straight on says exactly once."""
LATE = timedelta(minutes=2)
"""How much later than its instant a rung may be judged: reminders are spread over a minute, each waits half a minute
for commands that came before it, and an outage comes on top. Met by then, a deadline needs no reminder.
"""
REFUSALS = {
    *(("claim", code) for code in ("stale_version", "task_done", "wrong_step", "refused_by_register")),
    *(("payment", code) for code in ("wrong_step", "refused_by_register", "report_read_already")),
}
"""What may be refused: where an account changes under people's hands, and what a bank says twice."""
EXAMINERS = ("verify-journal", "doctor")


@dataclass(frozen=True)
class Left:
    """What the house has left behind: its register, the mails by Message-ID, the folder of the post."""

    session: Session
    mails: Mapping[str, list[bytes]]
    post: Path
    seen: Seen


@dataclass(frozen=True)
class Doubles:
    """Mails that arrived more than once, beside those that were counted as possible doubles."""

    real: int
    possible: int


def broken_promises(house: ExposedHouse, seen: Seen) -> list[str]:
    """What does not hold, given what people have seen accepted."""
    with open_register(house) as session:
        left = Left(session, mails_by_id(house), house.home.post, seen)
        broken = [sentence for look in LOOKS for sentence in look(left)]
        broken += broken_promises_on_money(session, house.home.bank, seen)
    return [*broken, *_examined(house)]


def is_settled(house: ExposedHouse) -> bool:
    """Whether nothing is under way: nothing waits but letters for a post that is not closed, and claims for documents
    that were asked for.
    """
    with open_register(house) as session:
        undecided = select(CommandRow.id).where(CommandRow.status == "received")
        leaving = select(LetterRow.id).where(LetterRow.handed_over_at.is_(None), LetterRow.posted_on.is_(None))
        untold = select(StaffMessage.id).where(StaffMessage.sent_at.is_(None), StaffMessage.case_id.is_not(None))
        still = (Case.id.not_in(_waiting_for_the_post()), Case.id.not_in(_waiting_for_documents()))
        busy = select(Case.id).where(Case.ended_at.is_(None), *still)
        unpaid = select(ClaimRow.id).where(ClaimRow.case_id.is_(None), ClaimRow.state != ClaimState.PAID)
        return all(session.scalar(one.limit(1)) is None for one in (undecided, leaving, untold, busy, unpaid))


def count_doubles(house: ExposedHouse) -> Doubles:
    """The doubles of all letters and messages."""
    with open_register(house) as session:
        tables = (LetterRow, StaffMessage)
        possible = sum(session.scalar(select(func.sum(table.possible_doubles))) or 0 for table in tables)
    return Doubles(sum(len(copies) - 1 for copies in mails_by_id(house).values()), int(possible))


def mails_by_id(house: ExposedHouse) -> dict[str, list[bytes]]:
    """Every mail that the sink has accepted."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for file in sorted(house.home.mails.glob("*.eml")):
        content = file.read_bytes()
        found[str(message_from_bytes(content)["Message-ID"])].append(content)
    return dict(found)


def open_register(house: ExposedHouse) -> Session:
    """The register, to look at."""
    return Session(create_engine(driver_url(house.database), poolclass=NullPool))


def _waiting_for_the_post() -> Select[UUID]:
    return select(LetterRow.case_id).where(
        LetterRow.handed_over_at.is_(None),
        LetterRow.posted_on.in_(select(PostDay.day).where(PostDay.closed_at.is_(None))),
    )


def _waiting_for_documents() -> Select[UUID]:
    return select(DocumentRequest.case_id).where(DocumentRequest.ended_at.is_(None))


def _intakes(left: Left) -> Iterator[str]:
    """Each accepted intake is one case, and there is no other."""
    rows = left.session.execute(
        select(CommandRow.idempotency_key, Case.reference)
        .join(Case, Case.id == CommandRow.case_id)
        .where(CommandRow.kind == "register", Case.procedure == "complaint")
    ).all()
    kept = [(row.idempotency_key, row.reference) for row in rows]
    yield from (f"intake {key} is kept {times} times" for (key, _), times in Counter(kept).items() if times > 1)
    if set(kept) != set(left.seen.accepted.items()):
        yield f"accepted and kept intakes differ: {sorted(set(kept) ^ set(left.seen.accepted.items()))}"
    cases = left.session.scalar(select(func.count()).where(Case.procedure == "complaint"))
    if cases != len(rows):
        yield f"{cases} cases for {len(rows)} intakes"


def _commands(left: Left) -> Iterator[str]:
    """Each command is decided, and none was refused but what had to be: nobody asked twice or out of turn."""
    wanted = select(CommandRow, Case.procedure).join(Case, Case.id == CommandRow.case_id)
    for row, procedure in left.session.execute(wanted.where(CommandRow.status != "applied")):
        if row.status == "refused" and (procedure, (row.refusal or {}).get("code")) in REFUSALS:
            continue
        yield f"command {row.kind} of {row.case_id} is {row.status} ({(row.refusal or {}).get('code')})"


def _cases(left: Left) -> Iterator[str]:
    """Each case is closed, unless it waits for a post that is not closed yet, or for documents."""
    waiting = {*left.session.scalars(_waiting_for_the_post()), *left.session.scalars(_waiting_for_documents())}
    for case in left.session.scalars(select(Case).where(Case.ended_at.is_(None))):
        if case.id not in waiting:
            yield f"{case.reference} stands at {case.state}"


def _journal(left: Left) -> Iterator[str]:
    """The lines of each journal follow one another, and what happens once is there once."""
    for case in left.session.scalars(select(Case)):
        wanted = select(JournalLine).where(JournalLine.case_id == case.id).order_by(JournalLine.line)
        lines = list(left.session.scalars(wanted))
        if [line.line for line in lines] != list(range(1, case.lines + 1)):
            yield f"{case.reference}: the journal has a gap"
        if case.procedure != "complaint":
            continue
        said = Counter(line.event for line in lines)
        wrong = {event: said[event] for event in ONCE if said[event] != 1}
        if wrong and case.ended_at is not None:
            yield f"{case.reference}: {wrong}"
        if said["CompensationPaid"] > 1:
            yield f"{case.reference}: paid {said['CompensationPaid']} times"


def _deadlines(left: Left) -> Iterator[str]:
    """Each rung that came well before its deadline was met has fired once, and none fired after that."""
    fired = Counter(
        (one.case_id, one.deadline, one.generation, one.rung) for one in left.session.scalars(select(Reminder))
    )
    opened = {case.id: case.opened_at for case in left.session.scalars(select(Case))}
    wall_now = left.session.scalar(select(func.clock_timestamp())) or datetime.now(UTC)
    for row in left.session.scalars(select(DeadlineRow)):
        ended = row.met_at or row.cancelled_at or wall_now
        for rung in map(Rung.from_json, row.planned):
            owed, early = max(rung.fires_at, opened[row.case_id]) + LATE < ended, ended < rung.fires_at
            for name in rung.names:
                times = fired[row.case_id, row.name, row.generation, name]
                if times > 1 or (owed and times == 0) or (early and times):
                    yield f"{row.name} of {row.case_id}: the rung {name} has fired {times} times"


def _letters(left: Left) -> Iterator[str]:
    """Each letter that left by e-mail is in the sink, as it is kept, once but for the doubles that were counted."""
    for letter in left.session.scalars(select(LetterRow).where(LetterRow.dispatch == "email")):
        ids = [one for one in left.mails if one.startswith(f"<{letter.id.hex}.")]
        copies = [content for one in ids for content in left.mails[one]]
        yield from _sent(f"letter {letter.id}", ids, copies, letter.possible_doubles)
        if {hashlib.sha256(content).hexdigest() for content in copies} != {letter.message_sha256}:
            yield f"letter {letter.id}: what left is not what is kept"


def _messages(left: Left) -> Iterator[str]:
    """The same of messages to staff; and nothing else was sent."""
    known = {letter.hex for letter in left.session.scalars(select(LetterRow.id))}
    for message in left.session.scalars(select(StaffMessage)):
        known.add(message.id.hex)
        ids = [one for one in left.mails if one.startswith(f"<{message.id.hex}@")]
        copies = [content for one in ids for content in left.mails[one]]
        yield from _sent(f"message {message.id}", ids, copies, message.possible_doubles)
    yield from (f"nobody knows the mail {one}" for one in left.mails if one[1:33] not in known)


def _sent(what: str, ids: list[str], copies: list[bytes], possible_doubles: int) -> Iterator[str]:
    if len(ids) != 1:
        yield f"{what} is in the sink under {len(ids)} Message-IDs"
    if len(copies) - 1 > possible_doubles:
        yield f"{what} arrived {len(copies)} times, and {possible_doubles} possible doubles were counted"


def _post(left: Left) -> Iterator[str]:
    """Each letter that was laid in the post lies in the folder of its day, once; no other file lies there."""
    days = {letter.id.hex: letter.posted_on for letter in left.session.scalars(select(LetterRow)) if letter.posted_on}
    files = [file for file in left.post.glob("*/*") if not file.name.startswith("manifest.")]
    for file in files:
        letter = file.stem[-36:].replace("-", "")
        if file.suffix != ".pdf" or days.pop(letter, None) is None or file.parent.name != _day(left, letter):
            yield f"{file.parent.name}/{file.name} lies in the post, and should not"
    yield from (f"letter {letter} is not in the post of {day}" for letter, day in days.items())


def _day(left: Left, letter: str) -> str:
    rows = left.session.scalars(select(LetterRow).where(LetterRow.posted_on.is_not(None)))
    return next((str(row.posted_on) for row in rows if row.id.hex == letter), "")


def _closed_posts(left: Left) -> Iterator[str]:
    """Whatever lies in a post that is closed has been handed over."""
    closed = select(PostDay.day).where(PostDay.closed_at.is_not(None))
    forgotten = select(LetterRow).where(LetterRow.posted_on.in_(closed), LetterRow.handed_over_at.is_(None))
    yield from (f"letter {letter.id} was forgotten in a closed post" for letter in left.session.scalars(forgotten))


def _order(left: Left) -> Iterator[str]:
    """The commands of a case were decided in the order in which they arrived."""
    by_case: dict[UUID, list[CommandRow]] = defaultdict(list)
    asked = select(CommandRow).where(CommandRow.actor_id.is_not(None)).order_by(CommandRow.order)
    for row in left.session.scalars(asked):
        by_case[row.case_id].append(row)
    for rows in by_case.values():
        for earlier, later in pairwise(rows):
            if earlier.decided_wall and later.decided_wall and earlier.decided_wall > later.decided_wall:
                yield f"{later.kind} of {later.case_id} overtook {earlier.kind}"


LOOKS: tuple[Callable[[Left], Iterator[str]], ...] = (
    *(_intakes, _commands, _cases, _journal, _deadlines, _letters, _messages, _post, _closed_posts, _order),
)


def _examined(house: ExposedHouse) -> Iterator[str]:
    """What the house's own examiners find."""
    for name in EXAMINERS:
        command = [sys.executable, "-m", "cli", name]
        answer = subprocess.run(
            command, cwd=PROJECT, env=house.environment, capture_output=True, text=True, check=False, timeout=120
        )
        if answer.returncode != 0 and "No such command" not in answer.stderr:
            yield f"`echeance {name}` says: {(answer.stdout + answer.stderr).strip()[-2000:]}"
