"""Record histories of the audit's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_audit

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from domain.audit import commands as ask
from domain.audit.words import OpenFindings
from domain.risk import RiskLevel
from tests.factories.audits import AUDITOR, CONTROL, OTHER_AUDITOR, USER
from tests.workflows import audit_acts as acts
from tests.workflows.acts import does
from tests.workflows.record import Way, record_missing
from tests.workflows.workshop import Workshop


async def restituted_without_a_finding(shop: Workshop) -> UUID:
    """Everything comes, nothing is to be put right: the restitution closes it."""
    case_id = await acts.plans(shop)
    await acts.launches(shop, case_id)
    await acts.delivers(shop, case_id, *acts.FOUR)
    await does(shop, case_id, USER, "deliver_pieces", ask.Deliver())
    await acts.analyses(shop, case_id, acts.FOUR)
    await acts.validates(shop, case_id, await acts.submits(shop, case_id))
    await acts.agrees(shop, case_id)
    return case_id


async def sent_back_disputed_then_carried_over(shop: Workshop) -> UUID:
    """A report is sent back, a recommendation disputed, a late date approved; what is open goes into the next audit."""
    case_id = await acts.plans(shop)
    await acts.launches(shop, case_id)
    await acts.delivers(shop, case_id, *acts.FOUR[1:])
    await acts.says(shop, case_id, AUDITOR, "end_delivery", ask.EndDelivery(reason="Une pièce n’existe pas."))
    await acts.analyses(shop, case_id, acts.FOUR[1:], RiskLevel.LOW, RiskLevel.HIGH)
    refused = ask.SendBack(report_sha256=await acts.submits(shop, case_id), reason="À étayer.")
    await does(shop, case_id, OTHER_AUDITOR, "validate_report", refused)
    await acts.validates(shop, case_id, await acts.submits(shop, case_id, b"another"))
    answers = [ask.Answer(number=1, reply="accept"), ask.Answer(number=2, reply="dispute", argument="Fait.")]
    await does(shop, case_id, USER, "answer_findings", ask.AnswerFindings(answers=answers))
    rule = ask.Rule(number=2, ruling="lower", risk="medium", reason="En partie fait.")
    await does(shop, case_id, CONTROL, "arbitrate", ask.Arbitrate(rulings=[rule]))
    late = ask.AgreedDate(number=2, due_on=acts.today(shop) + timedelta(days=100))
    await acts.agrees(shop, case_id, schedule=[late])
    await does(shop, case_id, CONTROL, "approve_schedule", ask.ApproveSchedule())
    await does(shop, case_id, AUDITOR, "hold_follow_up", ask.HoldFollowUp(held_on=acts.today(shop)))
    await acts.plans(shop)
    await does(shop, case_id, AUDITOR, "carry_over", ask.CarryOver())
    return case_id


async def cancelled_with_its_findings(shop: Workshop) -> UUID:
    """The direction gives it up while findings are open, and these with it."""
    case_id = await acts.plans(shop)
    await acts.launches(shop, case_id)
    await acts.says(shop, case_id, AUDITOR, "end_delivery", ask.EndDelivery(reason="Rien n’est venu."))
    await acts.analyses(shop, case_id, [], RiskLevel.MAJOR)
    await acts.validates(shop, case_id, await acts.submits(shop, case_id))
    await acts.accepts(shop, case_id)
    await acts.agrees(shop, case_id)
    await acts.cancels(shop, case_id, findings=OpenFindings.CANCEL)
    return case_id


PATHS: tuple[Way, ...] = (
    restituted_without_a_finding,
    sent_back_disputed_then_carried_over,
    cancelled_with_its_findings,
)


if __name__ == "__main__":
    asyncio.run(record_missing("audit", PATHS))
