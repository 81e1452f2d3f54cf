"""The small vocabularies of a claim: English identifier, French label.

Source: procedures, section 2
"""

from enum import StrEnum
from typing import Self

from domain.letters import Kind


class CareCategory(StrEnum):
    """What kind of care is asked to be paid. Source: procedures, section 2 step 1"""

    OPTICAL = "optical"
    DENTAL = "dental"
    HOSPITAL = "hospital"
    HEARING = "hearing"
    ROUTINE = "routine"
    PHARMACY = "pharmacy"
    ALTERNATIVE = "alternative"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _CATEGORIES[self]


class ClaimKind(StrEnum):
    """Care that was given and paid, or care that we are asked to promise. Source: procedures, section 2 step 6"""

    REIMBURSEMENT = "reimbursement"
    COMMITMENT = "commitment"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _KINDS[self]


class Sensitive(StrEnum):
    """Whose claims always get the reinforced control, at any amount. Source: Memo"""

    ADMINISTRATOR = "administrator"
    CLIENT_DECISION_MAKER = "client_decision_maker"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _SENSITIVE[self]


class ControlReason(StrEnum):
    """Why a claim is controlled before it is paid. Source: procedures, section 2"""

    THRESHOLD = "threshold"
    SENSITIVE = "sensitive"
    SAMPLE = "sample"
    CHECK = "check"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _REASONS[self]


class CheckName(StrEnum):
    """What the machine looks at on every claim. Source: procedures, section 2 step 2"""

    RIGHTS_OPEN = "rights_open"
    DUPLICATE = "duplicate"
    IBAN_VALID = "iban_valid"
    IBAN_SHARED = "iban_shared"
    IBAN_CHANGED = "iban_changed"
    STAFF_IBAN = "staff_iban"
    CONTRIBUTIONS = "contributions"

    @classmethod
    def of_the_account(cls) -> frozenset[Self]:
        """Those that look at where the money goes: another account, another answer."""
        return frozenset({cls.IBAN_VALID, cls.IBAN_SHARED, cls.IBAN_CHANGED, cls.STAFF_IBAN})

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _CHECKS[self]


class CheckResult(StrEnum):
    """How a check ended: `stop` sends the claim to a controller, `warn` is shown to whoever controls it."""

    PASS = "pass"  # noqa: S105  (a check that passes)
    WARN = "warn"
    STOP = "stop"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _RESULTS[self]


class ChangedThrough(StrEnum):
    """By which way an IBAN was changed. Source: procedures, section 2 step 0"""

    MEMBER = "member"
    STAFF = "staff"
    DELEGATE = "delegate"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _CHANGED_THROUGH[self]


class ItemKind(StrEnum):
    """What an item of a checklist is about. Source: procedures, section 2 step 3"""

    DOCUMENT = "document"
    CODING = "coding"
    GUARANTEE = "guarantee"
    CALCULATION = "calculation"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ITEM_KINDS[self]


class ItemAnswer(StrEnum):
    """What the first controller found on an item of the checklist."""

    OK = "ok"
    NOT_OK = "not_ok"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ITEM_ANSWERS[self]


