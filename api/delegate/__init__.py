"""The delegate's space: its people read their own audits, findings, tasks and dates, and answer; nothing else.

No route of it opens another session than the house's `sessions`: within these requests they are the delegate's side's,
by the database's own word (`db.behalf`, migration 0018). What they have found so, the house makes ready itself: the
final report, which names its validators, and a file of theirs, which it unseals.
"""

from fastapi import APIRouter

from api.delegate import audits, desk, files, findings

router = APIRouter(prefix="/delegate", tags=["delegate"])
for part in (desk, audits, findings, files):
    router.include_router(part.router)
