"""Who gets what of the page of messages to the members who wait longest: rows of the matrix."""

from datetime import date
from typing import Any

from tests.api.matrix import Row
from tests.api.matrix_backlog import NOT_NOW, OPERATIONS, PLANNING, READING
from tests.api.matrix_pages import sent, shown


def a_message(_today: date) -> dict[str, Any]:
    """What the form of a message sends."""
    words = {"words.fr": "Nous sommes en retard.", "words.en": "We are late."}
    return words | {"promised_on": "2031-12-31", "after_the_end": "true"}


DELAY_PAGES: dict[str, Row] = {
    "GET /operations/{reference}/message": shown(READING, OPERATIONS),
    "POST /operations/{reference}/message": sent(PLANNING, NOT_NOW, a_message),
    "POST /operations/{reference}/message/preview": sent(PLANNING, NOT_NOW, a_message),
    "POST /operations/{reference}/message/decide": sent(
        READING, NOT_NOW, lambda _: {"outcome": "refuse", "reason": "Dites pourquoi."}
    ),
}
