"""What a scene asks of an audit: what it does not care for is filled in, and many of one kind are one scene."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any, Protocol

import httpx2
from sqlalchemy import select

from db.models import AuditFindingRow, Case
from rehearsal.scenario import Scene
from rehearsal.stage import Stage

Body = dict[str, Any]
_BOUNDARY = "rehearsal"
_A_FILE = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
_HELD = frozenset({"hold_launch", "agree", "hold_follow_up"})
_PATHS = {
    "fix_meeting": "meetings",
    "withdraw_piece": "withdraw-piece",
    "end_delivery": "end-delivery",
    "end_answers": "end-answers",
    "add_strength": "strengths",
    "drop_strength": "strengths/drop",
    "change_recommendation": "recommendations/change",
    "drop_recommendation": "recommendations/drop",
    "cancel": "cancel",
}


class Playing(Protocol):
    """What an act needs of the play."""

    stage: Stage

    def reference(self, scene: Scene) -> str:
        """The case that the scene is about."""

    def space(self, scene: Scene) -> str:
        """Where whoever acts works."""

    async def post(self, scene: Scene, path: str, body: Any) -> httpx2.Response:
        """Whoever acts sends this."""


Task = Callable[[Scene, Body], Awaitable[httpx2.Response]]
"""Completes the task that the scene is about."""


def finding_of(stage: Stage, audit: str, number: int) -> str | None:
    """The reference of the finding that an audit has made of its recommendation or missing piece of this number."""
    audit_id = select(Case.id).where(Case.reference == audit).scalar_subquery()
    wanted = select(Case.reference).join(AuditFindingRow, AuditFindingRow.finding_id == Case.id)
    with stage.house.sessions() as session:
        return session.scalar(wanted.where(AuditFindingRow.audit_id == audit_id, AuditFindingRow.number == number))


async def plan_audit(play: Playing, scene: Scene, body: Body) -> httpx2.Response:
    """Of Armor, on one of its contracts, in all three domains: all of the catalogue's pieces."""
    usual = {
        "delegate": "ARMOR",
        "contracts": ["COL-2019-014"],
        "themes": ["memberships", "contributions", "benefits"],
        "place": "Brest",
    }
    return await play.post(scene, "/audits", usual | body)


async def on_audit(play: Playing, scene: Scene, body: Body, today: date, on_task: Task) -> httpx2.Response:
    """A command on the audit, or a task of it."""
    if scene.does in _MANY:
        return await _MANY[scene.does](play, scene, body)
    if scene.does in _PATHS:
        space = play.space(scene)
        return await play.post(scene, f"{space}/audits/{play.reference(scene)}/{_PATHS[scene.does]}", body)
    if scene.does == "submit":
        made = (await play.post(scene, f"/audits/{play.reference(scene)}/report", None)).json()
        body = {"report_sha256": made.get("pdf_sha256", "")} | body
    if scene.does == "answer":
        body = {"answers": await _answers(play, scene, body)}
    if scene.does in _HELD:
        body = {"held_on": today.isoformat()} | body
    return await on_task(scene, body)


async def _told(play: Playing, scene: Scene) -> Body:
    space = play.space(scene)
    answer = await play.stage.request(scene.who, "GET", f"{space}/audits/{play.reference(scene)}")
    told: Body = answer.json()
    return told


async def _deliver(play: Playing, scene: Scene, body: Body) -> httpx2.Response:
    """These `pieces`; or all that have not come, but these (`all_but`)."""
    asked = [one.get("id") or one["piece"] for one in (await _told(play, scene))["pieces"] if not one["files"]]
    wanted = body.get("pieces") or [one for one in asked if one not in body.get("all_but", [])]
    space = play.space(scene)
    return await _all(
        await play.stage.upload(
            scene.who,
            f"{space}/audits/{play.reference(scene)}/pieces/{piece}{'' if space else '/files'}",
            *_form(piece),
        )
        for piece in wanted
    )


def _form(piece: str) -> tuple[bytes, str]:
    content = _A_FILE.replace(b"/Catalog", f"/Catalog /Piece ({piece})".encode())
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{piece}.pdf"\r\n'
    form = f"{head}Content-Type: application/pdf\r\n\r\n".encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return form, f"multipart/form-data; boundary={_BOUNDARY}"


async def _grade(play: Playing, scene: Scene, body: Body) -> httpx2.Response:
    """Every piece that came, alike: `grade`, 2 unless it says otherwise."""
    pieces = [one["id"] for one in (await _told(play, scene))["pieces"] if one["delivered"]]
    criteria = ("conformity", "up_to_date", "relevance", "presentation")
    grades = dict.fromkeys(criteria, str(body.get("grade", "2")))
    path = f"/audits/{play.reference(scene)}/analysis"
    return await _all(await play.post(scene, path, {"piece": piece, **grades}) for piece in pieces)


async def _recommend(play: Playing, scene: Scene, body: Body) -> httpx2.Response:
    """One for each of the `risks`, expected on one day."""
    path = f"/audits/{play.reference(scene)}/recommendations"
    return await _all(
        await play.post(
            scene, path, {"risk": risk, "words": f"Recommandation {number}.", "expected_on": body["expected_on"]}
        )
        for number, risk in enumerate(body["risks"], 1)
    )


async def _all(answers: Any) -> httpx2.Response:
    """The first that is refused, else the last."""
    last: httpx2.Response | None = None
    async for answer in answers:
        last = answer
        if answer.status_code >= 400:
            break
    assert last is not None, "a scene does something"
    return last


async def _answers(play: Playing, scene: Scene, body: Body) -> list[Body]:
    """Everything is accepted, but what is said to be disputed (`dispute`: the numbers)."""
    told = await _told(play, scene)
    said = told if "recommendations" in told else told.get("report") or {"recommendations": []}
    numbers: Iterable[int] = [one["number"] for one in said["recommendations"]]
    disputed = body.get("dispute", [])
    return [
        {"number": number, "reply": "dispute", "argument": "C’est déjà fait."}
        if number in disputed
        else {"number": number, "reply": "accept"}
        for number in numbers
    ]


_MANY: dict[str, Callable[[Playing, Scene, Body], Awaitable[httpx2.Response]]] = {
    "deliver_piece": _deliver,
    "note_analysis": _grade,
    "add_recommendation": _recommend,
}
