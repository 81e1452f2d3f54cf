"""Who gets what: every operation × every role × what the object is to whoever asks.

A row says which roles the operation lets in; everybody else is answered 403 whatever they name, so that nobody learns
what exists, and 401 without a good token. For those let in it says, object by object, the status of the answer; where
the procedure tells roles apart, role by role. What is in no row is denied: `test_matrix.py` sends all of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any, Literal
from uuid import uuid4

from domain.roles import Role
from tests.factories import bodies
from tests.factories.reference import an_iban
from tests.factories.uploads import A_PDF, a_form

HANDLERS = {Role.HANDLER, Role.EXPERT_HANDLER}
VALIDATORS = {
    *(Role.TECHNICAL_REFERENT, Role.POLE_MANAGER, Role.LEGAL),
    *(Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR),
}
READERS = HANDLERS | VALIDATORS | {Role.ACCOUNTING, Role.PROCESS_PILOT, Role.INTERNAL_CONTROL}
AUDITORS = {Role.AUDITOR}
DOERS = READERS | AUDITORS
FOLLOWERS = READERS | AUDITORS
IN_CHARGE = HANDLERS | {Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}
INTAKE = HANDLERS | {Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}
PLANNERS = {Role.ADMINISTRATOR, Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}
ADMINISTRATORS = {Role.ADMINISTRATOR}
OVERSEERS = {Role.ADMINISTRATOR, Role.INTERNAL_CONTROL}
MANAGERS = {
    *(Role.POLE_MANAGER, Role.TECHNICAL_REFERENT, Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR),
    *(Role.PROCESS_PILOT, Role.INTERNAL_CONTROL),
}
REASSIGNERS = {Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}
ACCOUNTANTS = {Role.ACCOUNTING}
STOPPERS = ACCOUNTANTS | {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}
FOLLOWING_MONEY = ACCOUNTANTS | {
    *(Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR, Role.INTERNAL_CONTROL, Role.PROCESS_PILOT),
}
SIGNED_IN: set[Role | None] = {*Role, None}
"""Whoever has a good token, those without any role too."""
EVERYBODY = None
"""Whoever comes, without a token too."""

REST: Literal["the rest"] = "the rest"
Outcome = int | Mapping[Role | Literal["the rest"], int]


@dataclass(frozen=True)
class Upload:
    """A form with a file in it, as its bytes, and the kind of content that it says it is."""

    content: bytes
    kind: str


@dataclass(frozen=True)
class Row:
    """One operation: the roles that it lets in (None: everybody), and what they get of which object.

    A page takes a cookie and a form; a `stranger` is shown the way to sign in.
    """

    lets_in: set[Role] | set[Role | None] | None
    outcomes: Mapping[str, Outcome]
    body: Callable[[date], Any] | None = None
    page: bool = False
    stranger: int = 401

    def expected(self, thing: str, role: Role | None, *, token: bool = True) -> int:
        """The status of the answer to somebody of this role."""
        if self.lets_in is not None and not token:
            return self.stranger
        if self.lets_in is not None and role not in self.lets_in:
            return 403
        outcome = self.outcomes[thing]
        return outcome if isinstance(outcome, int) else outcome.get(role or REST, outcome.get(REST, 0))


IMPORTERS = {Role.ADMINISTRATOR}
MEMBERS = {"a member": 200, "no member": 404}
NO_OBJECT = "nothing in particular"
READABLE = {
    "my case": 200,
    "a colleague's case": 200,
    "a case of another pole": 200,
    "a VIP's case": 200,
    "a case about me": 404,
    "no case": 404,
}
"""Every reader reads every pole's cases, so that a colleague can stand in; nobody reads one about themselves."""
NO_CASES_OF_THESE: Mapping[Role | Literal["the rest"], int] = {Role.AUDITOR: 404, REST: 200}
FOLLOWED: dict[str, Outcome] = {
    thing: 404 if status == 404 else NO_CASES_OF_THESE for thing, status in READABLE.items()
}
"""Auditors follow findings, and no complaint."""
DRAFTED = {"a drafted case": 200, "a drafted case about me": 404, "no case": 404}
FILED = {
    "a claim": 200,
    "a claim that nobody controls": 200,
    "a claim of my own": 404,
    "a claim of my own that nobody controls": 404,
    "no claim": 404,
}
"""Every reader reads every pole's claims; nobody reads one of which they are the member or the beneficiary."""
TO_CONTROL = {
    "a claim that I control": 200,
    "a claim that I may not control": 403,
    "a claim that a colleague controls": 403,
    "a claim that I confirm": 409,
    "no claim": 404,
}
TO_CONFIRM = {
    "a claim that I confirm": 200,
    "a claim that a colleague confirms": 403,
    "a claim that I control": 404,
    "no claim": 404,
}
"""The letter of a decision is shown to whoever may take it, or confirm it, and to nobody else."""
OWNER_OR_MANAGER: Mapping[Role | Literal["the rest"], int] = {Role.POLE_MANAGER: 200, REST: 403}
OWNER_OR_MANAGEMENT = {**OWNER_OR_MANAGER, Role.OPERATIONS_DIRECTOR: 200}
NO_DATE_TO_MOVE: Mapping[Role | Literal["the rest"], int] = {Role.POLE_MANAGER: 409, REST: 403}
"""These cases have no open deadline: who is let through hears that, and who is not hears that they may not."""

