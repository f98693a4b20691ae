"""What happens to somebody's folder in submitted/: no work that lies there is lost."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.checksums import digest
from helpers.classroom.attempts import Attempt
from helpers.classroom.ledger import HandIn
from helpers.grading.submission.loading import TIMESTAMP

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
    *,
    taken: bool = False,
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
    taken
        Whether the instructor has decided for this file.
    """
    problem = "; ".join(attempt.damage for attempt in chosen.values() if attempt.damage)
    there = {name: _digest_of(folder / f"{name}.ipynb") for name in chosen}
    changed = {name for name, found in there.items() if found != new.digests[name]}
    ours = old.digests if old else {}
    if any(there[name] not in (None, ours.get(name)) for name in changed):
        by_hand = f"{folder.name}.ipynb was changed or put there by hand and is kept; "
        return make(KEPT, _refused(new, old), f"{by_hand}delete it to take {new.file}")
    if old is not None and not taken and changed:
        if new.when and old.when and new.when < old.when:
            return make(UNCHANGED, old, problem)
        if not (new.when and old.when) and all(new.digests[n] in old.earlier for n in changed):
            row = make(UNCHANGED, old)
            choice = shlex.quote(f"{row.folder}={new.file}")
            ask = (
                f"{new.file} was collected before, and replaced by a newer file, which is kept; "
                f"if it was handed in again, take it with `--take {choice}`"
            )
            return replace(row, problem=ask)
    if old is not None and not new.submitted and not changed:
        # A download without times does not take away those that are known.
        new = replace(new, submitted=old.submitted)
    replaced = {found for name in changed if (found := there[name])}
    earlier = {*new.earlier, *replaced} - set(new.digests.values())
    new = replace(new, earlier=tuple(sorted(earlier)))
    files: dict[Path, Callable[[], bytes]] = {
        folder / f"{name}.ipynb": chosen[name].upload.entry.read for name in sorted(changed)
    }
    if new.when is not None:
        stamp = f"{new.when:%Y-%m-%d %H:%M:%S} UTC\n".encode()
        if _digest_of(folder / TIMESTAMP) != digest(stamp).hex():
            files[folder / TIMESTAMP] = lambda: stamp
    if not files:
        return make(UNCHANGED, new, problem)
    return make(UPDATED if replaced or not changed else COLLECTED, new, problem, files)


def _refused(new: HandIn, old: HandIn | None) -> HandIn:
    """Note an upload that was not taken: its name and time are not those of the file that stays."""
    known = old or HandIn(new.platform, new.key, new.place)
    if new.digests == known.digests and new.submitted:
        # Somebody has mended the same upload by hand, and only now it is known when it came.
        return new
    return replace(
        new, file=known.file, submitted=known.submitted, late=known.late, digests=known.digests
    )


def _digest_of(path: Path) -> str | None:
    return digest(path.read_bytes()).hex() if path.is_file() else None
