"""How much a submission may use."""

from dataclasses import dataclass

from helpers.processors import cores

__all__ = ["Limits"]

GB = 1_000_000_000


@dataclass(frozen=True)
class Limits:
    """What one submission may use; beyond it, the cell that asked for more is lost.

    Parameters
    ----------
    cell_seconds
        Wall time of one cell; training takes a minute on a slow machine.
    total_seconds
        Wall time of the whole notebook, with all starts after crashes.
    grace_seconds
        How long code that is interrupted may take to stop before it is killed.
    memory
        Bytes that all processes of the submission may have together.
    disk
        Bytes that may be written to the working folder, and to temporary files, each.
    output
        Bytes that one cell may print or show.
    processes
        Processes and threads. Libraries start threads for every processor.
    """

    cell_seconds: float = 600
    total_seconds: float = 2400
    grace_seconds: float = 5
    memory: int = 4 * GB
    disk: int = GB // 5
    output: int = 20_000_000
    processes: int = 100 + 16 * cores()