BATCHES: dict[str, Outcome] = {"a batch": 200, "no batch": 404}
WHOSE_CASES = {"a colleague": 200, "myself": 200, "somebody who has left": 200, "nobody": 404}
"""Whoever has left still owns complaints."""


_weeks = count()


def reassigned(_today: date) -> bodies.Body:
    """To a handler of the demo's, for a reason that needs no absence."""
    return {"to": "nolwenn.salaun", "reason": "conflict_of_interest"}


def requalified(_today: date) -> bodies.Body:
    """A request for information after all."""
    return {"requalified_as": "information_request", "reason": "Le courrier demande un relevé."}


def held(_today: date) -> bodies.Body:
    """A holding letter."""
    return {"dispatch": "post", "reason": "document_awaited"}


def wrong_sign_in(_today: date) -> bodies.Body:
    """Somebody whom nobody knows, each time another."""
    return {"login": f"nobody.{uuid4()}", "password": "wrong"}


def away(_today: date) -> bodies.Body:
    """Away for a week, long after, each time another; the usual deputy stands in."""
    monday = date(2033, 1, 3) + timedelta(weeks=next(_weeks))
    return {"from_on": f"{monday}", "back_on": f"{monday + timedelta(weeks=1)}"}


def hired(_today: date) -> bodies.Body:
    """Somebody new, each time another."""
    return {
        "login": f"new.{uuid4().hex}",
        "name": "Mme Nouvelle Venue",
        "title": "Gestionnaire",
        "email": "new@mutuelle-des-embruns.example",
        "phone": "02 61 91 00 61",
        "roles": ["handler"],
        "pole": "benefits",
    }


def another_title(_today: date) -> bodies.Body:
    """A title that nobody has had: each time another."""
    return {"title": f"Gestionnaire {uuid4()}"}


def wrong_password(_today: date) -> bodies.Body:
    """Not the one that they signed in with."""
    return {"old": "not this one", "new": "quatre mots au hasard"}


def given_away(_today: date) -> dict[str, Any]:
    """One complaint that nobody sees: it is refused by itself, and the request is answered."""
    return {"reason": "conflict_of_interest", "cases": [{"reference": "REC-2031-999999", "to": "nolwenn.salaun"}]}


def of_no_use(_today: date) -> bytes:
    """One line of a file, which is refused whatever the file holds."""
    return b'{"nothing": "of use"}\n'


def another_iban(_today: date) -> dict[str, Any]:
    """An account that the member has given; the same one again is no change."""
    return {"iban": an_iban(4_000), "through": "member"}


def an_upload(_today: date) -> Upload:
    """An invoice."""
    return Upload(*a_form(A_PDF, kind="invoice"))


