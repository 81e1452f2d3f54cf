"""The morning's digests: each leaves once, be it a day late."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from db.commands.reminder import prepare_digests, record_sent
from db.models import StaffMessage
from local.demo_staff import person_id
from tests.factories.complaints import AUTHOR
from tests.factories.register import Desk

DAY = timedelta(days=1)


def test_a_digest_that_never_left_because_the_mailroom_was_lost_leaves_with_the_next_morning_s(desk: Desk) -> None:
    owner, digest_id = person_id(AUTHOR), uuid7()
    with desk.sessions.begin() as session:
        session.add(
            StaffMessage(
                id=digest_id, digest_at=desk.at, person_id=owner, to_ids=[owner], copy_ids=[], leaves_at=desk.at
            )
        )
    with desk.sessions.begin() as session:
        assert prepare_digests(session, desk.at - DAY) == []
        assert prepare_digests(session, desk.at + DAY) == [digest_id]
        record_sent(session, digest_id, desk.at + DAY)
        assert prepare_digests(session, desk.at + 2 * DAY) == []
