"""A scenario: when it starts, who is there, what happens at which time. Read from YAML; mistakes name their line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from db.policy_file import problems_of
from db.policy_yaml import Document, YamlError, YamlProblem, read_yaml
from db.procedures import PROCEDURES, by_outcome
from domain.roles import Role
from local.demo_staff import STAFF

PARIS = ZoneInfo("Europe/Paris")
BEGINS = {
    "enter_complaint": "complaint",
    "enter_claim": "claim",
    "build_payment": "payment",
    "open_finding": "finding",
    "plan_audit": "audit",
    "propose_operation": "backlog",
}
"""What begins a case, and of which procedure."""
ON_NO_CASE = frozenset(
    {
        *(*BEGINS, "record_absence", "change_iban", "change_person"),
        *("add_activity", "give_figures", "enter_volunteer"),
    }
)
ON_A_TASK = frozenset({"claim_task", "release_task"})
_INSTEAD = {"read_status_report": "bank_answers"}
"""What the bank sends is made here: the scene says what it answers."""


_AT_THE_DESK = {"backlog": frozenset({"sign_up", "sign_off"})}
"""What the register decides alone, beside the procedure."""


def _commands_on(procedure: str) -> frozenset[str]:
    """What can be done with a case of this procedure."""
    known = PROCEDURES[procedure]
    return (
        ON_A_TASK
        | _AT_THE_DESK.get(procedure, frozenset())
        | {_INSTEAD.get(name, name) for name in (*by_outcome(known.outcomes), *known.commands)}
    )


COMMANDS_ON = {procedure: _commands_on(procedure) for procedure in BEGINS.values()}
COMMANDS = ON_NO_CASE.union(*COMMANDS_ON.values())

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,60}$")]


class ScenarioError(ValueError):
    """The scenario cannot be played. `problems` has one line per mistake: `file.yaml:12: where: reason`."""

    def __init__(self, name: str, problems: Iterable[YamlProblem]) -> None:
        self.problems = tuple(f"{name}:{p.line}: {p.where}: {p.reason}" for p in sorted(set(problems)))
        super().__init__("\n".join(self.problems))


class Part(BaseModel):
    """A part of a scenario: nothing unknown is accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Employee(Part):
    """Somebody who works at the insurer in this scenario, or at one of the demo's delegates."""

    login: Name
    name: str
    title: str = "Salarié de la mutuelle"
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    pole: str | None = None
    skills: tuple[str, ...] = ()
    deputy: Name | None = None
    delegate: str | None = None


class Away(Part):
    """Somebody is away from a day until they are back."""

    who: Name
    from_on: Annotated[date, Field(alias="from")]
    back_on: Annotated[date, Field(alias="back")]
    deputy: Name | None = None


class Closing(Part):
    """A day on which the insurer is closed."""

    day: date
    name: str


class Repeat(Part):
    """The same event so many times, so many minutes apart, on working days from 9:00 to 17:00."""

    times: Annotated[int, Field(ge=1, le=5000)]
    every_minutes: Annotated[int, Field(ge=1, le=10_000)]


class Scene(Part):
    """Somebody does something at a local time, or so long after another scene.

    `does` is a command of the API; `on` names the case, by the `case` of the scene that entered it.
    """

    at: datetime | None = None
    after: Name | None = None
    plus_minutes: Annotated[int, Field(ge=0)] = 0
    id: Name | None = None
    who: Name
    does: str
    case: Name | None = None
    on: Name | None = None
    with_: Annotated[dict[str, Any], Field(alias="with")] = Field(default_factory=dict)
    repeat: Repeat | None = None

    @model_validator(mode="after")
    def has_one_time_and_a_known_command(self) -> Self:
        """`at` or `after`, and a command that exists."""
        if (self.at is None) == (self.after is None):
            raise ValueError("give either `at`, a local time, or `after`, the id of another scene")
        if self.does not in COMMANDS:
            raise ValueError(f"nobody can do {self.does!r}: use one of {', '.join(sorted(COMMANDS))}")
        if self.does not in ON_NO_CASE and self.on is None:
            raise ValueError("say on which case: `on: <the case of the scene that entered it>`")
        return self


class Scenario(Part):
    """What is to be played. Without staff, it is the demo insurer's; without scenes, nobody does anything."""

    title: str
    starts: datetime
    ends: datetime
    staff: tuple[Employee, ...] = ()
    absences: tuple[Away, ...] = ()
    closing_days: tuple[Closing, ...] = ()
    scenes: tuple[Scene, ...] = ()


