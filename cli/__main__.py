"""`python -m cli` is the `echeance` command."""

from cli import app

app(prog_name="echeance")
