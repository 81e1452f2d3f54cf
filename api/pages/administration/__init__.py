"""The pages of the administration: how the house is, people, absences, policy, calendar, the ledger."""

from fastapi import APIRouter

from api.pages.administration import absences, accounts, hiring, looks, overview, person, policy, staff

router = APIRouter(include_in_schema=False)
for part in (overview, hiring, staff, person, accounts, absences, policy, looks):
    router.include_router(part.router)
