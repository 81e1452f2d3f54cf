"""What does not hold, in plain words; and the keys that it is judged with."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import KeptKey
from db.vault import unwrap
from domain.refusals import Erased
from keys.sealing import BrokenSealError


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: on which case and line, where it is about one."""

    said: str
    reference: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """The finding for people."""
        where = [self.reference or "", f"line {self.line}" if self.line is not None else ""]
        return ": ".join(part for part in (", ".join(w for w in where if w), self.said) if part)

    def as_json(self) -> dict[str, str | int | None]:
        """The finding for programs."""
        return {"reference": self.reference, "line": self.line, "said": self.said}


@dataclass(frozen=True)
class JournalKeys:
    """The keys that chained the journal, by their ids; `broken` are those that do not open any more."""

    secrets: dict[UUID, bytes]
    broken: tuple[UUID, ...]

    def findings(self) -> list[Finding]:
        """What is wrong with the keys themselves."""
        return [
            Finding(f"The journal key {one} was altered: nothing chained with it can be checked.")
            for one in self.broken
        ]


def journal_keys(session: Session) -> JournalKeys:
    """Every key that has chained the journal. Raises KeysError when the ring lacks the key that one lies under."""
    secrets, broken = {}, []
    for kept in session.scalars(select(KeptKey).where(KeptKey.purpose == "journal").order_by(KeptKey.id)):
        try:
            secrets[kept.id] = unwrap(session, kept).secret
        except (BrokenSealError, Erased):
            broken.append(kept.id)
    return JournalKeys(secrets, tuple(broken))
