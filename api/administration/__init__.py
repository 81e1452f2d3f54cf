"""What an administrator looks at: the ledger, policy, calendar, what leaves, the pulse, the doctor's findings."""

from fastapi import APIRouter

from api.administration import examinations, ledger, looks

router = APIRouter(prefix="/administration")
for part in (ledger, looks, examinations):
    router.include_router(part.router)
