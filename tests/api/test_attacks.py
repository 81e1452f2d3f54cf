"""What somebody sends who wants more than they may have: rights in a body, dates in numbers, orders in a text."""

import json
import re
from base64 import urlsafe_b64encode
from functools import reduce
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from db.models import CommandRow
from domain.roles import Role
from local.demo_staff import STAFF
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.api.matrix_whole import JSON
from tests.api.test_openapi import SPEC, resolved
from tests.factories.bodies import a_claim, a_complaint, an_acknowledgement
from tests.factories.reference import an_iban
from tests.factories.rows import a_case_row, a_task_row
from tests.letters.pdf import text_of
from tests.stories.acts import acknowledges, enters, state_of
from tests.stories.house import StoryHouse, settles

MALO, ADMINISTRATOR, MANAGER, OWNER = "malo.quere", "alexis.cozic", "anne.le.goff", "claire.morvan"
REFERENT, ACCOUNTANT = "gwenola.prigent", "solene.guivarch"
REFERENCE, CLAIM, BATCH = "REC-2031-700001", "PRE-2031-700002", "VIR-2031-700003"
MEMBER = "M0000017"
NUMBERS = count(710_001)
NOTHING = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def task(counter: Counter) -> str:
    """A task of the front desk's, on a case."""
    with counter.house.sessions.begin() as session:
        case_id = a_case_row(session, REFERENCE, NOON.date(), NOON)
        return str(a_task_row(session, case_id, NOON, f"person:{counter.id_of(MALO)}"))


BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "/complaints": (MALO, a_complaint(NOON.date())),
    "/tasks/{task}/complete": (MALO, an_acknowledgement()),
    f"/cases/{REFERENCE}/requalify": (MANAGER, {"requalified_as": "service_request", "reason": "Une demande."}),
    f"/cases/{REFERENCE}/reassign": (MANAGER, {"to": "yann.kerloch", "reason": "conflict_of_interest"}),
    f"/cases/{REFERENCE}/holding-letter": (MANAGER, {"dispatch": "post", "reason": "document_awaited"}),
    f"/cases/{REFERENCE}/preview": (MANAGER, {"asked": "Vous demandez le remboursement de vos lunettes."}),
    "/people/tangi.riou/absences": (ADMINISTRATOR, {"from_on": "2031-03-03", "back_on": "2031-03-10"}),
    "/people": (
        ADMINISTRATOR,
        {
            "login": "maelle.corlay",
            "name": "Mme Maëlle Corlay",
            "title": "Gestionnaire",
            "email": "maelle.corlay@mutuelle-des-embruns.example",
            "phone": "02 61 91 00 60",
            "roles": ["handler"],
        },
    ),
    "/search": (MANAGER, {"name": "morvan", "state": "assigned"}),
    "/searches": (MANAGER, {"words": "morvan", "state": "assigned"}),
    "/people/tangi.riou/reassignment": (MANAGER, {"reason": "absence", "cases": [{"reference": "x", "to": "y"}]}),
    f"/members/{MEMBER}/iban": (OWNER, {"iban": an_iban(9_000), "through": "member"}),
    "/claims": (OWNER, a_claim(NOON.date())),
    f"/claims/{CLAIM}/preview": (REFERENT, {"decision": "pay"}),
    f"/claims/{CLAIM}/preview.pdf": (REFERENT, {"decision": "pay"}),
    "/payments": (ACCOUNTANT, {"executes_on": "2031-03-05"}),
    f"/payments/{BATCH}/status-report": (ACCOUNTANT, {"file": "<Document/>"}),
    "/token": (MALO, {"login": MALO, "password": "wrong"}),
}
NOT_THEIRS = {
    "id": NOTHING,
    "state": "closed",
    "owner_id": NOTHING,
    "actor": {"roles": ["general_director"]},
    "roles": ["general_director"],
    "at": "2020-01-01T00:00:00Z",
    "due_on": "2099-01-01",
    "approved_by": ["anne.le.goff"],
    "__proto__": {"active": True},
}


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, (_, body) in BODIES.items() for name in NOT_THEIRS if name not in body]
)
async def test_no_body_sets_what_is_not_its_own(counter: Counter, task: str, path: str, name: str) -> None:
    login, body = BODIES[path]
    answer = await counter.ask(login, "POST", path.format(task=task), {**body, name: NOT_THEIRS[name]})
    assert (answer.status_code, rule_of(answer)) == (422, "wrong_values")
    assert [one["field"] for one in answer.json()["errors"]] == [name]


