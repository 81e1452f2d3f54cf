"""Claims as pages, under the names of what they show.

`new` a benefit request is entered · `queue` what is to be controlled · `show` the file of one claim, `known` what it
shows · `tasks` control and confirmation · `documents` shown and added · `commands` what is given without a task.
"""

from fastapi import APIRouter

from api.pages.claim import commands, documents, new, queue, show

router = APIRouter(include_in_schema=False)
for _module in (new, queue, documents, commands, show):
    router.include_router(_module.router)
