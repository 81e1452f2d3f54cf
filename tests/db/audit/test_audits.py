"""An audit in the register, from its plan to the restitution: what is kept, what is refused, and by whom."""

from datetime import timedelta
from typing import Any

import pytest

from db.catalogue_file import load_catalogue
from domain.audit import commands as ask
from domain.audit.words import AuditDomain, AuditTask
from domain.commands import CommandStatus
from domain.refusals import AuditedAlready, Invalid
from domain.risk import RiskLevel
from tests.factories.audits import (
    AUDITOR,
    CONTROL,
    DIRECTOR,
    LAUNCH_AT,
    OTHER_AUDITOR,
    OTHER_CONTRACT,
    STRANGER,
    USER,
    Auditing,
    a_note,
    a_recommendation,
    all_accepted,
    an_audit_at,
    applied,
)


def test_an_audit_keeps_its_own_copy_of_the_38_pieces(auditing: Auditing) -> None:
    case_id = auditing.plan(pieces=None)
    kept = auditing.sql("SELECT count(*), count(DISTINCT domain) FROM audit_pieces WHERE audit_id = :id", id=case_id)
    assert kept == [(38, 3)]
    assert auditing.sql("SELECT catalogue, conflict_of_interest FROM audits") == [(load_catalogue().version, True)]


def test_an_audit_of_two_domains_asks_for_their_pieces_only(auditing: Auditing) -> None:
    case_id = auditing.plan(pieces=None, themes=[AuditDomain.CONTRIBUTIONS, AuditDomain.BENEFITS])
    assert auditing.sql("SELECT count(*) FROM audit_pieces WHERE audit_id = :id", id=case_id) == [(25,)]


def test_a_delegate_is_audited_once_a_year(auditing: Auditing) -> None:
    case_id = auditing.plan()
    with pytest.raises(AuditedAlready):
        auditing.plan(login=OTHER_AUDITOR)
    applied(auditing.case(case_id, DIRECTOR, "cancel", ask.Cancel(reason="Délégataire changé.")))
    auditing.plan()


