"""An audit of a delegate, told month by month: planned, launched, delivered, analysed, validated, restituted."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

from db.models import AuditFileRow
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
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")

STARTS = datetime(2031, 1, 13, 9, tzinfo=PARIS)
"""A Monday."""
LAUNCH = datetime(2031, 1, 20, 10, tzinfo=PARIS)


async def test_an_audit_from_its_plan_to_its_findings(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, STARTS) as house:
        # Monday 13 January 2031: the auditor plans it; Armor is its contract's broker as well, and that is noted
        planned = await plans(house, LAUNCH)
        reference = planned["reference"]
        assert (reference, planned["state"], len(planned["pieces"])) == ("AUD-2031-000001", "planned", 38)
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

        # Tuesday 21 January: it is held; six weeks from then, to Tuesday 4 March at five
        await house.sleep_until(LAUNCH + timedelta(days=1, hours=2))
        held = await completes(
            house, AUDITOR, reference, "hold_launch_meeting", outcome="hold_launch", held_on="2031-01-21"
        )
        assert held == "launched"
        seen = await told(house, reference)
        assert seen["delivery_due_on"] == "2031-03-04"

        # A stranger's delegate sees nothing of it; Armor's people deliver: types by content, versions by bytes
        assert (await delivers(house, reference, "tariff-table", an_audit_pdf("x"), STRANGER)).status_code == 404
        wrong = await delivers(house, reference, "tariff-table", b"MZ a program")
        assert (wrong.status_code, wrong.json()["field"]) == (422, "file")
        asked = [piece["id"] for piece in seen["pieces"]]
        for piece in asked[:30]:
            await done(await delivers(house, reference, piece, an_audit_pdf(piece)))
        await done(await delivers(house, reference, asked[0], an_audit_pdf(asked[0]), OTHER_USER))
        await done(await delivers(house, reference, asked[0], an_audit_pdf("the signed one")))
        await done(await delivers(house, reference, "unpaid-list", A_CSV, name="balance.csv"))
        first = next(piece for piece in (await told(house, reference))["pieces"] if piece["id"] == asked[0])
        assert [file["version"] for file in first["files"]] == [1, 2]
        unknown = await delivers(house, reference, "never-asked", an_audit_pdf("x"))
        assert unknown.status_code == 422

        # The delegate is reminded at 2, 4, 5 weeks and 2 days before; then its director, then our direction
        await house.sleep_until(datetime(2031, 3, 12, 12, tzinfo=PARIS))
        assert reminded(house, USER) == ["2031-02-04", "2031-02-18", "2031-02-25", "2031-03-03", "2031-03-04"]
        assert reminded(house, HEAD) == ["2031-03-03", "2031-03-04", "2031-03-11"]
        assert reminded(house, DIRECTOR) == ["2031-03-11"]

        # Five come late, three never: the delegate cannot end the delivery, the auditor does
        for piece in asked[30:35]:
            await done(await delivers(house, reference, piece, an_audit_pdf(piece)))
        unfinished = await house.complete(USER, reference, "deliver_pieces", outcome="deliver")
        assert (unfinished.status_code, unfinished.json()["type"]) == (409, "/problems/wrong_step")
        assert (await asks(house, USER, reference, "end-delivery", {"reason": "Fini."})).status_code == 403
        await done(await asks(house, AUDITOR, reference, "end-delivery", {"reason": "Trois pièces n’existent pas."}))
        seen = await told(house, reference)
        assert (seen["state"], seen["missing"]) == ("analysing", 3)
        assert sum(file["late"] for piece in seen["pieces"] for file in piece["files"]) == 5
        late = await delivers(house, reference, asked[36], an_audit_pdf("after the end"))
        assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong_step")
        assert inside(house) == 37

        # The analysis, strengths, recommendations over five levels
        unready = await house.complete(AUDITOR, reference, "analyse", outcome="end_analysis")
        assert unready.status_code == 409
        await grades_all(house, reference)
        await done(await asks(house, AUDITOR, reference, "strengths", {"words": "Une équipe stable."}))
        for risk in ("very_low", "low", "medium", "high", "major"):
            words = {"risk": risk, "words": f"Recommandation de risque {risk}.", "expected_on": "2031-12-01"}
            await done(await asks(house, AUDITOR, reference, "recommendations", words))
        assert await completes(house, AUDITOR, reference, "analyse", outcome="end_analysis") == "reporting"

        # The report is made, submitted, sent back, made again, validated by two who have written none of it
        first_hash = await makes_report(house, reference)
        assert await makes_report(house, reference) == first_hash
        submit = {"outcome": "submit", "report_sha256": first_hash}
        assert await completes(house, AUDITOR, reference, "write_report", **submit) == "validating"
        assert await house.inbox(AUDITOR, reference) == []
        back = {"outcome": "send_back", "report_sha256": first_hash, "reason": "Le risque majeur n’est pas étayé."}
        assert await completes(house, OTHER_AUDITOR, reference, "validate_report", **back) == "reporting"
        change = {"number": 5, "risk": "major", "words": "Comptes non rapprochés.", "expected_on": "2031-05-01"}
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
        assert sorted(schedule) == list(range(1, 9))
        assert {schedule[number]["origin"] for number in (6, 7, 8)} == {"missing_piece"}


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
