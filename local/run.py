"""The whole house on one machine: `echeance run` starts it, watches it, and stops it in order."""

import http.client
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from rich.console import Console

from local import engine, postgres
from local.errors import LocalError
from local.home import Home, open_home, write_variables
from local.onlooker import Onlooker
from local.ports import HOST, free_port
from local.process import Child
from local.programs import DEMO, HISTORY, PREPARATIONS, PROGRAMS, Program
from local.settings import Ports, shared_environment, told_to_others, wants_demo, wants_history
from local.supervisor import Crew, Member
from local.welcome import welcome

_READY_PATIENCE = 120.0
_ENDS_BEFORE_READY = 3
_PULSE = 0.5


def run(programs: Sequence[Program] = PROGRAMS, preparations: Sequence[Program] = PREPARATIONS) -> None:
    """Run the house until Ctrl-C or SIGTERM. Raises LocalError when it cannot start."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    home = open_home()
    with home.lock():
        house = House(home, console)
        _on_stop_signals(_interrupt)
        try:
            house.start(programs, preparations)
            house.watch()
        except KeyboardInterrupt:
            console.print("Stopping; steps under way get up to 30 seconds.")
        finally:
            _on_stop_signals(signal.SIG_IGN)
            house.stop()
        console.print("Stopped. The next start goes on where this one was.")


class House:
    """What one `run` holds: a data folder, a crew, and the environment its programs share."""

    def __init__(self, home: Home, console: Console) -> None:
        self._home = home
        self._console = console
        self._crew = Crew(say=console.print)
        self._ports = Ports.asked()
        self._environment = shared_environment(home, self._ports)
        self._has_demo = wants_demo(self._environment)
        self._has_history = wants_history(self._environment)
        self._history: Onlooker | None = None

    def start(self, programs: Sequence[Program], preparations: Sequence[Program]) -> None:
        """Start all in order and say where to go; return when the API is ready."""
        wanted = [program for program in programs if program.is_wanted(self._environment)]
        self._ports.require_free(self._environment)
        with self._console.status("Starting…"):
            self._start_servers()
            self._environment.setdefault("SMTP_URL", self._ports.smtp_url)
            write_variables(self._home.joining, told_to_others(self._environment), "Of the running house.")
            self._prepare(preparations)
            for program in wanted:
                self._crew.join(self._member(program))
            self._await_ready()
        welcome(self._console, self._ports, self._environment, with_accounts=self._has_demo)
        if self._has_history:
            self._history = Onlooker(HISTORY.launch(self._home, self._environment), self._console.print)

    def watch(self) -> None:
        """Start again whatever ends, for ever."""
        while True:
            time.sleep(_PULSE)
            self._crew.tend()
            if self._history is not None:
                self._history.look()

    def stop(self) -> None:
        """Stop all in order; what they keep stays."""
        if self._history is not None:
            self._history.child.stop(HISTORY.patience)
        self._crew.dismiss()
        self._home.joining.unlink(missing_ok=True)

    def _start_servers(self) -> None:
        """Start those of the two servers that the environment does not name."""
        if "DATABASE_URL" not in self._environment:
            launch = self._postgres_launcher(free_port())
            self._crew.join(Member("postgres", launch, postgres.STOP_PATIENCE))
        if "TEMPORAL_ADDRESS" not in self._environment:
            self._crew.join(Member("engine", self._launch_engine, engine.STOP_PATIENCE))

    def _postgres_launcher(self, port: int) -> Callable[[], Child]:
        """Launches PostgreSQL on the same port each time: the others keep its address."""

        def launch() -> Child:
            server = postgres.start_postgres(self._home.postgres, log=self._home.log("postgres"), port=port)
            if not server.folder.is_relative_to(self._home.root):
                self._console.print(f"PostgreSQL cannot reach {self._home.root}: its files are in {server.folder}.")
            self._environment["DATABASE_URL"] = server.url
            return server.child

        return launch

    def _launch_engine(self) -> Child:
        server = engine.start_engine(
            self._home.engine_file,
            log=self._home.log("engine"),
            port=self._ports.engine,
            ui_port=self._ports.engine_ui,
        )
        self._environment["TEMPORAL_ADDRESS"] = server.address
        return server.child

    def _prepare(self, preparations: Sequence[Program]) -> None:
        for program in preparations:
            if program is not DEMO or self._has_demo:
                program.complete(self._home, self._environment)

    def _member(self, program: Program) -> Member:
        return Member(program.name, lambda: program.launch(self._home, self._environment), program.patience)

    def _await_ready(self) -> None:
        """Wait for the API, which says when its own needs are met; give up when a program keeps ending."""
        give_up_at = time.monotonic() + _READY_PATIENCE
        while lack := _what_lacks(self._ports.api):
            self._crew.tend()
            lame = self._crew.unsteady(_ENDS_BEFORE_READY)
            if lame is not None:
                raise LocalError(f"{lame.name} does not stay up: see {self._home.log(lame.name)}.")
            if time.monotonic() > give_up_at:
                raise LocalError(f"The house is not ready after {_READY_PATIENCE:.0f} s: {lack}")
            time.sleep(0.2)


def _what_lacks(port: int) -> str:
    """What the API on this port says is missing before it is ready; nothing when it is ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        return "" if answer.status == 200 else answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as silence:
        return f"the API does not answer ({silence})."
    finally:
        connection.close()


def _on_stop_signals(reaction: "Callable[[int, FrameType | None], object] | signal.Handlers") -> None:
    signal.signal(signal.SIGINT, reaction)
    signal.signal(signal.SIGTERM, reaction)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # what nohup asks for
        signal.signal(signal.SIGHUP, reaction)


def _interrupt(_: int, __: FrameType | None) -> None:
    """Whoever asks us to stop, it is Ctrl-C to us."""
    raise KeyboardInterrupt
