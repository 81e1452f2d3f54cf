"""The rows of the pages: by the same roles and objects as the API's, with a cookie and a form."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from domain.roles import Role
from tests.api.matrix import (
    ACCOUNTANTS,
    ADMINISTRATORS,
    BATCHES,
    DOERS,
    EVERYBODY,
    FILED,
    FOLLOWING_MONEY,
    IN_CHARGE,
    INTAKE,
    MANAGERS,
    NO_DATE_TO_MOVE,
    NO_OBJECT,
    OVERSEERS,
    OWNER_OR_MANAGEMENT,
    OWNER_OR_MANAGER,
    PLANNERS,
    READABLE,
    READERS,
    REASSIGNERS,
    SIGNED_IN,
    STOPPERS,
    TABLE,
    Outcome,
    Row,
    away,
    hired,
)
from tests.factories import bodies

LetIn = set[Role] | set[Role | None] | None
Fields = dict[str, Any]


def shown(lets_in: LetIn, outcomes: Mapping[str, Outcome]) -> Row:
    """A page that is looked at: strangers are sent to sign in."""
    return Row(lets_in, outcomes, page=True, stranger=303)


def sent(lets_in: LetIn, outcomes: Mapping[str, Outcome], fields: Callable[[date], Fields] | None = None) -> Row:
    """A form that is sent: strangers are asked to sign in, and what they sent is kept."""
    return Row(lets_in, outcomes, fields or (lambda _: {}), page=True)


def then_shown(outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The same outcomes as the API's; what it answers with 200 or 201, a form answers with the next page."""
    return {thing: _next_page(outcome) for thing, outcome in outcomes.items()}


def _next_page(outcome: Outcome) -> Outcome:
    if isinstance(outcome, int):
        return 303 if outcome in {200, 201, 204} else outcome
    return {role: 303 if status == 200 else status for role, status in outcome.items()}


def a_complaint(today: date) -> Fields:
    """What the form of a new complaint sends."""
    return {
        "channel": "letter",
        "received_on": today.isoformat(),
        "complainant.kind": "member",
        "complainant.member_number": "M0000042",
        "subject": "Retard",
        "text": "J’attends.",
        "pole": "benefits",
        "language": "fr",
    }


def a_whole_person() -> Fields:
    """What the form of somebody's account sends, with a title that nobody has had."""
    kept = ("email", "phone", "roles", "pole")
    return {name: hired(date(2031, 3, 3))[name] for name in kept} | {"title": f"Gestionnaire {uuid4()}"}


def an_absence(today: date) -> Fields:
    """A week, long after, each time another; the usual deputy stands in."""
    return {"login": "tangi.riou", **away(today)}


def a_benefit_request(today: date) -> Fields:
    """What the form of a new claim sends: for the member themselves, an amount in euros."""
    return bodies.a_claim(today, beneficiary_number="", contract_number="") | {"amount_cents": "1 500,00"}


PERSON: dict[str, Outcome] = {"a colleague": 200, "myself": 200, "somebody who has left": 200, "nobody": 404}
TASK: dict[str, Outcome] = {
    "my task": 200,
    "a claim that I control": 200,
    "a claim that I confirm": 200,
    "a claim that a colleague controls": 403,
    "a claim that I may not control": 403,
    "my task that a colleague has taken": 200,
    "my task that is done": 200,
    "a colleague's task": 403,
    "a task on my own work": 403,
    "a task about me": 403,
    "no task": 404,
}
OF_CLAIMS = ("a claim that I control", "a claim that I confirm")
DONE: dict[str, Outcome] = {thing: outcome for thing, outcome in TASK.items() if thing not in OF_CLAIMS} | {
    "my task": 303,
    "my task that a colleague has taken": 409,
    "my task that is done": 409,
}
OF_OTHERS = ("a colleague's case", "a case of another pole", "a VIP's case")
REQUALIFIED: dict[str, Outcome] = {**READABLE, **dict.fromkeys(OF_OTHERS, OWNER_OR_MANAGER)}
REASSIGNED: dict[str, Outcome] = {**READABLE, **dict.fromkeys(OF_OTHERS, OWNER_OR_MANAGEMENT)}
HELD: dict[str, Outcome] = {**READABLE, "my case": 409, **dict.fromkeys(OF_OTHERS, NO_DATE_TO_MOVE)}

ENTERING_CLAIMS = INTAKE - {Role.POLE_MANAGER}
ON_CLAIMS = IN_CHARGE | {Role.TECHNICAL_REFERENT}
UNCONTROLLED: dict[str, Outcome] = {"a claim that nobody controls": 409}

