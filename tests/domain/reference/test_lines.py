"""What each field of a line may hold, at its bounds; a refusal names the field, the rule and the remedy."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.reference.lines import FORMS, AnyLine, ContributionLine, IbanLine, MemberLine
from domain.reference.reading import _WRONG, Reading, read_line
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid
from tests.factories.reference import ROWS, a_contribution, a_member, an_iban, an_iban_change

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
MEMBERS, CONTRACTS, CONTRIBUTIONS = ReferenceKind.MEMBERS, ReferenceKind.CONTRACTS, ReferenceKind.CONTRIBUTIONS
IBANS, PROVIDERS, GUARANTEES, STAFF = list(ReferenceKind)[3:]


def read(kind: ReferenceKind, **changes: object) -> AnyLine:
    """The line, with these changes; what is empty is left out, as a file's reader does."""
    values = {**ROWS[kind](), **changes}
    return read_line(Reading(kind, NOON, PARIS), {n: v for n, v in values.items() if v not in ("", None)})


def refused_field(kind: ReferenceKind, **changes: object) -> str | None:
    """The field that is refused; None where the line is taken."""
    try:
        read(kind, **changes)
    except Invalid as refusal:
        return refusal.field if refusal.rule and refusal.remedy else "silent"
    return None


@pytest.mark.parametrize("kind", ReferenceKind)
def test_what_a_file_usually_says_is_taken(kind: ReferenceKind) -> None:
    assert refused_field(kind) is None


GOOD: list[tuple[ReferenceKind, str, object]] = [
    (MEMBERS, "number", "A"),
    (MEMBERS, "number", "M" * 20),
    (MEMBERS, "name", "é" * 200),
    (MEMBERS, "email", ""),
    (MEMBERS, "address", "3 rue Neuve | 29200 Brest"),
    (MEMBERS, "address", ["3 rue Neuve"] * 6),
    (MEMBERS, "language", "en"),
    (MEMBERS, "vip", "yes"),
    (MEMBERS, "vip", False),
    (MEMBERS, "sensitive", "client_decision_maker"),
    (CONTRACTS, "from_on", "1900-01-01"),
    (CONTRACTS, "from_on", "2199-12-31"),
    (CONTRACTS, "until_on", "2026-01-02"),
    (CONTRACTS, "guarantee", "A" * 40),
    (CONTRIBUTIONS, "due_cents", "0"),
    (CONTRIBUTIONS, "due_cents", 100_000_000_000),
    (CONTRIBUTIONS, "paid_cents", "000100"),
    (CONTRIBUTIONS, "period_on", "2024-02-01"),
    (IBANS, "iban", "FR76 3000 6000 0112 3456 7890 189"),
    (IBANS, "iban", "fr7630006000011234567890189"),
    (IBANS, "iban", "DE89370400440532013000"),
    (IBANS, "iban", "CH9300762011623852957"),
    (IBANS, "from_at", "2026-11-23"),
    (IBANS, "from_at", "2026-11-23T13:00:00+01:00"),
    (IBANS, "changed_through", "delegate"),
    (PROVIDERS, "number", "2A0000017"),
    (PROVIDERS, "number", "10000000017"),
    (PROVIDERS, "category", "alternative"),
    (GUARANTEES, "act", "CHAMBRE-PARTICULIERE+1.5"),
    (STAFF, "member_number", ""),
]
BAD: list[tuple[ReferenceKind, str, object]] = [
    (MEMBERS, "number", ""),
    (MEMBERS, "number", "M" * 21),
    (MEMBERS, "number", "m1"),
    (MEMBERS, "number", "M 1"),
    (MEMBERS, "number", "M١"),
    (MEMBERS, "number", 12),
    (MEMBERS, "name", "  "),
    (MEMBERS, "name", "é" * 201),
    (MEMBERS, "name", "a\0b"),
    (MEMBERS, "name", "\ud800"),
    (MEMBERS, "email", "nobody"),
    (MEMBERS, "email", "a@b.fr, c@d.fr"),
    (MEMBERS, "address", ["3 rue Neuve"] * 7),
    (MEMBERS, "address", "x" * 201),
    (MEMBERS, "address", {"street": "rue Neuve"}),
    (MEMBERS, "language", "br"),
    (MEMBERS, "vip", "maybe"),
    (MEMBERS, "vip", 1),
    (MEMBERS, "sensitive", "vip"),
    (MEMBERS, "holder", "m1"),
    (MEMBERS, "company_contact", "x" * 201),
    (CONTRACTS, "from_on", "1899-12-31"),
    (CONTRACTS, "from_on", "2200-01-01"),
    (CONTRACTS, "from_on", "01/01/2026"),
    (CONTRACTS, "from_on", "2026-02-29"),
    (CONTRACTS, "from_on", "1767225600"),
    (CONTRACTS, "from_on", 1767225600),
    (CONTRACTS, "until_on", "2026-01-01"),
    (CONTRACTS, "until_on", "2025-12-31"),
    (CONTRACTS, "guarantee", "A" * 41),
    (CONTRACTS, "guarantee", "-A"),
    (CONTRACTS, "member_number", ""),
    (CONTRIBUTIONS, "due_cents", "-1"),
    (CONTRIBUTIONS, "due_cents", -1),
    (CONTRIBUTIONS, "due_cents", "12.00"),
    (CONTRIBUTIONS, "due_cents", "12,00"),
    (CONTRIBUTIONS, "due_cents", "1_000"),
    (CONTRIBUTIONS, "due_cents", "+5"),
    (CONTRIBUTIONS, "due_cents", "١٢"),
    (CONTRIBUTIONS, "due_cents", 12.0),
    (CONTRIBUTIONS, "due_cents", True),
    (CONTRIBUTIONS, "due_cents", 100_000_000_001),
    (CONTRIBUTIONS, "due_cents", 10**40),
    (CONTRIBUTIONS, "period_on", "2026-01-02"),
    (CONTRIBUTIONS, "period_on", "2026-01"),
    (CONTRIBUTIONS, "period_on", "1899-12-01"),
    (IBANS, "iban", an_iban()[:-1]),
    (IBANS, "iban", an_iban() + "0"),
    (IBANS, "iban", "FR7630006000011234567890188"),
    (IBANS, "iban", "FR4330006000011234567890100"),
    (IBANS, "iban", "TR330006100519786457841326"),
    (IBANS, "iban", "XX7630006000011234567890189"),
    (IBANS, "from_at", "2026-11-24"),
    (IBANS, "from_at", "2026-11-23T12:00:01Z"),
    (IBANS, "from_at", "2026-11-23T12:00:00"),
    (IBANS, "from_at", "1767225600"),
    (IBANS, "from_at", 1767225600),
    (IBANS, "from_at", "0001-01-01"),
    (IBANS, "from_at", "0001-01-01T00:00:00+14:00"),
    (IBANS, "changed_through", "phone"),
    (IBANS, "changed_by", "Claire Morvan"),
    (PROVIDERS, "number", "12345678"),
    (PROVIDERS, "number", "1234567890"),
    (PROVIDERS, "number", "123456789012"),
    (PROVIDERS, "number", "2C0000017"),
    (PROVIDERS, "category", "optic"),
    (GUARANTEES, "act", ""),
    (GUARANTEES, "ceiling_cents", "1e3"),
    (STAFF, "login", "Claire"),
    (STAFF, "iban", "FR76"),
]


