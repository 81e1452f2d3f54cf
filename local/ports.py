"""Ports of this machine: a free one, or the one that was asked for and a sentence when it is taken."""

import os
import secrets
import socket

from local.errors import LocalError

HOST = "127.0.0.1"


_NOT_GIVEN_OUT = range(20_000, 32_000)
"""Below what the kernel itself gives to connections: only whoever asks for such a port takes it."""


def free_port() -> int:
    """A port nobody listens on at this moment; whoever takes it must be ready to lose the race, which is rare."""
    while not is_free(port := secrets.choice(_NOT_GIVEN_OUT)):
        continue
    return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now; one that has just been left counts as free."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def port_from(variable: str, default: int) -> int:
    """The port an environment variable asks for, or the default.

    Raises LocalError when the variable does not hold a port number.
    """
    text = os.environ.get(variable, "") or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LocalError(f"{variable} is {text!r}: set it to a port number between 1 and 65535.")
    return int(text)


def require_free(port: int, variable: str) -> None:
    """Raise LocalError, naming the variable that sets another port, when this one is taken."""
    if not is_free(port):
        raise LocalError(f"Port {port} is taken by another program: set {variable} to a free one.")