CHANGES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/people/tangi.riou"): {"roles": ["handler"]},
    ("PUT", "/me/password"): {"old": "wrong", "new": "quatre mots au hasard"},
}
NOT_TO_CHANGE = {**NOT_THEIRS, **dict.fromkeys(("active", "password_hash", "password_provisional", "login"), "x")}


@pytest.mark.parametrize(
    ("change", "name"),
    [(change, name) for change, body in CHANGES.items() for name in NOT_TO_CHANGE if name not in body],
)
async def test_no_change_of_an_account_sets_what_is_not_its_own(
    counter: Counter, change: tuple[str, str], name: str
) -> None:
    body: dict[str, Any] = {**CHANGES[change], name: NOT_TO_CHANGE[name]}
    answer = await counter.ask(ADMINISTRATOR, *change, body)
    assert (answer.status_code, rule_of(answer)) == (422, "wrong_values")
    assert [one["field"] for one in answer.json()["errors"]] == [name]


KNOWN = {
    "{task}": "{task_id}",
    REFERENCE: "{reference}",
    CLAIM: "{reference}",
    BATCH: "{reference}",
    "tangi.riou": "{login}",
    MEMBER: "{number}",
}


READ_BY_ITS_TASK = {"/api/v1/delegate/tasks/{task_id}/complete"}
"""What the body must be, the task says: `/tasks/{task_id}/complete` is attacked for both."""


def by_example() -> list[str]:
    """The operations with a JSON body that are not in the list above: they are attacked with their example."""
    attacked = {reduce(lambda told, name: told.replace(name, KNOWN[name]), KNOWN, path) for path in BODIES}
    return [
        path
        for path, one in SPEC["paths"].items()
        if "application/json" in one.get("post", {}).get("requestBody", {}).get("content", {})
        and path.removeprefix("/api/v1") not in attacked
        and path not in READ_BY_ITS_TASK
    ]


