"""Every page of the house, with somebody who sees it: a new page is one more line."""

from dataclasses import dataclass
from typing import Any

from local.demo.figures import load_figures
from tests.browser.acts import ACCOUNTANT, ADMINISTRATOR, FRONT_DESK, MANAGER, OWNER, REFERENT
from tests.browser.audits import set_up_audits
from tests.browser.claims import EXPERT, OTHER_EXPERT, set_up_claims
from tests.browser.findings import set_up_findings
from tests.browser.operations import DIRECTOR, set_up_operations
from tests.browser.payments import AUDITOR, RELEASER, set_up_payments
from tests.browser.sessions import set_up_sessions
from tests.factories.audits import AUDITOR as GILDAS
from tests.stories import finding_acts as findings
from tests.stories.acts import acknowledges, analyses, approves, drafts, enters, sends_back, state_of
from tests.stories.house import StoryHouse, settles


@dataclass(frozen=True)
class Place:
    """A page: who looks, and where; `{fresh}` stands for the complaint of that name, `{fresh.task}` for its task."""

    name: str
    login: str
    path: str
    signed_in: bool = True


PLACES = (
    Place("sign in", OWNER, "/sign-in", signed_in=False),
    Place("inbox", OWNER, "/inbox"),
    Place("inbox of the pole", MANAGER, "/inbox?whose=pole"),
    Place("inbox with nothing in it", "loic.hamon", "/inbox"),
    Place("complaints", OWNER, "/complaints"),
    Place("new complaint", FRONT_DESK, "/complaints/new"),
    Place("complaint that has arrived", OWNER, "/complaints/{fresh}"),
    Place("complaint that is answered", OWNER, "/complaints/{answered}"),
    Place("holding letter", OWNER, "/complaints/{acknowledged}/holding-letter"),
    Place("reassign", MANAGER, "/complaints/{fresh}/reassign"),
    Place("requalify", OWNER, "/complaints/{fresh}/requalify"),
    Place("acknowledge", OWNER, "/tasks/{fresh.task}"),
    Place("analyse", OWNER, "/tasks/{acknowledged.task}"),
    Place("draft the answer", OWNER, "/tasks/{analysed.task}"),
    Place("validate", REFERENT, "/tasks/{amended.task}"),
    Place("send back", REFERENT, "/tasks/{amended.task}?do=send_back"),
    Place("amend", REFERENT, "/tasks/{amended.task}?do=amend"),
    Place("pay the compensation", ACCOUNTANT, "/tasks/{answered.task}"),
    Place("done", OWNER, "/tasks/{answered.done}"),
    Place("claims", EXPERT, "/claims"),
    Place("my claims", EXPERT, "/claims?mine=yes&category=hospital"),
    Place("claims that are cleared", EXPERT, "/claims?cleared=yes"),
    Place("new claim", FRONT_DESK, "/claims/new"),
    Place("claim under control", EXPERT, "/claims/{claim.controlled}"),
    Place("claim asked for twice", EXPERT, "/claims/{claim.double}"),
    Place("claim that waits for documents", EXPERT, "/claims/{claim.awaiting}"),
    Place("claim that is refused", EXPERT, "/claims/{claim.refused}"),
    Place("claim that is cleared", EXPERT, "/claims/{claim.cleared}"),
    Place("control a claim", EXPERT, "/tasks/{claim.controlled.task}"),
    Place("pay in spite of a check", EXPERT, "/tasks/{claim.double.task}"),
    Place("ask for documents", EXPERT, "/tasks/{claim.controlled.task}?do=ask_documents"),
    Place("confirm a decision", OTHER_EXPERT, "/tasks/{claim.confirming.task}"),
    Place("send a decision back", OTHER_EXPERT, "/tasks/{claim.confirming.task}?do=send_back"),
    Place("letter of a decision", OTHER_EXPERT, "/claims/{claim.confirming}/decision"),
    Place("add a document", FRONT_DESK, "/claims/{claim.awaiting}/add-document"),
    Place("wait no longer", EXPERT, "/claims/{claim.awaiting}/stop-waiting"),
    Place("payments", ACCOUNTANT, "/payments"),
    Place("batch to be released", ACCOUNTANT, "/payments/{batch}"),
    Place("release a batch", RELEASER, "/tasks/{batch.task}"),
    Place("refuse a batch", RELEASER, "/tasks/{batch.task}?do=refuse"),
    Place("batch that the bank has answered", AUDITOR, "/payments/{batch.answered}"),
    Place("findings", findings.AUDITOR, "/findings"),
    Place("new finding", findings.AUDITOR, "/findings/new"),
    Place("finding that came back", findings.AUDITOR, "/findings/{finding.refused}"),
    Place("ask for another date", findings.AUDITOR, "/findings/{finding.planned}/request-postponement"),
    Place("add evidence", findings.AUDITOR, "/findings/{finding.planned}/add-evidence"),
    Place("accept a plan", findings.AUDITOR, "/tasks/{finding.proposed.task}"),
    Place("verify evidence", findings.AUDITOR, "/tasks/{finding.verifying.task}"),
    Place("confirm a remediation", findings.CONTROL, "/tasks/{finding.confirming.task}"),
    Place("refuse a remediation", findings.CONTROL, "/tasks/{finding.confirming.task}?do=refuse"),
    Place("decide on another date", findings.OPERATIONS, "/tasks/{finding.postponed.task}"),
    Place("accept a risk", findings.GENERAL, "/tasks/{finding.accepted.task}"),
    Place("delegate’s space", findings.ENORA, "/delegate"),
    Place("our finding that came back", findings.ENORA, "/delegate/findings/{finding.refused}"),
    Place("our finding to be put right", findings.ENORA, "/delegate/findings/{finding.planned}"),
    Place("our finding with another date", findings.ENORA, "/delegate/findings/{finding.postponed}"),
    Place("our audit", findings.STRANGER, "/delegate/audits/{audit.launched}"),
    Place("a page of the insurer’s", findings.SABINE, "/findings"),
    Place("board of claims", AUDITOR, "/board/claims"),
    Place("pile of claims", AUDITOR, "/board/claims/awaiting_documents"),
    Place("cases behind a number", AUDITOR, "/cases?held_by=claire.morvan"),
    Place("audits", GILDAS, "/audits"),
    Place("whom to audit", GILDAS, "/audits/new"),
    Place("plan an audit", GILDAS, "/audits/new?delegate=ARMOR"),
    Place("delegates", AUDITOR, "/delegates"),
    Place("audit that is planned", GILDAS, "/audits/{audit.planned}"),
    Place("audit that waits for pieces", GILDAS, "/audits/{audit.launched}"),
    Place("audit that is disputed", AUDITOR, "/audits/{audit.arbitrating}"),
    Place("hold the launch meeting", GILDAS, "/tasks/{audit.planned.task}"),
    Place("fix a meeting", GILDAS, "/audits/{audit.planned}/meeting?meeting=launch"),
    Place("deliver for the delegate", GILDAS, "/audits/{audit.launched}/pieces/tariff-table/add-file"),
    Place("end the delivery", GILDAS, "/audits/{audit.launched}/end-delivery"),
    Place("take a file back", GILDAS, "/audits/{audit.analysing}/withdraw?piece=tariff-table&version=1"),
    Place("cancel an audit", "isabelle.kermarrec", "/audits/{audit.launched}/cancel"),
    Place("analyse the pieces", GILDAS, "/tasks/{audit.analysing.task}"),
    Place("grade the pieces", GILDAS, "/audits/{audit.reporting}/analysis"),
    Place("strengths and recommendations", GILDAS, "/audits/{audit.reporting}/writing"),
    Place("write the report", GILDAS, "/tasks/{audit.reporting.task}"),
    Place("validate the report", "maiwenn.le.saux", "/tasks/{audit.validating.task}"),
    Place("arbitrate", AUDITOR, "/tasks/{audit.arbitrating.task}"),
    Place("agree on the schedule", GILDAS, "/tasks/{audit.agreeing.task}"),
    Place("board of audits", AUDITOR, "/board/audits"),
    Place("board", MANAGER, "/board"),
    Place("what is late", MANAGER, "/board/late"),
    Place("give complaints to others", MANAGER, "/board/reassign/claire.morvan"),
    Place("activities", MANAGER, "/activities"),
    Place("activity", MANAGER, "/activities/care-invoices"),
    Place("rename an activity", RELEASER, "/activities/care-invoices/change"),
    Place("figures of a day", MANAGER, "/figures"),
    Place("sizing", MANAGER, "/sizing?of=files&volume=300&minutes=12&hours=7&absence=40"),
    Place("plans side by side", MANAGER, "/projections?activity=care-invoices&a.first={saturday}&a.places=12"),
    Place("sessions", OWNER, "/sessions"),
    Place("sessions of who is no volunteer", "tangi.riou", "/sessions"),
    Place("attendance", REFERENT, "/operations/{operation}/attendance"),
    Place("correct attendance", DIRECTOR, "/operations/{operation}/correct-attendance?session=1&login=claire.morvan"),
    Place("enter who came", REFERENT, "/tasks/{operation.attendance}"),
    Place("pay files", ACCOUNTANT, "/operations/{operation}/pay"),
    Place("pay file", ACCOUNTANT, "/operations/{operation}/pay/1"),
    Place("make the pay file", ACCOUNTANT, "/tasks/{operation.prepare}"),
    Place("validate the pay", DIRECTOR, "/tasks/{operation.pay}"),
    Place("send the pay file back", DIRECTOR, "/tasks/{operation.pay}?do=send_back"),
    Place("volunteers", ADMINISTRATOR, "/volunteers"),
    Place("a volunteer", ADMINISTRATOR, "/volunteers/claire.morvan"),
    Place("operations", MANAGER, "/operations"),
    Place("propose an operation", MANAGER, "/operations/new?activity=care-invoices"),
    Place("operation before the directors", MANAGER, "/operations/{operation.proposed}"),
    Place("operation that is running", DIRECTOR, "/operations/{operation.running}"),
    Place("planning of an operation", DIRECTOR, "/operations/{operation.running}/planning"),
    Place("another plan", MANAGER, "/operations/{operation.proposed}/replan"),
    Place("ask for a later end", DIRECTOR, "/operations/{operation.running}/request-extension"),
    Place("stop an operation", DIRECTOR, "/operations/{operation.running}/stop"),
    Place("operation that lends cases", MANAGER, "/operations/{operation.lending}"),
    Place("cases of the volunteers", MANAGER, "/operations/{operation.lending}/dispatch"),
    Place("message to members", MANAGER, "/operations/{operation.lending}/message"),
    Place("give out the cases of a session", MANAGER, "/tasks/{operation.dispatch}"),
    Place("approve a message", DIRECTOR, "/tasks/{operation.message}"),
    Place("approve an operation", DIRECTOR, "/tasks/{operation.proposed.task}"),
    Place("decide on an operation", DIRECTOR, "/tasks/{operation.off_track}"),
    Place("close an operation", DIRECTOR, "/tasks/{operation.closing}"),
    Place("my account", OWNER, "/account"),
    Place("administration", ADMINISTRATOR, "/administration"),
    Place("people", ADMINISTRATOR, "/administration/people"),
    Place("somebody", ADMINISTRATOR, "/administration/people/yann.kerloch"),
    Place("hire somebody", ADMINISTRATOR, "/administration/people/new"),
    Place("absences", MANAGER, "/administration/absences"),
    Place("policy", ADMINISTRATOR, "/administration/policy"),
    Place("calendar", ADMINISTRATOR, "/administration/calendar"),
    Place("ledger", ADMINISTRATOR, "/administration/log"),
    Place("nothing there", OWNER, "/complaints/REC-2031-999999"),
)
"""Left out: tasks that need weeks (the progress call) or a house in trouble (a letter to repair, a task for nobody);
they are made of the same parts."""