TABLE: dict[str, Row] = {
    "GET /health/live": Row(EVERYBODY, {NO_OBJECT: 200}),
    "GET /health/ready": Row(EVERYBODY, {NO_OBJECT: 503}),  # an engine with a skipped clock says nothing of its workers
    "POST /api/v1/token": Row(EVERYBODY, {NO_OBJECT: 401}, wrong_sign_in),
    "DELETE /api/v1/token": Row(SIGNED_IN, {NO_OBJECT: 204}),
    "DELETE /api/v1/tokens": Row(SIGNED_IN, {NO_OBJECT: 204}),
    "GET /api/v1/me": Row(SIGNED_IN, {NO_OBJECT: 200}),
    "POST /api/v1/complaints": Row(INTAKE, {NO_OBJECT: 201}, bodies.a_complaint),
    "GET /api/v1/complaints": Row(READERS, {NO_OBJECT: 200}),
    "POST /api/v1/search": Row(READERS, {NO_OBJECT: 200}, lambda _: {"name": "morvan"}),
    "POST /api/v1/searches": Row(READERS, {NO_OBJECT: 201}, lambda _: {"words": "morvan"}),
    "GET /api/v1/searches/{search_id}": Row(
        READERS, {"my search": 200, "a colleague's search": 200, "a forgotten search": 404, "no search": 404}
    ),
    "GET /api/v1/complaints/{reference}": Row(READERS, READABLE),
    "GET /api/v1/cases/{reference}/state": Row(FOLLOWERS, FOLLOWED),
    "GET /api/v1/cases/{reference}/deadlines": Row(FOLLOWERS, FOLLOWED),
    "GET /api/v1/cases/{reference}/journal": Row(FOLLOWERS, FOLLOWED),
    "GET /api/v1/cases/{reference}/letters": Row(READERS, READABLE),
    "GET /api/v1/cases/{reference}/answer.pdf": Row(READERS, DRAFTED | {"my case": 404}),
    "POST /api/v1/cases/{reference}/preview": Row(READERS, DRAFTED | {"my case": 409}, lambda _: {}),
    "POST /api/v1/claims": Row(INTAKE - {Role.POLE_MANAGER}, {"a benefit request": 201}, bodies.a_claim),
    "GET /api/v1/claims": Row(READERS, {NO_OBJECT: 200}),
    "GET /api/v1/claims/{reference}": Row(READERS, FILED),
    "POST /api/v1/claims/{reference}/documents": Row(
        IN_CHARGE | {Role.TECHNICAL_REFERENT}, FILED | {"a claim that nobody controls": 409}, an_upload
    ),
    "GET /api/v1/claims/{reference}/documents/{document_id}": Row(
        READERS, {"a document": 200, "a document of my own claim": 404, "no document": 404}
    ),
    "POST /api/v1/claims/{reference}/stop-waiting": Row(
        IN_CHARGE | {Role.TECHNICAL_REFERENT},
        FILED | {"a claim": 409, "a claim that nobody controls": 409},
    ),
    **{
        f"POST /api/v1/claims/{{reference}}/preview{form}": Row(DOERS, TO_CONTROL, lambda _: {"decision": "refuse"})
        for form in ("", ".pdf")
    },
    **{f"GET /api/v1/claims/{{reference}}/decision{form}": Row(DOERS, TO_CONFIRM) for form in ("", ".pdf")},
    "GET /api/v1/letters/{letter_id}.pdf": Row(
        READERS,
        {
            "a letter": 200,
            "a letter of another pole": 200,
            "a letter that is not made yet": 404,
            "a letter about me": 404,
            "no letter": 404,
        },
    ),
    "GET /api/v1/tasks": Row(DOERS, {NO_OBJECT: 200}),
    "GET /api/v1/tasks/{task_id}": Row(
        DOERS,
        {
            "my task": 200,
            "my task that a colleague has taken": 200,
            "my task that is done": 200,
            "a colleague's task": 403,
            "a task on my own work": 403,
            "a task about me": 403,
            "no task": 404,
        },
    ),
    **{
        f"POST /api/v1/tasks/{{task_id}}/{act}": Row(
            DOERS,
            {
                "my task": 200,
                "my task that a colleague has taken": 409,
                "my task that is done": 409,
                "a colleague's task": 403,
                "a task on my own work": 403,
                "a task about me": 403,
                "no task": 404,
            },
            (lambda _: bodies.an_acknowledgement()) if act == "complete" else None,
        )
        for act in ("claim", "release", "complete")
    },
    "POST /api/v1/cases/{reference}/requalify": Row(
        IN_CHARGE,
        READABLE
        | {
            "a colleague's case": OWNER_OR_MANAGER,
            "a case of another pole": OWNER_OR_MANAGER,
            "a VIP's case": OWNER_OR_MANAGER,
        },
        requalified,
    ),
    "POST /api/v1/cases/{reference}/reassign": Row(
        IN_CHARGE,
        READABLE
        | {
            "a colleague's case": OWNER_OR_MANAGEMENT,
            "a case of another pole": OWNER_OR_MANAGEMENT,
            "a VIP's case": OWNER_OR_MANAGEMENT,
        },
        reassigned,
    ),
    "POST /api/v1/cases/{reference}/holding-letter": Row(
        IN_CHARGE,
        READABLE
        | {
            "my case": 409,
            "a colleague's case": NO_DATE_TO_MOVE,
            "a case of another pole": NO_DATE_TO_MOVE,
            "a VIP's case": NO_DATE_TO_MOVE,
        },
        held,
    ),
    "GET /api/v1/commands/{command_id}": Row(
        DOERS, {"my command": 200, "a colleague's command": 404, "no command": 404}
    ),
    **{
        f"GET /api/v1/board/{part}": Row(MANAGERS, {NO_OBJECT: 200})
        for part in ("counts", "late", "blocked", "load", "procedure")
    },
    "GET /api/v1/cases/{reference}/path": Row(READERS, READABLE),
    "GET /api/v1/people/{login}/reassignment": Row(REASSIGNERS, WHOSE_CASES),
    "POST /api/v1/people/{login}/reassignment": Row(REASSIGNERS, WHOSE_CASES, given_away),
    "POST /api/v1/people/{login}/absences": Row(
        PLANNERS,
        {
            "a colleague": 201,
            "myself": 201,
            "somebody whom I stand in for": 403,
            "somebody who has left": 404,
            "nobody": 404,
        },
        away,
    ),
    "GET /api/v1/absences": Row(PLANNERS | OVERSEERS, {NO_OBJECT: 200}),
    "POST /api/v1/absences/{absence_id}/end": Row(
        PLANNERS,
        {
            "an absence to come": 200,
            "an absence in which I stand in": 403,
            "an absence that is over": 409,
            "no absence": 404,
        },
    ),
    "PUT /api/v1/me/password": Row(SIGNED_IN, {NO_OBJECT: 403}, wrong_password),
    "GET /api/v1/people": Row(OVERSEERS, {NO_OBJECT: 200}),
    "POST /api/v1/people": Row(ADMINISTRATORS, {NO_OBJECT: 201}, hired),
    "GET /api/v1/people/{login}": Row(
        OVERSEERS, {"a colleague": 200, "myself": 200, "somebody who has left": 200, "nobody": 404}
    ),
    "PATCH /api/v1/people/{login}": Row(
        ADMINISTRATORS,
        {"somebody new": 200, "myself": 403, "somebody who has left": 409, "nobody": 404},
        another_title,
    ),
    "POST /api/v1/people/{login}/leave": Row(
        ADMINISTRATORS, {"somebody new": 200, "myself": 403, "somebody who has left": 409, "nobody": 404}
    ),
    "POST /api/v1/people/{login}/return": Row(
        ADMINISTRATORS, {"somebody new": 409, "myself": 403, "somebody who has left": 200, "nobody": 404}
    ),
    "POST /api/v1/people/{login}/password": Row(
        ADMINISTRATORS, {"somebody new": 200, "myself": 403, "somebody who has left": 409, "nobody": 404}
    ),
    **{
        f"GET /api/v1/administration/{name}": Row(OVERSEERS, {NO_OBJECT: 200})
        for name in ("log", "policy", "calendar", "outgoing", "pulse", "findings", "examination")
    },
    "POST /api/v1/payments": Row(ACCOUNTANTS, {NO_OBJECT: 422}, lambda _: {"executes_on": "2020-01-02"}),
    "GET /api/v1/payments": Row(FOLLOWING_MONEY, {NO_OBJECT: 200}),
    "GET /api/v1/payments/payable": Row(FOLLOWING_MONEY, {NO_OBJECT: 200}),
    "GET /api/v1/cases": Row(READERS, {NO_OBJECT: 200}),
    "GET /api/v1/board/claims": Row(MANAGERS, {NO_OBJECT: 200}),
    "GET /api/v1/board/claims/{pile}": Row(MANAGERS, {"a pile": 200}),
    "GET /api/v1/payments/{reference}": Row(FOLLOWING_MONEY, BATCHES),
    "GET /api/v1/payments/{reference}/lines": Row(FOLLOWING_MONEY, BATCHES),
    "GET /api/v1/payments/{reference}/file": Row(ACCOUNTANTS, BATCHES),
    "POST /api/v1/payments/{reference}/status-report": Row(
        ACCOUNTANTS, BATCHES | {"a batch": 422}, lambda _: {"file": "no report"}
    ),
    "POST /api/v1/payments/{reference}/stop": Row(
        STOPPERS, BATCHES | {"a batch": 409}, lambda _: {"reason": "Un doute."}
    ),
    "POST /api/v1/payments/{reference}/conclude": Row(
        ACCOUNTANTS, BATCHES | {"a batch": 409}, lambda _: {"bank_did": "executed", "evidence": "Le relevé."}
    ),
    "POST /api/v1/imports/{kind}": Row(
        IMPORTERS,
        {"members' data": 201, "accounts of the staff": 201},
        of_no_use,
    ),
    "POST /api/v1/imports/claims": Row(IMPORTERS, {NO_OBJECT: 201}, of_no_use),
    "GET /api/v1/import-reports": Row(IMPORTERS, {NO_OBJECT: 200}),
    "GET /api/v1/import-reports/{import_id}": Row(IMPORTERS, {"an import": 200, "no import": 404}),
    "GET /api/v1/members/{number}": Row(READERS, MEMBERS),
    "POST /api/v1/members/{number}/iban": Row(HANDLERS, MEMBERS | {"my own membership": 403}, another_iban),
    "POST /api/v1/administration/examination": Row(ADMINISTRATORS, {NO_OBJECT: 202}),
}
