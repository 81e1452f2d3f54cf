"""Accounts through the API: hired with a password that is told once, changed by others, closed, opened again."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select

from db.models import AdministrationLine, StaffMember
from tests.api.contract import rule_of
from tests.api.counter import Counter

ADMINISTRATOR, CONTROL, CLAIRE, YANN = "alexis.cozic", "katell.rolland", "claire.morvan", "yann.kerloch"
LONG = "quatre mots au hasard"


def a_person(**changes: Any) -> dict[str, Any]:
    """Somebody new, each time another."""
    return {
        "login": f"maelle.{uuid4().hex}",
        "name": "Mme Maëlle Corlay",
        "title": "Gestionnaire prestations",
        "email": "maelle.corlay@mutuelle-des-embruns.example",
        "phone": "02 61 91 00 60",
        "roles": ["handler"],
        "pole": "benefits",
    } | changes


async def hired(counter: Counter, **changes: Any) -> Any:
    """What the administrator is told of somebody whom they have hired."""
    answer = await counter.ask(ADMINISTRATOR, "POST", "/people", a_person(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def sign_in(counter: Counter, login: str, password: str) -> httpx2.Response:
    return await counter.http.post("/api/v1/token", json={"login": login, "password": password})


async def as_bearer(counter: Counter, token: str, method: str, path: str, body: Any = None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await counter.http.request(method, f"/api/v1{path}", json=body, headers=headers)


def lines(counter: Counter) -> int:
    with counter.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(AdministrationLine)) or 0


async def test_whoever_is_hired_signs_in_and_can_only_choose_a_password_of_their_own(counter: Counter) -> None:
    told = await hired(counter)
    login, password = told["person"]["login"], told["provisional_password"]
    assert told["person"]["password_provisional"]
    let_in = (await sign_in(counter, login, password)).json()
    assert let_in["must_change_password"]
    for method, path in (("GET", "/tasks"), ("GET", "/complaints"), ("POST", "/complaints")):
        kept_out = await as_bearer(counter, let_in["access_token"], method, path, {} if method == "POST" else None)
        assert (kept_out.status_code, rule_of(kept_out)) == (403, "password_provisional")
    me = (await as_bearer(counter, let_in["access_token"], "GET", "/me")).json()
    assert me["must_change_password"]

    body = {"old": password, "new": LONG}
    chosen = await as_bearer(counter, let_in["access_token"], "PUT", "/me/password", body)
    assert chosen.status_code == 200
    assert not chosen.json()["must_change_password"]
    assert (await as_bearer(counter, let_in["access_token"], "GET", "/me")).status_code == 401
    assert (await as_bearer(counter, chosen.json()["access_token"], "GET", "/tasks")).status_code == 200
    assert (await sign_in(counter, login, password)).status_code == 401
    assert not (await sign_in(counter, login, LONG)).json()["must_change_password"]


async def test_the_same_hire_sent_twice_is_one_and_tells_the_password_once(counter: Counter) -> None:
    body = a_person()
    first, again = [
        await counter.ask(ADMINISTRATOR, "POST", "/people", body, idempotency_key=body["login"]) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["provisional_password"]
    assert again.json()["provisional_password"] is None
    assert first.json()["person"] == again.json()["person"]
    other = await counter.ask(ADMINISTRATOR, "POST", "/people", a_person(), idempotency_key=body["login"])
    assert (other.status_code, rule_of(other)) == (409, "key_reused")


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"login": "Maëlle.Corlay"}, 422, "login"),
        ({"login": "maelle"}, 422, "login"),
        ({"login": CLAIRE}, 409, None),
        ({"pole": "kitchen"}, 422, "pole"),
        ({"skills": ["cooking"]}, 422, "skills"),
        ({"deputy": "nobody.here"}, 422, "deputy"),
        ({"deputy": ADMINISTRATOR}, 403, "deputy"),
        ({"roles": ["pole_manager"], "pole": None}, 422, "pole"),
        ({"roles": ["administrator", "handler"]}, 422, "roles"),
        ({"roles": ["king"]}, 422, "roles.0"),
        ({"name": "Mme Corlay\nBcc: somebody@else.example"}, 422, "name"),
        ({"email": "not an address"}, 422, "email"),
        ({"password": "chosen by me"}, 422, "password"),
    ],
)
async def test_an_impossible_hire_is_refused_with_its_rule(
    counter: Counter, wrong: dict[str, Any], status: int, field: str | None
) -> None:
    before = lines(counter)
    answer = await counter.ask(ADMINISTRATOR, "POST", "/people", a_person(**wrong))
    assert answer.status_code == status, answer.text
    told = answer.json()
    if field is not None:
        assert field in {told.get("field"), *(one["field"] for one in told.get("errors") or [])}
    assert lines(counter) == before


async def test_a_login_stays_taken_after_its_owner_has_left(counter: Counter) -> None:
    login = (await hired(counter))["person"]["login"]
    assert (await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/leave")).status_code == 200
    taken = await counter.ask(ADMINISTRATOR, "POST", "/people", a_person(login=login))
    assert (taken.status_code, rule_of(taken)) == (409, "login_taken")


async def test_people_are_listed_by_name_page_by_page_and_the_gone_on_demand(counter: Counter) -> None:
    gone = (await hired(counter, name="M. Aaron Abalain"))["person"]["login"]
    await counter.ask(ADMINISTRATOR, "POST", f"/people/{gone}/leave")
    seen, cursor = list[str](), ""
    while True:
        page = await counter.get(CONTROL, f"/people?limit=7{cursor}")
        seen += [one["name"].partition(" ")[2] for one in page["people"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    with counter.house.sessions() as session:
        active = session.scalar(select(func.count()).select_from(StaffMember).where(StaffMember.active))
    assert len(seen) == active
    assert seen[:4] == ["Alan Cadiou", "Alexis Cozic", "Anne Le Goff", "Aziliz Bodénès"]
    everybody = await counter.get(CONTROL, "/people?gone=true&limit=200")
    assert everybody["people"][0]["name"] == "M. Aaron Abalain"
    assert not everybody["people"][0]["works_here"]
    managers = await counter.get(CONTROL, "/people?role=pole_manager&pole=benefits")
    assert [one["login"] for one in managers["people"]] == ["anne.le.goff"]
    unknown = await counter.ask(CONTROL, "GET", f"/people?cursor={uuid4()}")
    assert (unknown.status_code, unknown.json()["field"]) == (422, "cursor")


async def test_other_roles_end_the_tokens_and_the_ledger_says_from_what_to_what(counter: Counter) -> None:
    login = (await hired(counter, deputy=CLAIRE))["person"]["login"]
    held = counter.pass_of(login)
    body = {"roles": ["handler", "expert_handler"], "skills": ["dental"], "deputy": None}
    changed = await counter.ask(ADMINISTRATOR, "PATCH", f"/people/{login}", body)
    assert changed.status_code == 200, changed.text
    told = changed.json()["person"]
    assert (told["roles"], told["skills"], told["deputy"]) == (["expert_handler", "handler"], ["dental"], None)
    assert told["pole"] == "benefits"
    assert (await counter.http.get("/api/v1/me", headers=held)).status_code == 401
    [line, hire] = (await counter.get(CONTROL, f"/administration/log?person={login}"))["lines"]
    assert (line["actor"], line["event"]) == (ADMINISTRATOR, "changed")
    assert line["changes"] == {
        "roles": {"from": ["handler"], "to": ["expert_handler", "handler"]},
        "skills": {"from": [], "to": ["dental"]},
        "deputy": {"from": CLAIRE, "to": None},
    }
    assert hire["event"] == "hired"
    before = lines(counter)
    assert (await counter.ask(ADMINISTRATOR, "PATCH", f"/people/{login}", body)).status_code == 200
    assert lines(counter) == before


async def test_an_administrator_changes_where_they_are_reached_and_nothing_else_of_their_own(counter: Counter) -> None:
    path = f"/people/{ADMINISTRATOR}"
    assert (await counter.ask(ADMINISTRATOR, "PATCH", path, {"phone": "02 61 91 00 98"})).status_code == 200
    for body in (
        {"roles": ["administrator", "auditor"]},
        {"deputy": YANN},
        {"title": "Directeur"},
        {"pole": "support"},
    ):
        refused = await counter.ask(ADMINISTRATOR, "PATCH", path, body)
        assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")
    for act in ("leave", "password", "return"):
        refused = await counter.ask(ADMINISTRATOR, "POST", f"{path}/{act}")
        assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")


async def test_nobody_makes_themselves_somebodys_deputy(counter: Counter) -> None:
    refused = await counter.ask(ADMINISTRATOR, "PATCH", f"/people/{CLAIRE}", {"deputy": ADMINISTRATOR})
    assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")


async def test_whoever_leaves_signs_in_no_more_and_comes_back_with_another_password(counter: Counter) -> None:
    told = await hired(counter)
    login, password = told["person"]["login"], told["provisional_password"]
    key = str(uuid4())
    for _ in range(2):
        left = await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/leave", idempotency_key=key)
        assert (left.status_code, left.json()["person"]["works_here"]) == (200, False)
    assert (await sign_in(counter, login, password)).status_code == 401
    back = (await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/return")).json()
    assert back["person"]["works_here"]
    assert back["provisional_password"] != password
    assert (await sign_in(counter, login, password)).status_code == 401
    assert (await sign_in(counter, login, back["provisional_password"])).json()["must_change_password"]


async def test_a_lost_password_is_replaced_by_a_provisional_one_and_all_tokens_end(counter: Counter) -> None:
    told = await hired(counter)
    login, held = told["person"]["login"], counter.pass_of(told["person"]["login"])
    given = (await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/password")).json()
    assert (await counter.http.get("/api/v1/me", headers=held)).status_code == 401
    assert (await sign_in(counter, login, told["provisional_password"])).status_code == 401
    assert (await sign_in(counter, login, given["provisional_password"])).status_code == 200


async def test_no_password_is_in_the_ledger(counter: Counter) -> None:
    told = await hired(counter)
    login = told["person"]["login"]
    token = (await sign_in(counter, login, told["provisional_password"])).json()["access_token"]
    body = {"old": told["provisional_password"], "new": LONG}
    assert (await as_bearer(counter, token, "PUT", "/me/password", body)).status_code == 200
    page = await counter.ask(CONTROL, "GET", f"/administration/log?person={login}")
    assert [line["event"] for line in page.json()["lines"]] == ["password_chosen", "hired"]
    for secret in (told["provisional_password"], LONG, "argon2"):
        assert secret not in page.text


async def test_a_new_password_is_long_and_not_made_of_the_login(counter: Counter) -> None:
    told = await hired(counter)
    login, password = told["person"]["login"], told["provisional_password"]
    token = (await sign_in(counter, login, password)).json()["access_token"]
    for new in ("short", login, f"{login}!", password):
        refused = await as_bearer(counter, token, "PUT", "/me/password", {"old": password, "new": new})
        assert refused.status_code == 422
    wrong = await as_bearer(counter, token, "PUT", "/me/password", {"old": "not this one", "new": LONG})
    assert (wrong.status_code, rule_of(wrong), wrong.json()["field"]) == (403, "wrong_password", "old")


async def test_guesses_of_the_old_password_are_counted_with_those_of_signing_in(counter: Counter) -> None:
    told = await hired(counter)
    login, password = told["person"]["login"], told["provisional_password"]
    token = (await sign_in(counter, login, password)).json()["access_token"]
    answers = [
        (await as_bearer(counter, token, "PUT", "/me/password", {"old": f"guess {n}", "new": LONG})).status_code
        for n in range(6)
    ]
    assert answers == [403, 403, 403, 403, 403, 429]
    assert (await sign_in(counter, login, password)).status_code == 429
    waits = await as_bearer(counter, token, "PUT", "/me/password", {"old": password, "new": LONG})
    assert waits.status_code == 429


async def test_absences_are_listed_then_ended_and_whoever_stands_in_does_not_end_them(counter: Counter) -> None:
    body = {"from_on": "2031-03-03", "back_on": "2031-03-20", "deputy": "anne.le.goff"}
    recorded = await counter.ask(ADMINISTRATOR, "POST", "/people/gwenola.prigent/absences", body)
    assert recorded.status_code == 201, recorded.text
    coming = {"from_on": "2031-05-05", "back_on": "2031-05-09"}
    later = (await counter.ask(ADMINISTRATOR, "POST", "/people/gwenola.prigent/absences", coming)).json()
    of_gwenola = [a for a in (await counter.get(CONTROL, "/absences"))["absences"] if a["login"] == "gwenola.prigent"]
    assert [(a["from_on"], a["begun"], a["deputy"]) for a in of_gwenola] == [
        ("2031-03-03", True, "anne.le.goff"),
        ("2031-05-05", False, "alan.cadiou"),
    ]
    path = f"/absences/{recorded.json()['id']}/end"
    refused = await counter.ask("anne.le.goff", "POST", path)
    assert (refused.status_code, rule_of(refused)) == (403, "four_eyes")
    at = counter.clock.at
    counter.clock.at = at.replace(day=7)
    try:
        ended = (await counter.ask(ADMINISTRATOR, "POST", path)).json()
        assert (ended["back_on"], ended["cancelled"]) == ("2031-03-07", False)
    finally:
        counter.clock.at = at
    cancelled = (await counter.ask(ADMINISTRATOR, "POST", f"/absences/{later['id']}/end")).json()
    assert cancelled["cancelled"]
    again = await counter.ask(ADMINISTRATOR, "POST", f"/absences/{later['id']}/end")
    assert (again.status_code, rule_of(again)) == (409, "absence_over")
    events = [
        one["event"] for one in (await counter.get(CONTROL, "/administration/log?person=gwenola.prigent"))["lines"]
    ]
    assert events == ["absence_cancelled", "absence_ended", "absence_recorded", "absence_recorded"]


async def test_an_administrator_stands_in_for_nobody(counter: Counter) -> None:
    second = (await hired(counter, roles=["administrator"], pole=None))["person"]["login"]
    body = {"from_on": "2031-06-02", "back_on": "2031-06-06", "deputy": second}
    refused = await counter.ask(ADMINISTRATOR, "POST", f"/people/{CLAIRE}/absences", body)
    assert (refused.status_code, refused.json()["field"]) == (422, "deputy")
    await counter.ask(ADMINISTRATOR, "POST", f"/people/{second}/leave")
