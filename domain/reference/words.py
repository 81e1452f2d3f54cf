"""The small vocabularies of reference data."""

from enum import StrEnum


class ReferenceKind(StrEnum):
    """What a file of reference data holds, one kind per file. Source: procedures, section 2 step 0"""

    MEMBERS = "members"
    CONTRACTS = "contracts"
    CONTRIBUTIONS = "contributions"
    IBANS = "ibans"
    PROVIDERS = "providers"
    GUARANTEES = "guarantees"
    STAFF = "staff"


class ChangedThrough(StrEnum):
    """Through whom a member's IBAN was changed. Source: procedures, section 2 step 0"""

    MEMBER = "member"
    STAFF = "staff"
    DELEGATE = "delegate"


class Sensitivity(StrEnum):
    """Whose claims always get the reinforced control. Source: procedures, section 2; Memo"""

    ADMINISTRATOR = "administrator"
    CLIENT_DECISION_MAKER = "client_decision_maker"
