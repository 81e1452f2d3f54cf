"""Who is to act on what an insurer and a delegate share: told by the tasks that are open, not by the state alone.

Source: procedures, section 3
"""

from enum import StrEnum


class Turn(StrEnum):
    """Who is to act next."""

    DELEGATE = "delegate"
    INSURER = "insurer"
    NOBODY = "nobody"


def turn_of(*, rests: bool, asked: bool) -> Turn:
    """The delegate is to act while something is asked of it; what it has sent is in the insurer's hands. Nobody is
    where nothing goes on: it has ended, or its risk is accepted until a day.

    Source: procedures, section 3 steps 2, 5 and 6
    """
    if rests:
        return Turn.NOBODY
    return Turn.DELEGATE if asked else Turn.INSURER
