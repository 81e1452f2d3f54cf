"""The demo's reference data: whole, taken in once, and with everything in it that somebody should find."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from cli import app
from domain.reference.words import ReferenceKind
from local.demo.reference import MONTHS, OWN_MEMBERSHIPS, PROVIDERS, load
from tests.conftest import Ask
from tests.db.reference.intake import PARIS
from tests.factories.keys import STORY_KEY
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database


@pytest.fixture(scope="module")
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A register with the demo's reference data."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        with desk.sessions.begin() as session:
            assert load(session, desk.at, PARIS)
        yield desk


def count(desk: Desk, what: str) -> int:
    """How many there are."""
    ((found,),) = desk.sql(f"SELECT count(*) FROM {what}")  # noqa: S608  (the test's own words)
    return int(found)


def test_every_member_has_a_contract_with_rights_and_contributions_and_an_account(desk: Desk) -> None:
    assert count(desk, "members") == count(desk, "contracts") == count(desk, "contract_rights") == 500
    assert count(desk, "contributions") == 500 * MONTHS
    assert count(desk, "member_ibans WHERE until_at IS NULL") == 500
    assert count(desk, "member_ibans WHERE changed_by IS NOT NULL") > 10


def test_there_are_providers_and_guarantees_of_every_category(desk: Desk) -> None:
    assert count(desk, "providers") == PROVIDERS
    assert desk.sql("SELECT count(DISTINCT category) FROM providers") == [(7,)]
    assert desk.sql("SELECT count(DISTINCT category), count(DISTINCT guarantee) FROM guarantee_lines") == [(7, 3)]


def test_somebody_is_sensitive_and_somebody_has_not_paid(desk: Desk) -> None:
    assert count(desk, "beneficiaries WHERE sensitive IS NOT NULL AND number <> member_number") >= 2
    assert count(desk, "beneficiaries WHERE sensitive IS NOT NULL AND number = member_number") >= 2
    assert count(desk, "contributions WHERE paid_cents < due_cents") > 20
    assert count(desk, "contract_rights WHERE until_on IS NOT NULL") > 5


def test_one_account_of_the_staff_is_on_a_membership_that_is_not_theirs(desk: Desk) -> None:
    matched = "staff_ibans s JOIN member_ibans m USING (iban_hash)"
    assert count(desk, f"{matched} WHERE s.member_number = m.member_number") == len(OWN_MEMBERSHIPS)
    assert count(desk, f"{matched} WHERE s.member_number IS DISTINCT FROM m.member_number") == 1


def test_two_strangers_share_an_account(desk: Desk) -> None:
    shared = "SELECT count(*) FROM member_ibans GROUP BY iban_hash HAVING count(*) > 1"
    assert desk.sql(shared) == [(2,)]


def test_loading_it_again_changes_nothing(desk: Desk) -> None:
    known = desk.everything()
    with desk.sessions.begin() as session:
        assert not load(session, desk.at, PARIS)
    assert desk.everything() == known


def test_the_demo_is_loaded_with_its_reference_data_as_it_is_typed(insurer: str) -> None:
    environment = {"ECHEANCE_HOME": "/nowhere", "DATABASE_URL": insurer, "ECHEANCE_KEYS": STORY_KEY}
    for _ in range(2):
        ended = CliRunner().invoke(app, ["demo"], env=environment, catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
    with open_desk(insurer) as desk:
        assert desk.sql("SELECT kind, refused FROM imports ORDER BY at, id") == [(str(k), 0) for k in ReferenceKind]
