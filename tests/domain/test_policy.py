"""The policy that the project ships, and what it answers."""

from datetime import date, time

import pytest
from pydantic import ValidationError

from domain.complaint.letters import PARAGRAPHS, LetterKind
from domain.complaint.words import Category, RequalifiedAs
from domain.policy import Chain, ComplaintPolicy, DeadlineName, Definition, Link, PolicyBook, StartingEvent
from domain.policy.parts import Minutes
from domain.roles import Role
from domain.sources import Source
from tests.factories.rules import a_version, the_book

PROCEDURE_1 = a_version("procedure-1").complaint
PROCEDURE_2 = a_version("procedure-2").complaint
BOTH = pytest.mark.parametrize("policy", [PROCEDURE_1, PROCEDURE_2], ids=["procedure-1", "procedure-2"])


@pytest.mark.parametrize(
    ("received", "name", "retroactive"),
    [
        (date(2018, 3, 1), "procedure-1", True),
        (date(2020, 6, 30), "procedure-1", True),
        (date(2020, 7, 1), "procedure-1", False),
        (date(2022, 6, 30), "procedure-1", False),
        (date(2022, 7, 1), "procedure-2", False),
        (date(2022, 7, 2), "procedure-2", False),
        (date(2031, 4, 30), "procedure-2", False),
    ],
)
def test_a_case_is_under_the_version_of_its_day_of_reception(received: date, name: str, retroactive: bool) -> None:
    version = the_book().in_force_on(received)
    assert version.name == name
    assert version.is_retroactive_on(received) is retroactive


def test_a_version_is_found_by_its_name() -> None:
    assert the_book().version("procedure-1").label == "Procédure 1"
    with pytest.raises(KeyError, match="procedure-9"):
        the_book().version("procedure-9")


def test_the_four_novelties_of_procedure_2() -> None:
    assert PROCEDURE_1.definition is Definition.DISSATISFACTION_AND_REDRESS
    assert PROCEDURE_2.definition is Definition.DISSATISFACTION
    assert PROCEDURE_1.exceptions == ()
    assert PROCEDURE_2.exceptions == tuple(RequalifiedAs)
    assert PROCEDURE_1.same_day_circuit is None
    assert PROCEDURE_2.same_day_circuit is not None
    assert "mediator" not in PROCEDURE_1.mandatory_paragraphs(LetterKind.ANSWER_FOUNDED)
    assert all("mediator" in PROCEDURE_2.mandatory_paragraphs(kind) for kind in LetterKind)


def test_the_acknowledgement_limit_changed_its_start_and_nothing_else_of_the_deadlines_did() -> None:
    limits = [policy.deadlines.acknowledgement_limit for policy in (PROCEDURE_1, PROCEDURE_2)]
    assert [limit.starts_on for limit in limits] == [StartingEvent.RECEPTION, StartingEvent.SENDING]
    assert [limit.count for limit in limits] == [10, 10]
    assert PROCEDURE_1.deadlines.answer == PROCEDURE_2.deadlines.answer
    assert PROCEDURE_1.chains == PROCEDURE_2.chains


def roles(chain: Chain) -> list[set[Role]]:
    return [{one.role for one in link.any_of} for link in chain]


@BOTH
@pytest.mark.parametrize(
    ("category", "compensation_cents", "expected"),
    [
        (Category.BUSINESS, 0, [{Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}, {Role.POLE_MANAGER}]),
        (Category.BUSINESS, 15_000, [{Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}, {Role.POLE_MANAGER}]),
        (
            Category.BUSINESS,
            15_001,
            [{Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}, {Role.OPERATIONS_DIRECTOR}],
        ),
        (
            Category.BUSINESS,
            150_000,
            [{Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}, {Role.OPERATIONS_DIRECTOR}],
        ),
        (
            Category.BUSINESS,
            150_001,
            [{Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}, {Role.GENERAL_DIRECTOR}],
        ),
        (Category.SENSITIVE, 0, [{Role.POLE_MANAGER, Role.LEGAL}, {Role.OPERATIONS_DIRECTOR}]),
        (Category.SENSITIVE, 15_001, [{Role.POLE_MANAGER, Role.LEGAL}, {Role.OPERATIONS_DIRECTOR}]),
        (Category.SENSITIVE, 150_001, [{Role.POLE_MANAGER, Role.LEGAL}, {Role.GENERAL_DIRECTOR}]),
    ],
)
def test_the_chain_of_validators(
    policy: ComplaintPolicy, category: Category, compensation_cents: int, expected: list[set[Role]]
) -> None:
    assert roles(policy.chain(category, compensation_cents)) == expected


