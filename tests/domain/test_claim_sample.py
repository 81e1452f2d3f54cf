"""Who is controlled, and by how many: the thresholds to the cent, and a draw that can be drawn again."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.claim.checks import CheckFinding
from domain.claim.reasons import control_reasons, may_be_drawn, number_of_links
from domain.claim.sample import draw
from domain.claim.words import CheckName, CheckResult, ControlReason, Sensitive
from domain.policy.claim import Rate, SampleRates
from domain.sources import Source
from tests.factories.claims import the_policy

WORDS = some.text("09AZaz-_ é", max_size=12)
STOPPED = (CheckFinding(CheckName.DUPLICATE, CheckResult.STOP),)
WARNED = (CheckFinding(CheckName.DUPLICATE, CheckResult.WARN),)


def rates(default: int, poles: dict[str, int] | None = None, handlers: dict[str, int] | None = None) -> SampleRates:
    """Rates in ten-thousandths."""

    def rate(number: int) -> Rate:
        return Rate(per_ten_thousand=number, source=Source.POLICY)

    return SampleRates(
        default=rate(default),
        poles={name: rate(number) for name, number in (poles or {}).items()},
        handlers={name: rate(number) for name, number in (handlers or {}).items()},
    )


def reasons_of(
    cents: int,
    sensitive: Sensitive | None = None,
    *,
    drawn: bool = False,
    findings: tuple[CheckFinding, ...] = (),
) -> tuple[ControlReason, ...]:
    """Why a claim of this amount is controlled."""
    return control_reasons(cents, sensitive, drawn=drawn, findings=findings, policy=the_policy())


@pytest.mark.parametrize(
    ("cents", "reasons", "links"),
    [
        (1, (), 0),
        (99_999, (), 0),
        (100_000, (), 0),
        (100_001, (ControlReason.THRESHOLD,), 1),
        (499_999, (ControlReason.THRESHOLD,), 1),
        (500_000, (ControlReason.THRESHOLD,), 1),
        (500_001, (ControlReason.THRESHOLD,), 2),
        (10_000_000, (ControlReason.THRESHOLD,), 2),
    ],
)
def test_above_a_threshold_is_strictly_above(cents: int, reasons: tuple[ControlReason, ...], links: int) -> None:
    assert reasons_of(cents) == reasons
    assert number_of_links(cents, reasons, the_policy()) == links


@pytest.mark.parametrize("sensitive", Sensitive)
@pytest.mark.parametrize("cents", [1, 100_000, 500_001])
def test_who_decides_at_the_insurer_or_a_client_is_controlled_by_two_at_any_amount(
    sensitive: Sensitive, cents: int
) -> None:
    reasons = reasons_of(cents, sensitive)
    assert ControlReason.SENSITIVE in reasons
    assert number_of_links(cents, reasons, the_policy()) == 2


def test_a_check_that_stops_is_a_reason_and_one_that_warns_is_none() -> None:
    assert reasons_of(100, findings=STOPPED) == (ControlReason.CHECK,)
    assert reasons_of(100, findings=WARNED) == ()
    assert number_of_links(100, (ControlReason.CHECK,), the_policy()) == 1


def test_the_sample_is_drawn_of_what_would_not_be_controlled_for_its_amount() -> None:
    assert reasons_of(100_000, drawn=True) == (ControlReason.SAMPLE,)
    assert reasons_of(100_001, drawn=True) == (ControlReason.THRESHOLD,)
    assert reasons_of(100, Sensitive.ADMINISTRATOR, drawn=True) == (ControlReason.SENSITIVE,)
    assert reasons_of(100, drawn=True, findings=STOPPED) == (ControlReason.SAMPLE, ControlReason.CHECK)
    assert may_be_drawn(100_000, None, the_policy())
    assert not may_be_drawn(100_001, None, the_policy())


@given(seed=WORDS, content=WORDS, rate=some.integers(0, 10_000))
def test_the_same_seed_draws_the_same_whenever_it_is_drawn_again(seed: str, content: str, rate: int) -> None:
    first = draw(seed, content, "benefits", "claire.morvan", rates(rate))
    assert draw(seed, content, "benefits", "claire.morvan", rates(rate)) == first
    assert 0 <= first.number < 10_000
    assert first.is_drawn is (first.number < rate)


@given(seed=WORDS)
def test_a_rate_of_nothing_draws_none_and_one_of_all_draws_all(seed: str) -> None:
    assert not any(draw(seed, str(n), "benefits", None, rates(0)).is_drawn for n in range(50))
    assert all(draw(seed, str(n), "benefits", None, rates(10_000)).is_drawn for n in range(50))


@pytest.mark.parametrize("seed", ["2026-11-23", "another day", "éè"])
@pytest.mark.parametrize("rate", [100, 300, 1_500])
def test_the_rate_is_approached(seed: str, rate: int) -> None:
    """Within five standard deviations of what so many independent draws give."""
    many = 20_000
    drawn = sum(draw(seed, hashed(n), "benefits", None, rates(rate)).is_drawn for n in range(many))
    share = rate / 10_000
    assert abs(drawn - many * share) < 5 * (many * share * (1 - share)) ** 0.5


@given(order=some.permutations(range(30)))
def test_the_order_of_arrival_plays_no_part(order: list[int]) -> None:
    def drawn(numbers: list[int]) -> set[int]:
        return {n for n in numbers if draw("seed", hashed(n), "benefits", None, rates(3_000)).is_drawn}

    assert drawn(order) == drawn(sorted(order))


def test_another_seed_draws_others() -> None:
    def drawn(seed: str) -> set[int]:
        return {n for n in range(500) if draw(seed, hashed(n), "benefits", None, rates(1_000)).is_drawn}

    assert drawn("monday") != drawn("tuesday")


@pytest.mark.parametrize(
    ("pole", "handler", "expected"),
    [
        ("benefits", None, 500),
        ("benefits", "yann.kerloch", 500),
        ("benefits", "claire.morvan", 0),
        ("support", "claire.morvan", 0),
        ("support", None, 300),
    ],
)
def test_a_handlers_own_rate_comes_before_the_poles_and_that_before_the_general_one(
    pole: str, handler: str | None, expected: int
) -> None:
    own = rates(300, {"benefits": 500}, {"claire.morvan": 0})
    assert draw("seed", "content", pole, handler, own).rate == expected


def hashed(n: int) -> str:
    """The content hash of the nth claim."""
    return sha256(str(n).encode()).hexdigest()