PAGES: dict[str, Row] = {
    "GET /sign-in": shown(EVERYBODY, {NO_OBJECT: 200}),
    "POST /sign-in": sent(EVERYBODY, {NO_OBJECT: 401}, lambda _: {"login": "nobody.here", "password": "wrong"}),
    "POST /sign-out": sent(SIGNED_IN, {NO_OBJECT: 303}),
    "POST /language": sent(EVERYBODY, {NO_OBJECT: 303}, lambda _: {"language": "en", "on": "/inbox"}),
    "GET /": shown(SIGNED_IN, {NO_OBJECT: 303}),
    "GET /inbox": shown(DOERS, {NO_OBJECT: 200}),
    "POST /drafts": sent(SIGNED_IN, {NO_OBJECT: 200}, lambda _: {"form": "/complaints/new", "subject": "Retard"}),
    "POST /drafts/forget": sent(SIGNED_IN, {NO_OBJECT: 303}, lambda _: {"form": "/complaints/new"}),
    "GET /board": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /board/moves": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /board/late": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /board/claims": shown(MANAGERS, {NO_OBJECT: 200}),
    "GET /board/claims/{pile}": shown(MANAGERS, {"a pile": 200}),
    "GET /board/reassign/{login}": shown(REASSIGNERS, TABLE["GET /api/v1/people/{login}/reassignment"].outcomes),
    "POST /board/reassign/{login}": sent(
        REASSIGNERS,
        TABLE["GET /api/v1/people/{login}/reassignment"].outcomes,
        lambda _: {"reason": "absence", "take": "REC-2031-999999", "to.REC-2031-999999": "nolwenn.salaun"},
    ),
    "GET /complaints": shown(READERS, {NO_OBJECT: 200}),
    "GET /cases": shown(READERS, {NO_OBJECT: 200}),
    "POST /search": sent(READERS, {NO_OBJECT: 303}, lambda _: {"words": "lunettes", "state": "assigned"}),
    "GET /searches/{search_id}": shown(READERS, TABLE["GET /api/v1/searches/{search_id}"].outcomes),
    "GET /complaints/new": shown(INTAKE, {NO_OBJECT: 200}),
    "POST /complaints/new": sent(INTAKE, {NO_OBJECT: 303}, a_complaint),
    "GET /complaints/{reference}": shown(READERS, READABLE),
    "GET /letters/{letter_id}.pdf": shown(
        READERS,
        {
            "a letter": 200,
            "a letter of another pole": 200,
            "a letter that is not made yet": 404,
            "a letter about me": 404,
            "no letter": 404,
        },
    ),
    "GET /complaints/{reference}/answer.pdf": shown(
        READERS, TABLE["GET /api/v1/cases/{reference}/answer.pdf"].outcomes
    ),
    "POST /complaints/{reference}/preview": sent(
        READERS,
        dict.fromkeys(READABLE, 200) | {"a case about me": 404, "no case": 404},
        lambda _: {"asked": "Un délai."},
    ),
    "GET /claims": shown(READERS, {NO_OBJECT: 200}),
    "GET /claims/new": shown(ENTERING_CLAIMS, {NO_OBJECT: 200}),
    "POST /claims/new": sent(ENTERING_CLAIMS, {"a benefit request": 303}, a_benefit_request),
    "POST /claims/member": sent(ENTERING_CLAIMS, {NO_OBJECT: 200}, lambda _: {"member_number": "M0000042"}),
    "GET /claims/{reference}": shown(READERS, FILED),
    "GET /claims/{reference}/documents/{document_id}": shown(
        READERS, TABLE["GET /api/v1/claims/{reference}/documents/{document_id}"].outcomes
    ),
    **{
        f"GET /claims/{{reference}}/{act}": shown(ON_CLAIMS, FILED | UNCONTROLLED)
        for act in ("add-document", "stop-waiting")
    },
    "POST /claims/{reference}/add-document": sent(
        ON_CLAIMS, FILED | UNCONTROLLED | {"a claim": 422}, lambda _: {"kind": "invoice"}
    ),
    "POST /claims/{reference}/stop-waiting": sent(ON_CLAIMS, FILED | UNCONTROLLED | {"a claim": 409}),
    "POST /claims/{reference}/preview": sent(
        DOERS,
        TABLE["POST /api/v1/claims/{reference}/preview"].outcomes,
        lambda _: {"decision": "refuse"},
    ),
    **{
        f"GET /claims/{{reference}}/decision{form}": shown(
            DOERS, TABLE["GET /api/v1/claims/{reference}/decision"].outcomes
        )
        for form in ("", ".pdf")
    },
    "GET /payments": shown(FOLLOWING_MONEY, {NO_OBJECT: 200}),
    "POST /payments": sent(ACCOUNTANTS, {NO_OBJECT: 422}, lambda _: {"executes_on": "2020-01-02"}),
    "GET /payments/{reference}": shown(FOLLOWING_MONEY, BATCHES),
    "GET /payments/{reference}/file.xml": shown(ACCOUNTANTS, BATCHES),
    "POST /payments/{reference}/status-report": sent(ACCOUNTANTS, BATCHES | {"a batch": 422}),
    "POST /payments/{reference}/stop": sent(STOPPERS, BATCHES | {"a batch": 422}),
    "POST /payments/{reference}/conclude": sent(ACCOUNTANTS, BATCHES | {"a batch": 422}),
    "GET /tasks/{task_id}": shown(DOERS, TASK),
    "POST /tasks/{task_id}": sent(
        DOERS, DONE | dict.fromkeys(OF_CLAIMS, 422), lambda _: {"outcome": "acknowledge", "dispatch": "post"}
    ),
    "POST /tasks/{task_id}/claim": sent(DOERS, DONE),
    "POST /tasks/{task_id}/release": sent(DOERS, DONE),
    **{
        f"GET /complaints/{{reference}}/{act}": shown(IN_CHARGE, READABLE)
        for act in ("holding-letter", "reassign", "requalify")
    },
    "POST /complaints/{reference}/holding-letter": sent(
        IN_CHARGE, HELD, lambda _: {"dispatch": "post", "reason": "document_awaited"}
    ),
    "POST /complaints/{reference}/reassign": sent(
        IN_CHARGE, then_shown(REASSIGNED), lambda _: {"to": "nolwenn.salaun", "reason": "conflict_of_interest"}
    ),
    "POST /complaints/{reference}/requalify": sent(
        IN_CHARGE, then_shown(REQUALIFIED), lambda _: {"requalified_as": "information_request", "reason": "Un relevé."}
    ),
    "GET /account": shown(SIGNED_IN, {NO_OBJECT: 200}),
    "POST /account/password": sent(
        SIGNED_IN, {NO_OBJECT: 403}, lambda _: {"old": "not this one", "new": "quatre mots au hasard"}
    ),
    "POST /account/sign-out-everywhere": sent(SIGNED_IN, {NO_OBJECT: 303}),
    "GET /administration": shown(OVERSEERS, {NO_OBJECT: 200}),
    "GET /administration/examination": shown(OVERSEERS, {NO_OBJECT: 200}),
    "POST /administration/examination": sent(ADMINISTRATORS, {NO_OBJECT: 303}),
    "GET /administration/people": shown(OVERSEERS, {NO_OBJECT: 200}),
    "POST /administration/people": sent(OVERSEERS, {NO_OBJECT: 200}, lambda _: {"name": "morvan"}),
    "GET /administration/people/new": shown(ADMINISTRATORS, {NO_OBJECT: 200}),
    "POST /administration/people/new": sent(ADMINISTRATORS, {NO_OBJECT: 200}, hired),
    "GET /administration/people/{login}": shown(OVERSEERS, PERSON),
    "POST /administration/people/{login}": sent(
        ADMINISTRATORS,
        then_shown(TABLE["PATCH /api/v1/people/{login}"].outcomes),
        lambda _: a_whole_person(),
    ),
    "GET /administration/people/{login}/leave": shown(ADMINISTRATORS, PERSON),
    "POST /administration/people/{login}/leave": sent(
        ADMINISTRATORS, then_shown(TABLE["POST /api/v1/people/{login}/leave"].outcomes)
    ),
    **{
        f"POST /administration/people/{{login}}/{act}": sent(
            ADMINISTRATORS, TABLE[f"POST /api/v1/people/{{login}}/{act}"].outcomes
        )
        for act in ("return", "password")
    },
    "GET /administration/absences": shown(PLANNERS | OVERSEERS, {NO_OBJECT: 200}),
    "POST /administration/absences": sent(PLANNERS, {NO_OBJECT: 303}, an_absence),
    "POST /administration/absences/{absence_id}/end": sent(
        PLANNERS, then_shown(TABLE["POST /api/v1/absences/{absence_id}/end"].outcomes)
    ),
    **{f"GET /administration/{name}": shown(OVERSEERS, {NO_OBJECT: 200}) for name in ("policy", "calendar", "log")},
}
