"""The small vocabularies of a finding: English identifier, French label.

Source: procedures, section 3 steps 4 to 7
"""

from enum import StrEnum
from typing import Self

from domain.recommended import FindingOrigin as FindingOrigin
from domain.risk import RiskLevel as RiskLevel


class FindingTask(StrEnum):
    """What people are asked to do on a finding."""

    PROPOSE_PLAN = "propose_plan"
    ACCEPT_PLAN = "accept_plan"
    DELIVER_EVIDENCE = "deliver_evidence"
    VERIFY = "verify"
    CONFIRM_REMEDIATION = "confirm_remediation"
    DECIDE_POSTPONEMENT = "decide_postponement"
    ACCEPT_RISK = "accept_risk"
    UNBLOCK = "unblock"

    @classmethod
    def of_delegate(cls) -> frozenset[Self]:
        """What a delegate's people are asked for."""
        return frozenset({cls.PROPOSE_PLAN, cls.DELIVER_EVIDENCE})

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASKS[self]


class FindingDeadline(StrEnum):
    """The deadlines of a finding."""

    PLAN = "plan"
    REMEDIATION = "remediation"
    VERIFICATION = "verification"
    CONFIRMATION = "confirmation"
    RISK_ACCEPTANCE = "risk_acceptance"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _DEADLINES[self]


class RequestKind(StrEnum):
    """What can be asked for beside the way to remediation: another date, or that the risk be accepted for a time."""

    POSTPONEMENT = "postponement"
    RISK_ACCEPTANCE = "risk_acceptance"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _KINDS[self]


class RequestStatus(StrEnum):
    """What has become of a request. It lapses where the finding has moved on before anybody decided."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _STATUSES[self]


_TASKS = {
    FindingTask.PROPOSE_PLAN: "Proposer un plan d’action",
    FindingTask.ACCEPT_PLAN: "Accepter ou renvoyer le plan d’action",
    FindingTask.DELIVER_EVIDENCE: "Remettre les preuves de remédiation",
    FindingTask.VERIFY: "Vérifier les preuves de remédiation",
    FindingTask.CONFIRM_REMEDIATION: "Confirmer la clôture du constat",
    FindingTask.DECIDE_POSTPONEMENT: "Décider d’un report d’échéance",
    FindingTask.ACCEPT_RISK: "Décider d’une acceptation du risque",
    FindingTask.UNBLOCK: "Trouver qui peut faire une tâche",
}
_DEADLINES = {
    FindingDeadline.PLAN: "plan d’action",
    FindingDeadline.REMEDIATION: "remédiation",
    FindingDeadline.VERIFICATION: "vérification par l’auditeur",
    FindingDeadline.CONFIRMATION: "confirmation de la clôture",
    FindingDeadline.RISK_ACCEPTANCE: "fin de l’acceptation du risque",
}
_KINDS = {
    RequestKind.POSTPONEMENT: "report d’échéance",
    RequestKind.RISK_ACCEPTANCE: "acceptation du risque",
}
_STATUSES = {
    RequestStatus.WAITING: "à décider",
    RequestStatus.GRANTED: "accordée",
    RequestStatus.REFUSED: "refusée",
    RequestStatus.WITHDRAWN: "retirée",
    RequestStatus.LAPSED: "devenue sans objet",
}
