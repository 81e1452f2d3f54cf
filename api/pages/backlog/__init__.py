"""Operations as pages of those who direct them, under the names of what they show.

`listed` all of them · `new` one is proposed, `plan_form` the plan as it is typed · `show` the cockpit of one, `known`
what it shows, `track` its stock against its plan, `beside` cases lent, members told its report · `report` the report
as a document · `planning` sessions with places and names · `commands` what is given without a task · `tasks` what is
asked of people.
"""

from fastapi import APIRouter

from api.pages.backlog import commands, listed, new, planning, report, show

router = APIRouter(include_in_schema=False)
for _module in (listed, new, planning, commands, report, show):
    router.include_router(_module.router)
