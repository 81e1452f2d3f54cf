"""The facts that the automatic checks look at, of many claims at once: each an indexed look-up, however many there are.

A claim that is entered alone is a list of one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.claim.checks import CheckedClaim, Contribution, Evidence, KnownIban, OtherClaim, Rights, StaffIban
from domain.claim.states import ClaimState
from domain.claim.words import ChangedThrough
from domain.policy import PolicyVersion

FORGOTTEN = [ClaimState.REFUSED, ClaimState.ABANDONED]
"""Claims that nothing is paid for: none is a duplicate of them."""

ALIKE = """
SELECT l.n, c.reference, c.beneficiary_number, c.act, c.care_on, c.amount_cents
FROM unnest(CAST(:beneficiaries AS text[]), CAST(:acts AS text[]), CAST(:days AS date[]))
     WITH ORDINALITY AS l (beneficiary_number, act, day, n)
CROSS JOIN LATERAL (SELECT * FROM claims c
    WHERE c.beneficiary_number = l.beneficiary_number AND c.act = l.act
    AND c.care_on BETWEEN l.day - CAST(:near AS integer) AND l.day + CAST(:near AS integer)
    AND c.state <> ALL (:forgotten)) c
ORDER BY l.n, c.care_on, c.reference"""
"""The beneficiary's other claims of the same act near the care date, by whatever way they came."""
PAID_TO = """
SELECT iban_hash, member_number FROM member_ibans WHERE iban_hash = ANY (:hashes) AND until_at IS NULL
UNION SELECT iban_hash, member_number FROM claims WHERE iban_hash = ANY (:hashes)"""
"""All members whose account this is, or was asked to be."""
CONSUMED = """
SELECT l.n, c.cents
FROM unnest(CAST(:members AS text[]), CAST(:contracts AS text[])) WITH ORDINALITY AS l (member_number, contract, n)
CROSS JOIN LATERAL (SELECT sum(payable_cents) AS cents FROM claims c
    WHERE c.member_number = l.member_number AND c.care_on > :after
    AND (l.contract IS NULL OR c.contract_number = l.contract)) c
WHERE c.cents > 0"""
"""What is paid or to be paid for the contract, or for all of the member's, since a day."""
RELATED = """
SELECT c.member_number, b.member_number FROM claims c JOIN beneficiaries b ON b.number = c.beneficiary_number
WHERE c.member_number = ANY (:members)
UNION SELECT b.member_number, c.member_number FROM claims c JOIN beneficiaries b ON b.number = c.beneficiary_number
WHERE b.member_number = ANY (:members)"""
"""The members for whose beneficiaries these have claimed, and those who have claimed for these ones'."""
RIGHTS = """
SELECT k.member_number, r.contract_number, r.from_on, r.until_on
FROM contracts k JOIN contract_rights r ON r.contract_number = k.number
WHERE k.member_number = ANY (:members) ORDER BY r.contract_number, r.from_on"""
UNPAID = """
SELECT k.member_number, k.number, c.period_on, c.due_cents, c.paid_cents
FROM contracts k JOIN contributions c ON c.contract_number = k.number
WHERE k.member_number = ANY (:members) AND c.period_on <= :today AND c.paid_cents < c.due_cents
ORDER BY c.period_on, k.number"""
"""The months that have begun and are not paid whole: the others say nothing of what is unpaid."""
IN_FORCE = """
SELECT i.member_number, i.iban_hash, i.from_at, i.changed_by, i.changed_through,
       NOT EXISTS (SELECT FROM member_ibans e WHERE e.member_number = i.member_number AND e.id <> i.id) AS is_first
FROM member_ibans i WHERE i.member_number = ANY (:members) AND i.until_at IS NULL"""
"""The member's account of today: the first of all, or one that took another's place."""
STAFF = "SELECT iban_hash, staff_id, member_number FROM staff_ibans WHERE iban_hash = ANY (:hashes)"


def evidence_of(
    session: Session, claims: Sequence[CheckedClaim], today: date, version: PolicyVersion
) -> list[Evidence]:
    """All that the checks look at, of claims that are not in the register yet; of each other they know nothing."""
    asked = _Asked(session, claims)
    rules = version.claim.checks
    paid_to = _paid_to(asked)
    found = _Found(
        alike=_alike(asked, rules.duplicate.care_within.days),
        paid_to=paid_to,
        related=_related(session, _sharing(claims, paid_to)),
        rights=_grouped(asked.rows(RIGHTS), Rights),
        in_force=_in_force(asked, ZoneInfo(version.office.zone)),
        staff=_grouped(asked.rows(STAFF), StaffIban),
        consumed=_consumed(asked, today - timedelta(days=rules.contributions.consumed_within.days)),
        unpaid=_unpaid(asked, today),
    )
    return [found.of(number, claim, today) for number, claim in enumerate(claims, 1)]


