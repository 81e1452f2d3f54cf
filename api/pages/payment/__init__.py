"""Payments as pages, under the names of what they show.

`batches` what is to be paid, and the batches · `show` one batch · `tasks` its release · `report` the bank's answer ·
`commands` stop and conclude.
"""

from fastapi import APIRouter

from api.pages.payment import batches, commands, report, show

router = APIRouter(include_in_schema=False)
for _module in (batches, commands, report, show):
    router.include_router(_module.router)
