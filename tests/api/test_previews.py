"""Previews: who writes or approves an answer sees the letter as it will leave; nothing is kept, and it says so."""

import asyncio
from threading import Lock
from typing import Any

import httpx2
import pytest
from fastapi import HTTPException
from sqlalchemy import func, select

from api.press import Press
from api.previews import preview_of
from db.models import Case, CommandRow, JournalLine, LetterRow
from domain.complaint.commands import AnswerInProgress
from domain.letters import Letter
from letters.rendering import to_pdf
from tests.api.contract import rule_of
from tests.factories import bodies
from tests.factories.bodies import Body
from tests.factories.letters import a_draft
from tests.letters.pdf import pages_of, plain, text_of
from tests.stories.acts import acknowledges, analyses, approves, drafts, enters, letters_of, pdf_of
from tests.stories.house import StoryHouse, settles

FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"
MARK = "PROJET – non validé"


def written(**changes: Any) -> Body:
    """The answer as far as it is written."""
    return bodies.an_answer(**{"outcome": None} | changes)


async def analysed(house: StoryHouse, *, finding: str = "founded", **changes: Any) -> tuple[str, str]:
    """A complaint whose answer can be written: its reference, and its owner's login."""
    reference = await enters(house, FRONT_DESK, **changes)
    owner = await owner_of(house, reference)
    await acknowledges(house, owner, reference)
    await analyses(house, owner, reference, finding=finding)
    return reference, owner


async def owner_of(house: StoryHouse, reference: str) -> str:
    """The login of whoever has the acknowledgement to do."""
    for login in (OWNER, "yann.kerloch", "nolwenn.salaun", "malo.quere", "soizic.le.dantec", "tangi.riou"):
        if await house.inbox(login, reference):
            return login
    raise AssertionError("nobody has it")


async def preview(house: StoryHouse, login: str, reference: str, body: Body) -> httpx2.Response:
    return await house.as_(login, "POST", f"/cases/{reference}/preview", body)


async def paper(house: StoryHouse, login: str, reference: str) -> httpx2.Response:
    return await house.as_(login, "GET", f"/cases/{reference}/answer.pdf")


