"""What is wrong with the machine is told in one sentence, not in a traceback; every other error keeps its own."""

from typing import Any

import typer
from typer.core import TyperGroup

from local.errors import LocalError


class Sentences(TyperGroup):
    """A group of commands that tells a LocalError in red and ends with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Call the command asked for."""
        try:
            return super().invoke(ctx)
        except LocalError as refusal:
            typer.secho(str(refusal), fg=typer.colors.RED, err=True)
            raise typer.Exit(1) from refusal
