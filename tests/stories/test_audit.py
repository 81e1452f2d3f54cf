"""An audit of a delegate, told month by month: planned, launched, delivered, analysed, validated, restituted."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

from db.models import AuditFileRow, Case
from local.sink import Sink
from tests.factories.audits import AUDITOR, CONTROL, DIRECTOR, HEAD, OTHER_AUDITOR, OTHER_USER, STRANGER, USER
from tests.factories.uploads import A_CSV
from tests.stories.audit_acts import (
    an_audit_pdf,
    asks,
    completes,
    delivers,
    done,
    grades_all,
    makes_report,
    plans,
    told,
)
from tests.stories.house import StoryHouse, open_house, settles

PARIS = ZoneInfo("Europe/Paris")

STARTS = datetime(2031, 9, 8, 9, tzinfo=PARIS)
"""A Monday."""
LAUNCH = datetime(2031, 9, 15, 10, tzinfo=PARIS)
PIECES = [
    *("delegation-agreement", "members-list", "complaints-list", "tariff-table", "unpaid-list"),
    *("benefits-procedure", "account-changes", "business-continuity"),
]
"""Of the 38; the rehearsal of a year asks for all of them."""


async def test_an_audit_from_its_plan_to_its_findings(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, STARTS) as house:
        # Monday 8 September 2031: the auditor plans it; Armor is its contract's broker as well, and that is noted
        planned = await plans(house, LAUNCH, pieces=PIECES)
        reference = planned["reference"]
        assert (reference, planned["state"], len(planned["pieces"])) == ("AUD-2031-000001", "planned", 8)
        assert planned["conflict_of_interest"]
        lists = [piece for piece in planned["pieces"] if piece["concerns"]]
        assert {contract for piece in lists for contract in piece["concerns"]} == {"COL-2019-014"}
        again = await house.as_(OTHER_AUDITOR, "POST", "/audits", {**_plan(), "launch_at": LAUNCH.isoformat()})
        assert (again.status_code, again.json()["type"]) == (409, "/problems/audited_already")
        early = await delivers(house, reference, "tariff-table", an_audit_pdf("too early"))
        assert early.status_code == 409

        # The meeting has its invitation; moved by a day, it is the same entry
        await done(
            await asks(
                house,
                AUDITOR,
                reference,
                "meetings",
                {"meeting": "launch", "at": (LAUNCH + timedelta(days=1)).isoformat(), "place": "Visioconférence"},
            )
        )
        ics = await house.as_(AUDITOR, "GET", f"/audits/{reference}/meetings/launch.ics")
        [event] = Calendar.from_ical(ics.content).walk("VEVENT")
        assert (event["SEQUENCE"], event["LOCATION"]) == (1, "Visioconférence")
        assert event.decoded("DTSTART") == LAUNCH + timedelta(days=1)

        # Tuesday 16 September: it is held; six weeks from then, to Tuesday 28 October at five
        await house.sleep_until(LAUNCH + timedelta(days=1, hours=2))
        held = await completes(
            house, AUDITOR, reference, "hold_launch_meeting", outcome="hold_launch", held_on="2031-09-16"
        )
        assert held == "launched"
        seen = await told(house, reference)
        assert seen["delivery_due_on"] == "2031-10-28"

        # A stranger's delegate sees nothing of it; Armor's people deliver: types by content, versions by bytes
        assert (await delivers(house, reference, "tariff-table", an_audit_pdf("x"), STRANGER)).status_code == 404
        wrong = await delivers(house, reference, "tariff-table", b"MZ a program")
        assert (wrong.status_code, wrong.json()["field"]) == (422, "file")
        asked = [piece["id"] for piece in seen["pieces"]]
        for piece in asked[:5]:
            await done(await delivers(house, reference, piece, an_audit_pdf(piece)))
        await done(await delivers(house, reference, asked[0], an_audit_pdf(asked[0]), OTHER_USER))
        await done(await delivers(house, reference, asked[0], an_audit_pdf("the signed one")))
        await done(await delivers(house, reference, "unpaid-list", A_CSV, name="balance.csv"))
        first = next(piece for piece in (await told(house, reference))["pieces"] if piece["id"] == asked[0])
        assert [file["version"] for file in first["files"]] == [1, 2]
        unknown = await delivers(house, reference, "never-asked", an_audit_pdf("x"))
        assert unknown.status_code == 422

        # The delegate is reminded at 2, 4, 5 weeks and 2 days before; then its director, then our direction
        await house.sleep_until(datetime(2031, 11, 5, 12, tzinfo=PARIS))
        assert reminded(house, USER) == ["2031-09-30", "2031-10-14", "2031-10-21", "2031-10-27", "2031-10-28"]
        assert reminded(house, HEAD) == ["2031-10-27", "2031-10-28", "2031-11-04"]
        assert reminded(house, DIRECTOR) == ["2031-11-04"]

        # One comes late, two never: the delegate cannot end the delivery, the auditor does
        for piece in asked[5:6]:
            await done(await delivers(house, reference, piece, an_audit_pdf(piece)))
        unfinished = await house.complete(USER, reference, "deliver_pieces", outcome="deliver")
        assert (unfinished.status_code, unfinished.json()["type"]) == (409, "/problems/wrong_step")
        assert (await asks(house, USER, reference, "end-delivery", {"reason": "Fini."})).status_code == 403
        await done(await asks(house, AUDITOR, reference, "end-delivery", {"reason": "Deux pièces n’existent pas."}))
        seen = await told(house, reference)
        assert (seen["state"], seen["missing"]) == ("analysing", 2)
        assert sum(file["late"] for piece in seen["pieces"] for file in piece["files"]) == 1
        late = await delivers(house, reference, asked[7], an_audit_pdf("after the end"))
        assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong_step")
        assert inside(house) == 8

        # The analysis, strengths, recommendations over five levels
        unready = await house.complete(AUDITOR, reference, "analyse_pieces", outcome="end_analysis")
        assert unready.status_code == 409
        await grades_all(house, reference)
        await done(await asks(house, AUDITOR, reference, "strengths", {"words": "Une équipe stable."}))
        for risk in ("very_low", "low", "medium", "high", "major"):
            words = {"risk": risk, "words": f"Recommandation de risque {risk}.", "expected_on": "2031-12-01"}
            await done(await asks(house, AUDITOR, reference, "recommendations", words))
        assert await completes(house, AUDITOR, reference, "analyse_pieces", outcome="end_analysis") == "reporting"

        # The report is made, submitted, sent back, made again, validated by two who have written none of it
        first_hash = await makes_report(house, reference)
        assert await makes_report(house, reference) == first_hash
        submit = {"outcome": "submit", "report_sha256": first_hash}
        assert await completes(house, AUDITOR, reference, "write_report", **submit) == "validating"
        assert await house.inbox(AUDITOR, reference) == []
        back = {"outcome": "send_back", "report_sha256": first_hash, "reason": "Le risque majeur n’est pas étayé."}
        assert await completes(house, OTHER_AUDITOR, reference, "validate_report", **back) == "reporting"
        change = {"number": 5, "risk": "major", "words": "Comptes non rapprochés.", "expected_on": "2031-12-01"}
        await done(await asks(house, AUDITOR, reference, "recommendations/change", change))
        submit["report_sha256"] = second_hash = await makes_report(house, reference)
        assert await completes(house, AUDITOR, reference, "write_report", **submit) == "validating"
        validate = {"outcome": "validate", "report_sha256": second_hash}
        assert await completes(house, OTHER_AUDITOR, reference, "validate_report", **validate) == "validating"
        assert await house.inbox(OTHER_AUDITOR, reference) == []
        assert await completes(house, CONTROL, reference, "validate_report", **validate) == "restituting"
        pdf = await house.as_(CONTROL, "GET", f"/audits/{reference}/report.pdf")
        assert pdf.content.startswith(b"%PDF-")

        # The delegate accepts three and disputes two; internal control lowers one and maintains the other
        answers = [{"number": number, "reply": "accept"} for number in (1, 2, 3)]
        answers += [{"number": number, "reply": "dispute", "argument": "Fait depuis."} for number in (4, 5)]
        await completes(house, USER, reference, "answer_findings", outcome="answer", answers=answers)
        rulings = [
            {"number": 4, "ruling": "lower", "risk": "medium", "reason": "En partie fait."},
            {"number": 5, "ruling": "maintain", "reason": "Rien ne le montre."},
        ]
        await completes(house, CONTROL, reference, "arbitrate", outcome="arbitrate", rulings=rulings)
        schedule = {one["number"]: one for one in (await told(house, reference))["schedule"]}
        assert sorted(schedule) == list(range(1, 8))
        assert {schedule[number]["origin"] for number in (6, 7)} == {"missing_piece"}

        # The restitution: the dates are agreed; two are later than their risk allows, so that a director approves them
        beyond: list[dict[str, Any]] = [{"number": 5, "due_on": "2032-02-01"}, {"number": 3, "due_on": "2032-03-01"}]
        today = house.house.today().isoformat()
        agreed: dict[str, Any] = {"outcome": "agree", "held_on": today, "schedule": beyond}
        assert await completes(house, AUDITOR, reference, "agree_schedule", **agreed) == "restituting"
        refuse = {"outcome": "refuse_schedule", "reason": "Le risque majeur n’attend pas février."}
        await completes(house, DIRECTOR, reference, "approve_schedule", **refuse)
        agreed["schedule"] = beyond[1:]
        await completes(house, AUDITOR, reference, "agree_schedule", **agreed)
        approve = {"outcome": "approve_schedule"}
        assert await completes(house, CONTROL, reference, "approve_schedule", **approve) == "following_up"

        # Seven findings, each a case of its own with its workflow
        seen = await told(house, reference)
        assert [one["number"] for one in seen["findings"]] == list(range(1, 8))
        await house.relay()
        await settles(lambda: finding_states(house, reference), ["open"] * 7)

        # The year's end: the follow-up meeting; what is open waits for the next audit
        await house.sleep_until(datetime(2031, 12, 29, 10, tzinfo=PARIS))
        met = {"outcome": "hold_follow_up", "held_on": "2031-12-29"}
        assert await completes(house, AUDITOR, reference, "hold_follow_up", **met) == "following_up"
        alone = await house.complete(AUDITOR, reference, "carry_over", outcome="carry_over")
        assert (alone.status_code, alone.json()["type"]) == (409, "/problems/wrong_step")
        following = (await plans(house, datetime(2032, 1, 19, 10, tzinfo=PARIS), pieces=PIECES))["reference"]
        assert await completes(house, AUDITOR, reference, "carry_over", outcome="carry_over") == "closed"
        await house.relay()
        next_one = await told(house, following)
        assert [(one["number"], one["carried"]) for one in next_one["findings"]] == [(None, True)] * 7

        # Cancelled, it says what becomes of what is open; its findings are cancelled with it
        silent = await asks(house, DIRECTOR, following, "cancel", {"reason": "Convention résiliée."})
        assert (silent.status_code, silent.json()["field"]) == (422, "findings")
        ended = {"reason": "Convention résiliée.", "findings": "cancel"}
        assert (await done(await asks(house, DIRECTOR, following, "cancel", ended)))["state"] == "cancelled"
        await house.relay()
        await settles(lambda: finding_states(house, following), ["cancelled"] * 7)
        await house.client.get_workflow_handle(f"audit-{await case_id(house, reference)}").result()


async def finding_states(house: StoryHouse, reference: str) -> list[str]:
    """Where its findings stand."""
    return [one["state"] for one in (await told(house, reference))["findings"]]


async def case_id(house: StoryHouse, reference: str) -> UUID:
    """The case of an audit."""
    with house.house.sessions() as session:
        return session.scalars(select(Case.id).where(Case.reference == reference)).one()


def _plan() -> dict[str, object]:
    return {"delegate": "ARMOR", "contracts": ["COL-2021-003"], "themes": ["benefits"], "place": "Brest"}


def reminded(house: StoryHouse, login: str) -> list[str]:
    """The days on which this person got a message, or a copy of one, in order."""
    mails = [mail for mail in house.sink.mailbox.mails() if login in f"{mail.header('To')} {mail.header('Cc')}"]
    return sorted(parsedate_to_datetime(mail.header("Date")).astimezone(PARIS).date().isoformat() for mail in mails)


def inside(house: StoryHouse) -> int:
    """How many files were kept."""
    with house.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(AuditFileRow)) or 0
