"""Drafts and kept searches: so many of each person, and none of long ago, whoever saves or does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from activities.checkpoints import Checkpoints
from db.commands import sweep
from db.commands.draft import MOST, save_draft
from db.models import Draft, KeptSearch
from domain.rounds import Round, RoundKind
from local.demo_staff import person_id
from tests.factories.complaints import AUTHOR, COLLEAGUE
from tests.factories.register import Desk

WALL = datetime(2031, 3, 3, 11, tzinfo=UTC)
LONG_AGO = WALL - timedelta(days=31)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_is_begun(desk: Desk) -> Iterator[None]:
    yield
    with desk.sessions.begin() as session:
        session.execute(delete(Draft))
        session.execute(delete(KeptSearch))


def forms_of(session: Session, login: str) -> set[str]:
    return set(session.scalars(select(Draft.form).where(Draft.person_id == person_id(login))))


def save(session: Session, login: str, form: str, wall: datetime = WALL) -> None:
    save_draft(session, person_id(login), form, {"subject": ["Retard"]}, wall)


def plant(session: Session, login: str, forms: int, wall: datetime) -> None:
    """Drafts as an autosave of then has left them."""
    who = person_id(login)
    session.add_all(Draft(person_id=who, form=f"/old/{one}", typed={}, saved_wall=wall) for one in range(forms))
    session.flush()


def test_of_more_drafts_than_anybody_writes_at_once_the_oldest_goes(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        save(session, COLLEAGUE, "/hers", LONG_AGO + timedelta(days=2))
        for one in range(MOST + 2):
            save(session, AUTHOR, f"/form/{one}", WALL + one * MINUTE)
        save(session, AUTHOR, "/form/2", WALL + 60 * MINUTE)
        assert forms_of(session, AUTHOR) == {f"/form/{one}" for one in range(2, MOST + 2)}
        assert forms_of(session, COLLEAGUE) == {"/hers"}


def test_an_autosave_sweeps_some_and_waits_for_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "SWEPT_AT_ONCE", 3)
    with desk.sessions.begin() as session:
        plant(session, COLLEAGUE, 5, LONG_AGO)
    with desk.sessions() as other, desk.sessions() as session:
        session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        other.scalars(select(Draft).where(Draft.form == "/old/0").with_for_update()).one()
        save(session, AUTHOR, "/mine")
        assert len(forms_of(session, COLLEAGUE)) == 2
        assert "/old/0" in forms_of(session, COLLEAGUE)


def test_the_night_sweeps_drafts_and_searches_that_nobody_has_come_back_to(desk: Desk, tmp_path: Path) -> None:
    now_wall = datetime.now(UTC)
    long_ago_wall, lately_wall = now_wall - timedelta(days=31), now_wall - timedelta(days=29)
    with desk.sessions.begin() as session:
        plant(session, COLLEAGUE, 5, long_ago_wall)
        save_draft(session, person_id(AUTHOR), "/mine", {}, lately_wall)
        for at_wall in (long_ago_wall, lately_wall):
            who = person_id(AUTHOR)
            session.add(KeptSearch(id=uuid4(), person_id=who, asked={}, at_wall=at_wall, last_used_wall=at_wall))
    night = Round(RoundKind.CHECKPOINT, desk.at.date(), desk.at)
    Checkpoints(desk.sessions, tmp_path).make(night)
    with desk.sessions() as session:
        assert (forms_of(session, COLLEAGUE), forms_of(session, AUTHOR)) == (set(), {"/mine"})
        assert session.scalars(select(KeptSearch.last_used_wall)).all() == [lately_wall]


def test_a_sweep_of_the_night_goes_on_until_nothing_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "SWEPT_AT_ONCE", 2)
    with desk.sessions.begin() as session:
        plant(session, COLLEAGUE, 5, LONG_AGO)
    sweep.sweep_all(desk.sessions, WALL)
    with desk.sessions() as session:
        assert forms_of(session, COLLEAGUE) == set()
