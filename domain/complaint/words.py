"""The small vocabularies of a complaint: English identifier, French label."""

from enum import StrEnum
from typing import Self


class Channel(StrEnum):
    """How a complaint arrives. Source: procedures, section 1 step 1"""

    LETTER = "letter"
    EMAIL = "email"
    WEB_FORM = "web_form"
    SOCIAL_NETWORK = "social_network"
    DELEGATE = "delegate"
    PHONE = "phone"
    BRANCH = "branch"
    MESSENGER = "messenger"
    WHATSAPP = "whatsapp"

    @property
    def is_written(self) -> bool:
        """Oral and chat complaints are not written complaints: the person is invited to write. Source: ACPR"""
        return self not in {Channel.PHONE, Channel.BRANCH, Channel.MESSENGER, Channel.WHATSAPP}


class ComplainantKind(StrEnum):
    """Who may complain: anyone. Source: ACPR"""

    MEMBER = "member"
    FORMER_MEMBER = "former_member"
    PROSPECT = "prospect"
    BENEFICIARY = "beneficiary"
    AGENT = "agent"
    LAWYER = "lawyer"
    ASSOCIATION = "association"
    JOURNALIST = "journalist"


class Category(StrEnum):
    """`business` (métier) or `sensitive`: decides who validates and who signs. Source: Memo"""

    BUSINESS = "business"
    SENSITIVE = "sensitive"


class Finding(StrEnum):
    """What the analysis on the merits found. Source: procedures, section 1 step 5"""

    FOUNDED = "founded"
    PARTLY_FOUNDED = "partly_founded"
    UNFOUNDED = "unfounded"


class Theme(StrEnum):
    """What the complaint is about."""

    REIMBURSEMENT_DELAY = "reimbursement_delay"
    REIMBURSEMENT_AMOUNT = "reimbursement_amount"
    REFUSAL = "refusal"
    CONTRIBUTIONS = "contributions"
    MEMBERSHIP = "membership"
    TERMINATION = "termination"
    INFORMATION = "information"
    RECEPTION = "reception"
    OTHER = "other"


class RequalifiedAs(StrEnum):
    """What is not a complaint. Source: ACPR (requests for service, information or opinion)"""

    SERVICE_REQUEST = "service_request"
    INFORMATION_REQUEST = "information_request"
    OPINION_REQUEST = "opinion_request"


class TaskKind(StrEnum):
    """What people are asked to do on a complaint."""

    ACKNOWLEDGE = "acknowledge"
    ANALYSE = "analyse"
    DRAFT_ANSWER = "draft_answer"
    VALIDATE = "validate"
    PAY_COMPENSATION = "pay_compensation"
    REPAIR_DELIVERY = "repair_delivery"
    UNBLOCK = "unblock"
    PROGRESS_CALL = "progress_call"

    @classmethod
    def of_the_owner(cls) -> frozenset[Self]:
        """What the owner of the complaint does, whoever that is by now."""
        return frozenset({cls.ACKNOWLEDGE, cls.ANALYSE, cls.DRAFT_ANSWER, cls.REPAIR_DELIVERY, cls.PROGRESS_CALL})

    @classmethod
    def lendable(cls) -> frozenset[Self]:
        """What a volunteer of a backlog operation may do: the owner's work up to the draft, which others validate.

        Source: procedures, section 4 step 4
        """
        return frozenset({cls.ACKNOWLEDGE, cls.ANALYSE, cls.DRAFT_ANSWER})

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASK_LABELS[self]


_TASK_LABELS = {
    TaskKind.ACKNOWLEDGE: "Accuser réception",
    TaskKind.ANALYSE: "Analyser la réclamation",
    TaskKind.DRAFT_ANSWER: "Rédiger la réponse",
    TaskKind.VALIDATE: "Valider la réponse",
    TaskKind.PAY_COMPENSATION: "Verser le dédommagement",
    TaskKind.REPAIR_DELIVERY: "Renvoyer un courrier qui n’est pas parti",
    TaskKind.UNBLOCK: "Trouver qui peut faire une tâche",
    TaskKind.PROGRESS_CALL: "Appeler l’adhérent pour lui dire où en est son dossier",
}
