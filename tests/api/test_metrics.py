"""What alarms listen to: the right numbers, and nobody's name in them."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from db.models import CommandRow, DeadlineRow
from tests.api.counter import NOON, Counter
from tests.factories import bodies

DESK = "malo.quere"
Label = tuple[str, str]


async def gauges(counter: Counter) -> dict[tuple[str, *tuple[Label, ...]], float]:
    answer = await counter.http.get("/metrics")
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


async def test_what_waits_and_what_is_late_is_counted(counter: Counter) -> None:
    before = await gauges(counter)
    entered = await counter.ask(DESK, "POST", "/complaints", bodies.a_complaint(NOON.date()))
    assert entered.status_code == 201
    with counter.house.sessions.begin() as session:
        session.execute(update(CommandRow).values(at=NOON - timedelta(minutes=7)))
        session.execute(
            update(DeadlineRow).where(DeadlineRow.name == "answer").values(due_at=NOON - timedelta(seconds=1))
        )
        session.execute(
            update(DeadlineRow).where(DeadlineRow.name == "acknowledgement").values(due_at=NOON + timedelta(hours=23))
        )
    told = await gauges(counter)
    registered = ("echeance_cases_open", ("procedure", "complaint"), ("state", "registered"))
    assert told[registered] == before.get(registered, 0) + 1
    assert told["echeance_deadlines_overdue", ("name", "answer")] >= 1
    assert told["echeance_deadlines_due_within_a_day", ("name", "acknowledgement")] >= 1
    assert told["echeance_commands_waiting",] == before["echeance_commands_waiting",] + 1
    assert told["echeance_commands_oldest_seconds",] == 420
    assert told["echeance_letters_waiting",] == 0


async def test_answers_are_counted_under_the_name_of_their_route(counter: Counter) -> None:
    for _ in range(2):
        await counter.ask(DESK, "GET", "/cases/REC-2031-999999/state")
    told = await gauges(counter)
    labels = (("method", "GET"), ("route", "/cases/{reference}/state"), ("status", "404"))
    assert told["echeance_http_answers_total", *labels] >= 2


async def test_a_stranger_cannot_make_up_labels(counter: Counter) -> None:
    await counter.http.request("BREW", "/api/v1/coffee?who=claire.morvan")
    text = (await counter.http.get("/metrics")).text
    for word in ("BREW", "coffee", "claire", "REC-2031"):
        assert word not in text
