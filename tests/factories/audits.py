"""Audits of the demo's delegates, brought on by real commands on a real register."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.catalogue_file import load_catalogue
from db.commands.audit_file import DeliveredFile, keep_audit_file
from db.commands.audit_plan import plan_audit
from db.commands.audit_report import MadeReport, keep_report
from db.commands.command import Ask, receive
from db.models import AuditReportRow, Case, CommandRow
from db.queries.audit_report import audit_report
from domain.audit import commands as ask
from domain.audit.words import AuditDomain, AuditTask, Reply
from domain.commands import CommandRef, CommandStatus, Outcome
from domain.risk import RiskLevel
from tests.factories.register import Desk, open_desk

AUDITOR, OTHER_AUDITOR, CONTROL, DIRECTOR = "gildas.madec", "maiwenn.le.saux", "katell.rolland", "isabelle.kermarrec"
GENERAL = "francois.le.bihan"
USER, OTHER_USER, HEAD = "enora.lagadec", "bastien.cloarec", "sabine.trevidic"
STRANGER = "corentin.falhun"
DELEGATE, OTHER_DELEGATE = "ARMOR", "LEON"
CONTRACT, OTHER_CONTRACT = "COL-2019-014", "COL-2020-007"
SOME_PIECES = ("delegation-agreement", "enrolment-procedure", "complaints-list", "tariff-table", "benefits-procedure")
PLANNED_AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
LAUNCH_AT = datetime(2027, 1, 18, 9, tzinfo=UTC)
LAUNCH_ON = date(2027, 1, 18)
_WITH_RECOMMENDATIONS = ("reporting", "validating", "restituting")


def a_plan(**changes: Any) -> ask.Plan:
    """An audit of Armor Gestion in all three domains, of five pieces."""
    said = {
        "delegate": DELEGATE,
        "contracts": [CONTRACT],
        "themes": list(AuditDomain),
        "pieces": list(SOME_PIECES),
        "launch_at": LAUNCH_AT.isoformat(),
        "place": "Salle des Goémons, Brest",
    }
    return ask.Plan.model_validate(said | changes)


def a_note(piece: str, grade: str = "3", **changes: Any) -> ask.NoteAnalysis:
    """A piece that meets the four criteria alike."""
    grades = dict.fromkeys(("conformity", "up_to_date", "relevance", "presentation"), grade)
    return ask.NoteAnalysis.model_validate({"piece": piece, **grades, **changes})


def a_recommendation(risk: RiskLevel = RiskLevel.MEDIUM, **changes: Any) -> ask.AddRecommendation:
    """Something to be put right by the middle of the year."""
    said = {"risk": risk, "words": "Rapprocher chaque mois le compte des cotisations.", "expected_on": "2027-06-30"}
    return ask.AddRecommendation.model_validate(said | changes)


@dataclass(frozen=True)
class Way:
    """How an audit came to its state: what was planned, and which risks were found."""

    state: str
    recommendations: tuple[RiskLevel, ...]
    plan: Mapping[str, Any]

    def earlier(self) -> "Way":
        """The way to the state before: nothing is recommended until pieces have been analysed."""
        state = STEPS[STEPS.index(self.state) - 1]
        return Way(state, self.recommendations if state in _WITH_RECOMMENDATIONS else (), self.plan)


class Auditing(Desk):
    """A desk at which audits are planned and brought on. `at` is business time.

    `bring` knows a shorter way to a state than to give all commands again.
    """

    bring: "Callable[[Auditing, Way], UUID] | None" = None

    def plan(self, login: str = AUDITOR, **changes: Any) -> UUID:
        """An audit that is planned, its launch meeting asked for."""
        command = self.planned(login, **changes)
        assert self.settle(command).status is CommandStatus.APPLIED
        return command.case_id

    def planned(self, login: str = AUDITOR, **changes: Any) -> CommandRef:
        """An audit that is planned: it is kept, nobody asked yet."""
        plan = a_plan(**changes)
        given = Ask("register", plan.model_dump(mode="json"), f"plan {next(self.keys)}")
        with self.sessions.begin() as session:
            actor = self.actor(login)
            case = plan_audit(session, plan, given, actor, self.at, self.book, load_catalogue())
            command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
            return CommandRef(command.id, case.id, "register")

    def case(self, case_id: UUID, login: str, kind: str, body: Any) -> Outcome[Any]:
        """Give a command on the audit itself."""
        return self.do(case_id, login, body, None, kind)

    def deliver(self, case_id: UUID, piece: str, content: bytes = b"%PDF-1.7", login: str = USER) -> Outcome[Any]:
        """A file of a piece comes, and is taken or refused."""
        return self.settle(self.delivered(case_id, piece, content, login))

    def delivered(self, case_id: UUID, piece: str, content: bytes = b"%PDF-1.7", login: str = USER) -> CommandRef:
        """A file of a piece comes, as the API keeps it."""
        digest, command_id = sha256(content).hexdigest(), uuid7()
        body = {"piece": piece, "name": f"{piece}.pdf", "media_type": "application/pdf", "sha256": digest}
        with self.sessions.begin() as session:
            actor = self.actor(login)
            given = Ask("deliver_piece", body, f"file {next(self.keys)}", id=command_id)
            row = receive(session, case_id, given, actor, self.at)
            session.flush()
            file = DeliveredFile(piece, body["name"], body["media_type"], digest, content, actor.id)
            keep_audit_file(session, case_id, row.id, file)
            return CommandRef(row.id, case_id, "deliver_piece")

    def make_report(self, case_id: UUID, login: str = AUDITOR, pdf: bytes | None = None) -> str:
        """The report's files are made of what the audit says; the hash of its PDF."""
        with self.sessions.begin() as session:
            case = session.get_one(Case, case_id)
            said = audit_report(session, case, self.book)
            content = pdf or said.content_hash.encode()
            made = MadeReport(said, "fr", content, b"xlsx")
            return keep_report(session, case, made, self.actor(login).id, self.at).pdf_sha256

    def newest_hash(self, case_id: UUID) -> str:
        """The hash of the newest report."""
        wanted = select(AuditReportRow.pdf_sha256).where(AuditReportRow.audit_id == case_id)
        with self.sessions() as session:
            return session.scalars(wanted.order_by(AuditReportRow.version.desc()).limit(1)).one()

    def refusal(self, case_id: UUID) -> Mapping[str, Any]:
        """Why the last refused command of the case was refused."""
        rows = self.sql(
            'SELECT refusal FROM commands WHERE case_id = :id AND refusal IS NOT NULL ORDER BY "order" DESC LIMIT 1',
            id=case_id,
        )
        told: Mapping[str, Any] = rows[0][0]
        return told