def test_the_first_pole_manager_is_of_the_cases_pole_and_the_last_of_any() -> None:
    first, last = PROCEDURE_2.chain(Category.BUSINESS)
    assert [(one.role, one.of_case_pole) for one in first.any_of] == [
        (Role.TECHNICAL_REFERENT, False),
        (Role.POLE_MANAGER, True),
    ]
    assert [(one.role, one.of_case_pole) for one in last.any_of] == [(Role.POLE_MANAGER, False)]


@BOTH
def test_the_numbers_of_the_procedures(policy: ComplaintPolicy) -> None:
    assert policy.duplicates_within.days == 60
    assert policy.survey_after.days == 7
    assert policy.progress_call_every.working_days == 10
    assert policy.holding_letters.at_most == 1


@pytest.mark.parametrize("name", ["procedure-1", "procedure-2"])
def test_the_hours_of_the_office(name: str) -> None:
    office = the_book().version(name).office
    assert office.zone == "Europe/Paris"
    assert office.due_time.at == time(17)
    assert office.mail.post_closes.at == time(16, 30)
    assert office.mail.undelivered_becomes_task_after.minutes == 60
    assert (office.mail.staff_messages.opens_at, office.mail.staff_messages.closes_at) == (time(8), time(18))


@BOTH
def test_the_ladder_runs_on_three_of_the_five_deadlines(policy: ComplaintPolicy) -> None:
    on_all = ["half_way", "day_before", "due", "day_after"]
    ladder = policy.ladder
    assert [rung.name for rung in ladder.rungs_of(DeadlineName.ANSWER)] == on_all
    assert [rung.name for rung in ladder.rungs_of(DeadlineName.ACKNOWLEDGEMENT)] == on_all
    assert {rung.name for rung in ladder.rungs_of(DeadlineName.ANSWER_TARGET)} == {*on_all, "ten_days_before"}
    assert ladder.rungs_of(DeadlineName.ANSWER_LIMIT) == ()


def test_one_level_up_ends_at_the_general_director() -> None:
    assert the_book().insurer.one_level_up == {
        Role.TECHNICAL_REFERENT: Role.POLE_MANAGER,
        Role.POLE_MANAGER: Role.OPERATIONS_DIRECTOR,
        Role.LEGAL: Role.OPERATIONS_DIRECTOR,
        Role.ACCOUNTING: Role.OPERATIONS_DIRECTOR,
        Role.AUDITOR: Role.INTERNAL_CONTROL,
        Role.INTERNAL_CONTROL: Role.OPERATIONS_DIRECTOR,
        Role.DELEGATE_USER: Role.DELEGATE_DIRECTOR,
        Role.DELEGATE_DIRECTOR: Role.OPERATIONS_DIRECTOR,
        Role.OPERATIONS_DIRECTOR: Role.GENERAL_DIRECTOR,
    }


def test_the_insurer_has_four_poles_and_names_the_mediator() -> None:
    insurer = the_book().insurer
    assert [pole.id for pole in insurer.poles] == ["memberships", "benefits", "support", "member_relations"]
    assert insurer.mediator.particulars[-1] == "https://www.mediateur-mutualite.fr"
    assert {skill.id for skill in insurer.skills if skill.expert} == {"optical", "dental", "hospital"}


@BOTH
def test_every_mandatory_paragraph_has_a_title(policy: ComplaintPolicy) -> None:
    for kind in LetterKind:
        assert set(policy.mandatory_paragraphs(kind)) <= set(PARAGRAPHS)


def test_the_policy_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PROCEDURE_1.ladder = PROCEDURE_2.ladder  # type: ignore[misc]


def test_types_are_exact() -> None:
    with pytest.raises(ValidationError, match="valid integer"):
        Minutes(minutes="60", source=Source.POLICY)  # type: ignore[arg-type]


def test_a_book_survives_json() -> None:
    assert PolicyBook.model_validate_json(the_book().model_dump_json()) == the_book()


def test_the_same_day_circuit_has_one_link() -> None:
    circuit = PROCEDURE_2.same_day_circuit
    assert circuit is not None
    assert isinstance(circuit.link, Link)
    assert [one.role for one in circuit.link.any_of] == [Role.POLE_MANAGER]
