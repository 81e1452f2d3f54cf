"""Who gets what of findings: the insurer's people; a delegate's own work in their space (`matrix_delegate.py`)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from domain.roles import Role
from tests.api.matrix import AUDITORS, NO_OBJECT, Outcome, Row, Upload
from tests.factories.uploads import A_PDF, a_form

READING_FINDINGS = AUDITORS | {
    *(Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR, Role.INTERNAL_CONTROL, Role.PROCESS_PILOT),
}
FINDINGS: dict[str, Outcome] = {"a finding of Armor's": 200, "a finding of Léon's": 200, "no finding": 404}
"""An auditor sees every delegate's."""


def found(today: date) -> dict[str, Any]:
    """Something that Armor has to put right."""
    return {
        "delegate": "ARMOR",
        "contract": "COL-2019-014",
        "subject": "Contrôle des bordereaux",
        "words": "Le contrôle mensuel n’est pas formalisé.",
        "risk": "medium",
        "agreed_on": today.isoformat(),
    }


def some_evidence(_today: date) -> Upload:
    """A file that nobody has brought: each time another."""
    return Upload(*a_form(A_PDF.replace(b"1 0 obj", uuid4().hex.encode()), "preuve.pdf"))


def postponed(today: date) -> dict[str, Any]:
    """A later date."""
    return {"until": (today + timedelta(days=200)).isoformat(), "reason": "Le prestataire livre en retard."}


def borne(today: date) -> dict[str, Any]:
    """The risk is to be accepted."""
    return {"until": (today + timedelta(days=100)).isoformat(), "reason": "Le contrat prend fin."}


FINDING_ROWS: dict[str, Row] = {
    "POST /api/v1/findings": Row(AUDITORS, {NO_OBJECT: 201}, found),
    "GET /api/v1/findings": Row(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /api/v1/findings/{reference}": Row(READING_FINDINGS, FINDINGS),
    "POST /api/v1/findings/{reference}/evidence": Row(AUDITORS, FINDINGS, some_evidence),
    "GET /api/v1/findings/{reference}/evidence/{evidence_id}": Row(
        READING_FINDINGS, {"a piece of evidence": 200, "no evidence": 404}
    ),
    "POST /api/v1/findings/{reference}/request-postponement": Row(AUDITORS, FINDINGS, postponed),
    "POST /api/v1/findings/{reference}/request-risk-acceptance": Row(AUDITORS, FINDINGS, borne),
    "POST /api/v1/findings/{reference}/withdraw-request": Row(
        AUDITORS, FINDINGS | {"a finding of Armor's": 409, "a finding of Léon's": 409}
    ),
    "POST /api/v1/findings/{reference}/cancel": Row(
        {Role.OPERATIONS_DIRECTOR}, FINDINGS, lambda _: {"reason": "Le contrat est résilié."}
    ),
}
