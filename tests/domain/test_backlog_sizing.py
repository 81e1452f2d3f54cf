"""How many people it takes: the written example, nonsense refused, and Erlang C against its textbook formula."""

from decimal import Decimal
from fractions import Fraction
from math import exp, factorial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backlog.erlang import fewest_agents, staffings
from domain.backlog.numbers import spoken, spoken_share
from domain.backlog.sizing import CallsAsked, FilesAsked, size_calls, size_files
from domain.refusals import Invalid


def files(volume: str = "300", minutes: str = "12", hours: str = "7", absence: str = "0.40") -> FilesAsked:
    return FilesAsked(Decimal(volume), Decimal(minutes), Decimal(hours), Decimal(absence))


def calls(per_hour: str = "60", seconds: str = "300", target_seconds: str = "20", service: str = "0.80") -> CallsAsked:
    return CallsAsked(Decimal(per_hour), Decimal(seconds), Decimal(target_seconds), Decimal(service))


def test_the_example_of_the_procedure() -> None:
    sized = size_files(files())
    assert sized.staff == Fraction(100, 7)
    assert sized.as_json("en")["staff"] == 14.29
    assert sized.people == 15


def test_every_step_is_told_in_both_languages() -> None:
    assert [step.tell("en") for step in size_files(files()).steps] == [
        "300 files a day × 12 minutes = 60 hours of work.",
        "7 hours a day × (1 − 40% of absence) = 4.2 hours per person.",
        "60 hours ÷ 4.2 hours = 14.29 full-time staff, rounded up to 15.",
    ]
    assert [step.tell("fr") for step in size_files(files()).steps] == [
        "300 dossiers par jour × 12 minutes = 60 heures de travail.",
        "7 heures par jour × (1 − 40\u00a0% d’absence) = 4,2 heures par personne.",
        "60 heures ÷ 4,2 heures = 14,29 ETP (équivalent temps plein), arrondi à 15.",
    ]


def test_a_whole_number_of_people_is_not_rounded_up() -> None:
    assert size_files(files("35", "12", "7", "0")).people == 1
    assert size_files(files("35.01", "12", "7", "0")).people == 2


NONSENSE: list[tuple[Any, str, str]] = [
    (files(volume="0"), "volume", "This number has to be above zero, not 0. Give what there is of it, such as 12."),
    (files(volume="-1"), "volume", "This number has to be above zero, not -1."),
    (files(minutes="NaN"), "minutes", "NaN is not a number that can be counted with."),
    (files(minutes="Infinity"), "minutes", "Infinity is not a number that can be counted with."),
    (files(minutes="0"), "minutes", "This number has to be above zero, not 0."),
    (files(hours="0"), "hours", "This number has to be above zero, not 0."),
    (files(hours="24.01"), "hours", "A day has 24 hours, not 24.01."),
    (files(absence="1"), "absence", "A share of 1 is everybody, and nobody would be left to work."),
    (files(absence="40"), "absence", "Give it between 0 and 1: 0.40 for 40 %."),
    (files(absence="-0.01"), "absence", "This number cannot be below zero, as -0.01 is."),
    (files(volume="1000000000"), "volume", "is a billion or more, and taken for a mistake."),
    (files(volume="1e999999999"), "volume", "is a billion or more, and taken for a mistake."),
    (files(volume="1e-999999"), "volume", "has more than 9 decimals."),
    (calls(per_hour="0"), "per_hour", "This number has to be above zero, not 0."),
    (calls(seconds="0"), "seconds", "This number has to be above zero, not 0."),
    (calls(target_seconds="-1"), "target_seconds", "This number cannot be below zero, as -1 is."),
    (calls(target_seconds="NaN"), "target_seconds", "NaN is not a number that can be counted with."),
    (calls(service="0"), "service", "This number has to be above zero, not 0."),
    (calls(service="1"), "service", "No number of agents answers a share of 1 of all calls in time."),
    (calls(service="80"), "service", "Give a share below 1: 0.80 for 80 %."),
    (calls(per_hour="999999999"), "per_hour", "That is more than 100000 calls at once, and taken for a mistake."),
]