def example_of(path: str) -> dict[str, Any]:
    """The body that the documentation shows."""
    told = SPEC["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema = resolved(told)
    shown = told.get("examples") or schema.get("examples")
    if shown:
        return dict(shown[0])
    return {name: one["examples"][0] for name, one in schema["properties"].items() if "examples" in one}


def whoever_may(path: str) -> str:
    """Somebody of the demo whom the matrix lets in."""
    roles = JSON[f"POST {path}"].lets_in or set(Role)
    return next(one.login for one in STAFF if not roles.isdisjoint(one.roles))


@pytest.mark.parametrize("path", by_example())
async def test_no_body_of_any_other_operation_sets_what_is_not_its_own(counter: Counter, path: str) -> None:
    address = re.sub(r"\{\w+_id\}", NOTHING, path.removeprefix("/api/v1"))
    address = re.sub(r"\{(piece|kind|version|number)\}", "1", address)
    address = re.sub(r"\{\w+\}", "AUD-2031-999999", address)
    for name in ("owner_id", "actor", "approved_by"):
        answer = await counter.ask(whoever_may(path), "POST", address, {**example_of(path), name: NOT_THEIRS[name]})
        assert (answer.status_code, rule_of(answer)) == (422, "wrong_values"), answer.text
        assert [one["field"] for one in answer.json()["errors"]] == [name]


def test_most_operations_with_a_body_are_attacked_by_their_example() -> None:
    assert len(by_example()) > 20


NO_DAYS = [0, 1, 20310303, 1930000000.5, -1, "0", "1930000000", "20310303", "2031-03-03T00:00:00", " 2031-03-03"]


@pytest.mark.parametrize("day", [*NO_DAYS, True, "２０３１-０３-０３", "2031-3-3", "10000-01-01", {}, ["2031-03-03"]])
async def test_a_number_is_no_date(counter: Counter, task: str, day: Any) -> None:
    for path, name in (
        ("/complaints", "received_on"),
        ("/complaints", "sent_on"),
        (f"/cases/{REFERENCE}/holding-letter", "answer_by"),
        ("/people/tangi.riou/absences", "from_on"),
    ):
        login, body = BODIES[path]
        answer = await counter.ask(login, "POST", path, {**body, name: day})
        assert answer.status_code == 422, (path, name, answer.text)
        assert [one["field"] for one in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("instant", ["0", "1930000000", "20310303", "2031-03-03", "2031-03-03T12:00:00", "12:00", "-1"])
async def test_a_number_is_no_instant_and_neither_is_one_without_its_zone(counter: Counter, instant: str) -> None:
    assert (await counter.ask(MALO, "GET", f"/tasks?due_before={instant}")).status_code == 422


@pytest.mark.parametrize(
    ("name", "value"),
    [("compensation_cents", "3000"), ("compensation_cents", 3000.0), ("compensation_cents", True), ("asked", 7)],
)
async def test_a_value_of_another_kind_is_not_guessed(counter: Counter, task: str, name: str, value: Any) -> None:
    with counter.house.sessions.begin() as session:
        case_id = a_case_row(session, f"REC-2031-{next(NUMBERS)}", NOON.date(), NOON)
        drafting = a_task_row(session, case_id, NOON, f"person:{counter.id_of(MALO)}", kind="draft_answer")
    words = dict.fromkeys(("asked", "found", "decision", "reasons", "next_steps"), "Un texte.")
    body = {"outcome": "draft", "dispatch": "email", **words, name: value}
    answer = await counter.ask(MALO, "POST", f"/tasks/{drafting}/complete", body)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [name])


def cursor_of(told: str) -> str:
    """A cursor that no page has given."""
    return urlsafe_b64encode(told.encode()).decode()


@pytest.mark.parametrize(
    "told",
    [
        "",
        "|",
        f"2031-03-03|{NOTHING[:-1]}",
        f"9999-12-31T23:59:59.999999-23:59|{NOTHING}",
        f"0001-01-01T00:00:00+23:59|{NOTHING}",
        f"2031-03-03T00:00:00|{NOTHING}",
        f"infinity|{NOTHING}",
        f"2031-03-03'; DROP TABLE tasks; --|{NOTHING}",
        f"2031-03-03|{NOTHING}\0",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
@pytest.mark.parametrize("path", ["/tasks", "/complaints", "/administration/outgoing"])
async def test_a_forged_cursor_is_refused_or_leads_to_one_s_own_page(counter: Counter, path: str, told: str) -> None:
    login = ADMINISTRATOR if "administration" in path else MALO
    answer = await counter.ask(login, "GET", f"{path}?cursor={cursor_of(told)}")
    assert answer.status_code in {200, 422}
    for raw in ("é", "%00", "=", "a", "%FF%FE", "A" * 10_000):
        assert (await counter.ask(login, "GET", f"{path}?cursor={raw}")).status_code == 422


TRICKS = ["..", "%2e%2e%2fme", "..%5c..%5cme", "%252e%252e", "me%00", "a%0d%0aSet-Cookie:x=1", "%C0%AE", "*"]


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize(
    "path",
    ["/cases/{}/state", "/complaints/{}", "/tasks/{}", "/commands/{}", "/letters/{}.pdf", "/../{}/me", "/people/{}"],
)
async def test_no_trick_in_an_address_leads_anywhere_else(counter: Counter, path: str, trick: str) -> None:
    answer = await counter.ask(ADMINISTRATOR if "/people" in path else MALO, "GET", path.format(trick))
    assert answer.status_code in {404, 422}
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "trick", ["..%2fapi%2fauth.py", "../app.py", "%2e%2e/app.py", "/etc/passwd", "..%00", "%5c..%5capp.py"]
)
async def test_the_files_of_the_page_lead_to_no_other_file(counter: Counter, trick: str) -> None:
    assert (await counter.http.get(f"/vendor/{trick}")).status_code == 404


@pytest.mark.parametrize("size", [10_000, 1_000_000])
async def test_a_very_long_header_is_no_mistake_of_ours(counter: Counter, size: int) -> None:
    long = "x" * size
    assert (await counter.http.get("/api/v1/me", headers={"Authorization": f"Bearer {long}"})).status_code == 401
    assert (await counter.ask(MALO, "GET", "/me", X_Anything=long)).status_code == 200
    body = a_complaint(NOON.date())
    assert (await counter.ask(MALO, "POST", "/complaints", body, Idempotency_Key=long)).status_code == 422


async def test_one_person_s_key_opens_nobody_else_s_command(counter: Counter, task: str) -> None:
    mine = await counter.ask(MALO, "POST", f"/tasks/{task}/complete", an_acknowledgement(), Idempotency_Key="guessed")
    assert mine.status_code == 202
    with counter.house.sessions() as session:
        command = session.scalars(select(CommandRow).where(CommandRow.idempotency_key == "guessed")).one()
    assert (await counter.ask(OWNER, "GET", f"/commands/{command.id}")).status_code == 404
    theirs = await counter.ask(
        OWNER, "POST", f"/tasks/{task}/complete", an_acknowledgement(), Idempotency_Key="guessed"
    )
    assert (theirs.status_code, rule_of(theirs)) == (403, "not_your_task")


# What somebody writes is written, and nothing else.

ORDERS = (
    '{{ 7*7 }} {% include "/etc/passwd" %} #import "x": * #read("/etc/passwd") #{7*7} $x^2$ <script>alert(7)</script>'
)
BREAKS = "\r\nBcc: spy@attacker.example\r\n\r\nX \u2028Bcc: spy@attacker.example\x85Bcc: y\x0bz"


async def test_what_a_complaint_says_is_neither_template_nor_header_nor_markup(house: StoryHouse) -> None:
    name = f"M. {ORDERS[:60]}{BREAKS}"
    who = {"name": name, "email": "ewen@courriel.example", "address": ['3 rue #read("/etc/passwd")', "29200 Brest"]}
    envelopes: list[list[str]] = []
    house.sink.on_data = lambda mail: envelopes.append(mail.rcpt_tos)
    text = f"{ORDERS}{BREAKS}"
    said = {"complainant": who, "subject": f"{ORDERS[:100]}{BREAKS}", "text": text, "skills": ["english"]}
    reference = await enters(house, MALO, **said)
    await acknowledges(house, OWNER, reference, "email")

    async def has_left() -> bool:
        letters = await house.get(OWNER, f"/cases/{reference}/letters")
        return [letter["handed_over_at"] is not None for letter in letters] == [True]

    await settles(has_left, True)
    [mail] = [mail for mail in house.sink.mailbox.mails() if reference in mail.header("Subject")]
    assert envelopes == [["ewen@courriel.example"]]
    headers = mail.content.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
    assert [line for line in headers if line.lower().startswith((b"bcc", b"x "))] == []
    assert "{{ 7*7 }}" in mail.text
    assert "<script>" not in mail.html
    [letter] = await house.get(OWNER, f"/cases/{reference}/letters")
    pdf = (await house.as_(OWNER, "GET", f"/letters/{letter['id']}.pdf")).content
    shown = text_of(pdf)
    assert "{{ 7*7 }}" in shown
    assert '#read("/etc/passwd")' in shown
    assert "root:" not in shown
    assert await state_of(house, OWNER, reference) == "acknowledged"
    read = await house.get(OWNER, f"/complaints/{reference}")
    assert read["text"] == text.strip()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\t", "\u00a0"])
async def test_an_address_with_a_line_end_in_it_is_no_address(counter: Counter, end: str) -> None:
    for tried in (f"a{end}Bcc:x@b.example", f"x@b.example{end}y@b.example", f"x@b{end}.example"):
        who = {"name": "M. Ewen Nicolas", "email": tried}
        answer = await counter.ask(MALO, "POST", "/complaints", a_complaint(NOON.date(), complainant=who))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "complainant.email")


async def test_a_text_that_looks_like_json_is_a_text(counter: Counter) -> None:
    text = json.dumps({"$where": "1", "constructor": {"prototype": {}}, "@type": "java.lang.Runtime"})
    answer = await counter.ask(MALO, "POST", "/complaints", a_complaint(NOON.date(), text=text))
    read = await counter.get(MALO, f"/complaints/{answer.json()['reference']}")
    assert read["text"] == text
