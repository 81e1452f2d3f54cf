"""Signing in: a wrong password says nothing about who exists, and a token that is not good is no token."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pwdlib import PasswordHash
from sqlalchemy import select, update

from api import passwords as api_passwords
from db.models import StaffMember, Token
from local.demo import DEMO_PASSWORD
from tests.api.contract import rule_of
from tests.api.counter import Counter
from tests.factories.passwords import OWN_PASSWORDS

CLAIRE, GONE = "claire.morvan", "gildas.madec"


class CountingPasswords(PasswordHash):
    """The same hashing, counted."""

    verified = 0

    def verify(self, *given: Any, **more: Any) -> bool:
        """Check a password against a hash."""
        self.verified += 1
        return super().verify(*given, **more)


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch) -> CountingPasswords:
    """How often a password was hashed."""
    counting = CountingPasswords(api_passwords.PASSWORDS.hashers)
    monkeypatch.setattr(api_passwords, "PASSWORDS", counting)
    return counting


def test_a_password_costs_whoever_steals_its_hash_64_megabytes_and_three_passes() -> None:
    """Which other tests do without. Source: RFC 9106, section 4, second recommended option"""
    kept = OWN_PASSWORDS.hash(DEMO_PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert OWN_PASSWORDS.verify(DEMO_PASSWORD, kept)


@pytest.fixture(scope="module", autouse=True)
def somebody_has_left(counter: Counter) -> None:
    """One of the staff has no account any more."""
    counter.pass_of(GONE)
    with counter.house.sessions.begin() as session:
        session.execute(update(StaffMember).where(StaffMember.login == GONE).values(active=False))


async def sign_in(counter: Counter, login: str, password: str) -> Any:
    """What POST /token answers."""
    return await counter.http.post("/api/v1/token", json={"login": login, "password": password})


async def test_the_right_password_gives_a_token_for_an_hour(counter: Counter) -> None:
    answer = await sign_in(counter, CLAIRE, DEMO_PASSWORD)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("bearer", 3600)
    me = await counter.http.get("/api/v1/me", headers={"Authorization": f"Bearer {told['access_token']}"})
    assert (me.json()["login"], me.json()["roles"], me.json()["pole"]) == (CLAIRE, ["handler"], "benefits")


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (CLAIRE, "embruns-2025"),
        (CLAIRE, ""),
        (CLAIRE, DEMO_PASSWORD + "\0"),
        ("nobody.at.all", DEMO_PASSWORD),
        ("", DEMO_PASSWORD),
        (CLAIRE.upper(), DEMO_PASSWORD),
        (CLAIRE + " ", DEMO_PASSWORD),
        (GONE, DEMO_PASSWORD),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same_and_costs_the_same(
    counter: Counter, passwords: CountingPasswords, login: str, password: str
) -> None:
    answer = await sign_in(counter, login, password)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"] == "Login or password is wrong."
    assert passwords.verified == 1


@pytest.mark.parametrize("body", [{}, {"login": CLAIRE}, {"login": CLAIRE, "password": "x" * 201}, {"login": "x" * 61}])
async def test_a_sign_in_without_its_fields_is_refused_before_any_hashing(
    counter: Counter, passwords: CountingPasswords, body: dict[str, str]
) -> None:
    assert (await counter.http.post("/api/v1/token", json=body)).status_code == 422
    assert passwords.verified == 0


def end_token_of(counter: Counter, login: str) -> str:
    """The header with a token of this person that has ended a second ago."""
    header = counter.pass_of(login)["Authorization"]
    with counter.house.sessions.begin() as session:
        wall_second_ago = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(
            update(Token).where(Token.person_id == counter.id_of(login)).values(expires_wall=wall_second_ago)
        )
    return header


async def test_a_missing_wrong_or_ended_token_is_refused_in_the_same_words(counter: Counter) -> None:
    ended, gone = end_token_of(counter, "tangi.riou"), counter.pass_of(GONE)["Authorization"]
    given = ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic Y2xhaXJl", "Bearer \xff", ended, gone]
    answers = [
        await counter.http.get("/api/v1/me", headers=[(b"Authorization", one.encode("latin-1"))] if one else [])
        for one in given
    ]
    assert {(answer.status_code, answer.headers["www-authenticate"]) for answer in answers} == {(401, "Bearer")}
    assert len({answer.text for answer in answers}) == 1
    assert "POST /api/v1/token" in answers[0].json()["remedy"]


async def test_a_token_is_kept_as_its_hash_and_an_ended_one_is_swept_away(counter: Counter) -> None:
    end_token_of(counter, "erwan.tanguy")
    token = (await sign_in(counter, CLAIRE, DEMO_PASSWORD)).json()["access_token"]
    with counter.house.sessions() as session:
        kept = session.execute(select(Token.hash, Token.expires_wall)).all()
    assert all(token.encode() not in row.hash for row in kept)
    assert all(row.expires_wall > datetime.now(UTC) for row in kept)


async def test_two_people_who_sign_in_have_tokens_of_their_own(counter: Counter) -> None:
    tokens = {(await sign_in(counter, CLAIRE, DEMO_PASSWORD)).json()["access_token"] for _ in range(3)}
    assert len(tokens) == 3


async def test_a_token_counts_in_its_header_only(counter: Counter) -> None:
    token = counter.pass_of(CLAIRE)["Authorization"].removeprefix("Bearer ")
    for address in (f"/me?access_token={token}", f"/me?token={token}"):
        answer = await counter.http.get(f"/api/v1{address}", headers={"Cookie": f"access_token={token}"})
        assert (answer.status_code, rule_of(answer)) == (401, "unauthorized")
