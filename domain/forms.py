"""Forms: what a person may send, and the exact kinds of text that any procedure takes."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

LONGEST_TEXT = 50_000


def _writable(text: str) -> str:
    """Raises ValueError for the one character that no register can hold."""
    if "\0" in text:
        raise ValueError("a NUL character cannot be kept: leave it out")
    return text


Writable = AfterValidator(_writable)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Writable]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), Writable]
Unfinished = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT), Writable]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z0-9-]{2,}$"
    ),
    Writable,
]


class Form(BaseModel):
    """What a person sends: nothing unknown is accepted, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