Scenery = dict[str, str]


STORIES: dict[str, dict[str, Any]] = {
    "fresh": {
        "subject": "Remboursement de lunettes en attente",
        "text": "J’attends depuis six semaines le remboursement de mes lunettes, malgré deux appels.\n\n"
        "On m’a répondu chaque fois que le dossier était en cours. Je demande une date.",
    },
    "late": {
        "subject": "Devis dentaire refusé sans explication",
        "text": "Votre refus tient en une ligne.",
        "received_on": "2031-02-24",
        "complainant": {"member_number": "M0000117"},
    },
    "today": {
        "subject": "Tiers payant refusé à la pharmacie",
        "text": "J’ai dû avancer 64 € alors que ma carte est à jour.",
        "received_on": "2031-02-27",
        "complainant": {"member_number": "M0000203"},
    },
    "acknowledged": {
        "subject": "Chambre particulière remboursée à moitié",
        "text": "Le tableau de garanties annonce 80 € par nuit ; j’en ai reçu 40.",
        "complainant": {"member_number": "M0000311"},
    },
    "analysed": {
        "subject": "Deux décomptes pour la même consultation",
        "text": "Lequel des deux est le bon ?",
        "complainant": {"member_number": "M0000008"},
    },
    "amended": {
        "subject": "Six semaines sans remboursement ni réponse",
        "text": "J’attends le remboursement de mes lunettes. Personne ne me rappelle.",
        "complainant": {"member_number": "M0000064"},
    },
    "answered": {
        "subject": "Lunettes de mon fils : toujours rien",
        "text": "La facture est partie il y a deux mois. Mon fils porte ses anciennes lunettes.",
        "complainant": {"member_number": "M0000256"},
    },
}
"""What people complain about, one story for each step; all go to the owner of these tests."""


