"""What the deadlines of a complaint wait for.

Source: procedures, section 1 steps 4 to 9
"""

from collections.abc import Mapping

from domain.complaint.letters import LetterKind
from domain.complaint.words import TaskKind
from domain.hold import Waits
from domain.policy import DeadlineName

_TO_ANSWER = Waits(
    (TaskKind.ACKNOWLEDGE, TaskKind.ANALYSE, TaskKind.DRAFT_ANSWER, TaskKind.VALIDATE), LetterKind.answers()
)
WAITS: Mapping[str, Waits] = {
    DeadlineName.ACKNOWLEDGEMENT: Waits((TaskKind.ACKNOWLEDGE,)),
    DeadlineName.ACKNOWLEDGEMENT_LIMIT: Waits((TaskKind.ACKNOWLEDGE,), frozenset({LetterKind.ACKNOWLEDGEMENT})),
    DeadlineName.ANSWER: _TO_ANSWER,
    DeadlineName.ANSWER_LIMIT: _TO_ANSWER,
    DeadlineName.ANSWER_TARGET: _TO_ANSWER,
}
"""By deadline."""
