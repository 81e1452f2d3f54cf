"""The figures of an audit's report."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.audit.edition import ordered
from domain.audit.figures import average, by_domain, piece_figures
from domain.audit.words import AuditDomain, Criterion, Grade
from tests.factories.audit_reports import a_report, an_edition, an_empty_report, validations

PIECE = a_report(0).pieces[0]


def graded(*grades: str) -> list[object]:
    """Pieces with these grades of conformity."""
    return [replace(PIECE, grades={Criterion.CONFORMITY: Grade(grade)}) for grade in grades]


def test_what_came_late_counts_as_delivered_and_is_told_apart() -> None:
    figures = piece_figures(a_report(0).pieces)
    assert (figures.asked, figures.in_time, figures.late, figures.missing) == (38, 33, 2, 3)
    assert figures.delivered == 35
    assert piece_figures(()).asked == 0


@pytest.mark.parametrize(
    ("grades", "shown"),
    [
        (("0",), "0.0"),
        (("3", "3"), "3.0"),
        (("1", "2"), "1.5"),
        (("1", "1", "1", "2"), "1.3"),  # 1.25
        (("2", "not_applicable"), "2.0"),
    ],
)
def test_an_average_has_one_decimal_halves_rounded_up(grades: tuple[str, ...], shown: str) -> None:
    assert average(graded(*grades), Criterion.CONFORMITY) == Decimal(shown)  # type: ignore[arg-type]


def test_what_has_no_grade_has_no_average() -> None:
    assert average((), Criterion.CONFORMITY) is None
    assert average([replace(PIECE, grades=None)], Criterion.CONFORMITY) is None
    assert average(graded("not_applicable"), Criterion.CONFORMITY) is None  # type: ignore[arg-type]
    assert average(graded("3"), Criterion.RELEVANCE) is None  # type: ignore[arg-type]


def test_pieces_stand_under_their_domain_and_no_domain_is_empty() -> None:
    assert {domain: len(pieces) for domain, pieces in by_domain(a_report(0)).items()} == {
        AuditDomain.MEMBERSHIPS: 13,
        AuditDomain.CONTRIBUTIONS: 12,
        AuditDomain.BENEFITS: 13,
    }
    assert by_domain(an_empty_report()) == {}


def test_recommendations_stand_by_risk_the_gravest_first_then_by_number() -> None:
    told = [(-one.risk.height, one.number) for one in ordered(a_report())]
    assert told == sorted(told)
    assert len(told) == 24


@pytest.mark.parametrize(("count", "validated"), [(0, False), (1, False), (2, True)])
def test_a_report_is_validated_by_two(count: int, validated: bool) -> None:
    assert an_edition(validations=validations(count)).validated is validated
