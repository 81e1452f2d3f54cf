"""The API behind a real HTTP server, in a thread with a loop of its own: what programs that are no tests speak to."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from local.ports import HOST, free_port
from tests.api.counter import open_counter
from tests.local.processes import wait_until


@contextmanager
def served(database: str) -> Iterator[str]:
    """The address of a counter that keeps commands and waits for no engine."""
    port = free_port()
    config = uvicorn.Config(FastAPI(), host=HOST, port=port, log_level="critical", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(_serve(server, database)), name="served API")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        thread.join()


async def _serve(server: uvicorn.Server, database: str) -> None:
    async with open_counter(database, patience=0) as counter:
        server.config.app = counter.app
        await server.serve()
