"""Who gets what of audits and delegates: rows of the matrix."""

from datetime import date
from typing import Any
from uuid import uuid4

from domain.roles import Role
from tests.api.matrix import AUDITORS, NO_OBJECT, Outcome, Row, Upload
from tests.api.matrix_findings import READING_FINDINGS
from tests.factories.uploads import A_PDF, a_form

AUDITS: dict[str, Outcome] = {"an audit of Armor's": 200, "an audit of Léon's": 200, "no such audit": 404}
"""An auditor sees every delegate's; a delegate's own people work in their space (`matrix_delegate.py`)."""
NOT_NOW: dict[str, Outcome] = {"an audit of Armor's": 409, "no such audit": 404}
"""It is only launched: nothing is written about it yet."""


def planned(_today: date) -> dict[str, Any]:
    """An audit that cannot be: its launch is past."""
    return {
        "delegate": "ARMOR",
        "contracts": ["COL-2019-014"],
        "themes": ["benefits"],
        "launch_at": "2020-01-06T10:00:00+01:00",
        "place": "Brest",
    }


def a_file(_today: date) -> Upload:
    """A file that nobody has brought: each time another."""
    return Upload(*a_form(A_PDF.replace(b"1 0 obj", uuid4().hex.encode()), "bareme.pdf"))


def fixed(_today: date) -> dict[str, Any]:
    """A meeting whose step has not come."""
    return {"meeting": "follow_up", "at": "2031-12-29T10:00:00+01:00", "place": "Brest"}


def noted(_today: date) -> dict[str, Any]:
    """A grade on each criterion."""
    grades = dict.fromkeys(("conformity", "up_to_date", "relevance", "presentation"), "3")
    return {"piece": "tariff-table", **grades}


def recommended(_today: date) -> dict[str, Any]:
    """Something to be put right."""
    return {"risk": "low", "words": "À formaliser.", "expected_on": "2031-12-01"}


TABLE = {
    "GET /api/v1/delegates": Row(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /api/v1/audits/catalogue": Row(READING_FINDINGS, {NO_OBJECT: 200}),
    "POST /api/v1/audits": Row(AUDITORS, {NO_OBJECT: 422}, planned),
    "GET /api/v1/audits": Row(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /api/v1/audits/{reference}": Row(READING_FINDINGS, AUDITS),
    "POST /api/v1/audits/{reference}/meetings": Row(AUDITORS, NOT_NOW, fixed),
    "GET /api/v1/audits/{reference}/meetings/{meeting}.ics": Row(
        READING_FINDINGS, {"a meeting": 200, "a meeting that is not fixed": 404}
    ),
    "POST /api/v1/audits/{reference}/pieces/{piece}/files": Row(AUDITORS, AUDITS, a_file),
    "GET /api/v1/audits/{reference}/files/{file_id}": Row(
        READING_FINDINGS, {"a delivered file": 200, "no delivered file": 404}
    ),
    "POST /api/v1/audits/{reference}/withdraw-piece": Row(
        AUDITORS,
        {"a delivered file": 200, "no such audit": 404},
        lambda _: {"piece": "tariff-table", "version": 1, "reason": "Autre contrat."},
    ),
    "POST /api/v1/audits/{reference}/end-delivery": Row(AUDITORS, AUDITS, lambda _: {"reason": "Rien ne viendra."}),
    "POST /api/v1/audits/{reference}/end-answers": Row(AUDITORS, NOT_NOW, lambda _: {"reason": "Sans réponse."}),
    "POST /api/v1/audits/{reference}/analysis": Row(AUDITORS, NOT_NOW, noted),
    "POST /api/v1/audits/{reference}/strengths": Row(AUDITORS, NOT_NOW, lambda _: {"words": "Équipe stable."}),
    "POST /api/v1/audits/{reference}/strengths/drop": Row(AUDITORS, NOT_NOW, lambda _: {"number": 1}),
    "POST /api/v1/audits/{reference}/recommendations": Row(AUDITORS, NOT_NOW, recommended),
    "POST /api/v1/audits/{reference}/recommendations/change": Row(
        AUDITORS, NOT_NOW, lambda today: {"number": 1, **recommended(today)}
    ),
    "POST /api/v1/audits/{reference}/recommendations/drop": Row(
        AUDITORS, NOT_NOW, lambda _: {"number": 1, "reason": "Doublon."}
    ),
    "POST /api/v1/audits/{reference}/report": Row(AUDITORS, NOT_NOW),
    "GET /api/v1/audits/{reference}/report.{kind}": Row(READING_FINDINGS, {"a report that is not made": 404}),
    "POST /api/v1/audits/{reference}/cancel": Row(
        {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}, AUDITS, lambda _: {"reason": "Convention résiliée."}
    ),
}
"""Every operation on audits."""
