"""What a person reads when the house is open: where to go and as whom."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from local.ports import HOST
from local.settings import Ports


def welcome(console: Console, ports: Ports, environment: Mapping[str, str], *, with_accounts: bool) -> None:
    """Print addresses, and the accounts of the demo insurer when there is one."""
    console.print(_addresses(ports, environment))
    if with_accounts:
        console.print(_accounts())
    console.print("Ctrl-C stops everything in order.")


def _addresses(ports: Ports, environment: Mapping[str, str]) -> Table:
    table = Table(title="Échéance is open", title_justify="left")
    table.add_column("what")
    table.add_column("where", no_wrap=True)
    table.add_row("the pages", f"http://{HOST}:{ports.api}/")
    table.add_row("API and its documentation", f"http://{HOST}:{ports.api}/docs")
    if environment["TEMPORAL_ADDRESS"] == f"{HOST}:{ports.engine}":
        table.add_row("engine", f"http://{HOST}:{ports.engine_ui}/")
    if environment["SMTP_URL"] == ports.smtp_url:
        table.add_row("mails sent", f"http://{HOST}:{ports.sink}/")
    return table


def _accounts() -> Table:
    from local.demo import accounts

    table = Table(title="Accounts of the demo insurer", title_justify="left")
    for heading in ("login", "password", "who"):
        table.add_column(heading, no_wrap=True)
    for account in accounts():
        table.add_row(account.login, account.password, account.title)
    return table
