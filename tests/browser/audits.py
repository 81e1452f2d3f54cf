"""Audits at every step for whoever visits their pages, each of a delegate of its own, and what people do on them."""

from tests.factories.audits import AUDITOR, CONTROL, DIRECTOR, OTHER_AUDITOR
from tests.factories.planned_audits import a_delegate_row
from tests.stories.audit_acts import an_audit_pdf, asks, completes, delivers, done, grades_all, makes_report, plans
from tests.stories.house import StoryHouse

PIECES = ("delegation-agreement", "tariff-table", "benefits-procedure")
RECOMMENDED = {"risk": "high", "words": "Séparer la saisie et la validation.", "expected_on": "2031-09-30"}
STEPS = ("planned", "launched", "analysing", "reporting", "validating", "arbitrating", "agreeing")
Scenery = dict[str, str]


async def set_up_audits(story: StoryHouse) -> Scenery:
    """One audit at each step, and the open task on it."""
    found: Scenery = {}
    for place, step in enumerate(STEPS):
        reference = await _planned(story)
        for act in _ACTS[:place]:
            await act(story, reference)
        found[f"audit.{step}"] = reference
        tasks = (await story.get(AUDITOR, f"/cases/{reference}/state"))["tasks"]
        found[f"audit.{step}.task"] = next(task["id"] for task in tasks if task["closed_at"] is None)
    return found


async def _planned(story: StoryHouse) -> str:
    with story.house.sessions.begin() as session:
        delegate = a_delegate_row(session, broker=True)
        code, contracts = delegate.code, delegate.contracts
    told = await plans(story, story.house.now(), delegate=code, contracts=contracts, pieces=list(PIECES))
    return str(told["reference"])


async def _launches(story: StoryHouse, reference: str) -> None:
    held_on = story.house.today().isoformat()
    await completes(story, AUDITOR, reference, "hold_launch_meeting", outcome="hold_launch", held_on=held_on)


async def _delivers(story: StoryHouse, reference: str) -> None:
    for piece in PIECES[1:]:
        await done(await delivers(story, reference, piece, an_audit_pdf(piece + reference), AUDITOR))
    await done(await asks(story, AUDITOR, reference, "end-delivery", {"reason": "La convention n’existe pas."}))


async def _analyses(story: StoryHouse, reference: str) -> None:
    await grades_all(story, reference)
    await done(await asks(story, AUDITOR, reference, "strengths", {"words": "Une équipe stable et formée."}))
    await done(await asks(story, AUDITOR, reference, "recommendations", RECOMMENDED))
    await completes(story, AUDITOR, reference, "analyse_pieces", outcome="end_analysis")


async def _submits(story: StoryHouse, reference: str) -> None:
    sha256 = await makes_report(story, reference)
    await completes(story, AUDITOR, reference, "write_report", outcome="submit", report_sha256=sha256)


async def _validates_and_disputes(story: StoryHouse, reference: str) -> None:
    sha256 = (await story.get(AUDITOR, f"/audits/{reference}"))["reports"][-1]["pdf_sha256"]
    for login in (OTHER_AUDITOR, CONTROL):
        await completes(story, login, reference, "validate_report", outcome="validate", report_sha256=sha256)
    disputed = [{"number": 1, "reply": "dispute", "argument": "Ce contrôle existe depuis mars."}]
    await completes(story, DIRECTOR, reference, "answer_findings", outcome="answer", answers=disputed)


async def _rules(story: StoryHouse, reference: str) -> None:
    ruled = [{"number": 1, "ruling": "lower", "risk": "medium", "reason": "Le contrôle est récent."}]
    await completes(story, CONTROL, reference, "arbitrate", outcome="arbitrate", rulings=ruled)


_ACTS = (_launches, _delivers, _analyses, _submits, _validates_and_disputes, _rules)
