"""What a decision has to say before it counts: every item answered, a fitting amount, a reason where one is due.

Source: procedures, section 2 steps 3 and 4
"""

from domain.claim.case import Claim
from domain.claim.checks import stops
from domain.claim.commands import Decide
from domain.claim.words import CheckName, ItemAnswer, Verdict
from domain.policy.claim import Checklist
from domain.refusals import Invalid

NEVER_PAID = CheckName.IBAN_VALID
"""The check that no reason overrides: no bank pays to an IBAN that cannot be one."""


def check_decision(case: Claim, command: Decide, checklist: Checklist) -> int:
    """What is to be paid, in euro cents: 0 for a refusal. Raises Invalid.

    Source: procedures, section 2 steps 3 and 4
    """
    _check_every_item(command, checklist)
    if command.decision is not Verdict.PAY and command.reason is None:
        raise Invalid(
            "Whoever is paid less than they asked for, or nothing, is told why.",
            "Give the reason: it stands in the letter to the member.",
            field="reason",
        )
    if command.decision is not Verdict.REFUSE:
        _check_stops(case, command)
    amount_cents = decided_cents(case, command.decision, command.amount_cents)
    if command.decision is Verdict.PAY:
        _check_all_right(command)
    return amount_cents


def decided_cents(case: Claim, verdict: Verdict, amount_cents: int | None) -> int:
    """What a decision pays, in euro cents: 0 for a refusal. Raises Invalid for an amount that does not fit it.

    Source: procedures, section 2 step 4
    """
    if verdict is Verdict.REFUSE:
        return _nothing(amount_cents)
    corrects = verdict is Verdict.PAY_CORRECTED
    return _corrected(case, amount_cents) if corrects else _as_asked(case, amount_cents)


def _check_every_item(command: Decide, checklist: Checklist) -> None:
    """Each item once, and no other. Raises Invalid."""
    answered = [one.item for one in command.checklist]
    wanted = [item.id for item in checklist.items]
    missing = [item for item in wanted if item not in answered]
    strange = [item for item in answered if item not in wanted]
    if missing:
        raise Invalid(
            f"The control is whole: every item of the checklist is answered, and these are not: {', '.join(missing)}.",
            "Answer them: ok, not_ok or not_applicable.",
            field="checklist",
        )
    if strange or len(answered) > len(wanted):
        raise Invalid(
            "The checklist is answered item by item, each once.",
            "Read the checklist of the claim's category again: it may be another one by now.",
            field="checklist",
        )


def _check_stops(case: Claim, command: Decide) -> None:
    """What the machine stopped is paid only by somebody who says why. Raises Invalid. Source: policy"""
    stopped = [finding.name for finding in stops(case.findings)]
    if NEVER_PAID in stopped:
        raise Invalid(
            "No bank pays to an IBAN that cannot be one.",
            "Have the member's IBAN corrected, or refuse.",
            field="decision",
        )
    if stopped and command.override_reason is None:
        raise Invalid(
            f"An automatic check says stop: {', '.join(stopped)}.",
            "Refuse, or say in override_reason why it is paid all the same.",
            field="override_reason",
        )


def _check_all_right(command: Decide) -> None:
    if any(one.answer is ItemAnswer.NOT_OK for one in command.checklist):
        raise Invalid(
            "What is not right is not paid as it was asked.",
            "Pay a corrected amount, ask for the document, or refuse.",
            field="checklist",
        )


def _as_asked(case: Claim, amount_cents: int | None) -> int:
    if amount_cents not in (None, case.amount_cents):
        raise Invalid(
            "To pay is to pay what was asked.",
            "Leave amount_cents out, or decide pay_corrected.",
            field="amount_cents",
        )
    return case.amount_cents


def _corrected(case: Claim, amount_cents: int | None) -> int:
    if amount_cents is None or amount_cents >= case.amount_cents:
        raise Invalid(
            f"A corrected amount is below what was asked ({case.amount_cents} euro cents).",
            "Give it in amount_cents; to pay what was asked, decide pay.",
            field="amount_cents",
        )
    return amount_cents


def _nothing(amount_cents: int | None) -> int:
    if amount_cents is not None:
        raise Invalid("A refusal pays nothing.", "Leave amount_cents out.", field="amount_cents")
    return 0