async def test_a_validator_sees_the_letter_word_for_word_before_they_approve_it(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    await drafts(house, owner, reference)
    answer = await paper(house, REFERENT, reference)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{reference}-draft.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    seen = text_of(answer.content)
    assert all(MARK in page for page in pages_of(answer.content))

    for login in (REFERENT, MANAGER):
        await approves(house, login, reference)
    await settles(lambda: _made(house, owner, reference), True)
    [letter] = await letters_of(house, owner, reference)
    left = text_of(await pdf_of(house, owner, letter))
    assert MARK not in left
    without_mark = plain(seen.replace(MARK, "").replace("(le dernier validateur)", ""))
    signed = ("Mme Anne Le Goff", "Responsable du pôle prestations")
    for name in signed:
        left = left.replace(name, "", 1)
    assert sorted(without_mark.split()) == sorted(left.split())


async def _made(house: StoryHouse, login: str, reference: str) -> bool:
    return all(letter["produced_at"] for letter in await letters_of(house, login, reference))


async def test_once_it_is_approved_there_is_the_letter_and_no_preview(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    await drafts(house, owner, reference)
    for login in (REFERENT, MANAGER):
        await approves(house, login, reference)
    answer = await paper(house, owner, reference)
    assert answer.status_code == 404
    assert "it is a letter now" in answer.json()["detail"]
    refused = await preview(house, owner, reference, written())
    assert (refused.status_code, rule_of(refused)) == (409, "wrong_step")


async def test_before_a_version_is_written_there_is_no_paper(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    answer = await paper(house, owner, reference)
    assert (answer.status_code, "nothing to preview" in answer.json()["detail"]) == (404, True)


async def test_before_the_analysis_the_preview_says_what_comes_first(house: StoryHouse) -> None:
    reference = await enters(house, FRONT_DESK)
    answer = await preview(house, OWNER, reference, written())
    assert answer.status_code == 409
    assert answer.json()["remedy"] == "Complete the analysis first."


async def test_who_writes_sees_the_words_and_what_is_missing(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    answer = await preview(house, owner, reference, {"asked": "Vous demandez <b>vos</b> lunettes.", "found": " – "})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert MARK in told["text"]
    assert "Vous demandez &lt;b&gt;vos&lt;/b&gt; lunettes." in told["html"]
    assert told["html"].startswith('<article class="letter" lang="fr">')
    assert [one["name"] for one in told["missing"]] == ["found", "decision", "reasons", "next_steps"]
    assert told["missing"][2]["title"] == "Les raisons de cette décision"
    whole = (await preview(house, owner, reference, written())).json()
    assert whole["missing"] == []


async def test_a_preview_keeps_nothing(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    before = count_of_everything(house)
    assert (await preview(house, owner, reference, written())).status_code == 200
    assert count_of_everything(house) == before


def count_of_everything(house: StoryHouse) -> list[int | None]:
    with house.house.sessions() as session:
        return [session.scalar(select(func.count()).select_from(one)) for one in (CommandRow, JournalLine, LetterRow)]


async def test_the_one_who_would_sign_is_named(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    modest = (await preview(house, owner, reference, written(compensation_cents=15_000))).json()["text"]
    assert "(le dernier validateur)" in modest
    generous = (await preview(house, owner, reference, written(compensation_cents=15_001))).json()["text"]
    assert "Mme Isabelle Kermarrec" in generous


async def test_a_compensation_that_cannot_be_granted_is_refused_as_in_the_draft(house: StoryHouse) -> None:
    reference, owner = await analysed(house, finding="unfounded")
    answer = await preview(house, owner, reference, written(compensation_cents=100))
    assert (answer.status_code, answer.json()["field"]) == (422, "compensation_cents")


async def test_an_english_complaint_is_answered_in_english(house: StoryHouse) -> None:
    reference, owner = await analysed(house, language="en")
    told = (await preview(house, owner, reference, written())).json()
    assert told["language"] == "en"
    assert "DRAFT – not approved" in told["text"]
    assert "Your complaint is justified, and we uphold it." in told["text"]
    await drafts(house, owner, reference)
    assert "DRAFT – not approved" in text_of((await paper(house, REFERENT, reference)).content)


async def test_pages_take_the_fragment_from_one_function(house: StoryHouse) -> None:
    reference, owner = await analysed(house)
    told = (await preview(house, owner, reference, written())).json()
    with house.house.sessions() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        same = preview_of(session, house.house, case, AnswerInProgress.model_validate(written()))
    assert same.html == told["html"]


@pytest.mark.parametrize("wrong", [{"outcome": "draft"}, {"asked": "x" * 50_001}, {"apology": "much"}, {"asked": 1}])
async def test_a_body_that_cannot_be_right_is_refused(house: StoryHouse, wrong: Body) -> None:
    answer = await preview(house, OWNER, "REC-2031-999999", wrong)
    assert answer.status_code == 422


# The press.


async def test_the_press_sets_few_sheets_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    turn, running, seen = Lock(), [], []

    def counted(letter: Letter) -> bytes:
        with turn:
            running.append(letter)
            seen.append(len(running))
        pdf = to_pdf(letter)
        with turn:
            running.pop()
        return pdf

    monkeypatch.setattr("api.press.to_pdf", counted)
    press = Press(at_once=2, patience=60)
    sheets = await asyncio.gather(*(press.pdf(a_draft(reference=f"REC-{number}")) for number in range(8)))
    assert len(set(sheets)) == len(seen) == 8
    assert max(seen) <= 2


async def test_who_would_wait_too_long_is_asked_to_come_back() -> None:
    with pytest.raises(HTTPException) as refused:
        await Press(at_once=1, patience=0).pdf(a_draft())
    assert refused.value.status_code == 503
    assert refused.value.headers == {"Retry-After": "5"}
