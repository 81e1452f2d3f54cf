"""What one version of the policy says of the office: its zone, its due time, when letters and messages leave."""

from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator, model_validator

from domain.policy.parts import Minutes, Model, Text, TimeOfDay, Window


class Mail(Model):
    """When letters and messages leave, and what happens to those that do not arrive.

    Source: procedures, section 1, step 6, and the ladder.
    """

    post_closes: TimeOfDay
    undelivered_becomes_task_after: Minutes
    staff_messages: Window
    digest: TimeOfDay
    spread: Minutes

    @model_validator(mode="after")
    def digest_waits_for_the_rungs(self) -> Self:
        """The morning's rungs fire over some minutes: a digest that did not wait for them would miss some."""
        window = self.staff_messages
        if not window.opens_at <= self.digest.at < window.closes_at:
            raise ValueError("the digest leaves while staff messages may: bring digest into staff_messages")
        return self


class Office(Model):
    """The hours that every procedure keeps.

    Source: procedures, section 0 and the ladder.
    """

    zone: Text
    due_time: TimeOfDay
    mail: Mail

    @field_validator("zone")
    @classmethod
    def zone_exists(cls, zone: str) -> str:
        """Due times are local times: the zone has to be known."""
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{zone!r} is no time zone: write one such as Europe/Paris") from error
        return zone

    @model_validator(mode="after")
    def post_closes_before_the_due_time(self) -> Self:
        """What is on the day's manifest must count as handed over that day."""
        if self.mail.post_closes.at >= self.due_time.at:
            raise ValueError("the post closes before the due time: bring mail.post_closes forward")
        return self