@contextmanager
def open_auditing(database: str) -> Iterator[Auditing]:
    """A desk before this database, at which audits are planned."""
    with open_desk(database) as desk:
        yield Auditing(desk.engine, desk.sessions, at=PLANNED_AT)


def applied(outcome: Outcome[Any]) -> None:
    """The command was carried out."""
    assert outcome.status is CommandStatus.APPLIED, outcome.code


STEPS = ("planned", "launched", "analysing", *_WITH_RECOMMENDATIONS)


def an_audit_at(
    desk: Auditing, state: str, recommendations: tuple[RiskLevel, ...] = (RiskLevel.MEDIUM,), **plan: Any
) -> UUID:
    """An audit that real commands have brought to this state: one of its pieces has not come."""
    return (desk.bring or walk)(desk, Way(state, recommendations, plan))


def walk(desk: Auditing, way: Way) -> UUID:
    """Give the commands of this way, one after the other."""
    return plan(desk, way) if way.state == STEPS[0] else go_on(desk, walk(desk, way.earlier()), way)


def plan(desk: Auditing, way: Way) -> UUID:
    """Give the command that begins this way."""
    desk.at = PLANNED_AT
    return desk.plan(**way.plan)


def go_on(desk: Auditing, case_id: UUID, way: Way) -> UUID:
    """Give the last commands of this way."""
    FORWARD[way.state](desk, case_id, way.recommendations)
    assert desk.state(case_id) == way.state
    return case_id


def _launch(desk: Auditing, case_id: UUID, _risks: Any) -> None:
    desk.at = LAUNCH_AT + timedelta(hours=2)
    applied(desk.do(case_id, AUDITOR, ask.HoldLaunch(held_on=LAUNCH_ON), AuditTask.HOLD_LAUNCH_MEETING))


def _deliver(desk: Auditing, case_id: UUID, _risks: Any) -> None:
    desk.at += timedelta(days=20)
    for (piece,) in desk.sql(
        "SELECT piece FROM audit_pieces WHERE audit_id = :id ORDER BY number OFFSET 1", id=case_id
    ):
        applied(desk.deliver(case_id, piece, piece.encode()))
    applied(desk.case(case_id, AUDITOR, "end_delivery", ask.EndDelivery(reason="Une pièce n’existe pas.")))


def _analyse(desk: Auditing, case_id: UUID, risks: tuple[RiskLevel, ...]) -> None:
    for (piece,) in desk.sql(
        "SELECT piece FROM audit_pieces WHERE audit_id = :id ORDER BY number OFFSET 1", id=case_id
    ):
        applied(desk.case(case_id, AUDITOR, "note_analysis", a_note(piece)))
    applied(desk.case(case_id, AUDITOR, "add_strength", ask.AddStrength(words="Une équipe stable et formée.")))
    for risk in risks:
        applied(desk.case(case_id, AUDITOR, "add_recommendation", a_recommendation(risk)))
    applied(desk.do(case_id, AUDITOR, ask.EndAnalysis(), AuditTask.ANALYSE))


def _submit(desk: Auditing, case_id: UUID, _risks: Any) -> None:
    applied(desk.do(case_id, AUDITOR, ask.Submit(report_sha256=desk.make_report(case_id)), AuditTask.WRITE_REPORT))


def _validate(desk: Auditing, case_id: UUID, _risks: Any) -> None:
    for login in (OTHER_AUDITOR, CONTROL):
        read = ask.Validate(report_sha256=desk.newest_hash(case_id))
        applied(desk.do(case_id, login, read, AuditTask.VALIDATE_REPORT))


FORWARD = {
    "launched": _launch,
    "analysing": _deliver,
    "reporting": _analyse,
    "validating": _submit,
    "restituting": _validate,
}


def all_accepted(desk: Auditing, case_id: UUID) -> ask.AnswerFindings:
    """The delegate accepts every recommendation."""
    rows = desk.sql(
        "SELECT number FROM audit_recommendations WHERE audit_id = :id AND dropped_at IS NULL ORDER BY number",
        id=case_id,
    )
    return ask.AnswerFindings(answers=[ask.Answer(number=number, reply=Reply.ACCEPT) for (number,) in rows])
