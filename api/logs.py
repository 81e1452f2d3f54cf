"""What the processes write of themselves: one JSON line each, never the values of variables.

A traceback with the variables of its frames would put complaints, names and passwords into the log.
"""

import sys
from traceback import extract_tb

import structlog


def write_plain_lines() -> None:
    """Log as JSON, a failure with the places that it passed."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at_wall"),
            _places,
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=False,
    )


def _places(_log: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say of a failure its kind and where it went through: not its text, which may quote what somebody typed."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    return line
