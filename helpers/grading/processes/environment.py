"""The environment of processes in sandboxes: nothing of the user's, so no secrets."""

import os

__all__ = ["ENVIRONMENT"]

ENVIRONMENT = {
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