async def set_up(story: StoryHouse) -> Scenery:
    """Complaints and claims at every step, and the tasks on them: what the placeholders of the places stand for."""
    found: Scenery = await set_up_claims(story)
    found["saturday"] = "2031-03-08"
    await story.house.transact(lambda session: load_figures(session, story.house.now(), story.house.book))
    found |= await set_up_payments(story)
    found |= await set_up_audits(story)
    found |= await set_up_findings(story)
    found |= await set_up_sessions(story)
    found |= await set_up_operations(story)
    found |= {name: await _brought_to(name, story) for name in STORIES}
    for name, login in (("fresh", OWNER), ("acknowledged", OWNER), ("analysed", OWNER), ("amended", REFERENT)):
        found[f"{name}.task"] = (await story.inbox(login, found[name]))[0]["id"]
    found["answered.task"] = (await story.inbox(ACCOUNTANT, found["answered"]))[0]["id"]
    tasks = (await story.get(OWNER, f"/cases/{found['answered']}/state"))["tasks"]
    found["answered.done"] = next(task["id"] for task in tasks if task["kind"] == "draft_answer")
    return found


async def _brought_to(step: str, story: StoryHouse) -> str:
    """A complaint that has come so far."""
    reference = await enters(story, FRONT_DESK, skills=["english"], **STORIES[step])
    if step in {"fresh", "late", "today"}:
        return reference
    await acknowledges(story, OWNER, reference, "email")
    if step == "acknowledged":
        return reference
    await analyses(story, OWNER, reference)
    if step == "analysed":
        return reference
    await drafts(story, OWNER, reference, compensation_cents=5000)
    await sends_back(story, REFERENT, reference, "Dites quand le virement part.")
    await drafts(story, OWNER, reference, next_steps="Le virement part le 10 mars.", compensation_cents=3000)
    if step == "answered":
        await _is_answered(story, reference)
    return reference


async def _is_answered(story: StoryHouse, reference: str) -> None:
    await approves(story, REFERENT, reference)
    await approves(story, MANAGER, reference)

    async def state() -> str:
        return await state_of(story, OWNER, reference)

    await settles(state, "answered")
