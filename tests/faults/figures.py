"""What a storm took, as a table."""

from collections import Counter
from itertools import chain

from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Case,
    ClaimRow,
    CommandRow,
    InstructionRow,
    LetterRow,
    MemberIban,
    PostDay,
    Reminder,
    StaffMessage,
)
from local.demo_staff import person_id
from tests.faults.claims import CHANGES_IBANS
from tests.faults.exposed_house import PROGRAMS, ExposedHouse
from tests.faults.invariants import count_doubles, open_register
from tests.faults.people import Seen


def figures(house: ExposedHouse, seen: Seen, kills: Counter[str], began: float, ended: float) -> Table:
    """Everything that was counted, disappointing or not."""
    doubles = count_doubles(house)
    unanswered = sum(n for what, n in seen.answers.items() if not what.isdigit())
    rows = {
        "complaints accepted": len(seen.accepted),
        "claims accepted": f"{len(seen.claims)} one by one, {len(seen.filed)} with a file",
        "kills": f"{kills.total()} ({', '.join(f'{name} {kills[name]}' for name in PROGRAMS)})",
        "starts beside those of the kills": len(house.starts) - len(PROGRAMS) - kills.total(),
        "requests": f"{seen.answers.total()}: {unanswered} without an answer, {_answers(seen)}",
        "doubles in the sink": f"{doubles.real}; counted as possible: {doubles.possible}",
        **_register(house),
        "longest recovery": f"{max(_recoveries(house), default=0.0):.1f} s from a start to the next decision",
        "total": f"{ended - began:.0f} s",
    }
    table = Table(show_header=False)
    for what, figure in rows.items():
        table.add_row(what, str(figure))
    return table


def _answers(seen: Seen) -> str:
    return ", ".join(f"{status}: {n}" for status, n in sorted(seen.answers.items()) if status.isdigit())


def _register(house: ExposedHouse) -> dict[str, str]:
    """What the register counts."""
    with open_register(house) as session:
        commands = Counter(row for row in session.scalars(select(CommandRow.status)))
        again = session.scalar(select(func.count()).where(CommandRow.attempts > 1))
        cases = Counter(session.scalars(select(Case.state).where(Case.procedure == "complaint")))
        money = _money(session)
        letters = Counter(session.scalars(select(LetterRow.dispatch)))
        messages = session.scalar(select(func.count()).select_from(StaffMessage))
        reminders = session.scalar(select(func.count()).select_from(Reminder))
        posts = session.scalar(select(func.count()).where(PostDay.closed_at.is_not(None)))
    waits = [decided - asked for asked, decided in _asked_and_decided(house)]
    return {
        "complaints": _counted(cases),
        **money,
        "commands": f"{commands.total()}: {dict(commands)}; delivered more than once: {again}",
        "longest wait of a person's command": f"{max(waits, default=0.0):.1f} s",
        "letters": _counted(letters),
        "reminders": f"{reminders} rungs, {messages} messages",
        "posts closed": str(posts),
    }


def _money(session: Session) -> dict[str, str]:
    """What became of claims, of the batches that pay them, and of their lines; and what was refused."""
    claims = Counter(session.scalars(select(ClaimRow.state)))
    controlled = session.scalar(select(func.count()).where(ClaimRow.case_id.is_not(None)))
    batches = Counter(session.scalars(select(Case.state).where(Case.procedure == "payment")))
    lines = Counter(session.scalars(select(InstructionRow.status)))
    paid = session.scalar(select(func.sum(InstructionRow.amount_cents)).where(InstructionRow.status == "paid"))
    changes = session.scalar(select(func.count()).where(MemberIban.changed_by == person_id(CHANGES_IBANS)))
    refusals = session.execute(select(CommandRow.kind, CommandRow.refusal).where(CommandRow.status == "refused"))
    refused = Counter(f"{kind}: {(refusal or {}).get('code')}" for kind, refusal in refusals)
    return {
        "claims": f"{_counted(claims)}; controlled: {controlled}; accounts changed meanwhile: {changes}",
        "batches": _counted(batches),
        "lines": f"{_counted(lines)}; paid: {paid} cents",
        "commands refused": _counted(refused) or "none",
    }


def _counted(things: Counter[str]) -> str:
    return ", ".join(f"{what} {n}" for what, n in sorted(things.items()))


def _recoveries(house: ExposedHouse) -> list[float]:
    """For each start of a program, the seconds until the next decision on what a person had asked before."""
    lives = _asked_and_decided(house)
    return list(chain.from_iterable(_first(lives, started) for _, started in house.starts))


def _asked_and_decided(house: ExposedHouse) -> list[tuple[float, float]]:
    """When each of the people's commands was kept, and when it was decided."""
    with open_register(house) as session:
        rows = session.execute(select(CommandRow.at, CommandRow.decided_wall).where(CommandRow.actor_id.is_not(None)))
        return [(at.timestamp(), decided.timestamp()) for at, decided in rows if decided]


def _first(lives: list[tuple[float, float]], started: float) -> list[float]:
    waiting = [decided - started for at, decided in lives if at < started < decided]
    return [min(waiting)] if waiting else []
