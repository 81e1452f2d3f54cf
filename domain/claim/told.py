"""What an automatic check found, as a French or English sentence: from its evidence, never with an account in clear.

Source: procedures, section 2 step 2 (each check with its result on the file)
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.claim.checks import CheckFinding
from domain.claim.words import CheckName, CheckResult

Evidence = Mapping[str, Any]
Both = tuple[str, str]
"""The French sentence and the English one."""


def tell_finding(finding: CheckFinding, language: str = "fr") -> str:
    """One sentence: what was looked at, and what was found."""
    french, english = _TELLERS[finding.name](finding.evidence, finding.result)
    return french if language == "fr" else english


def _day(written: str) -> str:
    return date.fromisoformat(written).strftime("%d/%m/%Y")


def _euros(cents: int) -> Both:
    return f"{cents // 100},{cents % 100:02d} €", f"€{cents // 100}.{cents % 100:02d}"


def _rights_open(evidence: Evidence, result: CheckResult) -> Both:
    if result is CheckResult.PASS:
        contract = evidence["contract"]
        return (
            f"Les droits du contrat {contract} étaient ouverts à la date des soins.",
            f"The rights of contract {contract} were open on the care date.",
        )
    on = _day(evidence["care_on"])
    return (
        f"Aucun droit n’était ouvert le {on}, date des soins.",
        f"No rights were open on {on}, the care date.",
    )


def _duplicate(evidence: Evidence, result: CheckResult) -> Both:
    if result is CheckResult.PASS:
        return "Aucune autre demande ne lui ressemble.", "No other request is like this one."
    others = ", ".join(f"{one['claim']} ({_day(one['care_on'])})" for one in evidence["claims"])
    if result is CheckResult.STOP:
        return (
            f"Même bénéficiaire, même acte, même date, même montant à 1 % près : {others}.",
            f"Same beneficiary, same act, same date, same amount within 1 %: {others}.",
        )
    return (
        f"Même bénéficiaire, même acte, à quelques jours près : {others}.",
        f"Same beneficiary, same act, a few days apart: {others}.",
    )


def _iban_valid(evidence: Evidence, result: CheckResult) -> Both:
    end = evidence["ends_with"]
    if result is CheckResult.PASS:
        return f"L’IBAN qui finit par {end} est valide.", f"The IBAN that ends with {end} is valid."
    return (
        f"L’IBAN qui finit par {end} n’est pas valide : aucun virement ne peut y arriver.",
        f"The IBAN that ends with {end} is not valid: no transfer can arrive there.",
    )


def _iban_shared(evidence: Evidence, result: CheckResult) -> Both:
    if result is CheckResult.PASS:
        return "Aucun adhérent étranger n’a ce compte.", "No unrelated member has this account."
    members = ", ".join(evidence["members"])
    return (
        f"Ce compte est aussi celui d’adhérents sans lien connu : {members}.",
        f"This account is also that of members without a known tie: {members}.",
    )


def _iban_changed(evidence: Evidence, result: CheckResult) -> Both:
    if not evidence["in_force"]:
        return (
            "Ce compte n’est pas celui de l’adhérent en vigueur.",
            "This account is not the member’s account in force.",
        )
    since = _day(evidence["from_on"])
    if result is CheckResult.PASS:
        return f"Compte en vigueur depuis le {since}.", f"Account in force since {since}."
    french, english = _CHANGED_BY[evidence["changed_through"]]
    return (
        f"Compte changé récemment, le {since}, {french}.",
        f"Account changed recently, on {since}, {english}.",
    )


_CHANGED_BY: Mapping[str, Both] = {
    "member": ("par l’adhérent", "by the member"),
    "staff": ("par un membre du personnel", "by a member of staff"),
    "delegate": ("par un délégataire", "by a delegate"),
}


def _staff_iban(evidence: Evidence, result: CheckResult) -> Both:
    if result is CheckResult.STOP:
        return (
            "Ce compte est celui d’un membre du personnel, et le contrat n’est pas le sien.",
            "This account is that of a member of staff, and the contract is not theirs.",
        )
    if evidence["own_contract"]:
        return (
            "Ce compte est celui d’un membre du personnel, sur son propre contrat.",
            "This account is that of a member of staff, on their own contract.",
        )
    return "Ce compte n’est celui d’aucun membre du personnel.", "This account is that of nobody of the staff."


def _contributions(evidence: Evidence, result: CheckResult) -> Both:
    consumed, unpaid = _euros(evidence["consumed_cents"]), _euros(evidence["unpaid_cents"])
    if result is CheckResult.STOP:
        return (
            f"Forte consommation ({consumed[0]}) et cotisations impayées ({unpaid[0]}).",
            f"High consumption ({consumed[1]}) and unpaid contributions ({unpaid[1]}).",
        )
    return (
        f"Consommation {consumed[0]}, cotisations impayées {unpaid[0]}.",
        f"Consumption {consumed[1]}, unpaid contributions {unpaid[1]}.",
    )


_TELLERS: Mapping[CheckName, Callable[[Evidence, CheckResult], Both]] = {
    CheckName.RIGHTS_OPEN: _rights_open,
    CheckName.DUPLICATE: _duplicate,
    CheckName.IBAN_VALID: _iban_valid,
    CheckName.IBAN_SHARED: _iban_shared,
    CheckName.IBAN_CHANGED: _iban_changed,
    CheckName.STAFF_IBAN: _staff_iban,
    CheckName.CONTRIBUTIONS: _contributions,
}
