"""The environment of processes in sandboxes: nothing of the user's, so no secrets."""

import os

__all__ = ["environment"]

_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": os.defpath,
    # Grades must not depend on whether the machine has a GPU.
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Submissions are graded side by side: threads of each would only wait for those of others.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Else its debugger's advice on frozen modules stands on the screen.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def environment(home: str | None = None) -> dict[str, str]:
    """Return the variables of a new process: with `home` if given, and the place of features."""
    # Only the grader calls this; the processes import this module, and begin without NumPy.
    from helpers.feature_cache import FOLDER_VARIABLE, location

    place = {FOLDER_VARIABLE: str(location().parent)}
    return _ENVIRONMENT | place | ({} if home is None else {"HOME": home})
