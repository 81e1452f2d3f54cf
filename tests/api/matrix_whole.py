"""The whole table of who gets what: the rows of the API and of the pages, and every kind of object that they name."""

from tests.api.matrix import NO_OBJECT, TABLE
from tests.api.matrix_audit_pages import AUDIT_PAGES, AUDIT_THINGS
from tests.api.matrix_audits import TABLE as AUDITS
from tests.api.matrix_backlog import DISPATCH_PAGES, OPERATION_ROWS, OPERATION_THINGS
from tests.api.matrix_backlog_pages import OPERATION_PAGES
from tests.api.matrix_delay import DELAY_PAGES
from tests.api.matrix_delegate import SPACE, SPACE_THINGS
from tests.api.matrix_figures import FIGURE_PAGES, FIGURE_ROWS, FIGURE_THINGS
from tests.api.matrix_finding_pages import FINDING_PAGES, SPACE_PAGES
from tests.api.matrix_findings import FINDING_ROWS
from tests.api.matrix_kinds import THINGS
from tests.api.matrix_pages import PAGES as OTHER_PAGES
from tests.api.matrix_volunteers import VOLUNTEER_PAGES

OF_NOBODY = {
    *("GET /docs", "GET /metrics", "GET /openapi.json", "HEAD /openapi.json"),
    *("MOUNT /vendor", "MOUNT /static"),
}
"""The description itself and its page: files that say nothing of anybody."""
JSON = TABLE | AUDITS | FINDING_ROWS | OPERATION_ROWS | SPACE | FIGURE_ROWS
PAGES = (
    OTHER_PAGES
    | FINDING_PAGES
    | SPACE_PAGES
    | AUDIT_PAGES
    | FIGURE_PAGES
    | OPERATION_PAGES
    | VOLUNTEER_PAGES
    | DELAY_PAGES
    | DISPATCH_PAGES
)
MATRIX = JSON | PAGES
IN_ORDER = sorted(
    MATRIX, key=lambda operation: (NO_OBJECT not in MATRIX[operation].outcomes, list(MATRIX[operation].outcomes))
)
"""Lists first, while they are short; then kind of object by kind: what one operation does not change, the next need not
plant again."""
PROTECTED = {name: MATRIX[name] for name in IN_ORDER if MATRIX[name].lets_in is not None}
"""What takes a good token."""
ALL_THINGS = THINGS | SPACE_THINGS | AUDIT_THINGS | FIGURE_THINGS | OPERATION_THINGS
