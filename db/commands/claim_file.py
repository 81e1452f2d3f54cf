"""A day's file of claims, taken in: its good lines some hundreds at a time, its bad ones kept with why; none lost.

Cut off in the middle, what was committed is there, and the same file given again does the rest: it goes on under the
import that was begun. Nothing is there twice, however often.
Source: procedures, section 2 step 1
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.claim_lines import Kept, Request, Taking, take_in
from db.commands.reference.imports import File, refusal_row
from db.commands.reference.staging import Hashed, Seen
from db.models import Import, ImportRefusal
from db.queries.calendar import calendar
from db.queries.claim_parties import KnownClaim, known_claims, lock_beneficiaries, parties_to
from db.session import Sessions
from domain.civil import local_date
from domain.claim.day import CLAIMS, OTHER_CONTENT, Reading, read_day
from domain.claim.intake import ClaimIntake
from domain.claim.parties import Parties, problems_with
from domain.people import Actor
from domain.policy import PolicyBook
from domain.records import read_records
from domain.refusals import Invalid, NumberTaken
from faultpoints import fault_point

AT_ONCE = 500
"""So many lines are kept by one transaction."""
KIND = "claims"
_LOCK = 7_100_100
"""One file of claims at a time: the second waits, and finds what the first has taken in."""
Taken = Callable[[int, int], None]
"""Hears how many of how many new lines have been kept so far."""


@dataclass(frozen=True)
class Giving:
    """Who gives a file (None: whoever runs the programs), as of when, under which policies; who hears how far it is."""

    at: datetime
    book: PolicyBook
    actor: Actor | None = None
    seen: Seen = lambda _: None
    taken: Taken = lambda _done, _of: None

    @property
    def login(self) -> str | None:
        """The login of whoever gives it."""
        return self.actor.login if self.actor else None


@dataclass
class Judged:
    """What is to become of a file's lines: requests to keep, in their order; lines that were there already, by the
    import that they came with; refused ones."""

    requests: list[Request] = field(default_factory=list)
    known: list[UUID | None] = field(default_factory=list)
    repeated: int = 0
    refused: dict[int, Invalid] = field(default_factory=dict)


def take_in_file(sessions: Sessions, file: File, giving: Giving) -> tuple[Import, list[Kept]]:
    """Take a day's file in; what was kept of it now. Given again after a NumberTaken, it does the rest.

    Raises UnreadableFile where it holds no claims, NumberTaken where somebody has meanwhile used a number of it.
    Source: procedures, section 2 step 1
    """
    with sessions.begin() as holder:
        holder.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        lines = Hashed(file.lines, giving.seen)
        with sessions() as session:
            judged = _judge(session, lines, giving)
        with sessions.begin() as session:
            row = _begun_before(session, lines.sha256, judged) or _keep(session, file, lines.sha256, judged, giving)
        fault_point("claims_file_begun")
        kept: list[Kept] = []
        for some in _batches(judged, giving.book):
            with sessions.begin() as session:
                kept += _take_in(session, some, giving, row.id)
            fault_point("claims_file_part_kept")
            giving.taken(len(kept), len(judged.requests))
        return row, kept


def _judge(session: Session, lines: Iterable[bytes], giving: Giving) -> Judged:
    zone = giving.book.in_force_on(giving.at.date()).office.zone
    reading = Reading(local_date(giving.at, zone), giving.book, calendar(session))
    day = read_day(read_records(CLAIMS, lines), reading)
    known = known_claims(session, (one.number for one in day.requests.values()))
    poles = [pole.id for pole in giving.book.insurer.poles]
    parties = parties_to(session, day.requests.values(), poles, giving.login)
    judged = Judged(repeated=day.repeated, refused=day.refused)
    for line, intake in day.in_order:
        _judge_line(judged, line, intake, known.get(str(intake.number)), parties, giving.login)
    return judged


def _judge_line(
    judged: Judged, line: int, intake: ClaimIntake, known: KnownClaim | None, parties: Parties, giver: str | None
) -> None:
    """New, the same as before, or refused."""
    if known is not None and known.content_hash == intake.content_hash:
        judged.known.append(known.import_id)
        return
    problem = OTHER_CONTENT if known is not None else next(problems_with(intake, parties, giver), None)
    if problem is not None:
        judged.refused[line] = problem
        return
    login = str(intake.entered_by or giver)
    sensitive = parties.beneficiaries[intake.beneficiary_number].sensitive
    judged.requests.append(Request(intake, parties.people[login], login, sensitive))


def _begun_before(session: Session, digest: str, judged: Judged) -> Import | None:
    """The import of this very file that was cut off, where what is left of it is just what is still to be done."""
    wanted = select(Import).where(Import.kind == KIND, Import.file_sha256 == digest).order_by(Import.at.desc())
    for row in session.scalars(wanted):
        done = judged.known.count(row.id)
        unchanged = judged.repeated + len(judged.known) - done
        left = (done + len(judged.requests), unchanged, len(judged.refused))
        if judged.requests and left == (row.accepted, row.unchanged, row.refused):
            return row
    return None


def _keep(session: Session, file: File, digest: str, judged: Judged, giving: Giving) -> Import:
    """What the file is found to be, before its first line is kept."""
    accepted, refused = len(judged.requests), len(judged.refused)
    unchanged = judged.repeated + len(judged.known)
    row = Import(
        id=uuid7(),
        kind=KIND,
        file_name=file.name,
        file_sha256=digest,
        lines=accepted + unchanged + refused,
        accepted=accepted,
        unchanged=unchanged,
        refused=refused,
        at=giving.at,
        by_id=file.by,
    )
    session.add(row)
    session.flush()
    if judged.refused:
        rows = [refusal_row(row.id, line, judged.refused[line]) for line in sorted(judged.refused)]
        session.execute(insert(ImportRefusal), rows)
    return row


def _batches(judged: Judged, book: PolicyBook) -> Iterator[list[Request]]:
    """Some at a time, all of one version of the policy."""
    for _, same in groupby(judged.requests, key=lambda one: book.in_force_on(one.intake.received_on).name):
        of_version = list(same)
        for first in range(0, len(of_version), AT_ONCE):
            yield of_version[first : first + AT_ONCE]


def _take_in(session: Session, some: list[Request], giving: Giving, import_id: UUID) -> list[Kept]:
    """One transaction. Raises NumberTaken where one of the numbers is no longer free."""
    intakes = [one.intake for one in some]
    lock_beneficiaries(session, intakes)
    if taken := known_claims(session, (one.number for one in intakes)):
        raise NumberTaken(
            f"A claim with the number {min(taken)} was entered while the file was read.",
            "Give the same file again: what it lacks is then taken in, and this line judged anew.",
            field="number",
        )
    version = giving.book.in_force_on(intakes[0].received_on)
    return take_in(session, some, Taking(giving.at, version, giving.actor, import_id=import_id))