@dataclass(frozen=True)
class _Asked:
    """Of which claims facts are wanted."""

    session: Session
    claims: Sequence[CheckedClaim]

    def rows(self, statement: str, **values: Any) -> Iterable[Any]:
        """What a statement finds about these members, or these accounts."""
        members = sorted({claim.member_number for claim in self.claims})
        hashes = sorted({bytes.fromhex(claim.iban_hash) for claim in self.claims})
        of_all: dict[str, Any] = {"members": members} if ":members" in statement else {}
        of_all |= {"hashes": hashes} if ":hashes" in statement else {}
        return self.session.execute(text(statement), of_all | values)


@dataclass(frozen=True)
class _Found:
    """What the register knows, by the place of the claim in the list, by member, or by account."""

    alike: Mapping[int, Sequence[OtherClaim]]
    paid_to: Mapping[bytes, frozenset[str]]
    related: Mapping[str, frozenset[str]]
    rights: Mapping[str, Sequence[Rights]]
    in_force: Mapping[str, KnownIban]
    staff: Mapping[bytes, Sequence[StaffIban]]
    consumed: Mapping[int, int]
    unpaid: Mapping[str, Sequence[tuple[str, Contribution]]]

    def of(self, number: int, claim: CheckedClaim, today: date) -> Evidence:
        """The facts about one of the claims."""
        member, account = claim.member_number, bytes.fromhex(claim.iban_hash)
        named = claim.contract_number
        return Evidence(
            on=today,
            claim=claim,
            rights=tuple(one for one in self.rights.get(member, ()) if named in (None, one.contract_number)),
            others=tuple(self.alike.get(number, ())),
            iban_members=self.paid_to.get(account, frozenset()),
            related_members=self.related.get(member, frozenset()),
            known_iban=self.in_force.get(member),
            staff=tuple(self.staff.get(account, ())),
            consumed_cents=self.consumed.get(number, 0),
            contributions=tuple(one for contract, one in self.unpaid.get(member, ()) if named in (None, contract)),
        )


def _grouped(rows: Iterable[Any], kind: Any) -> dict[Any, list[Any]]:
    """Rows by their first column, the others read as `kind`."""
    found = defaultdict(list)
    for key, *values in rows:
        found[key].append(kind(*values))
    return found


def _alike(asked: _Asked, near: int) -> dict[int, list[OtherClaim]]:
    rows = asked.rows(
        ALIKE,
        beneficiaries=[claim.beneficiary_number for claim in asked.claims],
        acts=[claim.act for claim in asked.claims],
        days=[claim.care_on for claim in asked.claims],
        near=near,
        forgotten=FORGOTTEN,
    )
    return _grouped(rows, OtherClaim)


def _paid_to(asked: _Asked) -> dict[bytes, frozenset[str]]:
    found = _grouped(asked.rows(PAID_TO), str)
    return {account: frozenset(members) for account, members in found.items()}


def _sharing(claims: Sequence[CheckedClaim], paid_to: Mapping[bytes, frozenset[str]]) -> list[str]:
    """The members whose account is somebody else's as well, as the register or another of these claims says."""
    members = {account: set(known) for account, known in paid_to.items()}
    for claim in claims:
        members.setdefault(bytes.fromhex(claim.iban_hash), set()).add(claim.member_number)
    return sorted(
        {claim.member_number for claim in claims if members[bytes.fromhex(claim.iban_hash)] - {claim.member_number}}
    )


def _related(session: Session, members: list[str]) -> dict[str, frozenset[str]]:
    """Asked of the few who share an account: it reads all of their claims."""
    rows = session.execute(text(RELATED), {"members": members}) if members else ()
    return {member: frozenset(others) for member, others in _grouped(rows, str).items()}


def _in_force(asked: _Asked, zone: ZoneInfo) -> dict[str, KnownIban]:
    return {
        row.member_number: KnownIban(
            iban_hash=row.iban_hash.hex(),
            from_on=row.from_at.astimezone(zone).date(),
            is_first=row.is_first,
            changed_by=row.changed_by,
            changed_through=ChangedThrough(row.changed_through),
        )
        for row in asked.rows(IN_FORCE)
    }


def _consumed(asked: _Asked, after: date) -> dict[int, int]:
    rows = asked.rows(
        CONSUMED,
        members=[claim.member_number for claim in asked.claims],
        contracts=[claim.contract_number for claim in asked.claims],
        after=after,
    )
    return {number: int(cents) for number, cents in rows}


def _unpaid(asked: _Asked, today: date) -> dict[str, list[tuple[str, Contribution]]]:
    found = defaultdict(list)
    for member, contract, *values in asked.rows(UNPAID, today=today):
        found[member].append((contract, Contribution(*values)))
    return found
