"""A policy file that drops a version which a case keeps is refused at start-up."""

import pytest
from sqlalchemy import text

from db.policy_file import PolicyFileError
from db.policy_in_force import check_versions_in_use
from db.session import open_engine, open_sessions
from tests.factories.rules import the_book

A_CASE = """
INSERT INTO cases (id, reference, procedure, state, policy, pole, received_on, opened_at, lines)
VALUES (gen_random_uuid(), 'REC-2021-1', 'complaint', 'closed', 'procedure-1', 'benefits', '2021-05-04', now(), 0)
"""


def test_a_file_that_drops_a_version_in_use_is_refused_with_its_name(database: str) -> None:
    engine = open_engine(database)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        session.execute(text(A_CASE))
    whole = the_book()
    check_versions_in_use(sessions, whole)
    with pytest.raises(PolicyFileError, match=r"policy\.yaml:1: versions\.procedure-1: is missing"):
        check_versions_in_use(sessions, whole.model_copy(update={"versions": whole.versions[1:]}))
    engine.dispose()
