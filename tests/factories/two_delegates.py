"""Two delegates in one register, each with an audit and findings on their way: what is one's, the other never sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.behalf import Side
from domain.audit import commands as ask
from domain.audit.words import AuditTask
from domain.risk import RiskLevel
from local.demo_staff import person_id
from tests.factories import finding_desk as on
from tests.factories.audits import (
    AUDITOR,
    CONTROL,
    OTHER_AUDITOR,
    Auditing,
    a_note,
    a_recommendation,
    an_audit_at,
    applied,
)
from tests.factories.complaints import NOON

PIECES = "SELECT piece FROM audit_pieces WHERE audit_id = :id ORDER BY number"


@dataclass(frozen=True)
class Party:
    """A delegate of the demo: two users and a director, the contract that is looked at."""

    code: str
    name: str
    user: str
    colleague: str
    head: str
    contract: str

    @property
    def side(self) -> Side:
        """Its first user's."""
        return Side(self.code, person_id(self.user), NOON)


ARMOR = Party("ARMOR", "Armor Gestion", "enora.lagadec", "bastien.cloarec", "sabine.trevidic", "COL-2019-014")
LEON = Party("LEON", "Léon Délégation", "corentin.falhun", "aziliz.bodenes", "jakez.roudaut", "COL-2020-007")
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "ARMOR": ("Lagadec", "Cloarec", "Trévidic"),
    "LEON": ("Falhun", "Bodénès", "Roudaut"),
}


@dataclass(frozen=True)
class Holding:
    """What one delegate has in the register. `words` are those that nobody else may read."""

    party: Party
    audit_id: UUID
    open_id: UUID
    planned_id: UUID
    verifying_id: UUID
    references: Mapping[UUID, str]
    words: tuple[str, ...]

    @property
    def cases(self) -> tuple[UUID, ...]:
        """All of its cases."""
        return tuple(self.references)

    def reference(self, case_id: UUID) -> str:
        """What a case of it is called."""
        return self.references[case_id]


def holding(desk: Auditing, party: Party, *, launched: bool = False) -> Holding:
    """An audit with a validated report (or one whose pieces are awaited), and findings: one open, one planned with a
    file and a later date asked for, one whose evidence is verified.
    """
    mark = f"Secret de {party.code}"
    plan = {"delegate": party.code, "contracts": [party.contract], "place": f"{mark} : salle"}
    audit_id = _audit(desk, party, "launched" if launched else "restituting", mark, plan)
    found = {
        "delegate": party.code,
        "contract": party.contract,
        "subject": f"{mark} : sujet",
        "words": f"{mark} : mots",
    }
    opened, planned, verifying = (on.opened(desk, **found) for _ in range(3))
    for case_id in (planned, verifying):
        applied(on.propose(desk, case_id, party.user))
        applied(on.accept(desk, case_id))
        applied(on.bring(desk, case_id, party.user, f"%PDF-1.7 {mark} %%EOF".encode()))
    applied(on.ask_to_postpone(desk, planned, login=party.user))
    applied(on.deliver(desk, verifying, party.colleague))
    cases = (audit_id, opened, planned, verifying)
    known = desk.sql("SELECT id, reference FROM cases WHERE id = ANY (:ids)", ids=list(cases))
    references: dict[UUID, str] = dict(known)
    words = (mark, party.code, party.name, party.contract, *PEOPLE[party.code], *references.values())
    logins = (party.user, party.colleague, party.head)
    ids = tuple(str(one) for one in (*cases, *(person_id(login) for login in logins)))
    return Holding(party, audit_id, opened, planned, verifying, references, (*words, *logins, *ids))


def _audit(desk: Auditing, party: Party, state: str, mark: str, plan: dict[str, Any]) -> UUID:
    """An audit with words of its own in its report; one of its pieces has not come."""
    case_id = an_audit_at(desk, "launched", **plan)
    first, *others = (piece for (piece,) in desk.sql(PIECES, id=case_id))
    for piece in others:
        applied(desk.deliver(case_id, piece, f"%PDF-1.7 {mark} {piece} %%EOF".encode(), party.user))
    if state == "launched":
        return case_id
    applied(desk.case(case_id, AUDITOR, "end_delivery", ask.EndDelivery(reason=f"{mark} : {first} n’existe pas.")))
    for piece in others:
        applied(desk.case(case_id, AUDITOR, "note_analysis", a_note(piece, comment=f"{mark} : note")))
    said = a_recommendation(RiskLevel.HIGH, words=f"{mark} : recommandation")
    applied(desk.case(case_id, AUDITOR, "add_strength", ask.AddStrength(words=f"{mark} : force")))
    applied(desk.case(case_id, AUDITOR, "add_recommendation", said))
    applied(desk.do(case_id, AUDITOR, ask.EndAnalysis(), AuditTask.ANALYSE))
    return _validated(desk, case_id)


def _validated(desk: Auditing, case_id: UUID) -> UUID:
    submitted = ask.Submit(report_sha256=desk.make_report(case_id))
    applied(desk.do(case_id, AUDITOR, submitted, AuditTask.WRITE_REPORT))
    for login in (OTHER_AUDITOR, CONTROL):
        read = ask.Validate(report_sha256=desk.newest_hash(case_id))
        applied(desk.do(case_id, login, read, AuditTask.VALIDATE_REPORT))
    return case_id
