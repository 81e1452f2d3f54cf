"""Files of reference data: taken in, with a report line by line that stays."""

from asyncio import to_thread
from datetime import datetime
from io import BytesIO
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.files import FileName, received, taking_a_file
from api.house import House, TheHouse
from db.commands.reference.imports import File, take_in
from db.queries.reference.imports import Known, imports, known_import, refusals_of
from domain.people import Actor
from domain.permissions import Action
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind

router = APIRouter(tags=["reference data"])
Importer = Annotated[Actor, Depends(Allowed(Action.IMPORT_REFERENCE))]
EXAMPLE = "number;name;holder\nM0000501;Mme Armelle Kerbiriou;\nB0000501;M. Ewen Kerbiriou;M0000501\n"
MOST_REFUSALS = 1_000


class RefusalView(BaseModel):
    """A line that was not taken in: where it stands in the file, what is wrong with it, what to do."""

    line: int = Field(description="its number in the file, the header being 1")
    field: str | None
    problem: str
    remedy: str


class ImportView(BaseModel):
    """A file that was read: every line was taken in, was there already, or was refused."""

    id: UUID
    kind: ReferenceKind | Literal["claims", "figures", "volunteers"]
    file_name: str
    file_sha256: str
    lines: int
    accepted: int
    unchanged: int
    refused: int
    at: datetime
    by: str | None = Field(description="login of whoever sent it; null: whoever runs the programs")


class ImportReport(ImportView):
    """The same with its refused lines."""

    refusals: list[RefusalView] = Field(description="the first of them; the next ones with after_line")


class Imports(BaseModel):
    """The newest first."""

    imports: list[ImportView]


@router.post("/imports/{kind}", status_code=201, openapi_extra=taking_a_file(EXAMPLE))
async def take(
    kind: ReferenceKind, request: Request, house: TheHouse, actor: Importer, name: FileName = None
) -> ImportReport:
    """Take in a file: CSV with a header, or JSON with one object a line. Its good lines are taken in, its bad ones are
    told; the same file again changes nothing.
    """
    return await to_thread(_taken_in, house, actor, kind, name or str(kind), await received(request))


def _taken_in(house: House, actor: Actor, kind: ReferenceKind, name: str, file: BytesIO) -> ImportReport:
    with house.sessions.begin() as session:
        row = take_in(session, Reading(kind, house.now(), house.zone), File(name, file, actor.id))
        session.refresh(row)
        return report(session, (row, actor.login))


@router.get("/import-reports")
def listed(house: TheHouse, _actor: Importer, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Imports:
    """The files that were taken in, the newest first."""
    with house.sessions() as session:
        return Imports(imports=[ImportView(**_told(one)) for one in imports(session, limit)])


@router.get("/import-reports/{import_id}")
def shown(
    import_id: UUID,
    house: TheHouse,
    _actor: Importer,
    after_line: Annotated[int, Query(ge=0, le=10**9, description="only refused lines behind this one")] = 0,
) -> ImportReport:
    """One file, with its refused lines."""
    with house.sessions() as session:
        known = known_import(session, import_id)
        if known is None:
            raise HTTPException(404, "There is no such import.")
        return report(session, known, after_line)


def report(session: Session, known: Known, after_line: int = 0) -> ImportReport:
    """What became of a file, with the first of its refused lines behind one."""
    refusals = [
        RefusalView(line=one.line, field=one.field, problem=one.problem, remedy=one.remedy)
        for one in refusals_of(session, known[0].id, after_line, MOST_REFUSALS)
    ]
    return ImportReport(**_told(known), refusals=refusals)


def _told(known: Known) -> dict[str, object]:
    row, login = known
    names = (name for name in ImportView.model_fields if name != "by")
    return {name: getattr(row, name) for name in names} | {"by": login}
