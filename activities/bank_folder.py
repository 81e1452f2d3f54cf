"""HOW a bank file reaches the bank: it is laid once in a folder from which the bank's own programs take it away.

    <folder>/ready/VIR-2026-000001.xml        made, not laid yet
    <folder>/sent/VIR-2026-000001.sha256      what was made ready, once and for ever
    <folder>/outgoing/VIR-2026-000001.xml     laid: the bank's from here on

The move from `ready` to `outgoing` is the one step that cannot be taken twice: a file that was made ready and is there
no more has been laid, even when the bank has taken it away since.
Source: procedures, section 2 step 5 (what the bank's words mean: docs/decisions/0027)
"""

from hashlib import sha256
from pathlib import Path

from activities.whole_files import move_whole, write_whole
from faultpoints import fault_point


class BankFileConflict(ValueError):
    """Another file was made ready under this name."""


def lay(folder: Path, name: str, file: bytes) -> None:
    """Lay a file under this name; whoever asks again finds it laid. One caller at a time for each name.

    Raises BankFileConflict when another file was made ready under the name, OSError while the folder is away.
    """
    ready, sent = folder / "ready" / f"{name}.xml", folder / "sent" / f"{name}.sha256"
    told = sha256(file).hexdigest()
    if not sent.exists():
        write_whole(ready, [file])
        write_whole(sent, [told.encode()])
        fault_point("bank_file_ready")
    if sent.read_text() != told:
        raise BankFileConflict(f"another file was made ready as {name}")
    if ready.exists():
        move_whole(ready, folder / "outgoing" / f"{name}.xml")
    fault_point("bank_file_laid")
