"""Every staged line is judged against the register, and what is taken in is written with its history."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.commands.reference.shapes import Shape
from domain.reference.against import TAKEN, Judgement, refusal_of
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid


def judge(session: Session, shape: Shape) -> None:
    """The table `judged`: the staged lines, what stands in the register (`old_…`), and what is to become of each."""
    session.execute(text(f"CREATE TEMP TABLE judged ON COMMIT DROP AS {_judging(shape)}"))
    session.execute(text("ANALYZE judged"))
    if shape.settled:
        session.execute(text(f"CREATE INDEX ON judged ({', '.join(shape.key)})"))
        session.execute(text("CREATE INDEX ON judged (line)"))
    for statement in shape.settled:
        while session.connection().execute(text(statement)).rowcount:
            pass


def _judging(shape: Shape) -> str:
    old = ", ".join(f"c.{name} AS old_{name}" for name in shape.columns)
    same_key = " AND ".join(f"c.{name} = s.{name}" for name in shape.key)
    wrong = " ".join(f"WHEN {condition} THEN '{name}'" for name, condition in shape.wrong.items())
    return f"""
        SELECT s.*, {old}, c.{shape.key[0]} IS NOT NULL AS known, {shape.member} AS of_member,
               CASE {wrong}
                    WHEN s.first_line < s.line THEN ({_like_the_first(shape)})
                    WHEN c.{shape.key[0]} IS NULL THEN 'new'
                    WHEN {_same(shape, "c")} THEN 'unchanged'
                    ELSE 'changed' END AS judgement
        FROM (SELECT *, min(line) OVER (PARTITION BY {", ".join(shape.key)}) AS first_line FROM staged) s
        LEFT JOIN ({shape.current}) c ON {same_key} {shape.joins}"""


def _same(shape: Shape, other: str) -> str:
    same = (f"s.{name} IS NOT DISTINCT FROM {other}.{name}" for name in shape.values)
    return " AND ".join(same) or "true"


def _like_the_first(shape: Shape) -> str:
    """What becomes of a line that is not the first of its file on the same."""
    same = _same(shape, "e")
    return f"SELECT CASE WHEN {same} THEN 'unchanged' ELSE 'twice' END FROM staged e WHERE e.line = s.first_line"


def counted(session: Session) -> Counter[Judgement]:
    """How many lines were judged so or so."""
    rows = session.execute(text("SELECT judgement, count(*) FROM judged GROUP BY judgement"))
    return Counter({Judgement(judgement): count for judgement, count in rows})


def refused(session: Session, shape: Shape) -> dict[int, Invalid]:
    """The lines that do not go with the register, by their number."""
    wanted = "SELECT line, judgement FROM judged WHERE judgement NOT IN ('new', 'changed', 'unchanged')"
    told = (
        (line, refusal_of(Judgement(judgement), shape.login_field)) for line, judgement in session.execute(text(wanted))
    )
    return {line: refusal for line, refusal in told if refusal is not None}


def write(session: Session, kind: ReferenceKind, shape: Shape, import_id: UUID, at: datetime, by: UUID | None) -> None:
    """Write what is taken in, and its history: what was there before, and what is there now."""
    for statement in shape.written:
        session.execute(text(statement))
    told = text(
        f"""INSERT INTO reference_changes (kind, key, member_number, at, import_id, by_id, before, after)
            SELECT :kind, {shape.history_key}, of_member, :at, :import_id, :by,
                   CASE WHEN {shape.was_there} THEN {shape.telling("old_")} END, {shape.telling("")}
            FROM judged WHERE judgement = ANY(:taken) ORDER BY line"""
    )
    session.execute(
        told, {"kind": kind, "at": at, "import_id": import_id, "by": by, "taken": [str(one) for one in sorted(TAKEN)]}
    )
