"""Cases that an earlier version has begun are finished by this one.

`registers/0002.dump` is a register as the version with migration 0002 left it on Monday 3 March 2031, noon: one
complaint assigned, one analysed, one drafted with a first approval; two acknowledgements had left, kept in clear.
"""

import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from db.commands.seal import seal_all
from db.models import LetterRow
from db.queries.verification.chains import Read
from db.queries.verification.register import verify_register
from db.session import migrate, open_engine, open_sessions
from local.cluster import binaries
from local.sink import Sink
from tests.factories.keys import STORY_KEYS
from tests.stories.acts import acknowledges, analyses, approves, deadlines_of, drafts, letters_of, pdf_of, state_of
from tests.stories.house import StoryHouse, open_house

REGISTER = Path(__file__).parent / "registers" / "0002.dump"
CLAIRE, YANN, REFERENT, MANAGER, ACCOUNTANT = (
    *("claire.morvan", "yann.kerloch", "gwenola.prigent", "anne.le.goff"),
    "solene.guivarch",
)
ASSIGNED, ANALYSED, DRAFTED = (f"REC-2031-{number:06d}" for number in (1, 2, 3))
NOON = datetime(2031, 3, 3, 12, 30, tzinfo=ZoneInfo("Europe/Paris"))
SEALED_AT = datetime(2031, 3, 3, 12, 15, tzinfo=ZoneInfo("Europe/Paris"))


def upgrade(url: str) -> None:
    """What the first start of the new version does to the register of the old one."""
    subprocess.run([binaries() / "bin" / "pg_restore", "--no-owner", "--dbname", url, REGISTER], check=True)
    migrate(url)
    engine = open_engine(url)
    seal_all(open_sessions(engine, STORY_KEYS), SEALED_AT)
    engine.dispose()


async def test_what_an_earlier_version_has_begun_is_finished_by_this_one(
    skipping_environment: WorkflowEnvironment, empty_database: str, sink: Sink, tmp_path: Path
) -> None:
    upgrade(empty_database)
    async with open_house(skipping_environment, empty_database, sink, tmp_path, NOON) as house:
        # The letters that left before are as they left.
        [letter] = await letters_of(house, YANN, ANALYSED)
        assert (await pdf_of(house, YANN, letter)).startswith(b"%PDF")
        with house.house.sessions() as session:
            assert all(row.sealed for row in session.scalars(select(LetterRow)))

        # Each complaint goes on from the step where it was, in a workflow of the new version.
        await acknowledges(house, CLAIRE, ASSIGNED, "email")
        await analyses(house, CLAIRE, ASSIGNED)
        await drafts(house, CLAIRE, ASSIGNED)
        await both_approve(house, ASSIGNED)
        await drafts(house, YANN, ANALYSED)
        await both_approve(house, ANALYSED)
        await approves(house, MANAGER, DRAFTED)
        paid = {"outcome": "paid", "payment_reference": "VIR-2031-0001"}
        await house.sleep_until(NOON.replace(hour=14))
        assert (await house.complete(ACCOUNTANT, DRAFTED, "pay_compensation", **paid)).status_code == 200
        await house.sleep_until(NOON.replace(hour=16))
        for reference in (ASSIGNED, ANALYSED, DRAFTED):
            assert await state_of(house, MANAGER, reference) == "closed"
            assert [letter["kind"] for letter in await letters_of(house, MANAGER, reference)] == [
                "acknowledgement",
                "answer_founded",
            ]
            assert all(one["met_at"] for one in (await deadlines_of(house, MANAGER, reference)).values())
        assert list(verify_register(house.house.sessions, house.checkpoints_folder, Read())) == []


async def both_approve(house: StoryHouse, reference: str) -> None:
    await approves(house, REFERENT, reference)
    await approves(house, MANAGER, reference)


def test_the_old_register_is_one(empty_database: str) -> None:
    subprocess.run([binaries() / "bin" / "pg_restore", "--no-owner", "--dbname", empty_database, REGISTER], check=True)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
        assert connection.execute("SELECT substr(pdf, 1, 4) FROM letters").fetchall() == [(b"%PDF",)] * 2
