"""The rows of the pages of findings, and of the delegate's space: by the same roles and objects as the API's."""

from datetime import date
from typing import Any

from domain.roles import Role
from tests.api.matrix import AUDITORS, NO_OBJECT, Outcome, Row
from tests.api.matrix_delegate import DELEGATES, ON_TASK, on_audit, on_finding, put_off
from tests.api.matrix_findings import FINDINGS, READING_FINDINGS, borne, found, postponed
from tests.api.matrix_pages import sent, shown, then_shown

NO_FILE: dict[str, Outcome] = FINDINGS | {"a finding of Armor's": 422, "a finding of Léon's": 422}
NOTHING_ASKED: dict[str, Outcome] = FINDINGS | {"a finding of Armor's": 409, "a finding of Léon's": 409}
DIRECTION = {Role.OPERATIONS_DIRECTOR}
ON_THEIR_WAY: dict[str, Outcome] = dict.fromkeys(on_finding(303), 303)
"""The way to a page says nothing of whether it is there."""


def what_is_found(today: date) -> dict[str, Any]:
    """What the form of a new finding sends."""
    said = found(today)
    return {name: said[name] for name in ("subject", "words", "risk", "agreed_on")} | {
        "contract": f"{said['delegate']}/{said['contract']}"
    }


FINDING_PAGES: dict[str, Row] = {
    "GET /findings": shown(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /findings.xlsx": shown(READING_FINDINGS, {NO_OBJECT: 200}),
    "GET /findings/new": shown(AUDITORS, {NO_OBJECT: 200}),
    "POST /findings/new": sent(AUDITORS, {NO_OBJECT: 303}, what_is_found),
    "GET /findings/{reference}": shown(READING_FINDINGS, FINDINGS),
    "GET /findings/{reference}/evidence/{evidence_id}": shown(
        READING_FINDINGS, {"a piece of evidence": 200, "no evidence": 404}
    ),
    **{
        f"GET /findings/{{reference}}/{act}": shown(AUDITORS, FINDINGS)
        for act in ("add-evidence", "request-postponement", "request-risk-acceptance", "withdraw-request")
    },
    "GET /findings/{reference}/cancel": shown(DIRECTION, FINDINGS),
    "POST /findings/{reference}/add-evidence": sent(AUDITORS, NO_FILE),
    "POST /findings/{reference}/request-postponement": sent(AUDITORS, then_shown(FINDINGS), postponed),
    "POST /findings/{reference}/request-risk-acceptance": sent(AUDITORS, then_shown(FINDINGS), borne),
    "POST /findings/{reference}/withdraw-request": sent(AUDITORS, NOTHING_ASKED),
    "POST /findings/{reference}/cancel": sent(
        DIRECTION, then_shown(FINDINGS), lambda _: {"reason": "Le contrat est résilié."}
    ),
}

SPACE_PAGES: dict[str, Row] = {
    "GET /delegate": shown(DELEGATES, {NO_OBJECT: 200}),
    "GET /delegate/findings/{reference}": shown(DELEGATES, on_finding(200)),
    "GET /delegate/findings/{reference}/evidence": shown(DELEGATES, ON_THEIR_WAY),
    "POST /delegate/findings/{reference}/evidence": sent(DELEGATES, on_finding(422)),
    "POST /delegate/findings/{reference}/request-postponement": sent(DELEGATES, on_finding(303), put_off),
    "POST /delegate/findings/{reference}/withdraw-request": sent(DELEGATES, on_finding(409)),
    "GET /delegate/dates.ics": shown(DELEGATES, {NO_OBJECT: 200}),
    "GET /delegate/audits/{reference}/files/{file_id}": shown(DELEGATES, on_audit(404)),
    "GET /delegate/findings/{reference}/evidence/{evidence_id}": shown(DELEGATES, on_finding(404)),
    "GET /delegate/audits/{reference}": shown(DELEGATES, on_audit(200)),
    "GET /delegate/audits/{reference}/report.pdf": shown(DELEGATES, on_audit(404)),
    "GET /delegate/audits/{reference}/report.xlsx": shown(DELEGATES, on_audit(404)),
    "GET /delegate/audits/{reference}/pieces/{piece}": shown(DELEGATES, dict.fromkeys(on_audit(303), 303)),
    "POST /delegate/audits/{reference}/pieces/{piece}": sent(DELEGATES, on_audit(422)),
    "POST /delegate/audits/{reference}/withdraw-piece": sent(
        DELEGATES, on_audit(422), lambda _: {"piece": "tariff-table", "version": "99", "reason": "Par erreur."}
    ),
    "GET /delegate/tasks/{task_id}": shown(DELEGATES, dict(then_shown(dict(ON_TASK)))),
    "POST /delegate/tasks/{task_id}": sent(
        DELEGATES, then_shown(dict(ON_TASK)), lambda _: {"outcome": "propose", "plan": "Un rapprochement."}
    ),
}
"""The reports of these audits are not validated, their findings wait for a plan, and nothing is asked for on them."""
