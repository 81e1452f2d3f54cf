"""Connections: none is left open, whoever is still at work when the register is left."""

import gc
from threading import Event, Thread

from sqlalchemy import text

from db.session import Sessions, close_engine, open_engine, open_sessions


def work(sessions: Sessions, begun: Event, may_end: Event) -> None:
    """A transaction that lasts."""
    with sessions.begin() as session:
        session.execute(text("SELECT 1"))
        begun.set()
        may_end.wait(10)


def test_whoever_leaves_the_register_waits_for_a_thread_that_still_works_there(empty_database: str) -> None:
    """Without the wait, pytest fails: the connection is deleted while still open."""
    engine, begun, may_end = open_engine(empty_database), Event(), Event()
    thread = Thread(target=work, args=(open_sessions(engine), begun, may_end))
    thread.start()
    assert begun.wait(10)
    closing = Thread(target=close_engine, args=(engine,))
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    may_end.set()
    closing.join()
    thread.join()
    del engine
    gc.collect()


def test_nobody_is_waited_for_for_ever(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with engine.connect() as connection:
        close_engine(engine, patience=0.05)
        connection.detach()
