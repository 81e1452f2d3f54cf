"""The small vocabularies of a payment: English identifier, French label.

Source: procedures, section 2 step 5
"""

from enum import StrEnum
from typing import Self


class InstructionStatus(StrEnum):
    """What has become of one line of a batch: the order to pay one claim."""

    INSTRUCTED = "instructed"
    PAID = "paid"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @classmethod
    def living(cls) -> frozenset[Self]:
        """Those of which a claim has one at most: money that is on its way, or has arrived."""
        return frozenset({cls.INSTRUCTED, cls.PAID})

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _STATUSES[self]


class PaymentTask(StrEnum):
    """What people are asked to do on a batch."""

    RELEASE = "release"
    CONFIRM_ANSWER = "confirm_answer"
    UNBLOCK = "unblock"

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASKS[self]


class PaymentDeadline(StrEnum):
    """What the bank has to do by a day. Source: policy"""

    BANK_ANSWER = "bank_answer"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _DEADLINES[self]


class BankDid(StrEnum):
    """What the bank really did with the lines that it has not answered for, as two of us have found out.

    Source: policy (docs/decisions/0037)
    """

    EXECUTED = "executed"
    NOT_EXECUTED = "not_executed"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _BANK_DID[self]


class LeftOut(StrEnum):
    """Why a claim that is to be paid may not be in a batch. The register's `claim_may_leave` gives the same codes.

    Source: procedures, section 2 steps 3 and 5
    """

    NOT_PAYABLE = "not_payable"
    NOT_DECIDED = "not_decided"
    COMMITMENT = "commitment"
    APPROVALS_MISSING = "approvals_missing"
    ALREADY_INSTRUCTED = "already_instructed"
    IBAN_CHANGED = "iban_changed"
    REJECTED_BEFORE = "rejected_before"
    UNFIT_FOR_BANK = "unfit_for_bank"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LEFT_OUT[self]


class PartTaken(StrEnum):
    """What somebody had to do with a batch, so that they do not release it. Source: procedures, section 2 step 5"""

    BUILT = "built"
    ENTERED = "entered"
    CONTROLLED = "controlled"
    CHANGED_IBAN = "changed_iban"
    OWN_ACCOUNT = "own_account"
    RELEASED = "released"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _PARTS[self]


_STATUSES = {
    InstructionStatus.INSTRUCTED: "ordre donné",
    InstructionStatus.PAID: "payé",
    InstructionStatus.REJECTED: "rejeté par la banque",
    InstructionStatus.WITHDRAWN: "retiré",
}
_DEADLINES = {PaymentDeadline.BANK_ANSWER: "réponse de la banque"}
_BANK_DID = {
    BankDid.EXECUTED: "la banque les a exécutés",
    BankDid.NOT_EXECUTED: "la banque ne les a pas exécutés, et ne les exécutera plus",
}
_TASKS = {
    PaymentTask.RELEASE: "Libérer un lot de virements",
    PaymentTask.CONFIRM_ANSWER: "Confirmer la réponse de la banque",
    PaymentTask.UNBLOCK: "Trouver qui peut faire une tâche",
}
_LEFT_OUT = {
    LeftOut.NOT_PAYABLE: "rien n’est à payer",
    LeftOut.NOT_DECIDED: "le contrôle n’est pas terminé",
    LeftOut.COMMITMENT: "prise en charge : promise, pas encore à payer",
    LeftOut.APPROVALS_MISSING: "il manque l’accord d’un contrôleur",
    LeftOut.ALREADY_INSTRUCTED: "un virement est déjà ordonné ou payé",
    LeftOut.IBAN_CHANGED: "l’IBAN a changé depuis l’accord",
    LeftOut.REJECTED_BEFORE: "la banque a déjà rejeté un virement vers cet IBAN",
    LeftOut.UNFIT_FOR_BANK: "le nom ou l’IBAN ne peut pas être écrit dans un fichier bancaire",
}
_PARTS = {
    PartTaken.BUILT: "a constitué le lot",
    PartTaken.ENTERED: "a saisi une demande du lot",
    PartTaken.CONTROLLED: "a contrôlé une demande du lot",
    PartTaken.CHANGED_IBAN: "a modifié un IBAN du lot",
    PartTaken.OWN_ACCOUNT: "est payé par le lot",
    PartTaken.RELEASED: "a déjà libéré le lot",
}
