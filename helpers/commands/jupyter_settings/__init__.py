"""Settings of JupyterLab, in the form and in the kind of folder that it looks for itself.

For everyone, there is no question about news at the first start. Students have Validate, but not
the parts of nbgrader's extension that are for instructors, and see Markdown as a page.
"""

import os
from pathlib import Path

__all__ = ["apply"]

_FOLDER = Path(__file__).parent
_VARIABLE = "JUPYTER_CONFIG_PATH"


def apply(*, for_students: bool) -> None:
    """Put the settings into the environment, from which Jupyter and all below it take them."""
    roles = ["students", "everyone"] if for_students else ["everyone"]
    # A terminal in JupyterLab has the variable of the `course lab` that it is in.
    kept = [
        path
        for path in os.environ.get(_VARIABLE, "").split(os.pathsep)
        if path and not Path(path).is_relative_to(_FOLDER)
    ]
    os.environ[_VARIABLE] = os.pathsep.join([*(str(_FOLDER / role) for role in roles), *kept])
