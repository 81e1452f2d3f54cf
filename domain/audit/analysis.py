"""The analysis: each piece that came is graded on four criteria; strengths and recommendations are written down.

Source: procedures, section 3 steps 3 and 4
"""

from datetime import date

from domain.audit.case import AUDITORS, Audit, Recommendation
from domain.audit.commands import (
    AddRecommendation,
    AddStrength,
    ChangeRecommendation,
    DropRecommendation,
    DropStrength,
    EndAnalysis,
    NoteAnalysis,
)
from domain.audit.events import (
    AnalysisNoted,
    RecommendationAdded,
    RecommendationChanged,
    RecommendationDropped,
    StrengthAdded,
    StrengthDropped,
    become,
)
from domain.audit.meetings import check_auditor, check_not_ended
from domain.audit.planning import check_within
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, AuditTask
from domain.desk import done, open_task
from domain.events import Event
from domain.house import House
from domain.people import Actor
from domain.refusals import Invalid, WrongStep
from domain.risk import RiskLevel
from domain.tasks import Task


def note_analysis(case: Audit, command: NoteAnalysis, actor: Actor, _house: House) -> list[Event]:
    """A piece that came is graded; what did not come cannot be. Raises Refusal."""
    check_may_note(case, actor)
    piece = case.piece(command.piece)
    if piece is None:
        raise Invalid(
            f"This audit does not ask for {command.piece}.", "Look at the pieces that it asks for.", field="piece"
        )
    if not piece.delivered:
        raise WrongStep(
            f"The piece {piece.named} has not come: there is nothing to grade.",
            "It stands in the report as missing, and becomes a finding.",
        )
    return [AnalysisNoted(piece.id, actor.id, command)]


def check_may_note(case: Audit, actor: Actor) -> None:
    """An auditor, between the end of the delivery and the report's way to its validators. Raises Refusal."""
    check_auditor(actor)
    check_not_ended(case)
    if not case.state.has_reached(AuditState.ANALYSING):
        raise WrongStep("The pieces are analysed once the delivery has ended.", "End the delivery first.")
    if case.state not in AuditState.noting():
        raise WrongStep(
            "The report is with its validators, or validated: what it says does not change.",
            "A validator can send it back; what comes after is a finding's.",
        )


def end_analysis(case: Audit, command: EndAnalysis, task: Task, _actor: Actor, house: House) -> list[Event]:
    """Every piece that came is graded: the report is to be written. Raises WrongStep, naming those that are not."""
    ungraded = [piece.named for piece in case.pieces if piece.delivered and not piece.graded]
    if ungraded:
        raise WrongStep(
            f"So many pieces that came are not graded: {len(ungraded)} ({', '.join(ungraded[:5])}).",
            "Note what each is worth on the four criteria.",
        )
    return [
        done(task, command.outcome),
        become(case.state, AuditState.REPORTING),
        *ask_for_report(case, house),
    ]


def ask_for_report(case: Audit, house: House) -> list[Event]:
    """An auditor is asked to give the report to its validators."""
    return open_task(case, house, AuditTask.WRITE_REPORT, AUDITORS, due=case.due(AuditDeadline.REPORT))


def add_strength(case: Audit, command: AddStrength, actor: Actor, _house: House) -> list[Event]:
    """Something that the delegate does well stands in the report. Source: Memo"""
    check_may_note(case, actor)
    return [StrengthAdded(max(case.strengths, default=0) + 1, actor.id, command.domain, command.words)]


def drop_strength(case: Audit, command: DropStrength, actor: Actor, _house: House) -> list[Event]:
    """It stands there no longer. Raises Invalid where it never did."""
    check_may_note(case, actor)
    if command.number not in case.strengths:
        raise Invalid(f"There is no strength {command.number}.", "Look at the audit's strengths.", field="number")
    return [StrengthDropped(command.number)] if case.strengths[command.number] else []


def add_recommendation(case: Audit, command: AddRecommendation, actor: Actor, house: House) -> list[Event]:
    """What the delegate should change, with its risk and the day by which it is expected. Source: Memo"""
    check_may_note(case, actor)
    _check_about(case, command, house)
    number = max((one.number for one in case.recommendations), default=0) + 1
    return [RecommendationAdded(number, actor.id, *_said(command))]


def change_recommendation(case: Audit, command: ChangeRecommendation, actor: Actor, house: House) -> list[Event]:
    """A recommendation is written anew, under its number; whoever does is one of its authors from then on."""
    check_may_note(case, actor)
    _standing(case, command.number)
    _check_about(case, command, house)
    return [RecommendationChanged(command.number, actor.id, *_said(command))]


def drop_recommendation(case: Audit, command: DropRecommendation, actor: Actor, _house: House) -> list[Event]:
    """A recommendation stands in the report no longer; its number is not given again."""
    check_may_note(case, actor)
    return [RecommendationDropped(_standing(case, command.number).number, command.reason)]


def _said(command: AddRecommendation) -> tuple[RiskLevel, date, str | None, str | None, str, str | None]:
    return command.risk, command.expected_on, command.piece, command.contract, command.words, command.comment


def _standing(case: Audit, number: int) -> Recommendation:
    """Raises Invalid."""
    found = next((one for one in case.standing if one.number == number), None)
    if found is None:
        raise Invalid(f"No recommendation {number} stands.", "Look at the audit's recommendations.", field="number")
    return found


def _check_about(case: Audit, command: AddRecommendation, house: House) -> None:
    """It is about a piece that was asked for, or none; and it is expected on a day to come. Raises Invalid."""
    _check_contract(case, command.contract)
    if command.piece is not None and case.piece(command.piece) is None:
        raise Invalid(
            f"This audit does not ask for {command.piece}.", "Name a piece that it asks for, or none.", field="piece"
        )
    if command.expected_on <= house.today:
        raise Invalid(
            f"What is recommended is expected on a day to come, not on {command.expected_on}.",
            "Give a later day.",
            field="expected_on",
        )
    check_within(command.expected_on, house.today, house.version, "expected_on")


def _check_contract(case: Audit, contract: str | None) -> None:
    """It concerns a contract of the audit's scope, named where the scope has several. Raises Invalid. Source: Memo"""
    if contract in case.contracts or (contract is None and len(case.contracts) == 1):
        return
    raise Invalid(
        "What is recommended concerns one of the audit's contracts.",
        f"Name one of them: {', '.join(case.contracts)}.",
        field="contract",
    )
