"""Findings before a browser: listed, opened, read, decided on by the insurer's people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.api.counter import Counter, open_counter
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.factories import finding_desk as does
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database


@dataclass
class Office:
    """The API and a desk before one register, without an engine."""

    counter: Counter
    desk: Desk

    def reference(self, case_id: UUID) -> str:
        """The reference of a finding."""
        [(reference,)] = self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
        return str(reference)

    def task(self, case_id: UUID, kind: str) -> str:
        """The address of an open task."""
        return f"/tasks/{self.desk.task(case_id, kind).id}"


@pytest.fixture
async def office(postgres: str, ask: Ask) -> AsyncIterator[Office]:
    """Monday noon, and no finding yet."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            counter.clock.at = NOON
            with open_desk(url) as desk:
                desk.at = NOON
                yield Office(counter, desk)


async def test_all(office: Office) -> None:
    desk = office.desk
    ids = {state: does.a_finding_at(desk, state) for state in ("registered","open","planned","verifying","confirming","closed","risk_accepted")}
    extra = does.opened(desk, risk="major", subject="Autre")
    does.propose(desk, extra)
    pp = does.a_finding_at(desk, "planned"); does.ask_to_postpone(desk, pp)
    ra = does.a_finding_at(desk, "planned"); does.ask_to_accept(desk, ra)
    for login in ("enora.lagadec","sabine.trevidic","corentin.falhun"):
        async with browser_of(office.counter, "", "fr") as browser:
            try:
                await browser.sign_in(login)
            except Exception as e: print(e); raise
            for path in ("/", "/delegate?ended=yes", "/inbox","/findings", "/account", *(f"/delegate/findings/{office.reference(one)}" for one in (*ids.values(), extra, pp, ra))):
                answer = await browser.open(path)
                print(login, path, answer.status_code, text_of(answer)[:1500])
