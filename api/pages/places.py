"""Where a case is shown: each procedure has its pages under an address of its own."""

from collections.abc import Mapping
from types import MappingProxyType

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "REC": "/complaints",
        "PRE": "/claims",
        "VIR": "/payments",
        "CST": "/findings",
        "AUD": "/audits",
        "OPE": "/operations",
    }
)
"""The first letters of a reference, and where the cases that bear them are."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "complaint": "ComplaintState",
        "claim": "ClaimState",
        "payment": "PaymentState",
        "finding": "FindingState",
        "audit": "AuditState",
        "backlog": "BacklogState",
    }
)
"""The vocabulary of the steps of each procedure."""


def place_of(reference: str) -> str:
    """The address of the page that shows this case."""
    return f"{PLACES.get(reference.partition('-')[0], '/complaints')}/{reference}"
