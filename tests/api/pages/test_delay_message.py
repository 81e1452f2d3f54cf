"""Messages to members before a browser: looked at, proposed by one, approved by another, each told what may be done."""

from datetime import timedelta

from db.models import ActivityRow, Case, OperationRow
from tests.api.counter import NOON, Counter
from tests.api.pages.browser import browser_of, text_of
from tests.factories.backlog_rows import an_approved_operation
from tests.factories.figures import an_activity

DIRECTOR, MANAGER, HANDLER = "isabelle.kermarrec", "anne.le.goff", "claire.morvan"
FR, EN = "Nous travaillons aussi le samedi.", "We work on Saturdays as well."


def planted(counter: Counter, procedure: str | None) -> str:
    """An operation on its second day, of an activity that our register counts, or not; its reference."""
    with counter.house.sessions.begin() as session:
        case = an_approved_operation(session, NOON - timedelta(days=8))
        name = f"activity-{case.reference[-3:]}"
        an_activity(session, name, procedure=procedure)
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        session.get_one(OperationRow, case.id).activity = session.get_one(ActivityRow, name).id
        session.get_one(OperationRow, case.id).state = session.get_one(Case, case.id).state = "running"
        return case.reference


def typed(**changes: str) -> dict[str, str]:
    """To whoever waits for more than thirty days, of an answer in three days."""
    day = (NOON + timedelta(days=3)).date()
    return {"more_than_days": "30", "promised_on": f"{day}", "words.fr": FR, "words.en": EN} | changes


async def test_a_message_is_looked_at_and_proposed_and_its_proposer_cannot_approve_it(counter: Counter) -> None:
    address = f"/operations/{planted(counter, 'complaint')}/message"
    async with browser_of(counter, MANAGER) as browser:
        await browser.open(address)
        seen = await browser.send(f"{address}/preview", **typed())
        assert (seen.status_code, FR in text_of(seen), EN in text_of(seen)) == (200, True, True)
        assert "Il toucherait" in text_of(seen)
        wrong = await browser.send(address, **typed(promised_on=f"{NOON.date()}"))
        assert wrong.status_code == 422
        assert "Une réponse se promet pour un jour à venir." in text_of(wrong)
        assert FR in wrong.text, "nothing that was typed is lost"


async def test_an_activity_that_we_do_not_count_has_nobody_to_tell(counter: Counter) -> None:
    address = f"/operations/{planted(counter, None)}/message"
    async with browser_of(counter, MANAGER) as browser:
        await browser.open(address)
        seen = await browser.send(f"{address}/preview", **typed())
    assert seen.status_code == 409
    assert "n’est pas comptée dans notre registre" in text_of(seen)
