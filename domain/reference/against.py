"""What a line says that does not go with the register, or with another line of its file.

Source: procedures, section 2 step 0
"""

from enum import StrEnum

from domain.refusals import Invalid


class Judgement(StrEnum):
    """What becomes of a line whose form is right: the first three are taken in, or are there already."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    TWICE = "twice"
    NO_MEMBER = "no_member"
    NO_HOLDER = "no_holder"
    NO_CONTRACT = "no_contract"
    NO_LOGIN = "no_login"
    IS_MEMBER = "is_member"
    IS_DEPENDANT = "is_dependant"
    OF_ANOTHER = "of_another"
    TWO_GUARANTEES = "two_guarantees"
    OVERLAP = "overlap"
    PAST = "past"


_REFUSALS = {
    Judgement.TWICE: Invalid(
        "An earlier line of the file says otherwise of the same.", "Leave in the file the line that is right."
    ),
    Judgement.NO_MEMBER: Invalid(
        "No member has this number.", "Import the members first, or correct it.", field="member_number"
    ),
    Judgement.NO_HOLDER: Invalid(
        "The holder is no member.", "Give the number of the member through whom they are covered.", field="holder"
    ),
    Judgement.NO_CONTRACT: Invalid(
        "No contract has this number.", "Import the contracts first, or correct it.", field="contract_number"
    ),
    Judgement.NO_LOGIN: Invalid("Nobody of the staff has this login.", "Correct it; a login stays for ever."),
    Judgement.IS_MEMBER: Invalid(
        "This is a member's number: a member does not become a dependant.",
        "Give the dependant a number of their own.",
        field="number",
    ),
    Judgement.IS_DEPENDANT: Invalid(
        "This is a dependant's number: a dependant does not become a member under it.",
        "Give the member a number of their own, or name the holder.",
        field="number",
    ),
    Judgement.OF_ANOTHER: Invalid(
        "The contract is another member's: it does not change hands.",
        "Give the member that the contract was made with.",
        field="member_number",
    ),
    Judgement.TWO_GUARANTEES: Invalid(
        "An earlier line of the file puts this contract under another guarantee.",
        "A contract is under one guarantee: leave the one that is right.",
        field="guarantee",
    ),
    Judgement.OVERLAP: Invalid(
        "These rights overlap others of the same contract.",
        "End the earlier ones on the day on which these begin.",
        field="from_on",
    ),
    Judgement.PAST: Invalid(
        "For this instant another IBAN is registered, or another way of changing it: what was is not written anew.",
        "Give the instant of the change, or leave it empty for now.",
        field="from_at",
    ),
}
TAKEN = frozenset({Judgement.NEW, Judgement.CHANGED})


def refusal_of(judgement: Judgement, login_field: str) -> Invalid | None:
    """Why the line is refused; None when it is taken in or there already."""
    refusal = _REFUSALS.get(judgement)
    if judgement is Judgement.NO_LOGIN:
        return Invalid(_REFUSALS[judgement].rule, _REFUSALS[judgement].remedy, field=login_field)
    return refusal
