"""The tasks on a batch as pages: what its file holds beside the release."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.house import House
from api.pages.desk import Desk, Known
from api.pages.payment.show import known_of
from api.pages.visit import Visit
from db.models import Case, TaskRow


def _known(session: Session, _row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    known = known_of(session, case.reference, visit, house)
    return known | {"case": known["batch"]}


def _filled(_outcome: str, _known: Known, _visit: Visit) -> Mapping[str, str]:
    """Nothing: whoever releases a file says themselves what they have read."""
    return {}


DESK = Desk("payment/tasks", _known, _filled)
