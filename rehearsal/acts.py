"""What each scene asks of the API: who begins, does or answers what. What the scene does not care for is filled in."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx2
from uuid_utils.compat import uuid7

from bank.stand_in import accept_all, receive, refuse_whole, reject_some
from db.procedures import PROCEDURES
from domain.calendar import Calendar
from domain.claim.words import CareCategory
from local.demo.reference import invented_iban
from rehearsal.audit_acts import finding_of, on_audit, plan_audit
from rehearsal.operation import ON_OPERATION, body_of_operation, line_of_figures
from rehearsal.scenario import BEGINS, Scene
from rehearsal.stage import Stage
from rehearsal.timeline import Refused

Body = dict[str, Any]
PROVIDERS = {category: f"99{number:07d}" for number, category in enumerate(CareCategory, 1)}
"""One provider for each category."""
STAFF_ACCOUNTS = 900_000
A_DOCUMENT = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
"""What people send in a rehearsal: a whole document with nothing in it."""
_BOUNDARY = "rehearsal"
BEGINS_WITH = {
    "REC": "complaint",
    "PRE": "claim",
    "VIR": "payment",
    "CST": "finding",
    "AUD": "audit",
    "OPE": "backlog",
}
"""The procedure of a case, by the first letters of its reference."""
_CASE_PATHS = {"requalify": "requalify", "reassign": "reassign", "send_holding_letter": "holding-letter"}


class NothingLaidError(Exception):
    """The bank cannot answer a file that it has not received."""


@dataclass
class Play:
    """A scenario being played: the stage, the cases by their name in the scenario, and what was refused.

    `delegates` are the logins of delegates' people, who work in a space of their own.
    """

    stage: Stage
    days: Calendar
    logins: tuple[str, ...]
    delegates: frozenset[str] = frozenset()
    cases: dict[str, str] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    async def act(self, scene: Scene, at: datetime, number: int) -> None:
        """Somebody does something; a refusal is part of the story."""
        try:
            answer = await self._do(scene, at, number)
        except NothingLaidError as nothing:
            self._refuse(scene, at, "nothing_laid", str(nothing))
            return
        if answer.status_code >= 400:
            problem = answer.json()
            self._refuse(scene, at, problem["type"].rpartition("/")[2], problem["detail"])
        elif scene.does in BEGINS and scene.case is not None:
            self.cases.setdefault(scene.case, answer.json()["reference"])

    def _refuse(self, scene: Scene, at: datetime, code: str, detail: str) -> None:
        reference = self.cases.get(scene.on or "", "")
        self.refused.append(Refused(at, reference, scene.who, scene.does, code, detail))

    async def _do(self, scene: Scene, at: datetime, number: int) -> httpx2.Response:
        body, now = dict(scene.with_), _Now(at, number)
        if scene.does == "plan_audit":
            return await plan_audit(self, scene, body)
        if self.reference(scene).startswith("AUD-"):
            return await on_audit(self, scene, body, now.today, lambda one, told: _on_task(self, one, told, now))
        return await _ACTS.get(scene.does, _on_task)(self, scene, body, now)

    async def post(self, scene: Scene, path: str, body: Any) -> httpx2.Response:
        """Whoever acts sends this."""
        return await self.stage.request(scene.who, "POST", path, body)

    def space(self, scene: Scene) -> str:
        """Where whoever acts works: a delegate's people in their own space."""
        return "/delegate" if scene.who in self.delegates else ""

    def reference(self, scene: Scene) -> str:
        """The case that the scene is about; `armor.3` is the third finding of the audit that is called `armor`."""
        name = scene.on or ""
        audit, _, number = name.rpartition(".")
        if name not in self.cases and audit in self.cases and number.isdecimal():
            return finding_of(self.stage, self.cases[audit], int(number)) or "unknown"
        return self.cases.get(name, "unknown")

    def account(self, told: Any) -> str:
        """An account: an IBAN as it is written, that of a member of staff (`of`), or an invented one (`number`)."""
        if not isinstance(told, dict):
            return str(told)
        return iban_of(str(told["of"]), self.logins) if "of" in told else invented_iban(int(told["number"]))


@dataclass(frozen=True)
class _Now:
    """When a scene is played, and as which of them."""

    at: datetime
    number: int

    @property
    def today(self) -> date:
        return self.at.date()


def iban_of(login: str, logins: Iterable[str]) -> str:
    """The account of somebody of the staff."""
    return invented_iban(STAFF_ACCOUNTS + [*logins].index(login))