class DocumentKind(StrEnum):
    """The documents that a claim rests on, and that the member can be asked for. Source: policy"""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    PRESCRIPTION = "prescription"
    QUOTE = "quote"
    HEALTH_INSURANCE_STATEMENT = "health_insurance_statement"
    ADMISSION_FORM = "admission_form"
    OTHER_INSURER_STATEMENT = "other_insurer_statement"
    BANK_DETAILS = "bank_details"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The French words shown on pages and in letters."""
        return _DOCUMENTS[self]


class Verdict(StrEnum):
    """What a controller decides. Source: procedures, section 2 step 4"""

    PAY = "pay"
    PAY_CORRECTED = "pay_corrected"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _VERDICTS[self]


class WithdrawalReason(StrEnum):
    """Why a claim left its bank batch without anything being wrong with it. Source: procedures, section 2 step 5"""

    FILE_REFUSED = "file_refused"
    BATCH_CANCELLED = "batch_cancelled"
    NOT_EXECUTED = "not_executed"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _WITHDRAWALS[self]


class ReopeningReason(StrEnum):
    """Why a claim that was to be paid is controlled again. Source: procedures, section 2 step 5"""

    REJECTED_BY_BANK = "rejected_by_bank"
    IBAN_CHANGED = "iban_changed"
    APPROVALS_MISSING = "approvals_missing"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _REOPENINGS[self]


class ClaimDeadline(StrEnum):
    """The deadlines of a claim. Source: procedures, section 2 steps 3 and 6"""

    DECISION = "decision"
    DOCUMENTS = "documents"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _DEADLINES[self]


class DocumentsRung(StrEnum):
    """What happens while documents are awaited, in its order. Source: procedures, section 2 step 3"""

    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    CLOSING = "closing"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _RUNGS[self]


class ClaimLetter(Kind):
    """The letters of a claim; the words of each are in the template of that name in `letters/claim`.

    Source: procedures, section 2 steps 3 and 4
    """

    DOCUMENTS_REQUEST = "documents_request"
    DOCUMENTS_REMINDER = "documents_reminder"
    CLAIM_CLOSED = "claim_closed"
    CLAIM_PAID = "claim_paid"
    CLAIM_CORRECTED = "claim_corrected"
    CLAIM_REFUSED = "claim_refused"
    DELAY_NOTICE = "delay_notice"

    @property
    def label(self) -> str:
        """The French name shown on pages and in the day's post."""
        return _LETTERS[self]

    @property
    def automatic(self) -> bool:
        """Nobody has read what a deadline sends, nor each letter of a message to many; a request and a decision are
        somebody's."""
        return self in {ClaimLetter.DOCUMENTS_REMINDER, ClaimLetter.CLAIM_CLOSED, ClaimLetter.DELAY_NOTICE}


class ClaimTask(StrEnum):
    """What people are asked to do on a claim."""

    CONTROL = "control"
    CONFIRM = "confirm"
    REPAIR_DELIVERY = "repair_delivery"
    UNBLOCK = "unblock"

    @classmethod
    def of_control(cls) -> frozenset[Self]:
        """The tasks that separation of duties guards."""
        return frozenset({cls.CONTROL, cls.CONFIRM})

    @classmethod
    def lendable(cls) -> frozenset[Self]:
        """What a volunteer of a backlog operation may do: the first control, never the second.

        Source: procedures, section 4 step 4
        """
        return frozenset({cls.CONTROL})

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASKS[self]