@pytest.mark.parametrize(
    "changes",
    [
        {"delegate": "NOBODY"},
        {"contracts": [OTHER_CONTRACT]},
        {"contracts": ["COL-2019-014", "COL-2019-014"]},
        {"pieces": ["delegation-agreement", "delegation-agreement"]},
        {"pieces": ["never-heard-of"]},
        {"pieces": []},
        {"pieces": ["tariff-table"], "themes": ["benefits"]},
        {"themes": ["benefits", "benefits"]},
        {"launch_at": "2027-01-10T09:00:00+01:00"},
        {"launch_at": "2027-01-16T09:00:00+01:00"},
        {"launch_at": "2028-01-28T09:00:00+01:00"},
        {"launch_at": "2027-01-25T03:00:00+01:00"},
    ],
    ids=str,
)
def test_a_plan_that_cannot_be_keeps_nothing(auditing: Auditing, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        auditing.plan(**changes)
    assert auditing.sql("SELECT count(*) FROM cases") == [(0,)]


def test_the_same_bytes_are_the_same_version_and_others_the_next(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    for content in (b"one", b"one", b"two"):
        applied(auditing.deliver(case_id, "tariff-table", content))
    kept = "SELECT version FROM audit_files WHERE version IS NOT NULL ORDER BY version"
    assert auditing.sql(kept) == [(1,), (2,)]


def test_a_file_that_was_withdrawn_can_come_again(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    applied(auditing.deliver(case_id, "tariff-table", b"one"))
    wrong = ask.WithdrawPiece(piece="tariff-table", version=1, reason="Mauvais contrat.")
    applied(auditing.case(case_id, USER, "withdraw_piece", wrong))
    applied(auditing.deliver(case_id, "tariff-table", b"one"))
    assert auditing.sql("SELECT version, withdrawn_at IS NULL FROM audit_files ORDER BY version") == [
        (1, False),
        (2, True),
    ]


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_what_comes_after_the_due_instant_is_marked_late(auditing: Auditing, seconds: int, late: bool) -> None:
    case_id = an_audit_at(auditing, "launched")
    ((due_at,),) = auditing.sql("SELECT due_at FROM deadlines WHERE name = 'delivery'")
    auditing.at = due_at + timedelta(seconds=seconds)
    applied(auditing.deliver(case_id, "tariff-table"))
    assert auditing.sql("SELECT late FROM audit_files") == [(late,)]


def test_the_six_weeks_end_on_their_last_day_at_five(auditing: Auditing) -> None:
    an_audit_at(auditing, "launched")
    ((due_at,),) = auditing.sql("SELECT due_at AT TIME ZONE 'Europe/Paris' FROM deadlines WHERE name = 'delivery'")
    assert due_at.isoformat() == "2027-03-01T17:00:00"


def test_a_piece_after_the_end_is_refused_with_the_remedy(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "analysing")
    assert auditing.deliver(case_id, "delegation-agreement").code == "wrong_step"
    assert "evidence of that finding" in auditing.refusal(case_id)["remedy"]


def test_another_delegate_delivers_nothing(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    assert auditing.deliver(case_id, "tariff-table", login=STRANGER).code == "not_allowed"


def test_the_delegate_ends_the_delivery_only_when_everything_is_there(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    assert auditing.do(case_id, USER, ask.Deliver(), AuditTask.DELIVER_PIECES).code == "wrong_step"
    for (piece,) in auditing.sql("SELECT piece FROM audit_pieces"):
        applied(auditing.deliver(case_id, piece, piece.encode()))
    applied(auditing.do(case_id, USER, ask.Deliver(), AuditTask.DELIVER_PIECES))
    assert auditing.state(case_id) == "analysing"


def test_what_did_not_come_is_not_graded(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "analysing")
    noted = auditing.case(case_id, AUDITOR, "note_analysis", a_note("delegation-agreement"))
    assert noted.code == "wrong_step"


def test_the_analysis_ends_when_every_piece_that_came_is_graded(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "analysing")
    assert auditing.do(case_id, AUDITOR, ask.EndAnalysis(), AuditTask.ANALYSE).code == "wrong_step"
    assert "4. Barème des cotisations" in auditing.refusal(case_id)["rule"]


def test_a_report_made_of_other_content_is_not_submitted(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "reporting")
    made = auditing.make_report(case_id)
    applied(auditing.case(case_id, AUDITOR, "add_recommendation", a_recommendation()))
    assert auditing.do(case_id, AUDITOR, ask.Submit(report_sha256=made), AuditTask.WRITE_REPORT).code == "stale_version"


def test_whoever_wrote_any_of_it_does_not_validate_the_report(auditing: Auditing) -> None:
    """The other auditor has graded a piece as well: the first link goes one level up, to internal control."""
    case_id = an_audit_at(auditing, "reporting")
    applied(auditing.case(case_id, OTHER_AUDITOR, "note_analysis", a_note("tariff-table", "2")))
    applied(
        auditing.do(case_id, AUDITOR, ask.Submit(report_sha256=auditing.make_report(case_id)), AuditTask.WRITE_REPORT)
    )
    offered = auditing.task(case_id, AuditTask.VALIDATE_REPORT)
    assert auditing.actor(OTHER_AUDITOR).id in offered.excluded
    assert "process_pilot" in offered.offered_to


def test_a_report_that_was_sent_back_is_made_again(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "validating")
    old = auditing.newest_hash(case_id)
    back = ask.SendBack(report_sha256=old, reason="Le risque 1 est sous-estimé.")
    applied(auditing.do(case_id, OTHER_AUDITOR, back, AuditTask.VALIDATE_REPORT))
    assert auditing.state(case_id) == "reporting"
    again = auditing.do(case_id, AUDITOR, ask.Submit(report_sha256=old), AuditTask.WRITE_REPORT)
    assert again.code == "stale_version"
    made = auditing.make_report(case_id, pdf=b"another")
    applied(auditing.do(case_id, AUDITOR, ask.Submit(report_sha256=made), AuditTask.WRITE_REPORT))


def test_a_validator_who_read_another_file_is_refused(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "validating")
    read = ask.Validate(report_sha256="0" * 64)
    assert auditing.do(case_id, OTHER_AUDITOR, read, AuditTask.VALIDATE_REPORT).code == "stale_version"


def test_nothing_is_written_while_validators_have_the_report(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "validating")
    added = auditing.case(case_id, AUDITOR, "add_recommendation", a_recommendation())
    assert added.code == "wrong_step"


def test_two_people_validate_and_the_delegate_is_asked(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "restituting")
    people = auditing.sql("SELECT count(DISTINCT person_id) FROM audit_approvals")
    assert people == [(2,)]
    assert auditing.task(case_id, AuditTask.ANSWER_FINDINGS).offered_to == [
        "delegate_director@ARMOR",
        "delegate_user@ARMOR",
    ]


def test_a_disputed_recommendation_goes_to_internal_control(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "restituting")
    disputed = ask.AnswerFindings(answers=[ask.Answer(number=1, reply="dispute", argument="Fait depuis mars.")])
    applied(auditing.do(case_id, USER, disputed, AuditTask.ANSWER_FINDINGS))
    rule = ask.Rule(number=1, ruling="lower", risk="low", reason="En partie fait.")
    applied(auditing.do(case_id, CONTROL, ask.Arbitrate(rulings=[rule]), AuditTask.ARBITRATE))
    assert auditing.task(case_id, AuditTask.AGREE_SCHEDULE).offered_to == ["auditor"]


def test_a_recommendation_left_without_an_answer_is_refused(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "restituting", (RiskLevel.LOW, RiskLevel.HIGH))
    some = ask.AnswerFindings(answers=[ask.Answer(number=2, reply="accept")])
    assert auditing.do(case_id, USER, some, AuditTask.ANSWER_FINDINGS).code == "invalid"
    assert "1" in auditing.refusal(case_id)["rule"]


def test_an_audit_is_cancelled_by_the_direction_alone(auditing: Auditing) -> None:
    case_id = an_audit_at(auditing, "launched")
    reason = ask.Cancel(reason="Convention résiliée.")
    assert auditing.case(case_id, AUDITOR, "cancel", reason).code == "not_allowed"
    assert auditing.case(case_id, DIRECTOR, "cancel", reason).status is CommandStatus.APPLIED
    assert auditing.case(case_id, DIRECTOR, "cancel", reason).code == "wrong_step"
    open_ones = auditing.sql("SELECT count(*) FROM tasks WHERE closed_at IS NULL")
    assert open_ones == [(0,)]


def test_the_launch_moves_with_its_meeting(auditing: Auditing) -> None:
    case_id = auditing.plan()
    later = ask.FixMeeting.model_validate(
        {"meeting": "launch", "at": (LAUNCH_AT + timedelta(days=7)).isoformat(), "place": "Visioconférence"}
    )
    applied(auditing.case(case_id, AUDITOR, "fix_meeting", later))
    rows = auditing.sql("SELECT due_on::text FROM deadlines WHERE cancelled_at IS NULL")
    assert rows == [("2027-01-25",)]
    assert auditing.sql("SELECT sequence FROM audit_meetings") == [(1,)]
    assert all_accepted(auditing, case_id).answers == []
