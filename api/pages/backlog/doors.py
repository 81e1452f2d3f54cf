"""Who is let in where, by the same table as the API."""

from typing import Annotated

from fastapi import Depends

from api.pages.visit import Admitted, Visit
from domain.permissions import Action

Reader = Annotated[Visit, Depends(Admitted(Action.READ_OPERATIONS))]
Proposer = Annotated[Visit, Depends(Admitted(Action.PROPOSE_OPERATION))]
Replanner = Annotated[Visit, Depends(Admitted(Action.REPLAN_OPERATION))]
Canceller = Annotated[Visit, Depends(Admitted(Action.CANCEL_OPERATION))]
Stopper = Annotated[Visit, Depends(Admitted(Action.STOP_OPERATION))]
Strengthener = Annotated[Visit, Depends(Admitted(Action.ADD_SESSIONS))]
Extender = Annotated[Visit, Depends(Admitted(Action.REQUEST_EXTENSION))]
