"""The automatic checks: what the machine looks at on every claim, from evidence that was gathered beforehand.

Each finding keeps its evidence: ids, dates and cents, of an IBAN never more than its last four digits.
Source: procedures, section 2 step 2
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from domain.claim.words import ChangedThrough, CheckName, CheckResult
from domain.policy.claim import ClaimPolicy, DuplicateRules
from domain.reference.iban import last_four, plain_iban


@dataclass(frozen=True)
class CheckedClaim:
    """The claim that is looked at. Amounts in euro cents; `iban_hash` is the IBAN's keyed hash."""

    member_number: str
    beneficiary_number: str
    contract_number: str | None
    act: str
    care_on: date
    amount_cents: int
    iban: str
    iban_hash: str


@dataclass(frozen=True)
class Rights:
    """A period of rights under a contract: half-open, without an end while it runs."""

    contract_number: str
    from_on: date
    until_on: date | None = None

    def are_open_on(self, day: date) -> bool:
        """The last day of rights is the day before `until_on`."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True)
class OtherClaim:
    """A claim of the same beneficiary, by whatever way it came, that is neither refused nor abandoned."""

    reference: str
    beneficiary_number: str
    act: str
    care_on: date
    amount_cents: int


@dataclass(frozen=True)
class KnownIban:
    """The member's IBAN in force: since which day, and who changed it (nobody of the staff where `changed_by` is
    None). `is_first`: there was none before it, so that nothing was changed."""

    iban_hash: str
    from_on: date
    is_first: bool = False
    changed_by: UUID | None = None
    changed_through: ChangedThrough = ChangedThrough.MEMBER


@dataclass(frozen=True)
class StaffIban:
    """A member of staff whose keyed hash is that of the claim's IBAN; `member_number` is their own contract's."""

    staff_id: UUID
    member_number: str | None = None


@dataclass(frozen=True)
class Contribution:
    """What was due for one period, and what of it was paid, in euro cents."""

    period_on: date
    due_cents: int
    paid_cents: int

    @property
    def unpaid_cents(self) -> int:
        """What is missing; who paid more than was due does not make up for another period."""
        return max(0, self.due_cents - self.paid_cents)


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at, as of `on`, the day of the check.

    `rights` are those of the claim's contract, or of all the beneficiary's where it names none; `others` the
    beneficiary's other claims near the care date; `iban_members` all members who are paid to this IBAN;
    `related_members` those who share a contract or a beneficiary with the claim's member; `consumed_cents` what was
    paid or is to be paid for the contract within the policy's period, this claim left out; `contributions` the
    periods that have begun.
    """

    on: date
    claim: CheckedClaim
    rights: tuple[Rights, ...] = ()
    others: tuple[OtherClaim, ...] = ()
    iban_members: frozenset[str] = frozenset()
    related_members: frozenset[str] = frozenset()
    known_iban: KnownIban | None = None
    staff: tuple[StaffIban, ...] = ()
    consumed_cents: int = 0
    contributions: tuple[Contribution, ...] = ()


