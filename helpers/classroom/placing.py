"""What happens to somebody's folder in submitted/: no work that lies there is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.checksums import digest
from helpers.classroom.attempts import Attempt
from helpers.classroom.ledger import HandIn

__all__ = [
    *("ABSENT", "ASK", "COLLECTED", "KEPT", "NO_NOTEBOOK", "UNCHANGED", "UPDATED"),
    *("Row", "place"),
]

COLLECTED = "collected"
UPDATED = "updated"
UNCHANGED = "unchanged"
KEPT = "put there by hand"
ASK = "to decide"
NO_NOTEBOOK = "no notebook"
ABSENT = "not submitted"

_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Row:
    """One person, one assignment.

    Parameters
    ----------
    assignment, name, folder
        Which and who; the folder is empty as long as that is open.
    status
        What happens, one of the constants above.
    hand_in
        For the ledger; None if there is nothing to note.
    problem
        What somebody has to look at, else empty.
    files
        What to write: where, and a function that returns the content.
    """

    assignment: str
    name: str
    folder: str
    status: str
    hand_in: HandIn | None = None
    problem: str = ""
    files: Mapping[Path, Callable[[], bytes]] = field(default_factory=dict)


def place(
    make: Callable[..., Row],
    new: HandIn,
    old: HandIn | None,
    chosen: Mapping[str, Attempt],
    folder: Path,
) -> Row:
    """Compare what was handed in with what lies in submitted/.

    Parameters
    ----------
    make
        Makes a row from its status, ledger entry, problem and files.
    new
        What was handed in.
    old
        What was collected before.
    chosen
        The newest file of each notebook.
    folder
        That of the submission.
    """
    problem = "; ".join(attempt.damage for attempt in chosen.values() if attempt.damage)
    there = {name: _digest_of(folder / f"{name}.ipynb") for name in chosen}
    changed = {name for name, found in there.items() if found != new.digests[name]}
    ours = old.digests if old else {}
    if any(there[name] not in (None, ours.get(name)) for name in changed):
        by_hand = f"{folder.name}.ipynb was changed or put there by hand and is kept; "
        return make(KEPT, replace(new, digests=ours), f"{by_hand}delete it to take {new.file}")
    if old is not None and _is_older(new, old, changed):
        return make(UNCHANGED, old, problem)
    if old is not None and not new.submitted and not changed:
        # A download without times does not take away those that are known.
        new = replace(new, submitted=old.submitted)
    replaced = {found for name in changed if (found := there[name])}
    new = replace(new, earlier=tuple(sorted({*new.earlier, *replaced})))
    files: dict[Path, Callable[[], bytes]] = {
        folder / f"{name}.ipynb": chosen[name].upload.entry.read for name in sorted(changed)
    }
    if new.when is not None:
        stamp = f"{new.when:%Y-%m-%d %H:%M:%S} UTC\n".encode()
        if _digest_of(folder / _TIMESTAMP) != digest(stamp).hex():
            files[folder / _TIMESTAMP] = lambda: stamp
    if not files:
        return make(UNCHANGED, new, problem)
    return make(UPDATED if replaced or not changed else COLLECTED, new, problem, files)


def _is_older(new: HandIn, old: HandIn, changed: set[str]) -> bool:
    """Tell a download from before the one that was collected."""
    if not changed:
        return False
    if new.when and old.when:
        return new.when < old.when
    return all(new.digests[name] in old.earlier for name in changed)


def _digest_of(path: Path) -> str | None:
    return digest(path.read_bytes()).hex() if path.is_file() else None
