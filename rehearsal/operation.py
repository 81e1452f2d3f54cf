"""What a scene about an operation leaves out, filled in: usual hours of a session, an activity, a day's figures."""

from datetime import date, timedelta
from typing import Any

Body = dict[str, Any]
ON_OPERATION = {
    "replan": "replan",
    "cancel": "cancel",
    "stop": "stop",
    "add_sessions": "sessions",
    "correct_attendance": "correct-attendance",
    "request_extension": "request-extension",
    "prepare_pay": "prepare-pay",
}
"""The commands on an operation, and where they are given."""
_USUAL = [{"starts_at": "08:30", "ends_at": "12:30"}, {"starts_at": "13:15", "ends_at": "16:15"}]


def body_of_operation(told: Body, today: date) -> Body:
    """From next Monday on; a session without hours has seven of them. What waits is known of the evening before."""
    monday = today + timedelta(days=7 - today.weekday())
    situation = {"as_of": (today - timedelta(days=1)).isoformat(), "absence": "0.40", "standard": "5", "hours": "7"}
    usual = {
        "pole": "benefits",
        "objective": "Revenir sous le standard.",
        "starts_on": monday.isoformat(),
        "budget_cents": 2_000_000,
    }
    sessions = [{"hours": _USUAL} | one for one in told.get("sessions", [])]
    return usual | told | {"situation": situation | told.get("situation", {}), "sessions": sessions}


def line_of_figures(told: Body) -> Body:
    """One activity's figures of a day: as many came as were handled, unless the scene says otherwise."""
    return {"inflow": 0, "handled": 0, "minutes": 12} | told
