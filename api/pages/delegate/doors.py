"""Who comes into the delegate's pages, where its cases are shown, and the forms that stand on them."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.orm import Session

from api.delegate.doors import DelegateTask
from api.pages.form import FormView, begun
from api.pages.visit import Admitted, Visit
from api.uploads import LARGEST_DOCUMENT
from domain.permissions import Action

Reader = Annotated[Visit, Depends(Admitted(Action.READ_DELEGATE_SPACE))]
Giver = Annotated[Visit, Depends(Admitted(Action.ANSWER_AS_DELEGATE))]
Forms = Mapping[str, FormView]
MOST_MEGABYTES = LARGEST_DOCUMENT // 1_000_000


def place_of_ours(reference: str) -> str:
    """Where the delegate's space shows this case."""
    part = "audits" if reference.startswith("AUD-") else "findings"
    return f"/delegate/{part}/{reference}"


def address_of_outcome(task_id: UUID, outcome: str) -> str:
    """Where the form of an outcome goes; its draft has the same name."""
    return f"/delegate/tasks/{task_id}?do={outcome}"


def forms_of(session: Session, tasks: Iterable[DelegateTask], visit: Visit) -> Forms:
    """The form of each outcome of these tasks: empty, or with what somebody had typed before."""
    return {
        outcome: begun(session, visit.actor.id, address_of_outcome(task.id, outcome))
        for task in tasks
        for outcome in task.outcomes
    }


def left_over(sent: Forms, shown: Iterable[str]) -> list[FormView]:
    """What was sent with a form that is no longer on the page: it is shown, so that nothing typed is lost."""
    known = set(shown)
    return [form for name, form in sent.items() if name not in known and form.typed.words]
