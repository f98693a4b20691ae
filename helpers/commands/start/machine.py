"""What `course doctor` finds, in a sentence for students."""

import shutil
import sys
from pathlib import Path

from helpers.commands.doctor import examine
from helpers.processors import cores

__all__ = ["describe"]


def describe(root: Path) -> str:
    """Say what this machine has, or what the course misses on it and what to do.

    Parameters
    ----------
    root
        The course folder.
    """
    missing = [
        f"- {finding.what}: {finding.found}. What to do: {finding.remedy}."
        for finding in examine(root)
        if finding.remedy and finding.required
    ]
    if missing:
        return "\n".join(["**Something is missing here:**\n", *missing])
    return (
        f"All is well: what the course needs is installed, and works without a network. There is "
        f"Python {sys.version.split()[0]}, {cores()} processor cores are free for you, and "
        f"{shutil.disk_usage(root).free / 1e9:.0f} GB of disk space."
    )