@pytest.mark.parametrize(("kind", "field", "value"), GOOD)
def test_what_is_within_the_bounds_is_taken(kind: ReferenceKind, field: str, value: object) -> None:
    assert refused_field(kind, **{field: value}) is None


@pytest.mark.parametrize(("kind", "field", "value"), BAD)
def test_what_is_beyond_them_is_refused_by_its_field(kind: ReferenceKind, field: str, value: object) -> None:
    assert refused_field(kind, **{field: value}) == field


def test_a_field_that_nobody_knows_is_refused() -> None:
    assert refused_field(MEMBERS, birthday="1970-01-01") == "birthday"


def test_every_field_of_every_form_has_its_rule() -> None:
    assert {name for form in FORMS.values() for name in form.model_fields} == set(_WRONG)


def test_no_refusal_repeats_an_iban() -> None:
    wrong = "FR7630006000011234567890188"
    with pytest.raises(Invalid) as refusal:
        read(STAFF, iban=wrong)
    assert wrong[4:] not in str(refusal.value.recorded())
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("field", ["email", "address", "language", "vip", "company_contact"])
def test_a_dependant_has_nothing_of_a_member_s(field: str) -> None:
    said = {"email": "a@b.example", "address": "x", "language": "fr", "vip": "yes", "company_contact": "Mme Le Goff"}
    alone = dict.fromkeys(said, "") | {"number": "B1", "holder": "M9000001"}
    assert refused_field(MEMBERS, **alone) is None
    assert refused_field(MEMBERS, **alone | {field: said[field]}) == field


def test_nobody_is_their_own_dependant() -> None:
    assert refused_field(MEMBERS, email="", holder="M9000001") == "holder"


def test_an_iban_changed_by_the_staff_names_who_has() -> None:
    assert refused_field(IBANS, changed_through="staff") == "changed_by"
    assert refused_field(IBANS, changed_through="staff", changed_by="claire.morvan") is None


def test_an_iban_is_changed_now_at_the_latest() -> None:
    for seconds, refused in ((-1, None), (0, None), (1, "from_at")):
        at = (NOON + timedelta(seconds=seconds)).isoformat()
        assert refused_field(IBANS, from_at=at) == refused


def test_a_day_alone_begins_at_midnight_and_nothing_at_all_is_now() -> None:
    day, nothing = read(IBANS, from_at="2026-07-01"), read(IBANS, from_at="")
    assert isinstance(day, IbanLine)
    assert isinstance(nothing, IbanLine)
    assert day.since(NOON, PARIS).astimezone(UTC) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert nothing.since(NOON, PARIS) == NOON


def test_spaces_around_a_value_are_none_of_it() -> None:
    line = read(MEMBERS, number=" M1 ", name=" Mme Le Goff ")
    assert isinstance(line, MemberLine)
    assert (line.number, line.name) == ("M1", "Mme Le Goff")


def test_cents_are_cents() -> None:
    line = read(CONTRIBUTIONS, **a_contribution(due_cents="1250"))
    assert isinstance(line, ContributionLine)
    assert line.due_cents == 1250


def test_factories_make_what_forms_know() -> None:
    assert {*a_member(), *an_iban_change()} <= {*MemberLine.model_fields, *IbanLine.model_fields}
