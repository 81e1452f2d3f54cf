"""What the deadlines of an audit wait for.

Source: procedures, section 3
"""

from collections.abc import Mapping

from domain.audit.words import AuditDeadline, AuditTask
from domain.hold import Waits

WAITS: Mapping[str, Waits] = {
    AuditDeadline.LAUNCH: Waits((AuditTask.HOLD_LAUNCH_MEETING,)),
    AuditDeadline.DELIVERY: Waits((AuditTask.DELIVER_PIECES,)),
    AuditDeadline.REPORT: Waits((AuditTask.ANALYSE, AuditTask.WRITE_REPORT, AuditTask.VALIDATE_REPORT)),
    AuditDeadline.RESTITUTION: Waits(
        (AuditTask.ANSWER_FINDINGS, AuditTask.ARBITRATE, AuditTask.AGREE_SCHEDULE, AuditTask.APPROVE_SCHEDULE)
    ),
    AuditDeadline.FOLLOW_UP: Waits((AuditTask.HOLD_FOLLOW_UP,)),
}
"""By deadline."""
