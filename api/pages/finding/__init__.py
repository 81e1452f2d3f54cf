"""Findings as pages of the insurer, under the names of what they show.

`queue` what is open, the late ones first, and the list as a workbook · `new` one that came from elsewhere · `show` one
finding, `known` what it shows · `tasks` what people are asked to do on one · `commands` what is given without a task ·
`evidence` the files, shown and added.
"""

from fastapi import APIRouter

from api.pages.finding import commands, evidence, new, queue, show

router = APIRouter(include_in_schema=False)
for _module in (new, queue, evidence, commands, show):
    router.include_router(_module.router)
