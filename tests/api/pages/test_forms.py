"""Forms and pages over HTTP: what a page asks by itself, drafts that come late, lists that are long, what was typed."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from api.pages.visit import BY_ITSELF, SESSION
from api.tokens import hash_of, wall_now
from db.models import Draft, Token
from domain.complaint.words import TaskKind
from domain.people import person_hat
from tests.api.counter import NOON, Counter
from tests.api.pages.browser import Browser, browser_of, text_of
from tests.factories.rows import a_case_row, a_task_row

CLAIRE, ANNE = "claire.morvan", "anne.le.goff"
HALF_AN_HOUR = timedelta(minutes=30)
_numbers = count(920_001)


@pytest.fixture
async def claire(counter: Counter) -> AsyncIterator[Browser]:
    """A handler before a browser."""
    async with browser_of(counter, CLAIRE) as browser:
        yield browser


@pytest.fixture
async def anne(counter: Counter) -> AsyncIterator[Browser]:
    """A pole manager before a browser."""
    async with browser_of(counter, ANNE) as browser:
        yield browser


def unused_for(counter: Counter, browser: Browser) -> timedelta:
    """How long ago the session was last used, as the register has it."""
    with counter.house.sessions() as session:
        used_wall = session.scalars(select(Token.used_wall).where(Token.hash == hash_of(browser.token))).one()
        return wall_now() - used_wall


async def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(counter: Counter, anne: Browser) -> None:
    with counter.house.sessions.begin() as session:
        wall = wall_now() - HALF_AN_HOUR
        session.execute(update(Token).where(Token.hash == hash_of(anne.token)).values(used_wall=wall))
    await anne.open("/board", **{BY_ITSELF: "1"})
    assert unused_for(counter, anne) >= HALF_AN_HOUR
    await anne.open("/board")
    assert unused_for(counter, anne) < HALF_AN_HOUR


async def test_a_draft_that_comes_after_its_form_is_no_draft(counter: Counter, claire: Browser) -> None:
    typed = {
        "channel": "letter",
        "received_on": counter.house.today().isoformat(),
        "complainant.kind": "member",
        "complainant.member_number": "M0000042",
        "subject": "Retard",
        "text": "J’attends.",
        "pole": "benefits",
        "key": "the form's own",
    }
    sent = await claire.send("/complaints/new", **typed)
    assert sent.request.url.path.startswith("/complaints/REC-"), text_of(sent)
    late = await claire.send("/drafts", form="/complaints/new", **typed)
    assert late.status_code == 204
    with counter.house.sessions() as session:
        assert session.scalars(select(Draft).where(Draft.form == "/complaints/new")).all() == []


async def test_two_hundred_complaints_can_be_given_to_others_in_one_go(anne: Browser) -> None:
    references = [f"REC-2031-{number:06d}" for number in range(900_000, 900_200)]
    fields = {f"to.{one}": "yann.kerloch" for one in references}
    answer = await anne.send("/board/reassign/claire.morvan", reason="conflict_of_interest", take=references, **fields)
    assert answer.status_code == 200, text_of(answer)[:300]
    assert text_of(answer).count("refusé") >= 200


async def test_the_pole_stays_with_the_links_of_its_board(anne: Browser) -> None:
    page = (await anne.open("/board?pole=benefits")).text
    assert "&amp;amp;" not in page
    assert 'hx-get="/board?pole=benefits"' in page


async def test_a_form_that_is_sent_back_keeps_what_was_unticked(counter: Counter, anne: Browser) -> None:
    stays, goes = "REC-2031-910001", "REC-2031-910002"
    with counter.house.sessions.begin() as session:
        for reference in (stays, goes):
            a_case_row(session, reference, NOON.date(), NOON, owner_id=counter.id_of(CLAIRE))
    fields = {f"to.{one}": "yann.kerloch" for one in (stays, goes)}
    answer = await anne.send("/board/reassign/claire.morvan", reason="", take=[goes], **fields)
    assert answer.status_code == 422
    ticked = re.findall(r'name="take" value="([^"]+)" checked', answer.text)
    assert goes in ticked
    assert stays not in ticked


async def test_a_cookie_that_is_nobody_s_leads_to_the_sign_in(counter: Counter) -> None:
    async with browser_of(counter) as stranger:
        for token in ("x", "A" * 4000, "..", "%00"):
            assert 'action="/sign-in"' in (await stranger.open("/inbox", Cookie=f"{SESSION}={token}")).text


TASKS: dict[str, dict[str, object]] = {
    "acknowledge": {},
    "analyse": {},
    "draft_answer": {},
    "pay_compensation": {},
    "repair_delivery": {"letter": "0" * 32},
    "unblock": {"blocked": "validate"},
    "progress_call": {},
}
"""Each kind of task that needs no version of an answer, and what it knows of itself."""


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_kind_of_task_opens(counter: Counter, kind: str, language: str) -> None:
    with counter.house.sessions.begin() as session:
        case_id = a_case_row(session, f"REC-2031-{next(_numbers)}", NOON.date(), NOON, owner_id=counter.id_of(CLAIRE))
        hat = person_hat(counter.id_of(CLAIRE))
        task_id = a_task_row(session, case_id, NOON, hat, kind=kind, detail=TASKS[kind])
    async with browser_of(counter, CLAIRE, language) as browser:
        answer = await browser.open(f"/tasks/{task_id}")
        assert answer.status_code == 200, text_of(answer)
        assert (await browser.send(f"/tasks/{task_id}", outcome="")).status_code == 422


def test_every_kind_of_task_is_opened_here_or_by_a_story() -> None:
    assert {*TASKS, "validate"} == set(TaskKind)
