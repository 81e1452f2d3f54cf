"""When messages to staff leave: on working days, from 8:00 to 18:00, the morning's in one digest per person.

Source: procedures, the ladder; the policy file
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.policy import Office


def leaves_at(at: datetime, calendar: Calendar, office: Office, *, at_once: bool) -> datetime:
    """The instant at which a message that is ready at `at` leaves.

    Inside the window a message of the due instant leaves at once, and so does one that has missed its morning's
    digest; before the digest it joins it; outside the window it joins the next working day's.
    """
    local = at.astimezone(ZoneInfo(office.zone))
    window, digest = office.mail.staff_messages, office.mail.digest.at
    works = calendar.is_working_day(local.date())
    if works and window.opens_at <= local.time() < window.closes_at and (at_once or local.time() > digest):
        return at
    if works and local.time() <= digest:
        return datetime.combine(local.date(), digest, local.tzinfo)
    return datetime.combine(calendar.next_working_day(local.date()), digest, local.tzinfo)


def digest_before(day: date, at: datetime, calendar: Calendar, office: Office) -> datetime | None:
    """The digest with which a message about a coming day leaves, where the next one is on an earlier day. None: it
    would come too late, so that the message leaves at once, at whatever hour.

    Source: policy
    """
    local = at.astimezone(ZoneInfo(office.zone))
    digest, today = office.mail.digest.at, local.date()
    joins = calendar.is_working_day(today) and local.time() <= digest
    next_digest = today if joins else calendar.next_working_day(today)
    return datetime.combine(next_digest, digest, local.tzinfo) if next_digest < day else None