@pytest.mark.parametrize(("asked", "field", "sentence"), NONSENSE)
def test_nonsense_is_refused_with_its_rule_and_its_remedy(
    asked: FilesAsked | CallsAsked, field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        size_files(asked) if isinstance(asked, FilesAsked) else size_calls(asked)
    assert refused.value.field == field
    assert sentence in str(refused.value)


@pytest.mark.parametrize("absence", ["0", "0.01", "0.99", "0.999999999"])
def test_any_absence_short_of_everybody_can_be_sized(absence: str) -> None:
    assert size_files(files(absence=absence)).people >= 1


def textbook(agents: int, traffic: Fraction) -> Fraction:
    """Erlang C as the books write it, in exact numbers."""
    top = traffic**agents / factorial(agents) * agents / (agents - traffic)
    return top / (sum(traffic**k / factorial(k) for k in range(agents)) + top)


@given(st.integers(1, 60), st.integers(0, 20))
def test_waiting_is_what_the_textbook_says(erlangs: int, more: int) -> None:
    traffic = Fraction(erlangs * 7, 10)
    staffed = next(one for one in staffings(float(traffic)) if one.agents > traffic + more)
    assert staffed.waiting == pytest.approx(float(textbook(staffed.agents, traffic)), rel=1e-12)


@given(st.integers(1, 400), st.integers(1, 900), st.integers(0, 120), st.integers(1, 99))
def test_one_agent_fewer_would_not_do(per_hour: int, seconds: int, target: int, percent: int) -> None:
    sized = size_calls(calls(str(per_hour), str(seconds), str(target), f"{percent / 100:.2f}"))
    traffic, agents = Fraction(per_hour * seconds, 3600), sized.staffed.agents
    assert agents > traffic
    assert in_time(agents, traffic, target / seconds) >= percent / 100 - 1e-9
    assert agents - 1 <= traffic or in_time(agents - 1, traffic, target / seconds) < percent / 100 + 1e-9


def in_time(agents: int, traffic: Fraction, patience: float) -> float:
    return 1 - float(textbook(agents, traffic)) * exp(-float(agents - traffic) * patience)


def test_sixty_calls_of_five_minutes_take_eight_agents() -> None:
    sized = size_calls(calls())
    assert sized.as_json("en") | {"steps": []} == {
        "asked": {"per_hour": 60.0, "seconds": 300.0, "target_seconds": 20.0, "service": 0.8},
        "agents": 8,
        "traffic_erlangs": 5.0,
        "waiting": 0.1673,
        "service": 0.8631,
        "occupancy": 0.625,
        "mean_wait_seconds": 16.73,
        "steps": [],
        "source": "Choix de la mutuelle",
    }
    assert "With 7 agents it would be 71.63% within 20 seconds only." in [step.tell("en") for step in sized.steps]


def test_thousands_of_agents_neither_overflow_nor_lose_digits() -> None:
    sized, fewer = fewest_agents(50_000.0, 20 / 300, 0.2)
    assert (sized.agents, fewer and fewer.agents) == (50_023, 50_022)
    assert 0 < sized.waiting < 1
    crowd = next(one for one in staffings(400.0) if one.agents == 410)
    assert crowd.waiting == pytest.approx(float(textbook(410, Fraction(400))), rel=1e-9)


def test_where_one_fewer_could_not_carry_the_traffic_it_is_said_so() -> None:
    steps = {step.name: step for step in size_calls(calls("1", "1", "20", "0.5")).steps}
    assert steps["one_fewer"].tell("en") == "With 0 agents the queue would grow for ever."  # type: ignore[index]
    assert steps["one_fewer"].tell("fr") == "Avec 0 téléconseiller, l’attente s’allongerait sans fin."  # type: ignore[index]


def test_numbers_are_written_as_people_of_the_language_do() -> None:
    assert spoken(Fraction(12_345_675, 10_000), "en") == "1,234.57"
    assert spoken(Fraction(1_234_500, 1_000), "fr") == "1\u202f234,5"
    assert spoken(Fraction(1_000), "en") == "1,000"
    assert spoken(0.005, "en") == "0.01"
    assert spoken_share(Fraction(2, 5), "fr") == "40\u00a0%"


def test_what_is_one_is_no_plural() -> None:
    one = size_files(files("1", "1", "1", "0")).steps
    assert one[0].tell("en") == "1 file a day × 1 minute = 0.02 hours of work."
    assert one[0].tell("fr") == "1 dossier par jour × 1 minute = 0,02 heure de travail."
    assert size_files(files("1.5", "121", "7", "0")).steps[0].tell("fr") == (
        "1,5 dossier par jour × 121 minutes = 3,03 heures de travail."
    )
    assert size_files(files("1001", "21", "7", "0")).steps[0].tell("en").startswith("1,001 files a day × 21 minutes")
    assert size_files(files("1001", "21", "7", "0")).steps[0].tell("fr").startswith("1\u202f001 dossiers")