async def _enter_complaint(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """`received_on: today` is the day on which it is entered."""
    usual = {
        "channel": "letter",
        "complainant": {"member_number": f"M{(now.number - 1) % 500 + 1:07d}"},
        "subject": "Réclamation",
        "text": "Je ne suis pas satisfait du traitement de mon dossier.",
        "pole": "benefits",
    }
    return await play.post(scene, "/complaints", usual | body | _received(body, now))


async def _enter_claim(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """Of a member under their own contract, for care of last week, to be paid on the member's account."""
    member = body.get("member_number", f"M{(now.number - 1) % 500 + 1:07d}")
    category = body.get("category", "routine")
    usual = {
        "member_number": member,
        "beneficiary_number": member,
        "contract_number": f"C{member[1:]}",
        "category": category,
        "act": f"ACTE-{now.number}",
        "care_on": (now.today - timedelta(days=7)).isoformat(),
        "provider_number": PROVIDERS.get(category, PROVIDERS[CareCategory.ROUTINE]),
        "pole": "benefits",
    }
    iban = play.account(body.get("iban", {"number": member[1:]}))
    return await play.post(scene, "/claims", usual | body | _received(body, now) | {"iban": iban})


def _received(body: Body, now: _Now) -> Body:
    told = body.get("received_on", "today")
    return {"received_on": now.today.isoformat() if told == "today" else told}


async def _build_payment(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    return await play.post(scene, "/payments", {"executes_on": now.today.isoformat()} | body)


async def _open_finding(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """About a contract of Armor's, agreed on the day itself."""
    usual = {
        "delegate": "ARMOR",
        "contract": "COL-2019-014",
        "subject": "Constat",
        "words": "Un contrôle prévu par la convention n’est pas prouvé.",
        "risk": "medium",
        "agreed_on": now.today.isoformat(),
    }
    return await play.post(scene, "/findings", usual | body)


async def _add_evidence(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """A file comes in; each is another."""
    disposition = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename='
    form = f'{disposition}"{body.get("name", "preuve")}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
    document = A_DOCUMENT.replace(b"1 0 obj", f"{now.number} 0 obj".encode())
    content = form + document + f"\r\n--{_BOUNDARY}--\r\n".encode()
    told = f"multipart/form-data; boundary={_BOUNDARY}"
    path = f"{play.space(scene)}/findings/{play.reference(scene)}/evidence"
    return await play.stage.upload(scene.who, path, content, told)


async def _on_finding(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    """In a delegate's own space a postponement is asked for under its own name."""
    space, what = play.space(scene), scene.does.replace("_", "-")
    path = f"{space}/findings/{play.reference(scene)}/{what.removeprefix('request-') if space else what}"
    return await play.post(scene, path, body or None)


async def _propose_operation(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    return await play.post(scene, "/backlog", body_of_operation(body, now.today))


async def _on_operation(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    path = f"/backlog/{play.reference(scene)}/{ON_OPERATION[scene.does]}"
    return await play.post(scene, path, body)


async def _at_the_desk(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    """Somebody takes a place in the session of this number, or gives it back."""
    listed = (await play.stage.request(scene.who, "GET", "/sessions")).json().get("sessions", [])
    reference, number = play.reference(scene), body.get("session")
    ids = [one["id"] for one in listed if (one["operation"], one["number"]) == (reference, number)]
    session_id = ids[0] if ids else uuid7()
    return await play.post(scene, f"/backlog/{reference}/sessions/{session_id}/{scene.does.replace('_', '-')}", None)


async def _add_activity(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    return await play.post(scene, "/activities", body)


async def _give_figures(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """Of one activity, on the day itself."""
    given = {"figures": [line_of_figures(body)]}
    return await play.stage.request(scene.who, "PUT", f"/figures/{now.today}", given)


async def _enter_volunteer(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    return await play.stage.request(scene.who, "PUT", f"/volunteers/{body.pop('login', '')}", body)


async def _record_absence(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    return await play.post(scene, f"/people/{body.pop('login', '')}/absences", body)


async def _change_person(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    return await play.stage.request(scene.who, "PATCH", f"/people/{body.pop('login', '')}", body)


async def _change_iban(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    told = {"through": "member"} | body
    member = told.pop("member_number", "")
    return await play.post(scene, f"/members/{member}/iban", told | {"iban": play.account(told.get("iban"))})


async def _on_case(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    return await play.post(scene, f"/cases/{play.reference(scene)}/{_CASE_PATHS[scene.does]}", body)


async def _stop_waiting(play: Play, scene: Scene, _body: Body, _now: _Now) -> httpx2.Response:
    return await play.post(scene, f"/claims/{play.reference(scene)}/stop-waiting", None)


async def _add_document(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    """A document of this kind comes in."""
    kind = str(body.get("kind", "other"))
    disposition = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    form = (
        f'{disposition}"kind"\r\n\r\n{kind}\r\n{disposition}"file"; filename="{body.get("name", kind)}.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    content = form + A_DOCUMENT + f"\r\n--{_BOUNDARY}--\r\n".encode()
    told = f"multipart/form-data; boundary={_BOUNDARY}"
    return await play.stage.upload(scene.who, f"/claims/{play.reference(scene)}/documents", content, told)


async def _bank_answers(play: Play, scene: Scene, body: Body, now: _Now) -> httpx2.Response:
    """The stand-in bank answers the file that it has received, and somebody reads its report into the batch.

    `status` is that of what it does not reject, `rejected` the claims that it does (name in the scenario → reason),
    `refused` the reason for which it refuses the whole file. Raises NothingLaidError.
    """
    reference = play.reference(scene)
    laid = play.stage.means.bank_folder / "outgoing" / f"{reference}.xml"
    if not laid.exists():
        raise NothingLaidError("No file of this batch lies in the bank's folder: there is nothing to answer.")
    report = _report(play, laid.read_bytes(), f"BANK-{now.number}", now.at, body)
    return await play.post(scene, f"/payments/{reference}/status-report", {"file": report.decode()})


def _report(play: Play, file: bytes, message_id: str, at: datetime, body: Body) -> bytes:
    status, rejected = str(body.get("status", "ACSC")), body.get("rejected") or {}
    if "refused" in body:
        return refuse_whole(file, message_id, at, str(body["refused"]))
    codes = {f"{play.cases.get(name, name)}-": str(code) for name, code in rejected.items()}
    orders = {order: code for order in receive(file).orders for claim, code in codes.items() if order.startswith(claim)}
    return reject_some(file, message_id, at, orders, status) if orders else accept_all(file, message_id, at, status)


async def _on_task(play: Play, scene: Scene, body: Body, _now: _Now) -> httpx2.Response:
    """A task is taken in hand, given back, or done with an outcome that names what was read."""
    reference = play.reference(scene)
    state = await _state_of(play, scene, reference)
    procedure = PROCEDURES.get(state.get("procedure", ""))
    outcomes = procedure.outcomes if procedure else {}
    able = {kind: form for kind in outcomes if (form := procedure.forms_of(kind).get(scene.does))} if procedure else {}
    wanted = body.pop("task", None)
    task = _task_of(state.get("tasks", []), [wanted] if wanted else list(able))
    if scene.does in {"claim_task", "release_task"}:
        return await play.post(scene, f"/tasks/{task['id']}/{scene.does.removesuffix('_task')}", None)
    form = able.get(task["kind"])
    read = {name: value for name, value in task["detail"].items() if form and name in form.model_fields}
    if scene.does == "decide":
        body["checklist"] = await _whole_checklist(play, scene, body.get("checklist", []))
    return await play.post(
        scene, f"{play.space(scene)}/tasks/{task['id']}/complete", {"outcome": scene.does, **read, **body}
    )


async def _state_of(play: Play, scene: Scene, reference: str) -> Body:
    """Where the case stands; a delegate's people, who do not read that, look into their inbox."""
    space = play.space(scene)
    if not space:
        told: Body = (await play.stage.request(scene.who, "GET", f"/cases/{reference}/state")).json()
        return told
    page = (await play.stage.request(scene.who, "GET", f"{space}/tasks")).json()
    own = [one | {"closed_at": None, "mine": True} for one in page.get("tasks", []) if one["case"] == reference]
    return {"procedure": BEGINS_WITH.get(reference.partition("-")[0], ""), "tasks": own}


def _task_of(tasks: list[Body], kinds: list[str]) -> Body:
    """The person's own task of one of these kinds; else whoever's, so that the refusal is the system's own word."""
    of_kind = [one for one in tasks if not kinds or one["kind"] in kinds]
    of_kind.sort(key=lambda one: (one["closed_at"] is not None, not one["mine"], one["opened_at"]))
    return of_kind[0] if of_kind else {"id": uuid7(), "kind": "", "detail": {}}


async def _whole_checklist(play: Play, scene: Scene, told: list[Body]) -> list[Body]:
    """Every item of the claim's checklist: as the scene says, else in order."""
    claim = (await play.stage.request(scene.who, "GET", f"/claims/{play.reference(scene)}")).json()
    items = [item["id"] for item in (claim.get("checklist") or {}).get("items", [])]
    said = {one["item"]: one for one in told}
    return [*told, *({"item": item, "answer": "ok"} for item in items if item not in said)]


_Act = Callable[[Play, Scene, Body, _Now], Awaitable[httpx2.Response]]
_ACTS: dict[str, _Act] = {
    **{does: _on_operation for does in ON_OPERATION if does != "cancel"},
    "enter_complaint": _enter_complaint,
    "enter_claim": _enter_claim,
    "build_payment": _build_payment,
    "record_absence": _record_absence,
    "change_person": _change_person,
    "change_iban": _change_iban,
    **dict.fromkeys(_CASE_PATHS, _on_case),
    "stop_waiting": _stop_waiting,
    "add_document": _add_document,
    "bank_answers": _bank_answers,
    "open_finding": _open_finding,
    "propose_operation": _propose_operation,
    "add_activity": _add_activity,
    "give_figures": _give_figures,
    "enter_volunteer": _enter_volunteer,
    **dict.fromkeys(("sign_up", "sign_off"), _at_the_desk),
    "add_evidence": _add_evidence,
    **dict.fromkeys(("request_postponement", "request_risk_acceptance", "withdraw_request", "cancel"), _on_finding),
}
