"""A counter before which two delegates stand: each has an audit and findings, and asks as its own people."""

from dataclasses import dataclass

import httpx2

from api.pages.visit import SESSION, mark_of
from api.tokens import TokenUse, new_token
from db.models import StaffMember
from local.demo_staff import person_id
from tests.api.counter import Counter
from tests.factories.audits import PLANNED_AT, Auditing
from tests.factories.rules import the_book
from tests.factories.two_delegates import ARMOR, LEON, Holding, holding
from tests.factories.uploads import A_PDF, a_form


@dataclass
class Sides:
    """Both holdings, and the counter."""

    counter: Counter
    desk: Auditing
    of: dict[str, Holding]

    async def get(self, login: str, path: str) -> httpx2.Response:
        """Read in the delegate's space."""
        return await self.counter.ask(login, "GET", f"/delegate{path}")

    async def send_file(
        self, login: str, path: str, content: bytes = A_PDF, name: str = "preuve.pdf", **headers: str
    ) -> httpx2.Response:
        """Deliver a file."""
        body, told = a_form(content, name)
        return await self.counter.send(login, f"/delegate{path}", body, told, **headers)

    def cookie_of(self, login: str) -> tuple[dict[str, str], str]:
        """The header of a browser of this person's, and a mark for its forms."""
        with self.counter.house.sessions.begin() as session:
            token = new_token(session, session.get_one(StaffMember, person_id(login)), TokenUse.PAGES)
        return {"Cookie": f"{SESSION}={token}"}, mark_of(token)


def stand(counter: Counter, *, launched: bool = False) -> Sides:
    """Both delegates have their audits and findings; LEON's audit waits for pieces if it is only launched."""
    engine = counter.house.sessions.kw["bind"]
    desk = Auditing(engine, counter.house.sessions, the_book(), PLANNED_AT)
    of = {"ARMOR": holding(desk, ARMOR), "LEON": holding(desk, LEON, launched=launched)}
    return Sides(counter, desk, of)
