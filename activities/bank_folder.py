"""HOW a bank file reaches the bank: it is laid once in a folder from which the bank's own programs take it away.

    <folder>/ready/VIR-2026-000001.3f2a….xml  made by one attempt, not laid yet
    <folder>/sent/VIR-2026-000001.sha256      its hash, and which attempt's it is: written once and for ever
    <folder>/outgoing/VIR-2026-000001.xml     laid: the bank's from here on

The first attempt whose name stands in `sent` is the one, whoever else tries at the same time. Its move from `ready` to
`outgoing` cannot be made twice: a file that is named there and is there no more has been laid, even when the bank has
taken it away since.
Source: procedures, section 2 step 5 (docs/decisions/0033)
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from activities.whole_files import move_whole, write_first, write_whole
from faultpoints import fault_point


class BankFileConflict(ValueError):
    """Another file was made ready under this name."""


def lay(folder: Path, name: str, file: bytes) -> None:
    """Lay a file under this name; whoever asks again, or at the same time, finds it laid.

    Raises BankFileConflict when another file was made ready under the name, OSError while the folder is away.
    """
    put(folder, name, make_ready(folder, name, file))


def make_ready(folder: Path, name: str, file: bytes) -> Path:
    """The file that is to be laid, made by whoever was first. Whatever goes wrong here, nothing was laid.

    Raises BankFileConflict when another file was made ready under the name, OSError while the folder is away.
    """
    sent, told = folder / "sent" / f"{name}.sha256", sha256(file).hexdigest()
    (folder / "outgoing").mkdir(parents=True, exist_ok=True)
    if not sent.exists():
        ready = folder / "ready" / f"{name}.{uuid4().hex}.xml"
        write_whole(ready, [file])
        fault_point("bank_file_made")
        write_first(sent, [f"{told}  {ready.name}\n".encode()])
        fault_point("bank_file_ready")
    first, first_name = sent.read_text().split()
    if first != told:
        raise BankFileConflict(f"another file was made ready as {name}")
    return folder / "ready" / first_name


def put(folder: Path, name: str, ready: Path) -> None:
    """Move it to where the bank's programs take it from. From here on it may be with the bank, whatever goes wrong.

    Raises OSError while the folder is away.
    """
    with suppress(FileNotFoundError):  # it has been laid before
        move_whole(ready, folder / "outgoing" / f"{name}.xml")
    _clear_away(folder / "ready", name)
    fault_point("bank_file_laid")


def _clear_away(ready: Path, name: str) -> None:
    """What an attempt has made that died, or came too late, is of no use any more; it holds IBANs."""
    for left in ready.glob(f"{name}.*.xml"):
        left.unlink(missing_ok=True)
