"""Look for complaints, claims and batches, and keep a search to send it to a colleague.

What is looked for is sent in the body, and an address holds the id of a kept search only: addresses are written into
logs and histories, and names are nobody's business.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.cases import Reader
from api.complaints import ComplaintLine, told_in_a_list
from api.found_elsewhere import FoundElsewhere, elsewhere
from api.house import House, TheHouse
from api.tokens import wall_now
from db.commands.search import keep_search, open_search
from db.queries import complaint_lists
from db.queries.case_filters import Narrowed
from db.queries.complaint_lists import Wanted
from db.queries.people import names_of
from db.queries.search import Found, found_in
from domain.civil import Day
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Finding, Theme
from domain.people import Actor
from domain.search import LONGEST_TYPED, MOST_PARTS, Sought, read_typed

router = APIRouter(tags=["search"])

EXAMPLE = {"words": 'le goff remboursement -dentaire "prise en charge"', "state": "analysed"}
LIMIT = 50


def _readable(typed: str) -> str:
    """What was typed, without signs that nobody sees, some of which no register can hold."""
    return "".join(sign if sign.isprintable() else " " for sign in typed)


class Asked(BaseModel):
    """What to look for. All of it must be true of a complaint; what is left out restricts nothing."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, AfterValidator(_readable)] | None = Field(
        None,
        max_length=LONGEST_TYPED,
        description="a reference, or words of complainant, member number, subject and text: all of them, whatever "
        'their accents, capitals and endings; of names the beginnings. `"a phrase"`; `-word` keeps out',
    )
    name: str | None = Field(None, min_length=3, max_length=100, description="any part of the complainant's name")
    state: ComplaintState | None = None
    pole: str | None = None
    owner: str | None = Field(None, description="`me`, or a login")
    category: Category | None = None
    channel: Channel | None = None
    finding: Finding | None = None
    theme: Theme | None = None
    received_from: Day | None = None
    received_until: Day | None = Field(None, description="the last day that counts")

    def by(self, actor: Actor) -> "Asked":
        """The same with my login for `me`: whoever opens a kept search sees my complaints, not theirs."""
        return self.model_copy(update={"owner": actor.login}) if self.owner == "me" else self


class Search(Asked):
    """What to look for, and which page of it."""

    cursor: str | None = None
    limit: int = Field(LIMIT, ge=1, le=200)


class FoundLine(ComplaintLine):
    """A complaint that was found, and where. Its pieces are what was typed: whoever shows them escapes them."""

    found: Found | None = Field(description="null where no words were looked for")


class Advice(BaseModel):
    """Why the answer may be another than expected."""

    code: str = Field(examples=["no_words", "too_many_words"])
    rule: str
    remedy: str


class FoundPage(FoundElsewhere):
    """Some complaints, the newest first; `next` is the cursor of the following ones. With the first of them, where only
    words are looked for, the claims and batches that they find.
    """

    complaints: list[FoundLine]
    next: str | None
    advice: Advice | None


class Kept(BaseModel):
    """The search is kept, until nobody has used it for 30 days."""

    id: UUID
    link: str


class KeptPage(FoundPage):
    """What a kept search finds today, for whoever opens it, and what it looks for."""

    asked: Asked
    kept_by: str
    kept_at: datetime


@router.post("/search")
def search(asked: Annotated[Search, Body(examples=[EXAMPLE])], house: TheHouse, actor: Reader) -> FoundPage:
    """The complaints that I may see of which all this is true, the newest first; and the claims and batches meant."""
    return find(house, actor, asked, asked.cursor, asked.limit)


@router.post("/searches", status_code=201, response_model=Kept)
def keep(asked: Annotated[Asked, Body(examples=[EXAMPLE])], house: TheHouse, actor: Reader) -> Response:
    """Keep a search, to send its link to a colleague: they see what they may see themselves."""
    kept = asked.by(actor).model_dump(mode="json", exclude_none=True)
    with house.sessions.begin() as session:
        search_id = keep_search(session, kept, actor, wall_now())
    told = Kept(id=search_id, link=f"/api/v1/searches/{search_id}")
    return JSONResponse(told.model_dump(mode="json"), 201, headers={"Location": told.link})


@router.get("/searches/{search_id}")
def kept_search(
    search_id: UUID,
    house: TheHouse,
    actor: Reader,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = LIMIT,
) -> KeptPage:
    """What a kept search finds for me, and what it looks for; 404 once nobody has used it for 30 days."""
    with house.sessions.begin() as session:
        kept = open_search(session, search_id, wall_now())
        if kept is None:
            raise HTTPException(404, "No such search is kept: ask whoever sent it to keep it again.")
        kept_by = names_of(session, {kept.person_id})[kept.person_id]
    asked = Asked.model_validate(kept.asked)
    page = find(house, actor, asked, cursor, limit)
    return KeptPage(**dict(page), asked=asked, kept_by=kept_by, kept_at=kept.at_wall)


def find(
    house: House,
    actor: Actor,
    asked: Asked,
    cursor: str | None = None,
    limit: int = LIMIT,
    narrowed: Narrowed | None = None,
) -> FoundPage:
    """One page of what is asked, as far as the actor may see it."""
    filters = asked.by(actor).model_dump(include=set(Asked.model_fields) - {"words"})
    wanted = Wanted(**filters, cursor=cursor, limit=limit, narrowed=narrowed or Narrowed())
    sought = read_typed(asked.words) if asked.words and asked.words.strip() else None
    if sought is not None and sought.is_nothing:
        return FoundPage(complaints=[], next=None, advice=advice_on(sought))
    with house.sessions() as session:
        if sought is None:
            rows, places = complaint_lists.listed(session, actor, wanted), {}
        else:
            rows = complaint_lists.found(session, actor, wanted, sought)
            places = dict(found_in(session, [row.id for row in rows[:limit]], sought))
        names = names_of(session, {row.owner_id for row in rows if row.owner_id})
        beside = FoundElsewhere()
        if sought is not None and asked.words and not cursor and not filters_of(asked):
            beside = elsewhere(session, house, actor, asked.words, sought)
    lines = [FoundLine(**told_in_a_list(row, names), found=places.get(row.id)) for row in rows[:limit]]
    following = complaint_lists.next_page(rows, limit)
    advice = advice_on(sought) if sought else None
    return FoundPage(**dict(beside), complaints=lines, next=following, advice=advice)


def filters_of(asked: Asked) -> dict[str, Any]:
    """What is asked beside words: what only complaints have."""
    return asked.model_dump(include=set(Asked.model_fields) - {"words"}, exclude_none=True)


def advice_on(sought: Sought) -> Advice | None:
    """What to say about what was typed, if anything."""
    if sought.is_nothing:
        return Advice(
            code="no_words",
            rule="Nothing but signs was typed: there is no word to look for.",
            remedy="Type a reference, a member number, a name, or words of the complaint.",
        )
    if sought.left_out:
        return Advice(
            code="too_many_words",
            rule=f"Only the first {MOST_PARTS} words are looked for.",
            remedy="Leave out all but those that tell this complaint from others.",
        )
    return None