_CATEGORIES = {
    CareCategory.OPTICAL: "optique",
    CareCategory.DENTAL: "dentaire",
    CareCategory.HOSPITAL: "hospitalisation",
    CareCategory.HEARING: "audition",
    CareCategory.ROUTINE: "soins courants",
    CareCategory.PHARMACY: "pharmacie",
    CareCategory.ALTERNATIVE: "médecines douces",
}
_KINDS = {ClaimKind.REIMBURSEMENT: "remboursement", ClaimKind.COMMITMENT: "prise en charge"}
_SENSITIVE = {
    Sensitive.ADMINISTRATOR: "administrateur de la mutuelle",
    Sensitive.CLIENT_DECISION_MAKER: "décideur d’une entreprise cliente",
}
_REASONS = {
    ControlReason.THRESHOLD: "montant supérieur au seuil",
    ControlReason.SENSITIVE: "contrôle renforcé",
    ControlReason.SAMPLE: "tirage au sort",
    ControlReason.CHECK: "contrôle automatique",
}
_CHECKS = {
    CheckName.RIGHTS_OPEN: "droits ouverts à la date des soins",
    CheckName.DUPLICATE: "doublon",
    CheckName.IBAN_VALID: "IBAN valide",
    CheckName.IBAN_SHARED: "IBAN partagé",
    CheckName.IBAN_CHANGED: "IBAN modifié récemment",
    CheckName.STAFF_IBAN: "IBAN d’un membre du personnel",
    CheckName.CONTRIBUTIONS: "forte consommation et cotisations impayées",
}
_RESULTS = {CheckResult.PASS: "conforme", CheckResult.WARN: "à regarder", CheckResult.STOP: "bloquant"}
_CHANGED_THROUGH = {
    ChangedThrough.MEMBER: "par l’adhérent",
    ChangedThrough.STAFF: "par un membre du personnel",
    ChangedThrough.DELEGATE: "par un délégataire",
}
_ITEM_KINDS = {
    ItemKind.DOCUMENT: "pièce",
    ItemKind.CODING: "codage",
    ItemKind.GUARANTEE: "garantie",
    ItemKind.CALCULATION: "calcul",
}
_ITEM_ANSWERS = {
    ItemAnswer.OK: "conforme",
    ItemAnswer.NOT_OK: "non conforme",
    ItemAnswer.NOT_APPLICABLE: "sans objet",
}
_DOCUMENTS = {
    DocumentKind.INVOICE: "facture détaillée",
    DocumentKind.RECEIPT: "preuve de paiement",
    DocumentKind.PRESCRIPTION: "ordonnance",
    DocumentKind.QUOTE: "devis",
    DocumentKind.HEALTH_INSURANCE_STATEMENT: "décompte de l’assurance maladie",
    DocumentKind.ADMISSION_FORM: "bulletin d’hospitalisation",
    DocumentKind.OTHER_INSURER_STATEMENT: "décompte d’une autre mutuelle",
    DocumentKind.BANK_DETAILS: "relevé d’identité bancaire",
    DocumentKind.OTHER: "autre pièce",
}
_VERDICTS = {
    Verdict.PAY: "payer",
    Verdict.PAY_CORRECTED: "payer un montant corrigé",
    Verdict.REFUSE: "refuser",
}
_WITHDRAWALS = {
    WithdrawalReason.FILE_REFUSED: "fichier refusé par la banque",
    WithdrawalReason.BATCH_CANCELLED: "lot annulé",
    WithdrawalReason.NOT_EXECUTED: "virement non exécuté par la banque",
}
_REOPENINGS = {
    ReopeningReason.REJECTED_BY_BANK: "virement rejeté par la banque",
    ReopeningReason.IBAN_CHANGED: "IBAN modifié",
    ReopeningReason.APPROVALS_MISSING: "il manque l’accord d’un contrôleur",
}
_DEADLINES = {ClaimDeadline.DECISION: "décision", ClaimDeadline.DOCUMENTS: "pièces attendues"}
_RUNGS = {
    DocumentsRung.FIRST_REMINDER: "première relance",
    DocumentsRung.SECOND_REMINDER: "seconde relance",
    DocumentsRung.CLOSING: "clôture sans paiement",
}
_LETTERS = {
    ClaimLetter.DOCUMENTS_REQUEST: "Demande de pièces",
    ClaimLetter.DOCUMENTS_REMINDER: "Relance de pièces",
    ClaimLetter.CLAIM_CLOSED: "Clôture sans paiement",
    ClaimLetter.CLAIM_PAID: "Avis de paiement",
    ClaimLetter.CLAIM_CORRECTED: "Avis de paiement d’un montant corrigé",
    ClaimLetter.CLAIM_REFUSED: "Refus de prestation",
    ClaimLetter.DELAY_NOTICE: "Message aux adhérents qui attendent",
}
_TASKS = {
    ClaimTask.CONTROL: "Contrôler la demande de prestation",
    ClaimTask.CONFIRM: "Confirmer la décision",
    ClaimTask.REPAIR_DELIVERY: "Renvoyer un courrier qui n’est pas parti",
    ClaimTask.UNBLOCK: "Trouver qui peut faire une tâche",
}
