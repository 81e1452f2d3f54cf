"""Who is let in to the pages of activities."""

from typing import Annotated

from fastapi import Depends

from api.pages.visit import Admitted, Visit
from domain.permissions import Action

FiguresReader = Annotated[Visit, Depends(Admitted(Action.READ_FIGURES))]
FiguresEnterer = Annotated[Visit, Depends(Admitted(Action.ENTER_FIGURES))]
ActivityKeeper = Annotated[Visit, Depends(Admitted(Action.KEEP_ACTIVITIES))]
AlertNoter = Annotated[Visit, Depends(Admitted(Action.TAKE_NOTE_OF_ALERT))]
