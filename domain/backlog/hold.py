"""What the deadlines of an operation wait for: the directors, whoever runs a session, accounting.

Source: procedures, section 4 steps 3 to 6
"""

from collections.abc import Mapping

from domain.backlog.words import BacklogDeadline, BacklogTask
from domain.hold import Waits

WAITS: Mapping[str, Waits] = {
    BacklogDeadline.APPROVAL: Waits((BacklogTask.APPROVE_OPERATION,)),
    BacklogDeadline.OPERATION_START: Waits(),
    BacklogDeadline.DAILY_POINT: Waits((BacklogTask.DECIDE_OFF_TRACK,)),
    BacklogDeadline.OPERATION_END: Waits(
        (BacklogTask.CLOSE_OPERATION, BacklogTask.APPROVE_EXTENSION, BacklogTask.ENTER_ATTENDANCE)
    ),
    BacklogDeadline.PAY: Waits((BacklogTask.VALIDATE_PAY, BacklogTask.PREPARE_PAY)),
}
"""By deadline."""
