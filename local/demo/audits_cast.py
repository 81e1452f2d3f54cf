"""The demo's audit of Armor, whose six weeks are just over, and two findings that Armor has to put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from uuid_utils.compat import uuid7

from db.catalogue_file import load_catalogue
from db.commands.audit_file import DeliveredFile, keep_audit_file
from db.commands.audit_plan import plan_audit
from db.commands.command import Ask, receive
from db.commands.finding import register_finding
from domain.audit.commands import DeliverPiece, HoldLaunch, Plan
from domain.audit.words import AuditDomain, AuditTask
from domain.commands import CommandRef
from domain.finding.commands import AcceptPlan, OpenFinding, ProposePlan
from domain.finding.words import FindingTask, RiskLevel
from local.demo.past import Does
from local.demo.scripted import Scripted, an_ask
from local.demo.texts_claims import a_page

GILDAS, ENORA, BASTIEN = "gildas.madec", "enora.lagadec", "bastien.cloarec"
DELEGATE, CONTRACT = "ARMOR", "COL-2019-014"
PLANNED_BEFORE, LAUNCHED = 6, timedelta(days=45)
IN_TIME, LATE, MISSING = (
    ("delegation-agreement", "organisation-chart", "contribution-procedure", "benefits-procedure"),
    "tariff-table",
    "routine-payments-sample",
)
NAMES = {
    "delegation-agreement": "Convention de délégation 2019",
    "organisation-chart": "Organigramme de la gestion déléguée",
    "contribution-procedure": "Procédure d’appel des cotisations",
    "benefits-procedure": "Procédure de règlement des prestations",
    "tariff-table": "Barème des cotisations",
}
OVERDUE = {
    "subject": "Comptes bancaires modifiés sans contre-appel",
    "words": "Sur trente changements de compte relus, onze n’ont pas été confirmés auprès de l’adhérent.",
    "risk": RiskLevel.MAJOR,
}
PROPOSED = {
    "subject": "Délais de règlement non mesurés",
    "words": "Le délai de règlement des prestations n’est suivi par aucun indicateur.",
    "risk": RiskLevel.MEDIUM,
}


@dataclass
class AuditsCast(Scripted):
    """Who plans and launches the audit, who delivers, who opens the findings and says what will be done."""

    def plan(self) -> None:
        """Everything that is told; what comes after today does not happen."""
        launched_on = self.past.calendar.working_day_on_or_before(self.today - LAUNCHED)
        self.at(self.working_day(PLANNED_BEFORE, launched_on), time(11, 15), self._planning(launched_on))
        overdue_since = self.past.calendar.working_day_on_or_before(self.today - timedelta(days=38))
        self.at(overdue_since, time(14, 20), self._finding("overdue", OVERDUE, accepted_after=3))
        self.at(self.working_day(7), time(11, 40), self._finding("proposed", PROPOSED, accepted_after=None))

    def _planning(self, launched_on: date) -> Does:
        async def plan(at: datetime) -> None:
            asked = Plan(
                delegate=DELEGATE,
                contracts=[CONTRACT],
                themes=list(AuditDomain),
                pieces=[*IN_TIME, LATE, MISSING],
                launch_at=datetime.combine(launched_on, time(10), self.zone),
                place="Salle des Goémons, Brest",
            )
            with self.past.sessions.begin() as session:
                actor, ask = self.actor(session, GILDAS, at), an_ask("audit", asked)
                ref = self.opened(session, plan_audit(session, asked, ask, actor, at, self.past.book, load_catalogue()))
            self.past.settle(ref, at)
            self._plan_delivery(ref.case_id, launched_on)

        return plan

    def _plan_delivery(self, case_id: UUID, launched_on: date) -> None:
        """Launched, then four pieces in time, one after the six weeks, one not yet."""
        self.at(launched_on, time(12, 5), self._launching(case_id, launched_on))
        for number, piece in enumerate(IN_TIME, 2):
            login = ENORA if number % 2 else BASTIEN
            self.at(self.working_day(-4 * number, launched_on), time(15, 30), self._delivering(case_id, piece, login))
        self.at(self.working_day(1), time(9, 50), self._delivering(case_id, LATE, BASTIEN))

    def _launching(self, case_id: UUID, held_on: date) -> Does:
        async def launch(at: datetime) -> None:
            self.completes(case_id, AuditTask.HOLD_LAUNCH_MEETING, HoldLaunch(held_on=held_on), at)

        return launch

    def _delivering(self, case_id: UUID, piece: str, login: str) -> Does:
        async def deliver(at: datetime) -> None:
            content, id_ = a_page(NAMES[piece]), uuid7()
            digest, kind, name = sha256(content).hexdigest(), "application/pdf", f"{piece}.pdf"
            form = DeliverPiece(piece=piece, name=name, media_type=kind, sha256=digest)
            with self.past.sessions.begin() as session:
                actor = self.actor(session, login, at)
                file = DeliveredFile(piece, name, kind, digest, content, actor.id)
                keep_audit_file(session, case_id, id_, file)
                body, key = form.model_dump(mode="json"), f"demo:{piece}"
                receive(session, case_id, Ask("deliver_piece", body, key, case_id=case_id, id=id_), actor, at)
            self.past.settle(CommandRef(id_, case_id, "deliver_piece"), at)

        return deliver

    def _finding(self, key: str, told: Mapping[str, str], accepted_after: int | None) -> Does:
        async def open_it(at: datetime) -> None:
            on = at.astimezone(self.zone).date()
            about = {"delegate": DELEGATE, "contract": CONTRACT, "agreed_on": on}
            asked = OpenFinding.model_validate({**about, **told})
            with self.past.sessions.begin() as session:
                actor = self.actor(session, GILDAS, at)
                ask = an_ask(f"finding:{key}", asked)
                ref = self.opened(session, register_finding(session, asked, ask, actor, at, self.past.book))
            self.past.settle(ref, at)
            self.at(self.working_day(-5, on), time(16, 45), self._proposing(ref.case_id))
            if accepted_after is not None:
                self.at(self.working_day(-5 - accepted_after, on), time(10, 10), self._accepting(ref.case_id))

        return open_it

    def _proposing(self, case_id: UUID) -> Does:
        words = "Écrire la règle, former l’équipe, et relire dix dossiers chaque mois ; responsable : Enora Lagadec."

        async def propose(at: datetime) -> None:
            self.completes(case_id, FindingTask.PROPOSE_PLAN, ProposePlan(plan=words), at)

        return propose

    def _accepting(self, case_id: UUID) -> Does:
        async def accept(at: datetime) -> None:
            self.completes(case_id, FindingTask.ACCEPT_PLAN, AcceptPlan(), at)

        return accept