def load(path: Path) -> Scenario:
    """Read and check a scenario; ScenarioError when it is wrong or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = YamlProblem(1, "the file", "cannot be read: check its path, its rights, and that it is UTF-8")
        raise ScenarioError(path.name, [problem]) from error
    return parse(text, path.name)


def parse(text: str, name: str = "scenario.yaml") -> Scenario:
    """Check the scenario in this text. Raises ScenarioError with all its mistakes."""
    try:
        document = read_yaml(text)
        written = document.as_json()
    except YamlError as error:
        raise ScenarioError(name, error.problems) from error
    try:
        scenario = Scenario.model_validate_json(written)
    except ValidationError as error:
        raise ScenarioError(name, problems_of(error, document)) from error
    if problems := list(_contradictions(scenario, document)):
        raise ScenarioError(name, problems)
    return scenario


def times_of(scenario: Scenario) -> list[tuple[datetime, Scene]]:
    """Each scene with its local time, in the order of time; scenes of one instant in the order of the file."""
    known = {scene.id: scene for scene in scenario.scenes if scene.id}
    return sorted(((_time(scene, known), scene) for scene in scenario.scenes), key=lambda one: one[0])


def _time(scene: Scene, known: Mapping[str, Scene]) -> datetime:
    if scene.at is not None:
        return local(scene.at)
    assert scene.after is not None
    return _time(known[scene.after], known) + timedelta(minutes=scene.plus_minutes)


def local(instant: datetime) -> datetime:
    """A time of a scenario is a local time of the insurer."""
    return instant.replace(tzinfo=PARIS) if instant.tzinfo is None else instant.astimezone(PARIS)


def _contradictions(scenario: Scenario, document: Document) -> Iterator[YamlProblem]:
    """What no single part can know: people, cases and scenes that are not there, and times that cannot be."""
    people = _people(scenario)
    if local(scenario.ends) <= local(scenario.starts):
        yield _problem(document, ("ends",), "the scenario ends before it starts: give a later time")
    for number, employee in enumerate(scenario.staff):
        if employee.deputy is not None and employee.deputy not in people:
            yield _problem(document, ("staff", number), f"nobody has the login {employee.deputy}")
    for number, away in enumerate(scenario.absences):
        yield from _wrong_absence(away, number, people, document)
    yield from _wrong_scenes(scenario, people, document)


def _people(scenario: Scenario) -> frozenset[str]:
    if scenario.staff:
        return frozenset(employee.login for employee in scenario.staff)
    return frozenset(person.login for person in STAFF)


def _wrong_absence(away: Away, number: int, people: frozenset[str], document: Document) -> Iterator[YamlProblem]:
    for login in (away.who, away.deputy):
        if login is not None and login not in people:
            yield _problem(document, ("absences", number), f"nobody has the login {login}")
    if away.from_on >= away.back_on:
        yield _problem(document, ("absences", number), "somebody is back after they left: give a later day")


def _wrong_scenes(scenario: Scenario, people: frozenset[str], document: Document) -> Iterator[YamlProblem]:
    ids = {scene.id: scene for scene in scenario.scenes if scene.id}
    cases = {scene.case: BEGINS[scene.does] for scene in scenario.scenes if scene.does in BEGINS}
    for scene in scenario.scenes:
        audit, _, finding = (scene.on or "").rpartition(".")
        if scene.on not in cases and cases.get(audit) == "audit" and finding.isdecimal():
            cases[scene.on] = "finding"
    for number, scene in enumerate(scenario.scenes):
        place = ("scenes", number)
        if scene.who not in people:
            yield _problem(document, place, f"nobody has the login {scene.who}")
        if scene.on is not None and scene.on not in cases:
            yield _problem(document, place, f"no scene enters a case called {scene.on}")
        elif scene.on is not None and scene.does not in COMMANDS_ON[cases[scene.on]] | ON_NO_CASE:
            told = f"nobody can {scene.does} a {cases[scene.on]}: use one of"
            yield _problem(document, place, f"{told} {', '.join(sorted(COMMANDS_ON[cases[scene.on]]))}")
        if scene.after is not None and (reason := _wrong_chain(scene, ids)):
            yield _problem(document, place, reason)
        elif not local(scenario.starts) <= _time(scene, ids) <= local(scenario.ends):
            yield _problem(document, place, "this happens before the start or after the end of the scenario")


def _wrong_chain(scene: Scene, ids: Mapping[str, Scene]) -> str | None:
    """Why the `after` of a scene leads nowhere: to nobody, or round in a circle."""
    passed = [scene]
    while (after := passed[-1].after) is not None:
        if after not in ids:
            return f"no scene has the id {after}"
        if ids[after] in passed:
            return f"a circle: {after} waits for itself"
        passed.append(ids[after])
    return None


def _problem(document: Document, path: tuple[int | str, ...], reason: str) -> YamlProblem:
    line, found = document.locate(path)
    return YamlProblem(line, ".".join(found) or "the file", reason)
