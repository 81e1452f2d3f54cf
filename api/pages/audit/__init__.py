"""Audits of delegates as pages, under the names of what they show.

`listed` the audits and what is late · `new` one is planned · `show` one audit, `known` what it shows · `analysis` its
pieces are graded · `writing` strengths, recommendations, the report's files · `pieces` what the delegate delivers ·
`commands` what is given without a task · `tasks` what people are asked to do · `delegates` those that are audited.
"""

from fastapi import APIRouter

from api.pages.audit import analysis, commands, delegates, listed, new, pieces, show, writing

router = APIRouter(include_in_schema=False)
for _module in (listed, new, analysis, writing, pieces, commands, show, delegates):
    router.include_router(_module.router)
