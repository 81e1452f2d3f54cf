"""Pages of activities: their stock against their standard, a day's figures, sizing, what plans would do."""

from fastapi import APIRouter

from api.pages.figures import activities, change, day, projections, sizing

router = APIRouter(include_in_schema=False)
for module in (change, activities, day, sizing, projections):
    router.include_router(module.router)
