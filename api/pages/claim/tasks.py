"""The tasks on a claim as pages: the whole file beside each, and what was answered before."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.claim_views import DecisionView
from api.house import House
from api.pages.choices import options
from api.pages.claim.known import known_of
from api.pages.desk import Desk, Known
from api.pages.fields import CHECKLIST, NOTE
from api.pages.visit import Visit
from db.models import Case, ClaimRow, Member, TaskRow
from domain.claim.checklist import NEVER_PAID
from domain.claim.words import DocumentKind, ItemAnswer, Verdict
from domain.outgoing import Dispatch


def _known(session: Session, _row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    claim = session.scalars(select(ClaimRow).where(ClaimRow.case_id == case.id)).one()
    known = known_of(session, claim, visit, house)
    return known | {
        "case": known["claim"],
        "decision": known["claim"].decisions[0] if known["claim"].decisions else None,
        "answers": options(visit.words, ItemAnswer),
        "verdicts": options(visit.words, Verdict),
        "document_kinds": options(visit.words, DocumentKind),
        "never_paid": NEVER_PAID in known["stops"],
    }


def _filled(outcome: str, known: Known, visit: Visit) -> Mapping[str, str]:
    """After a decision was sent back, what its first controller had answered; for a letter, where the member is.

    What is controlled anew (the bank has rejected it, its account is another one) is answered anew.
    """
    if outcome == "decide" and known["decision"] is not None and known["decision"].sent_back_by is not None:
        return _decided(known["decision"], visit)
    return _where(known["file"].member) if outcome == "resend" else {}


def _decided(decision: DecisionView, visit: Visit) -> dict[str, str]:
    answers = {CHECKLIST + one.item: one.answer for one in decision.checklist}
    notes = {NOTE + one.item: one.note for one in decision.checklist if one.note}
    said: dict[str, Any] = {name: getattr(decision, name) for name in ("decision", "reason", "override_reason")}
    corrected = decision.decision == Verdict.PAY_CORRECTED
    said["amount_cents"] = visit.words.amount(decision.amount_cents) if corrected else None
    return answers | notes | {name: value for name, value in said.items() if value}


def _where(member: Member) -> dict[str, str]:
    way = Dispatch.EMAIL if member.email else Dispatch.POST
    return {"dispatch": way, "email": member.email or "", "address": "\n".join(member.address)}


DESK = Desk("claim/tasks", _known, _filled)
