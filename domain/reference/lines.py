"""One form per kind of line: what its columns are called, and what each may hold.

Source: procedures, section 2 step 0
"""

import re
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter

from domain.civil import Day, Instant, SaneDay, within_years
from domain.claim.words import CareCategory, ChangedThrough, Sensitive
from domain.forms import Email, Form, Line
from domain.reference.iban import Iban
from domain.reference.words import ReferenceKind

_LONGEST_AMOUNT = 12
_DAY_ALONE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YES_OR_NO = {"yes": True, "no": False}
_DAY: TypeAdapter[date] = TypeAdapter(Day)


def _first_of_month(day: date) -> date:
    if day.day != 1:
        raise ValueError("a month is named by its first day")
    return within_years(day)


def _whole_cents(written: object) -> object:
    """`12.00` could be meant as cents or as euros: it is neither."""
    if isinstance(written, str) and written.isdecimal() and written.isascii() and len(written) <= _LONGEST_AMOUNT:
        return int(written)
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    raise ValueError("whole cents")


def _yes_or_no(written: object) -> object:
    return _YES_OR_NO.get(written, written) if isinstance(written, str) else written


def _day_or_instant(written: object) -> object:
    """A day alone is a day; whatever else is an instant, with its zone."""
    return _DAY.validate_python(written) if isinstance(written, str) and _DAY_ALONE.fullmatch(written) else written


def _lines_of_address(written: object) -> object:
    """In CSV the lines of an address are parted by bars."""
    return [one for part in written.split("|") if (one := part.strip())] if isinstance(written, str) else written


Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Z-]{1,20}$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Z][0-9A-Z._+-]{0,39}$")]
ProviderNumber = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9][0-9AB][0-9]{7}|[0-9]{11})$")]
Login = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]
Month = Annotated[Day, AfterValidator(_first_of_month)]
Cents = Annotated[int, BeforeValidator(_whole_cents), Field(ge=0, le=10**11)]
YesOrNo = Annotated[bool, Field(strict=True), BeforeValidator(_yes_or_no)]
Moment = Annotated[
    Instant | Annotated[date, Field(strict=True)], BeforeValidator(_day_or_instant), AfterValidator(within_years)
]
Address = Annotated[list[Line], Field(max_length=6), BeforeValidator(_lines_of_address)]


class MemberLine(Form):
    """A member, or with `holder` a dependant of that member, who has no address or language of their own."""

    number: Number
    name: Line
    holder: Number | None = None
    email: Email | None = None
    address: Address = Field(default_factory=list)
    language: Annotated[str, StringConstraints(pattern="^(fr|en)$")] | None = None
    vip: YesOrNo | None = None
    company_contact: Line | None = None
    sensitive: Sensitive | None = None

    @property
    def of_members_only(self) -> str | None:
        """The first field that only a member has, where a dependant's line fills it."""
        names = ("email", "address", "language", "vip", "company_contact")
        return next((name for name in names if self.holder is not None and getattr(self, name)), None)


class ContractLine(Form):
    """A period of rights of a member's contract: from a day until a day that is no longer one of it."""

    number: Number
    member_number: Number
    guarantee: Code
    from_on: SaneDay
    until_on: SaneDay | None = None


class ContributionLine(Form):
    """What was due and what was paid for one month of a contract, which is named by its first day."""

    contract_number: Number
    period_on: Month
    due_cents: Cents
    paid_cents: Cents


class IbanLine(Form):
    """The account on which a member is paid, since when, and who changed it; since now, where it says nothing."""

    member_number: Number
    iban: Iban
    changed_through: ChangedThrough
    from_at: Moment | None = None
    changed_by: Login | None = None

    def since(self, at: datetime, zone: ZoneInfo) -> datetime:
        """From which instant on: a day alone begins at midnight, where the insurer is."""
        if self.from_at is None:
            return at
        if isinstance(self.from_at, datetime):
            return self.from_at
        return datetime.combine(self.from_at, time(), zone)


class ProviderLine(Form):
    """Whoever gives care, under a FINESS number (9 characters) or an RPPS number (11 digits)."""

    number: ProviderNumber
    name: Line
    category: CareCategory


class GuaranteeLine(Form):
    """What a guarantee table pays for one act at most."""

    guarantee: Code
    category: CareCategory
    act: Code
    ceiling_cents: Cents


class StaffLine(Form):
    """An account of somebody of the staff, and their own membership if they have one."""

    login: Login
    iban: Iban
    member_number: Number | None = None


AnyLine = MemberLine | ContractLine | ContributionLine | IbanLine | ProviderLine | GuaranteeLine | StaffLine
FORMS: dict[ReferenceKind, type[AnyLine]] = {
    ReferenceKind.MEMBERS: MemberLine,
    ReferenceKind.CONTRACTS: ContractLine,
    ReferenceKind.CONTRIBUTIONS: ContributionLine,
    ReferenceKind.IBANS: IbanLine,
    ReferenceKind.PROVIDERS: ProviderLine,
    ReferenceKind.GUARANTEES: GuaranteeLine,
    ReferenceKind.STAFF: StaffLine,
}
