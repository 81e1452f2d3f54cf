"""Pages of sessions as those see them who work in them: places, who came, what is paid, who may sign up at all."""

from fastapi import APIRouter

from api.pages.volunteer import attendance, pay, people, sessions

router = APIRouter(include_in_schema=False)
for module in (sessions, attendance, pay, people):
    router.include_router(module.router)
