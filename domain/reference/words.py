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