@dataclass(frozen=True)
class CheckFinding:
    """What one check found. `evidence` holds what JSON can: text, numbers, lists of them."""

    name: CheckName
    result: CheckResult
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is stored on the claim; `from_json` reads it back."""
        return {"name": self.name.value, "result": self.result.value, "evidence": dict(self.evidence)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(CheckName(row["name"]), CheckResult(row["result"]), row["evidence"])


def check_claim(evidence: Evidence, policy: ClaimPolicy) -> tuple[CheckFinding, ...]:
    """One finding per check, in the order of `CheckName`.

    Source: procedures, section 2 step 2
    """
    found = []
    for name in CheckName:
        result, proof = _CHECKS[name](evidence, policy)
        found.append(CheckFinding(name, result, proof))
    return tuple(found)


def stops(findings: tuple[CheckFinding, ...]) -> tuple[CheckFinding, ...]:
    """The findings that send a claim to a controller, and that a payment has to answer."""
    return tuple(finding for finding in findings if finding.result is CheckResult.STOP)


_Found = tuple[CheckResult, dict[str, Any]]


def _rights_open(evidence: Evidence, _policy: ClaimPolicy) -> _Found:
    """Rights are open on the care date, not on the day of the request."""
    claim = evidence.claim
    mine = [r for r in evidence.rights if claim.contract_number in (None, r.contract_number)]
    under = next((rights for rights in mine if rights.are_open_on(claim.care_on)), None)
    if under is not None:
        return CheckResult.PASS, {"contract": under.contract_number, **_period(under)}
    periods = [{"contract": rights.contract_number, **_period(rights)} for rights in mine]
    return CheckResult.STOP, {"care_on": claim.care_on.isoformat(), "periods": periods}


def _period(rights: Rights) -> dict[str, str | None]:
    until = rights.until_on.isoformat() if rights.until_on else None
    return {"from_on": rights.from_on.isoformat(), "until_on": until}


def _duplicate(evidence: Evidence, policy: ClaimPolicy) -> _Found:
    """The same care asked for twice stops; nearly the same days, within three, warn."""
    claim, rules = evidence.claim, policy.checks.duplicate
    alike = [other for other in evidence.others if _is_alike(claim, other, rules)]
    same_day = any(other.care_on == claim.care_on for other in alike)
    result = CheckResult.STOP if same_day else CheckResult.WARN if alike else CheckResult.PASS
    told = [
        {"claim": other.reference, "care_on": other.care_on.isoformat(), "amount_cents": other.amount_cents}
        for other in alike
    ]
    return result, {"claims": told}


def _is_alike(claim: CheckedClaim, other: OtherClaim, rules: DuplicateRules) -> bool:
    near = abs(claim.care_on - other.care_on) <= timedelta(days=rules.care_within.days)
    same = (claim.beneficiary_number, claim.act) == (other.beneficiary_number, other.act)
    return near and same and amounts_are_alike(claim.amount_cents, other.amount_cents, rules.amount_within.percent)


def amounts_are_alike(one_cents: int, other_cents: int, percent: int) -> bool:
    """Whether two amounts differ by at most so many percent of the larger one; exactly so many are alike.

    Of 100.00 €: from 99.00 € (1 % of 100.00 lies between them) to 101.01 € (1.01 € is 1 % of 101.01 €); 98.99 € and
    101.02 € are not. It does not matter which of the two came first. Whole cents, nothing is rounded.
    """
    return 100 * abs(one_cents - other_cents) <= percent * max(one_cents, other_cents)


def _iban_valid(evidence: Evidence, _policy: ClaimPolicy) -> _Found:
    """A transfer to an IBAN whose check digits are wrong, or that is of no SEPA country, would come back."""
    iban = evidence.claim.iban
    return CheckResult.PASS if _can_be_paid(iban) else CheckResult.STOP, {"ends_with": last_four(iban)}


def _can_be_paid(iban: str) -> bool:
    try:
        return plain_iban(iban) == iban
    except ValueError:
        return False


def _iban_shared(evidence: Evidence, _policy: ClaimPolicy) -> _Found:
    """A couple may share an account; members who have nothing to do with each other may not."""
    strangers = evidence.iban_members - evidence.related_members - {evidence.claim.member_number}
    return CheckResult.STOP if strangers else CheckResult.PASS, {"members": sorted(strangers)}


def _iban_changed(evidence: Evidence, policy: ClaimPolicy) -> _Found:
    """An IBAN changed less than 30 days ago warns, with who changed it; on the thirtieth day it no longer does.

    One that is not the member's in force stops: nobody has changed it to that.
    """
    known = evidence.known_iban
    if known is None or known.iban_hash != evidence.claim.iban_hash:
        return CheckResult.STOP, {"in_force": False}
    days = (evidence.on - known.from_on).days
    recent = not known.is_first and days < policy.checks.iban_changed_within.days
    changed_by = str(known.changed_by) if known.changed_by else None
    who = {"changed_through": known.changed_through.value, "changed_by": changed_by}
    proof = {"in_force": True, "from_on": known.from_on.isoformat(), **({} if known.is_first else who)}
    return CheckResult.WARN if recent else CheckResult.PASS, proof


def _staff_iban(evidence: Evidence, _policy: ClaimPolicy) -> _Found:
    """The IBAN of a member of staff on a contract that is not theirs stops; on their own it is as it should be.

    Source: Memo (monthly comparison)
    """
    own = any(one.member_number == evidence.claim.member_number for one in evidence.staff)
    proof = {"staff": sorted(str(one.staff_id) for one in evidence.staff), "own_contract": own}
    return CheckResult.STOP if evidence.staff and not own else CheckResult.PASS, proof


def _contributions(evidence: Evidence, policy: ClaimPolicy) -> _Found:
    """High consumption, this claim included, while contributions are unpaid.

    Source: Memo
    """
    rules = policy.checks.contributions
    consumed = evidence.consumed_cents + evidence.claim.amount_cents
    unpaid = sum(one.unpaid_cents for one in evidence.contributions if one.period_on <= evidence.on)
    stop = consumed > rules.consumption.above_cents and unpaid > rules.unpaid.above_cents
    proof = {"consumed_cents": consumed, "unpaid_cents": unpaid}
    return CheckResult.STOP if stop else CheckResult.PASS, proof


_CHECKS: Mapping[CheckName, Callable[[Evidence, ClaimPolicy], _Found]] = {
    CheckName.RIGHTS_OPEN: _rights_open,
    CheckName.DUPLICATE: _duplicate,
    CheckName.IBAN_VALID: _iban_valid,
    CheckName.IBAN_SHARED: _iban_shared,
    CheckName.IBAN_CHANGED: _iban_changed,
    CheckName.STAFF_IBAN: _staff_iban,
    CheckName.CONTRIBUTIONS: _contributions,
}
