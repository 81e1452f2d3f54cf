"""The roles of the house, in the field's words: English identifier, French label."""

from enum import StrEnum


class Role(StrEnum):
    """What a person of the insurer, or of one of its delegates, is for. One person may hold several.

    Source: procedures, section 0.
    """

    HANDLER = "handler"
    EXPERT_HANDLER = "expert_handler"
    TECHNICAL_REFERENT = "technical_referent"
    POLE_MANAGER = "pole_manager"
    LEGAL = "legal"
    OPERATIONS_DIRECTOR = "operations_director"
    GENERAL_DIRECTOR = "general_director"
    ACCOUNTING = "accounting"
    INTERNAL_CONTROL = "internal_control"
    TRACFIN_CORRESPONDENT = "tracfin_correspondent"
    AUDITOR = "auditor"
    DELEGATE_USER = "delegate_user"
    DELEGATE_DIRECTOR = "delegate_director"
    PROCESS_PILOT = "process_pilot"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The French title shown on pages and letters."""
        return _LABELS[self]


_LABELS = {
    Role.HANDLER: "gestionnaire",
    Role.EXPERT_HANDLER: "gestionnaire expert",
    Role.TECHNICAL_REFERENT: "référent technique",
    Role.POLE_MANAGER: "responsable de pôle",
    Role.LEGAL: "direction juridique",
    Role.OPERATIONS_DIRECTOR: "directeur des opérations clients",
    Role.GENERAL_DIRECTOR: "directeur général",
    Role.ACCOUNTING: "comptabilité",
    Role.INTERNAL_CONTROL: "contrôle interne",
    Role.TRACFIN_CORRESPONDENT: "correspondant Tracfin",
    Role.AUDITOR: "auditeur",
    Role.DELEGATE_USER: "utilisateur du délégataire",
    Role.DELEGATE_DIRECTOR: "directeur du délégataire",
    Role.PROCESS_PILOT: "pilote de processus",
    Role.ADMINISTRATOR: "administrateur",
}

OF_A_DELEGATE = frozenset({Role.DELEGATE_USER, Role.DELEGATE_DIRECTOR})
"""The roles of a delegate's own people: they have no other, and nobody else has one of these."""
