"""Paper for previews: typst takes the processor, so that few sheets are set at once and nobody waits for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import HTTPException

from domain.letters import Letter
from letters.rendering import to_pdf

AT_ONCE = 2
Made = TypeVar("Made")


class Press:
    """Sets drafts on paper in threads of its own, `at_once` at the same time; the others queue. What has not come
    after so many seconds of `patience` is answered with 503, and given up if it was not begun."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = 5.0) -> None:
        self._threads, self._patience = ThreadPoolExecutor(at_once, "press"), patience

    async def pdf(self, letter: Letter) -> bytes:
        """The letter on paper."""
        return await self.make(lambda: to_pdf(letter))

    async def make(self, work: Callable[[], Made]) -> Made:
        """Anything else that takes the processor, likewise."""
        setting = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.wait_for(setting, self._patience)
        except TimeoutError:
            raise HTTPException(503, "Too many previews are being made.", {"Retry-After": "5"}) from None
