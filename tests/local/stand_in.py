"""A program that stands in for one of the house's: notes when it starts and when it is asked to stop.

Named `api`, it answers as the API does when it is ready; named `prepare`, it ends at once.
"""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType

NAME = sys.argv[1]
NOTES = Path(os.environ["ECHEANCE_HOME"]) / "notes"


def note(event: str) -> None:
    """Add a line to what the stand-ins have lived through."""
    with NOTES.open("a") as notes:
        notes.write(f"{NAME} {event}\n")


def stop(_: int, __: FrameType | None) -> None:
    """End as a good program does."""
    note("stopped")
    raise SystemExit(0)


class Ready(BaseHTTPRequestHandler):
    """Answers every question with: ready."""

    def do_GET(self) -> None:
        """Answer 200."""
        self.send_response(200)
        self.end_headers()


def main() -> None:
    """Stay until told to stop."""
    if os.environ.get("ECHEANCE_STAND_IN_FAILS") == NAME:
        raise SystemExit("It cannot work.")
    signal.signal(signal.SIGTERM, stop)
    note(f"started {os.getpid()}")
    if NAME == "api":
        HTTPServer(("127.0.0.1", int(os.environ["ECHEANCE_API_PORT"])), Ready).serve_forever()
    while NAME != "prepare":
        time.sleep(60)


if __name__ == "__main__":
    main()
