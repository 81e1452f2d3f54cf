"""The benchmark's register: put in without asking what it refers to, it refers to what is there all the same."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bench import claims_load
from db.commands.calendar import fill
from db.commands.keys import iban_hasher
from db.session import open_engine, open_sessions
from local.demo import YEARS, hire
from local.demo.claims_day import rows_of
from local.demo_staff import STAFF
from tests.factories.claims_day import give
from tests.factories.complaints import TODAY
from tests.factories.keys import STORY_KEYS
from tests.factories.register import Desk

CLAIMS = 300
REFERS = {
    "members": "member_number",
    "beneficiaries": "beneficiary_number",
    "contracts": "contract_number",
    "providers": "provider_number",
}


@pytest.fixture
def register(database: str) -> Iterator[Desk]:
    """A register with the staff alone."""
    engine = open_engine(database)
    sessions = open_sessions(engine, STORY_KEYS)
    with sessions.begin() as session:
        fill(session, *YEARS)
        hire(session, STAFF)
    yield Desk(engine, sessions)
    engine.dispose()


def test_the_register_of_the_benchmark_is_whole_and_takes_a_day_s_file_in(
    register: Desk, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_load, "MEMBERS", 60)
    monkeypatch.setattr(claims_load, "PROVIDERS", 14)
    world = claims_load.the_world()
    with register.sessions.begin() as session:
        hasher = iban_hasher(session)
    claims_load.copy(database, claims_load.reference_data(world, TODAY, hasher))
    claims_load.copy(database, [claims_load.claims(world, TODAY, range(CLAIMS), hasher)])
    with register.sessions() as session:
        for table, column in REFERS.items():
            joined = f"SELECT count(*) FROM claims c JOIN {table} t ON t.number = c.{column}"  # noqa: S608
            assert session.scalar(text(joined)) == CLAIMS
    given = give(register, rows_of(world, TODAY, 100))
    assert given.refused == {}
    assert given.counts == (100, 0, 0)
