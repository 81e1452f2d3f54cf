"""The tasks on a batch as pages: what its file holds beside the release, what the bank says beside its answer."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.house import House
from api.pages.desk import Desk, Known
from api.pages.payment.show import known_of
from api.pages.visit import Visit
from db.models import Case, TaskRow
from domain.payment.states import PaymentState


def _known(session: Session, row: TaskRow, case: Case, visit: Visit, house: House) -> Known:
    known = known_of(session, case.reference, visit, house)
    batch, answer_id = known["batch"], row.detail.get("answer_id")
    answer = next((one for one in batch.to_confirm if str(one.answer_id) == answer_id), None)
    return known | {"case": batch, "answer": answer}


def _filled(_outcome: str, _known: Known, _visit: Visit) -> Mapping[str, str]:
    """Nothing: whoever releases a file says themselves what they have read."""
    return {}


def _said(outcome: str, state: str) -> str:
    """After the first release nothing has left: somebody else has to release as well."""
    return "release_first" if outcome == "release" and state == PaymentState.RELEASING else outcome


DESK = Desk("payment/tasks", _known, _filled, _said, frozenset({"release", "confirm_answer"}))
