"""Run an assignment's own solution once, so that the features in it are known from then on.

Every student extracts the same features of the same pictures. Students' kernels may read the cache
but not write it, or one could spoil it for all; so the instructor's notebook fills it.
"""

import contextlib
from pathlib import Path

from helpers.checksums import digest
from helpers.feature_cache import Cache, location
from helpers.grading.execution.kernel import Kernel
from helpers.grading.judging.plan import Plan
from helpers.grading.processes import Forks
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed

__all__ = ["warm_feature_cache"]

# One that fails, or takes too long, would do so for every submission.
_tried: set[Path] = set()


def warm_feature_cache(
    plan: Plan, limits: Limits, template: Forks | None, *, sandboxed: bool
) -> None:
    """Fill the cache of features, unless this was tried before for the same notebook.

    Parameters
    ----------
    plan
        The plan of the assignment.
    limits, template, sandboxed
        As for :class:`helpers.grading.execution.Engine`.

    Raises
    ------
    OSError
        If no kernel can be started.
    """
    if not plan.feature_cells:
        return
    folder = location().parent
    sources = (source.encode() for source in plan.feature_cells)
    mark = folder / f"rehearsed-{digest(*sources).hex()[:16]}"
    if mark in _tried or mark.exists():
        return
    _tried.add(mark)
    Cache()
    sandbox = Sandbox(limits, writable=[folder]) if sandboxed else Unsandboxed()
    with (
        contextlib.closing(sandbox),
        contextlib.closing(Kernel(sandbox, limits, template, trusted=True)) as kernel,
    ):
        # Whether it is right is for `course check` to say.
        endings = {kernel.run(cell, limits.cell_seconds).ending for cell in plan.feature_cells}
    if endings == {"done"}:
        with contextlib.suppress(OSError):
            mark.touch()
