"""Who is let in where, by the same table as the API."""

from typing import Annotated

from fastapi import Depends

from api.pages.visit import Admitted, Visit
from domain.permissions import Action

Overseer = Annotated[Visit, Depends(Admitted(Action.READ_ADMINISTRATION))]
StaffReader = Annotated[Visit, Depends(Admitted(Action.READ_PEOPLE))]
Manager = Annotated[Visit, Depends(Admitted(Action.MANAGE_PEOPLE))]
Planner = Annotated[Visit, Depends(Admitted(Action.RECORD_ABSENCE))]
AbsenceReader = Annotated[Visit, Depends(Admitted(Action.READ_ABSENCES))]
Examiner = Annotated[Visit, Depends(Admitted(Action.EXAMINE))]
