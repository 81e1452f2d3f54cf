"""Importing much at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def modules_are_no_garbage() -> Iterator[None]:
    """Looking for garbage among what is being imported, again and again, takes a fifth of the time that it takes."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
