"""People: their accounts and absences, and their own password."""

from fastapi import APIRouter

from api.people import absences, accounts, own_password, staff

router = APIRouter()
for part in (staff, accounts, absences, own_password):
    router.include_router(part.router)
