"""What a batch does to the claims in it: commands of the system itself on their cases.

They are kept in the transaction that changes the batch, and delivered afterwards, each once.
Source: procedures, section 2 step 5
"""

from enum import StrEnum


class OnClaim(StrEnum):
    """The kinds of command that a batch gives to the case of a claim. A claim without a case follows by itself.

    `instruct`: it is in a batch · `record_payment`: the money has moved · `withdraw` (`reason`: batch_cancelled,
    file_refused or not_executed): it can be in another batch · `reopen` (`reason`: rejected_by_bank; or, when it was
    left out of a batch, iban_changed, approvals_missing): it is controlled again. The bank's `code` stands with what it
    has refused.
    """

    INSTRUCT = "instruct"
    RECORD_PAYMENT = "record_payment"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
