"""What the programs of one house are told: their ports and the environment they share."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from local.home import Home
from local.ports import HOST, port_from, require_free

NAMESPACE = "default"
_TOLD_TO_OTHERS = (
    "DATABASE_URL",
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_CONFIG_FILE",
    "SMTP_URL",
    "ECHEANCE_KEYS",
    "ECHEANCE_POLICY",
    "ECHEANCE_POST_FOLDER",
    "ECHEANCE_CHECKPOINTS_FOLDER",
    "ECHEANCE_BANK_FOLDER",
)


@dataclass(frozen=True)
class Ports:
    """Where the house is reached on this machine; `Ports.asked` reads the variable that changes each."""

    api: int
    sink: int
    smtp: int
    engine: int
    engine_ui: int

    @classmethod
    def asked(cls) -> "Ports":
        """The ports the environment asks for, or the usual ones."""
        return cls(**{name: port_from(variable, usual) for name, (variable, usual) in _PORTS.items()})

    def require_free(self, environment: Mapping[str, str]) -> None:
        """Raise LocalError for the first port we need and somebody else has."""
        for name, (variable, _) in _PORTS.items():
            if not environment.get(_SERVED_ELSEWHERE.get(name, "")):
                require_free(getattr(self, name), variable)

    @property
    def variables(self) -> dict[str, str]:
        """The ports as the programs are told them."""
        return {variable: str(getattr(self, name)) for name, (variable, _) in _PORTS.items()}

    @property
    def smtp_url(self) -> str:
        """Where mails are sent when they go to the sink."""
        return f"smtp://{HOST}:{self.smtp}"


_PORTS = {
    "api": ("ECHEANCE_API_PORT", 8000),
    "sink": ("ECHEANCE_SINK_PORT", 8025),
    "smtp": ("ECHEANCE_SMTP_PORT", 1025),
    "engine": ("ECHEANCE_TEMPORAL_PORT", 7233),
    "engine_ui": ("ECHEANCE_TEMPORAL_UI_PORT", 8233),
}
_SERVED_ELSEWHERE = {
    "sink": "SMTP_URL",
    "smtp": "SMTP_URL",
    "engine": "TEMPORAL_ADDRESS",
    "engine_ui": "TEMPORAL_ADDRESS",
}


def shared_environment(home: Home, ports: Ports) -> dict[str, str]:
    """The environment of every program: what the person has set wins over what the data folder says."""
    ours = (
        home.secrets()
        | ports.variables
        | {
            "ECHEANCE_HOME": str(home.root),
            "ECHEANCE_POST_FOLDER": str(home.post),
            "ECHEANCE_CHECKPOINTS_FOLDER": str(home.checkpoints),
            "ECHEANCE_BANK_FOLDER": str(home.bank),
            "ECHEANCE_URL": f"http://{HOST}:{ports.api}",
            "TEMPORAL_NAMESPACE": NAMESPACE,
        }
    )
    theirs = {name: value for name, value in os.environ.items() if value}
    if "TEMPORAL_ADDRESS" not in theirs:
        ours["ECHEANCE_ENGINE_UI_URL"] = f"http://{HOST}:{ports.engine_ui}"
        theirs = _without_their_engine(theirs)
    return ours | theirs | {"PYTHONUNBUFFERED": "1"}


def _without_their_engine(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the settings of another engine (its namespace, its certificates): ours would not understand them."""
    kept = {name: value for name, value in environment.items() if not name.startswith("TEMPORAL_")}
    return kept | {"TEMPORAL_CONFIG_FILE": os.devnull}


def wants_demo(environment: Mapping[str, str]) -> bool:
    """Whether to load the demo insurer; never unasked into a database that is somebody's own."""
    unasked = "0" if environment.get("DATABASE_URL") else "1"
    return environment.get("ECHEANCE_DEMO", unasked) != "0"


def wants_history(environment: Mapping[str, str]) -> bool:
    """Whether to load the whole house with its two months of complaints as well: not when only `staff` is asked for."""
    return wants_demo(environment) and environment.get("ECHEANCE_DEMO") != "staff"


def told_to_others(environment: Mapping[str, str]) -> dict[str, str]:
    """What a command typed beside the running house needs to work on the same data."""
    return {name: environment[name] for name in _TOLD_TO_OTHERS if name in environment}
