"""The follow-up looks at all open findings of the delegate, and carries its own into an audit that goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from db.commands.command import Ask
from db.commands.finding import register_finding
from db.models import AuditRow, Case
from db.queries.audit_followed import open_beside
from domain.audit import commands as ask
from domain.audit.words import AuditTask, OpenFindings
from domain.finding.commands import OpenFinding
from tests.factories.audits import (
    AUDITOR,
    DIRECTOR,
    OTHER_CONTRACT,
    USER,
    Auditing,
    all_accepted,
    an_audit_at,
    applied,
)


def following_up(desk: Auditing) -> UUID:
    """An audit that follows a recommendation and a missing piece."""
    case_id = an_audit_at(desk, "restituting")
    applied(desk.do(case_id, USER, all_accepted(desk, case_id), AuditTask.ANSWER_FINDINGS))
    agree = ask.AgreeSchedule(held_on=str(desk.at.date()), schedule=[])
    applied(desk.do(case_id, AUDITOR, agree, AuditTask.AGREE_SCHEDULE))
    return case_id


def opened_alone(desk: Auditing, delegate: str, contract: str) -> str:
    """A finding that no audit has made."""
    body = {"delegate": delegate, "contract": contract, "subject": "Contrôle", "words": "Rien ne le prouve."}
    asked = OpenFinding.model_validate(body | {"risk": "low", "agreed_on": str(desk.at.date())})
    with desk.sessions.begin() as session:
        given = Ask("register", asked.model_dump(mode="json"), f"alone {next(desk.keys)}")
        return register_finding(session, asked, given, desk.actor(AUDITOR), desk.at, desk.book).reference


def beside(desk: Auditing, case_id: UUID) -> list[tuple[str, str | None]]:
    """What else is open of the audit's delegate: reference, and the audit that follows it or did."""
    with desk.sessions() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.case_id == case_id)).one()
        return [(one.reference, one.of_audit) for one in open_beside(session, case_id, row.delegate)]


def reference_of(desk: Auditing, case_id: UUID) -> str:
    """What the case is called."""
    with desk.sessions() as session:
        return session.get_one(Case, case_id).reference


def test_a_follow_up_lists_what_a_cancelled_audit_left_open_and_what_was_opened_alone(auditing: Auditing) -> None:
    given_up = following_up(auditing)
    kept = ask.Cancel(reason="À refaire.", findings=OpenFindings.KEEP)
    applied(auditing.case(given_up, DIRECTOR, "cancel", kept))
    again = following_up(auditing)
    alone = opened_alone(auditing, "ARMOR", "COL-2019-014")
    opened_alone(auditing, "LEON", OTHER_CONTRACT)
    cancelled = reference_of(auditing, given_up)
    assert [audit for _, audit in beside(auditing, again)].count(cancelled) == 2
    assert (alone, None) in beside(auditing, again)
    assert len(beside(auditing, again)) == 3


def test_what_has_ended_is_listed_no_more(auditing: Auditing) -> None:
    case_id = following_up(auditing)
    opened_alone(auditing, "ARMOR", "COL-2019-014")
    auditing.at += timedelta(days=1)
    auditing.sql("UPDATE cases SET ended_at = opened_at WHERE procedure = 'finding'")
    assert beside(auditing, case_id) == []


def next_year_s(desk: Auditing) -> UUID:
    """The delegate's next audit, planned."""
    desk.at += timedelta(days=200)
    return desk.plan(launch_at="2028-01-17T09:00:00+00:00")


def test_findings_are_not_carried_into_an_audit_that_is_being_cancelled(auditing: Auditing) -> None:
    case_id = following_up(auditing)
    following = next_year_s(auditing)
    held = ask.HoldFollowUp(held_on=str(auditing.at.date()))
    applied(auditing.do(case_id, AUDITOR, held, AuditTask.HOLD_FOLLOW_UP))
    carrying = auditing.give(case_id, AUDITOR, ask.CarryOver(), AuditTask.CARRY_OVER)
    with ThreadPoolExecutor(1) as pool:
        with auditing.engine.begin() as other:
            other.execute(text("UPDATE cases SET lines = lines WHERE id = :id"), {"id": following})
            other.execute(text("UPDATE audits SET cancelled_at = planned_at WHERE case_id = :id"), {"id": following})
            carried = pool.submit(auditing.settle, carrying)
            sleep(0.2)
            assert not carried.done()
        assert carried.result().code == "wrong_step"


def test_the_register_itself_waits_for_an_audit_that_is_being_cancelled(auditing: Auditing) -> None:
    case_id = following_up(auditing)
    following = next_year_s(auditing)
    carries = (
        "INSERT INTO audit_findings (audit_id, finding_id, carried_from) "
        "SELECT :next, finding_id, audit_id FROM audit_findings WHERE audit_id = :this"
    )
    with auditing.engine.begin() as other:
        other.execute(text("UPDATE audits SET cancelled_at = planned_at WHERE case_id = :id"), {"id": following})
        with auditing.engine.begin() as carrying:
            carrying.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                carrying.execute(text(carries), {"next": following, "this": case_id})
