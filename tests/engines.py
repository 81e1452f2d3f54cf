"""Statements are compiled once per process, though each test opens a register, and an engine, of its own.

To compile anew whatever a test asks for is half of the time of a test that makes one register.
"""

from typing import Any

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.engine import Dialect


class EnginesAlike:
    """Makes engines that keep what they have compiled in one place: their dialect is the first one's."""

    def __init__(self) -> None:
        self._compiled: dict[Any, Any] = {}
        self._dialect: Dialect | None = None

    def make(self, url: URL, **options: Any) -> Engine:
        """An engine as the house makes it."""
        engine = create_engine(url, execution_options={"compiled_cache": self._compiled}, **options)
        if self._dialect is None:
            engine.connect().close()  # the dialect learns what the server is
            self._dialect = engine.dialect
        engine.dialect = self._dialect
        return engine
