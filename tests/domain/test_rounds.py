"""The mailroom's rounds follow one another as the clock does, whatever the policy says of their times."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.rounds import coming_rounds
from tests.factories.rules import a_calendar, a_version

MONDAY = datetime(2031, 3, 3, 6, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize("post_closes", [time(7, 30), time(16, 30)], ids=["before the digest", "after it"])
def test_rounds_come_in_the_order_of_their_instants(post_closes: time) -> None:
    office = a_version().office
    closing = office.mail.post_closes.model_copy(update={"at": post_closes})
    early = office.model_copy(update={"mail": office.mail.model_copy(update={"post_closes": closing})})
    instants = [one.at for one in coming_rounds(MONDAY, 2, a_calendar(), early)]
    assert instants == sorted(instants)
    assert datetime.combine(MONDAY, post_closes, MONDAY.tzinfo) in instants
