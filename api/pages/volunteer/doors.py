"""Who is let in to the pages of volunteers, of attendance and of pay."""

from typing import Annotated

from fastapi import Depends

from api.pages.visit import Admitted, Visit
from domain.permissions import Action

Volunteer = Annotated[Visit, Depends(Admitted(Action.SIGN_UP))]
OperationReader = Annotated[Visit, Depends(Admitted(Action.READ_OPERATIONS))]
Corrector = Annotated[Visit, Depends(Admitted(Action.CORRECT_ATTENDANCE))]
PayReader = Annotated[Visit, Depends(Admitted(Action.READ_PAY))]
PayPreparer = Annotated[Visit, Depends(Admitted(Action.PREPARE_PAY))]
VolunteerManager = Annotated[Visit, Depends(Admitted(Action.MANAGE_VOLUNTEERS))]
