"""Activities over the API: figures given and corrected, files, what the watch says, sizing, plans side by side."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.commands.watch import watch_activities
from db.models import ActivityAlert, ActivityRow
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.figures import an_activity, figures_row

DIRECTOR, MANAGER, HANDLER = "isabelle.kermarrec", "anne.le.goff", "claire.morvan"
TODAY = NOON.date()
LINE = {"stock": 400, "inflow": 90, "handled": 80}


def planted(counter: Counter, activity_id: str, **changes: Any) -> str:
    with counter.house.sessions.begin() as session:
        return an_activity(session, activity_id, **{"since": TODAY} | changes).id


async def give(counter: Counter, activity: str, day: date = TODAY, **changes: Any) -> Any:
    body = {"figures": [{"activity": activity, **LINE, **changes}]}
    return await counter.ask(MANAGER, "PUT", f"/figures/{day}", body)


async def test_a_day_is_given_read_and_corrected(counter: Counter) -> None:
    activity = planted(counter, "given")
    assert (await give(counter, activity)).json()["changed"] == 1
    assert (await give(counter, activity)).json()["changed"] == 0
    assert (await give(counter, activity, stock="1 400", present="3,5")).json()["changed"] == 1
    (day,) = [
        one for one in (await counter.get(MANAGER, f"/figures/{TODAY}"))["figures"] if one["activity"] == activity
    ]
    assert (day["stock"], day["present"], day["source"]) == (1400, 3.5, "typed")
    newest, first = (await counter.get(MANAGER, f"/activities/{activity}/changes"))["changes"]
    assert (newest["by"], newest["before"]["stock"], newest["after"]["stock"]) == ("Mme Anne Le Goff", 400, 1400)
    assert first["before"] is None


@pytest.mark.parametrize(
    ("changes", "day", "field"),
    [
        ({"stock": -1}, TODAY, "figures.0.stock"),
        ({"handled": None}, TODAY, "figures.0.handled"),
        ({"activity": "nobody-s"}, TODAY, "figures.0.activity"),
        ({}, TODAY + timedelta(days=1), "figures.0.day"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    counter: Counter, changes: dict[str, Any], day: date, field: str
) -> None:
    with counter.house.sessions.begin() as session:
        if session.get(ActivityRow, "wrong") is None:
            an_activity(session, "wrong")
    line = {"activity": "wrong", **LINE, **changes}
    answer = await counter.ask(MANAGER, "PUT", f"/figures/{day}", {"figures": [line]})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_new_activity_is_kept_renamed_and_found_by_its_former_name(counter: Counter) -> None:
    facts = {"name_fr": "Factures", "name_en": "Bills", "standard": 5, "hours": 7, "minutes": 12, "staff": 6}
    assert (await counter.ask(DIRECTOR, "POST", "/activities", facts | {"id": "bills"})).status_code == 201
    assert (await counter.ask(DIRECTOR, "POST", "/activities", facts | {"id": "bills"})).status_code == 200
    again = await counter.ask(DIRECTOR, "POST", "/activities", facts | {"id": "bills-2"})
    assert (again.status_code, rule_of(again), again.json()["field"]) == (409, "activity_exists", "name_fr")
    renamed = await counter.ask(DIRECTOR, "PUT", "/activities/bills", facts | {"name_fr": "Feuilles"})
    assert renamed.json()["former_names"] == ["Factures"]
    assert (await give(counter, "factures")).json()["changed"] == 1
    assert (await counter.ask(MANAGER, "POST", "/activities", facts | {"id": "others"})).status_code == 403


async def test_a_file_is_reported_line_by_line_with_the_days_that_are_missing(counter: Counter) -> None:
    planted(counter, "filed", since=date(2031, 2, 1))
    file = (
        b"day;activity;stock;inflow;handled\n2031-02-24;filed;4;1;1\n2031-02-26;filed;4;1;1\n2031-02-27;filed;-4;1;1\n"
    )
    answer = await counter.send(MANAGER, "/imports/figures", file, "text/csv")
    report = answer.json()
    assert (answer.status_code, report["accepted"], report["refused"]) == (201, 2, 1)
    assert [(one["line"], one["field"]) for one in report["refusals"]] == [(4, "stock")]
    assert report["missing"] == [{"activity": "filed", "days": ["2031-02-25", "2031-02-27", "2031-02-28"]}]
    again = (await counter.send(MANAGER, "/imports/figures", file, "text/csv")).json()
    assert (again["accepted"], again["unchanged"]) == (0, 2)
    wrong = await counter.send(MANAGER, "/imports/figures", b"jour;stock\n2031-02-24;4\n", "text/csv")
    assert (wrong.status_code, rule_of(wrong), wrong.json()["field"]) == (422, "unreadable_file", "jour")


async def test_the_watch_is_told_and_the_director_takes_note_once(counter: Counter) -> None:
    planted(counter, "alarming", since=date(2031, 2, 1))
    days = [date(2031, 2, 24) + timedelta(days=n) for n in range(5)]
    with counter.house.sessions.begin() as session:
        for day in days:
            figures_row(session, "alarming", day, 1_100)
        watch_activities(session, TODAY, NOON, counter.house.book)
        wanted = select(ActivityAlert.id).where(ActivityAlert.activity_id == "alarming")
        (alert_id,) = session.scalars(wanted.where(ActivityAlert.kind == "over_standard"))
    told = await counter.get(MANAGER, "/activities/alarming/watch")
    assert (told["as_of"], told["backlog_days"], told["standard"]) == ("2031-02-28", 5.24, 5)
    assert "over_standard" in [one["kind"] for one in told["alerts"]]
    noted = await counter.ask(DIRECTOR, "POST", f"/activity-alerts/{alert_id}/seen")
    assert noted.json()["seen_by"] == "Mme Isabelle Kermarrec"
    assert (await counter.ask(MANAGER, "POST", f"/activity-alerts/{alert_id}/seen")).status_code == 403


async def test_figures_are_shown_of_some_days_only(counter: Counter) -> None:
    planted(counter, "shown")
    for query in ("first=2031-03-03&last=2031-03-02", "first=2029-01-01"):
        answer = await counter.ask(MANAGER, "GET", f"/activities/shown/figures?{query}")
        assert (answer.status_code, answer.json()["field"]) == (422, "first")
    assert (await counter.ask(MANAGER, "GET", "/activities/shown/figures?last=1800-01-01")).status_code == 422


async def test_the_register_s_own_activity_is_counted_live(counter: Counter) -> None:
    planted(counter, "our-complaints", procedure="complaint")
    told = await counter.get(MANAGER, f"/activities/our-complaints/figures?last={TODAY}")
    assert told["missing"] == []
    assert told["figures"][-1]["day"] == f"{TODAY}"
    refused = await give(counter, "our-complaints")
    assert (refused.status_code, refused.json()["field"]) == (422, "figures.0.stock")


async def test_sizing_answers_as_the_procedure_says(counter: Counter) -> None:
    files = {"volume": 300, "minutes": 12, "hours": 7, "absence": "0,40"}
    told = (await counter.ask(MANAGER, "POST", "/sizing/files?language=fr", files)).json()
    assert (told["staff"], told["people"]) == (14.29, 15)
    assert told["steps"][0]["text"].startswith("300 dossiers par jour × 12 minutes")
    calls = {"per_hour": 60, "seconds": 300, "target_seconds": 20, "service": 0.8}
    assert (await counter.ask(MANAGER, "POST", "/sizing/calls", calls)).json()["agents"] == 8
    refused = await counter.ask(MANAGER, "POST", "/sizing/files", files | {"absence": 1})
    assert (refused.status_code, refused.json()["field"]) == (422, "absence")
    assert (await counter.ask(HANDLER, "POST", "/sizing/files", files)).status_code == 403


def asked(**changes: Any) -> dict[str, Any]:
    """Six people for 210 a day, 260 come in; with three Saturdays, and without."""
    usual = {"stock": 1200, "inflow": 210, "minutes": 12, "staff": 6, "hours": 7, "absence": 0, "standard": 5}
    saturdays = [{"on": f"{date(2031, 3, 8) + timedelta(weeks=n)}", "places": 12, "minutes": 420} for n in range(3)]
    plans = [{"name": "Rien"}, {"name": "Samedis", "sessions": saturdays}]
    return {**usual, "as_of": "2031-03-03", "until": "2031-03-31", "plans": plans} | changes


async def test_plans_are_projected_side_by_side(counter: Counter) -> None:
    told = (await counter.ask(DIRECTOR, "POST", "/projections", asked())).json()
    nothing, saturdays = told["projections"]
    assert (nothing["back_under_on"], saturdays["back_under_on"]) == (None, "2031-03-10")
    assert (nothing["days"][-1]["stock"], saturdays["days"][-1]["stock"]) == (1200, 0)
    assert told["situation"]["per_day"] == 210


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stock": None}, "stock"),
        ({"until": "2031-03-03"}, "until"),
        ({"until": "2199-12-31"}, "until"),
        ({"plans": [{"name": "Rien"}, {"name": "Rien"}]}, "plans"),
        ({"plans": [{"name": "Trop tard", "sessions": [{"on": "2031-05-03", "places": 1, "minutes": 60}]}]}, "plans"),
        ({"absence": 1}, "absence"),
    ],
)
async def test_a_projection_that_makes_no_sense_is_refused(
    counter: Counter, changes: dict[str, Any], field: str
) -> None:
    answer = await counter.ask(DIRECTOR, "POST", "/projections", asked(**changes))
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def sessions_on(*sessions: tuple[str, int]) -> dict[str, Any]:
    """A plan with sessions of so many minutes on these days."""
    return {"plans": [{"name": "A", "sessions": [{"on": on, "places": 2, "minutes": long} for on, long in sessions]}]}


@pytest.mark.parametrize(
    ("on", "minutes", "field", "told"),
    [
        ("2031-03-09", 420, "plans.0.sessions.0.on", "is a Sunday"),
        ("2031-05-01", 420, "plans.0.sessions.0.on", "is a public holiday"),
        ("2031-03-08", 601, "plans.0.sessions.0.minutes", "10 h 01"),
        ("2031-03-08", 1500, "plans.0.sessions.0.minutes", "25 h 00"),
    ],
)
async def test_a_session_that_nobody_may_hold_is_not_projected(
    counter: Counter, on: str, minutes: int, field: str, told: str
) -> None:
    body = asked(**sessions_on((on, minutes)), until="2031-05-31")
    answer = await counter.ask(DIRECTOR, "POST", "/projections", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert told in answer.json()["detail"]
    assert "Choose a" in answer.json()["remedy"]


async def test_a_day_of_ten_hours_is_projected(counter: Counter) -> None:
    body = asked(**sessions_on(("2031-03-08", 600)))
    assert (await counter.ask(DIRECTOR, "POST", "/projections", body)).status_code == 200


async def test_all_mistakes_of_all_sessions_are_told_at_once(counter: Counter) -> None:
    body = asked(**sessions_on(("2031-03-09", 1500), ("2031-05-01", 420)), until="2031-05-31")
    errors = (await counter.ask(DIRECTOR, "POST", "/projections", body)).json()["errors"]
    assert [one["field"].rpartition("sessions.")[2] for one in errors] == ["0.on", "0.minutes", "1.on"]


async def test_an_activity_s_own_figures_are_where_its_projection_begins(counter: Counter) -> None:
    planted(counter, "projected")
    await give(counter, "projected", stock=900, inflow=210, handled=210)
    body = {"activity": "projected", "until": "2031-03-31", "plans": [{"name": "Rien"}], "staff": 9}
    told = (await counter.ask(DIRECTOR, "POST", "/projections", body)).json()
    assert (told["situation"]["stock"], told["situation"]["staff"]) == (900, 9)
    assert (await counter.ask(DIRECTOR, "POST", "/projections", body | {"activity": "no-one"})).status_code == 404
