"""Previews of a claim's decision: the letter as it will leave, for whoever may take or confirm it, and nobody else."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from db.models import CommandRow, JournalLine, LetterRow
from tests.api.contract import rule_of
from tests.factories.bodies import Body
from tests.letters.pdf import pages_of, text_of
from tests.stories.claim_acts import confirms, decides, enters_claim, insured
from tests.stories.house import StoryHouse

HANDLER, REFERENT, MANAGER, ACCOUNTANT = "claire.morvan", "gwenola.prigent", "anne.le.goff", "solene.guivarch"
MARK = "PROJET – non validé"
REASON = "Le plafond annuel de votre garantie est atteint."


@pytest.fixture(scope="module", autouse=True)
def somebody_is_insured(house: StoryHouse) -> None:
    """Member 42, by every test of this file."""
    insured(house, 42)


_acts = iter(range(100, 1000))


async def in_control(house: StoryHouse, **changes: Any) -> str:
    """A claim under control, of an act of its own; its reference."""
    entered = await enters_claim(house, HANDLER, act=f"ACTE-{next(_acts)}", **changes)
    assert entered["controlled"]
    reference: str = entered["reference"]
    return reference


async def preview(house: StoryHouse, login: str, reference: str, form: str = "", **said: Any) -> httpx2.Response:
    """What the letter of this decision would say; `.pdf` for paper."""
    body: Body = {"decision": "refuse", "reason": REASON} | said
    return await house.as_(login, "POST", f"/claims/{reference}/preview{form}", body)


async def test_whoever_decides_sees_the_words_and_the_paper_first(house: StoryHouse) -> None:
    reference = await in_control(house)
    answer = await preview(house, REFERENT, reference)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["language"], told["missing"]) == ("fr", [])
    assert MARK in told["text"]
    assert REASON in told["text"]
    assert "Mme Gwenola Prigent" in told["text"]
    assert told["html"].startswith('<article class="letter" lang="fr">')
    paper = await preview(house, REFERENT, reference, ".pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"] == f'inline; filename="{reference}-draft.pdf"'
    assert all(MARK in page for page in pages_of(paper.content))
    assert REASON in text_of(paper.content)


async def test_what_is_not_written_yet_is_named(house: StoryHouse) -> None:
    reference = await in_control(house)
    told = (await preview(house, REFERENT, reference, decision="pay_corrected", amount_cents=100, reason=" ")).json()
    assert told["missing"] == [{"name": "reasons", "title": "Les raisons de cette décision"}]


async def test_a_preview_keeps_nothing(house: StoryHouse) -> None:
    reference = await in_control(house)
    before = count_of_everything(house)
    assert (await preview(house, REFERENT, reference, decision="pay")).status_code == 200
    assert count_of_everything(house) == before


def count_of_everything(house: StoryHouse) -> list[int | None]:
    with house.house.sessions() as session:
        return [session.scalar(select(func.count()).select_from(one)) for one in (CommandRow, JournalLine, LetterRow)]


async def test_whoever_may_not_take_the_decision_sees_nothing_of_it(house: StoryHouse) -> None:
    reference = await in_control(house)
    for login, rule in ((HANDLER, "four_eyes"), (MANAGER, "not_your_task"), (ACCOUNTANT, "not_your_task")):
        for form in ("", ".pdf"):
            refused = await preview(house, login, reference, form)
            assert (refused.status_code, rule_of(refused)) == (403, rule)
            assert REASON not in refused.text


async def test_whoever_confirms_sees_the_letter_that_they_let_go(house: StoryHouse) -> None:
    reference = await in_control(house, amount_cents=600_000)
    waiting = await house.as_(MANAGER, "GET", f"/claims/{reference}/decision")
    assert waiting.status_code == 404
    assert await decides(house, REFERENT, reference, decision="refuse", reason=REASON) == "confirming"
    seen = await house.as_(MANAGER, "GET", f"/claims/{reference}/decision")
    assert seen.status_code == 200, seen.text
    assert REASON in seen.json()["text"]
    paper = await house.as_(MANAGER, "GET", f"/claims/{reference}/decision.pdf")
    assert "Mme Anne Le Goff" in text_of(paper.content)
    assert (await house.as_(REFERENT, "GET", f"/claims/{reference}/decision")).status_code == 403
    assert (await preview(house, REFERENT, reference)).status_code == 409
    assert await confirms(house, MANAGER, reference) == "refused"
    for form in ("", ".pdf"):
        gone = await house.as_(MANAGER, "GET", f"/claims/{reference}/decision{form}")
        assert gone.status_code == 404


async def test_a_claim_that_nobody_controls_has_no_preview(house: StoryHouse) -> None:
    for _ in range(20):
        entered = await enters_claim(house, HANDLER, act=f"ACTE-{next(_acts)}", amount_cents=1_000)
        if not entered["controlled"]:
            break
    assert (await preview(house, REFERENT, entered["reference"])).status_code == 404
    assert (await house.as_(REFERENT, "GET", f"/claims/{entered['reference']}/decision")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "perhaps"},
        {"amount_cents": -1, "decision": "pay_corrected"},
        {"amount_cents": 1.5},
        {"reason": 1},
        {"checklist": []},
        {"reason": "x" * 50_001},
    ],
)
async def test_a_body_that_cannot_be_right_is_refused(house: StoryHouse, wrong: Body) -> None:
    assert (await preview(house, REFERENT, "PRE-2031-999999", **wrong)).status_code == 422


@pytest.mark.parametrize(("decision", "amount"), [("pay_corrected", None), ("pay_corrected", 150_000), ("refuse", 1)])
async def test_an_amount_that_could_not_be_decided_is_refused(
    house: StoryHouse, decision: str, amount: int | None
) -> None:
    refused = await preview(house, REFERENT, await in_control(house), decision=decision, amount_cents=amount)
    assert (refused.status_code, refused.json()["field"]) == (422, "amount_cents")
