"""The pages of audits: who is shown what, and what is answered to a form that says too little."""

from collections.abc import Callable
from uuid import UUID

from domain.roles import Role
from tests.api.matrix import AUDITORS, MANAGERS, NO_OBJECT, Outcome, Row
from tests.api.matrix_findings import READING_FINDINGS
from tests.api.matrix_pages import sent, shown
from tests.api.matrix_things import Parts, Planting
from tests.factories.planned_audits import a_planned_audit

DIRECTORS = {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}
AUDITED: dict[str, Outcome] = {"an audit that is planned": 200, "no audit to be seen": 404}
PARTS: Parts = {
    "domain": "memberships",
    "piece": "tariff-table",
    "meeting": "launch",
    "kind": "pdf",
    "number": "1",
    "file_id": str(UUID(int=0)),
}
"""What the addresses of an audit name besides it."""


def an_audit(planting: Planting) -> Parts:
    """An audit that is planned, of a delegate of its own."""
    return {"reference": a_planned_audit(planting.session, planting.at)[1], **PARTS}


AUDIT_THINGS: dict[str, Callable[[Planting], Parts]] = {
    "an audit that is planned": an_audit,
    "no audit to be seen": lambda _: {"reference": "AUD-2031-999999", **PARTS},
}
AUDIT_PAGES: dict[str, Row] = {
    "GET /board/audits": shown(READING_FINDINGS & MANAGERS, {NO_OBJECT: 200}),
    "GET /audits": shown(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /delegates": shown(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /audits/new": shown(AUDITORS, {NO_OBJECT: 200}),
    "POST /audits/new": sent(AUDITORS, {NO_OBJECT: 422}, lambda _: {"delegate": "ARMOR"}),
    "GET /audits/{reference}": shown(READING_FINDINGS, AUDITED),
    "GET /audits/{reference}/meetings/{meeting}.ics": shown(READING_FINDINGS, AUDITED),
    "GET /audits/{reference}/files/{file_id}": shown(READING_FINDINGS, AUDITED | {"an audit that is planned": 404}),
    "GET /audits/{reference}/report.{kind}": shown(READING_FINDINGS, AUDITED | {"an audit that is planned": 404}),
    **{
        f"GET /audits/{{reference}}/{part}": shown(AUDITORS, AUDITED)
        for part in (
            "analysis",
            "writing",
            "meeting",
            "end-delivery",
            "end-answers",
            "withdraw",
            "pieces/{piece}/add-file",
        )
    },
    "GET /audits/{reference}/cancel": shown(DIRECTORS, AUDITED),
    "POST /audits/{reference}/cancel": sent(DIRECTORS, AUDITED | {"an audit that is planned": 422}),
    "POST /audits/{reference}/analysis/{domain}": sent(AUDITORS, AUDITED | {"an audit that is planned": 303}),
    "POST /audits/{reference}/pieces/{piece}/add-file": sent(AUDITORS, AUDITED | {"an audit that is planned": 422}),
    **{
        f"POST /audits/{{reference}}/{part}": sent(AUDITORS, AUDITED | {"an audit that is planned": 409})
        for part in ("report", "strengths/{number}/drop")
    },
    **{
        f"POST /audits/{{reference}}/{part}": sent(AUDITORS, AUDITED | {"an audit that is planned": 422})
        for part in (
            *("meeting", "end-delivery", "end-answers", "withdraw", "strengths", "recommendations"),
            *("recommendations/{number}", "recommendations/{number}/drop"),
        )
    },
}
