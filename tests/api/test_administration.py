"""What an administrator looks at: policy, calendar, what leaves, the pulse, the doctor's findings; nobody's data."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from api.clock import SystemClock
from db.commands import examination as kept
from db.models import CommandRow, ExaminationRow, LetterRow, StaffMessage
from db.queries.administration import error_code
from domain.ailments import Ailment, AilmentKind
from local.sink import Sink
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter, open_counter
from tests.factories import bodies
from tests.factories.rows import a_case_row
from tests.stories.house import settles
from tests.workflows.workshop import open_workshop, own_namespace

ADMINISTRATOR, CONTROL, DESK = "alexis.cozic", "katell.rolland", "malo.quere"


async def looked_at(counter: Counter, name: str) -> Any:
    return await counter.get(CONTROL, f"/administration/{name}")


async def test_each_version_of_the_policy_is_told_with_its_numbers_and_their_sources(counter: Counter) -> None:
    first, second = (await looked_at(counter, "policy"))["versions"]
    assert (first["in_force_until"], second["in_force_from"]) == ("2022-07-01", "2022-07-01")
    assert (first["in_force_today"], second["in_force_today"]) == (False, True)
    assert second["reason"].startswith("Quatre nouveautés")
    [answer] = [line for line in second["lines"] if line["path"] == "complaint.deadlines.answer"]
    assert (answer["value"], answer["unit"]) == ("10", "working_days")
    assert answer["source"] == "Règlement mutualiste, article 17.2"


async def test_the_calendar_says_which_days_nobody_works_and_until_when_it_reaches(counter: Counter) -> None:
    told = await looked_at(counter, "calendar")
    assert (told["ends_on"], told["ends_soon"]) == ("2036-12-31", False)
    [of_2031] = [year for year in told["years"] if year["year"] == 2031]
    assert len(of_2031["days"]) == 11
    assert {day["kind"] for day in of_2031["days"]} == {"public_holiday"}


def a_letter(counter: Counter, **changes: Any) -> str:
    """A letter to M. Nicolas; the reference of its case."""
    with counter.house.sessions.begin() as session:
        reference = f"REC-2031-{uuid4().int % 10**6:06d}"
        case_id = a_case_row(session, reference, NOON.date(), NOON, owner_id=counter.id_of(DESK), pole="benefits")
        values = {
            "id": uuid4(),
            "case_id": case_id,
            "kind": "acknowledgement",
            "dispatch": "email",
            "recipient": "M. Ewen Nicolas",
            "email": "ewen.nicolas@boite-postale.example",
            "address": [],
            "requested_at": NOON - timedelta(hours=3),
        }
        session.add(LetterRow(**(values | changes)))
    return reference


def a_message(counter: Counter, **changes: Any) -> None:
    """A message to the desk."""
    values = {"id": uuid4(), "to_ids": [counter.id_of(DESK)], "copy_ids": [], "leaves_at": NOON - timedelta(hours=1)}
    with counter.house.sessions.begin() as session:
        session.add(StaffMessage(**(values | changes)))


async def test_what_waits_fails_or_may_be_double_is_listed_without_anybody_in_it(counter: Counter) -> None:
    told = "550 <ewen.nicolas@boite-postale.example>: Recipient address rejected"
    failing = a_letter(counter, attempts=3, last_error=told)
    left = {"handed_over_at": NOON, "pdf": b"%PDF", "pdf_sha256": "0" * 64}
    double = a_letter(counter, requested_at=NOON - timedelta(hours=2), possible_doubles=1, **left)
    a_letter(counter, **left)  # has left once: not listed
    a_message(counter, digest_at=NOON, person_id=counter.id_of(DESK), last_error="ConnectionRefusedError")
    a_message(counter, leaves_at=NOON + timedelta(hours=1))  # is not to leave yet: not listed
    first = await looked_at(counter, "outgoing?limit=2")
    rest = await looked_at(counter, f"outgoing?limit=2&cursor={first['next']}")
    rows = [*first["outgoing"], *rest["outgoing"]]
    assert [(one["what"], one["kind"], one["case"], one["standing"], one["error"]) for one in rows] == [
        ("letter", "acknowledgement", failing, "failing", "smtp_550"),
        ("letter", "acknowledgement", double, "possible_double", None),
        ("message", "digest", None, "failing", "ConnectionRefusedError"),
    ]
    assert rest["next"] is None
    assert rows[0]["attempts"] == 3
    assert "ewen" not in str(rows).casefold()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("451 4.3.2 try again, ewen@boite.example", "smtp_451"),
        ("ConnectionRefusedError: [Errno 111] 10.0.0.3", "ConnectionRefusedError"),
        ("ConnectionRefusedError", "ConnectionRefusedError"),
        ("the e-mail address cannot be used", "other"),
        ("ewen@boite.example refused", "other"),
    ],
)
def test_an_error_is_told_as_a_code_that_quotes_nobody(told: str, code: str) -> None:
    assert error_code(told) == code


async def test_the_pulse_is_what_alarms_hear(counter: Counter) -> None:
    entered = await counter.ask(DESK, "POST", "/complaints", bodies.a_complaint(NOON.date()))
    assert entered.status_code == 201
    with counter.house.sessions.begin() as session:
        session.execute(update(CommandRow).values(at=NOON - timedelta(minutes=7)))
    told = await looked_at(counter, "pulse")
    assert told["commands"] == {"count": 1, "oldest_seconds": 420.0}
    assert {"procedure": "complaint", "state": "registered", "count": 1} in told["open_cases"]
    assert told["canary_seconds"] is None
    text = (await counter.http.get("/metrics")).text
    assert "echeance_commands_oldest_seconds 420.0" in text


async def last(counter: Counter) -> Any:
    return (await looked_at(counter, "examination"))["last"]


async def test_an_examination_that_cannot_be_made_says_what_kept_it_by_its_name(counter: Counter) -> None:
    begun = await counter.ask(ADMINISTRATOR, "POST", "/administration/examination")
    assert (begun.status_code, begun.json()["running"]["origin"]) == (202, "api")

    async def runs() -> bool:
        return (await looked_at(counter, "examination"))["running"] is not None

    await settles(runs, wanted=False, seconds=30)
    ended = await last(counter)
    assert (ended["failure"], ended["well"]) == ("RuntimeError", None)
    assert (await looked_at(counter, "findings"))["last"] is None


async def test_there_is_one_examination_at_a_time_unless_the_other_has_died(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        under_way = kept.begin(session, counter.id_of(ADMINISTRATOR))
    refused = await counter.ask(ADMINISTRATOR, "POST", "/administration/examination")
    assert (refused.status_code, rule_of(refused)) == (409, "examination_runs")
    with counter.house.sessions.begin() as session:
        kept.see(session, under_way, 12)
    assert (await looked_at(counter, "examination"))["running"]["cases"] == 12
    with counter.house.sessions.begin() as session:
        session.execute(update(ExaminationRow).values(seen_wall=ExaminationRow.began_wall - kept.DEAD_AFTER))
    with counter.house.sessions.begin() as session:
        following = kept.begin(session, counter.id_of(ADMINISTRATOR))
        assert session.get_one(ExaminationRow, under_way).failure == kept.ABANDONED
        kept.end(session, following, kept.Result())


async def test_a_result_is_kept_with_its_findings_and_what_they_mean(counter: Counter) -> None:
    ailment = Ailment(AilmentKind.NO_RUN, since=NOON, reference="REC-2031-000001")
    findings = [ailment.recorded("left"), Ailment(AilmentKind.NO_WORKER).recorded("mended")]
    with counter.house.sessions.begin() as session:
        kept.keep_result(session, kept.Result(7, findings, ["REC-2031-000002"]), NOON, mending=True)
    told = (await looked_at(counter, "findings"))["last"]
    assert (told["origin"], told["cases"], told["mending"], told["well"]) == ("command_line", 7, True, False)
    assert told["at_work"] == ["REC-2031-000002"]
    assert [(one["kind"], one["case"], one["outcome"]) for one in told["findings"]] == [
        ("no_run", "REC-2031-000001", "left"),
        ("no_worker", None, "mended"),
    ]
    assert told["findings"][0]["meaning"] == AilmentKind.NO_RUN.meaning


async def test_an_examination_names_the_case_that_no_workflow_carries_and_mends_nothing(
    engine: str, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    client = await own_namespace(engine)
    async with (
        open_workshop(client, insurer, sink, tmp_path) as shop,
        open_counter(insurer, client, seeded=False, clock=SystemClock()) as counter,
    ):
        case_id = await shop.enter()
        await shop.handle(case_id).terminate("by mistake")
        begun = await counter.ask(ADMINISTRATOR, "POST", "/administration/examination")
        assert begun.status_code == 202

        async def runs() -> bool:
            return (await looked_at(counter, "examination"))["running"] is not None

        await settles(runs, wanted=False, seconds=60)
        told = (await looked_at(counter, "findings"))["last"]
        assert (told["cases"], told["failure"], told["well"]) == (1, None, False)
        assert {one["kind"] for one in told["findings"]} == {"no_run", "no_standing_run"}
        assert {one["outcome"] for one in told["findings"]} == {"left"}
