"""Who is let in where, by the same table as the API."""

from typing import Annotated

from fastapi import Depends

from api.pages.visit import Admitted, Visit
from domain.permissions import Action

Reader = Annotated[Visit, Depends(Admitted(Action.READ_AUDITS))]
Planner = Annotated[Visit, Depends(Admitted(Action.PLAN_AUDIT))]
Writer = Annotated[Visit, Depends(Admitted(Action.WRITE_AUDIT))]
Deliverer = Annotated[Visit, Depends(Admitted(Action.DELIVER_PIECE))]
MayFix = Annotated[Visit, Depends(Admitted(Action.FIX_MEETING))]
MayEnd = Annotated[Visit, Depends(Admitted(Action.END_DELIVERY))]
MayEndAnswers = Annotated[Visit, Depends(Admitted(Action.END_ANSWERS))]
MayCancel = Annotated[Visit, Depends(Admitted(Action.CANCEL_AUDIT))]
