"""Tokens that are stolen, forgotten or outlived: each ends, by time, by disuse, by its owner, with the account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from api.tokens import IDLE, hash_of, new_token
from db.models import StaffMember, Token
from tests.api.counter import Counter

CLAIRE, YANN = "claire.morvan", "yann.kerloch"


def a_token(counter: Counter, login: str = CLAIRE) -> str:
    """A token of this person, of this test alone."""
    with counter.house.sessions.begin() as session:
        return new_token(session, session.scalars(select(StaffMember).where(StaffMember.login == login)).one())


async def asks(counter: Counter, token: str, method: str = "GET", path: str = "/me") -> int:
    """The status of what somebody with this token is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    return (await counter.http.request(method, f"/api/v1{path}", headers=headers)).status_code


def change(counter: Counter, login: str, **values: Any) -> None:
    """Somebody changes an account, by whatever way: straight in the register."""
    with counter.house.sessions.begin() as session:
        session.execute(update(StaffMember).where(StaffMember.login == login).values(**values))


def set_used(counter: Counter, token: str, ago: timedelta) -> None:
    """It was last used so long ago."""
    with counter.house.sessions.begin() as session:
        used_wall = datetime.now(UTC) - ago
        session.execute(update(Token).where(Token.hash == hash_of(token)).values(used_wall=used_wall))


def used_ago(counter: Counter, token: str) -> timedelta:
    """How long ago it was last used, as the register has it."""
    with counter.house.sessions() as session:
        row = session.get_one(Token, hash_of(token))
    return datetime.now(UTC) - row.used_wall


async def test_whoever_signs_out_has_no_token_any_more_but_others_of_theirs(counter: Counter) -> None:
    here, there = a_token(counter), a_token(counter)
    assert await asks(counter, here, "DELETE", "/token") == 204
    assert (await asks(counter, here), await asks(counter, there)) == (401, 200)
    assert await asks(counter, here, "DELETE", "/token") == 401


async def test_whoever_signs_out_everywhere_ends_all_their_tokens_and_nobody_else_s(counter: Counter) -> None:
    here, there, yanns = a_token(counter), a_token(counter), a_token(counter, YANN)
    assert await asks(counter, here, "DELETE", "/tokens") == 204
    assert [await asks(counter, token) for token in (here, there, yanns)] == [401, 401, 200]


async def test_a_token_that_nobody_uses_ends_before_its_hour(counter: Counter) -> None:
    token = a_token(counter)
    set_used(counter, token, IDLE - timedelta(minutes=1))
    assert await asks(counter, token) == 200
    assert used_ago(counter, token) < timedelta(seconds=30)
    set_used(counter, token, IDLE)
    assert await asks(counter, token) == 401


async def test_that_a_token_is_used_is_noted_once_a_minute(counter: Counter) -> None:
    token = a_token(counter)
    set_used(counter, token, timedelta(seconds=50))
    assert await asks(counter, token) == 200
    assert used_ago(counter, token) > timedelta(seconds=45)


@pytest.mark.parametrize(
    "change_of",
    [{"active": False}, {"password_hash": "another"}, {"roles": ["auditor"]}],
    ids=["leaves", "has another password", "has other roles"],
)
async def test_an_account_that_changes_ends_its_tokens_for_good(counter: Counter, change_of: dict[str, Any]) -> None:
    login = "loic.hamon"
    with counter.house.sessions() as session:
        wanted = select(StaffMember).where(StaffMember.login == login).options(undefer(StaffMember.password_hash))
        before = session.scalars(wanted).one()
    token, other = a_token(counter, login), a_token(counter)
    change(counter, login, **change_of)
    change(counter, login, **{name: getattr(before, name) for name in change_of})
    assert (await asks(counter, token), await asks(counter, other)) == (401, 200)


async def test_what_does_not_touch_rights_ends_no_token(counter: Counter) -> None:
    token = a_token(counter, YANN)
    change(counter, YANN, phone="02 61 91 00 99", skills=["german"], active=True)
    assert await asks(counter, token) == 200


async def test_what_the_register_keeps_opens_nothing(counter: Counter) -> None:
    token = a_token(counter)
    assert await asks(counter, hash_of(token).hex()) == 401
    assert await asks(counter, token[:-1]) == 401
