"""What a written complaint of the demo says, and the words of the answer that it will get."""

from dataclasses import dataclass

from domain.complaint.words import Channel, ComplainantKind, Theme


@dataclass(frozen=True)
class Wording:
    """One complaint as somebody might write it. `asked` and `found` are the answer's words about it.

    `{weeks}`, `{amount}` and `{name}` stand for a number of weeks, a sum in euros, a name.
    """

    theme: Theme
    pole: str
    subject: str
    text: str
    asked: str
    found: str
    cause: str
    skills: tuple[str, ...] = ()
    kind: ComplainantKind = ComplainantKind.MEMBER
    channel: Channel | None = None
    language: str = "fr"
