"""The delegate's space as pages, under the names of what they show; a delegate's people see no others.

`space` what is due and what waits for us · `finding` one of our findings, with what we do to it in place · `audit` one
of our audits: pieces, report, answers · `tasks` how what we are asked for is given.
"""

from fastapi import APIRouter

from api.pages.delegate import audit, finding, space, tasks

router = APIRouter(include_in_schema=False)
for _module in (space, finding, audit, tasks):
    router.include_router(_module.router)
