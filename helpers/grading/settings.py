"""How nbgrader executes and judges the notebooks of this course."""

import os
import secrets
import sysconfig
import warnings
from functools import cache
from pathlib import Path

import nbgrader.api
from nbformat.warnings import MissingIDFieldWarning
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from helpers.grading.nbgrader_steps import validation
from helpers.grading.pages import guards

__all__ = ["AUTOGRADE", "EXPORTER", "FEEDBACK", "RELEASE", "SANITIZE", "apply"]

# nbgrader's own lists with ours put in. Names, not classes: formgrader shows them as JSON.
RELEASE = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "helpers.grading.nbgrader_steps.keep_going.KeepGoing",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
SANITIZE = [
    "helpers.grading.submission.RepairCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
AUTOGRADE = [
    "helpers.grading.execution.preprocessor.ExecuteApart",
    "helpers.grading.nbgrader_steps.stderr.StderrAsOutput",
    "helpers.grading.nbgrader_steps.credit.PartialCredit",
    # A progress bar is shown in its last state alone, not in a line for each.
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "helpers.grading.execution.preprocessor.KeepUndecided",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.pages.lateness.ShowLateness",
    "helpers.grading.pages.overview.Overview",
    "helpers.grading.nbgrader_steps.hidden.HideHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
EXPORTER = "helpers.grading.nbgrader_steps.exporter.MarksExporter"

_ENVIRONMENT = {
    # Grades must not depend on whether the machine has a GPU.
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

# nbgrader skips cells with this tag, tests too: it must be one that no notebook has.
_SKIP_TAG = secrets.token_hex()


def apply(config: Config, root: Path | None = None) -> None:
    """Set how this engine releases, executes and judges notebooks.

    Parameters
    ----------
    config
        The `c` of a configuration file; changed in place.
    root
        The course folder, for its own nbgrader_config.py. Without it, only what holds for
        validating, too, is set: that is all that students need.

    Notes
    -----
    Also sets environment variables, which the kernels inherit, unless the user has set them.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    _put_on_path(sysconfig.get_path("scripts"))
    validation.apply()
    # To make a gradebook, nbgrader starts a program that takes more than a second to tell this.
    nbgrader.api.get_alembic_version = _version_of_new_gradebooks
    # Notebooks of older programs have no cell ids, nor have the test cells that nbgrader restores.
    warnings.filterwarnings("ignore", category=MissingIDFieldWarning)
    # nbgrader makes its entries in an order that SQLAlchemy 2.1 warns of, without effect.
    warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)

    # Seconds a cell may take: training takes one minute on a slow machine, so be generous.
    config.Execute.timeout = 600
    config.Execute.startup_timeout = 180
    config.Execute.iopub_timeout = 30
    # Without it every notebook ends with 1.6 s of farewell to its kernel.
    config.Execute.shutdown_kernel = "immediate"
    config.Execute.skip_cells_with_tag = _SKIP_TAG
    # Kernels would print on the terminal that they use TCP.
    config.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    config.CoalesceStreamsPreprocessor.enabled = True
    guards.apply(config)
    if root is not None:
        _apply_to_course(config, root)


def _apply_to_course(config: Config, root: Path) -> None:
    config.CourseDirectory.root = str(root)
    # Formgrader may hold the lock while submissions are graded; by default SQLite gives up after
    # 5 s.
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db?timeout=60"

    # What students find in place of the solutions; a stub has to run, so nothing is raised.
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
    config.ClearSolutions.text_stub = "*Your answer here.*"

    # A deleted test cell comes back, else its points would simply be missing.
    config.OverwriteCells.add_missing_cells = True
    config.LimitOutput.max_lines = 500
    config.LimitOutput.max_traceback = 50

    config.GenerateAssignment.preprocessors = RELEASE
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = AUTOGRADE
    config.GenerateFeedback.preprocessors = FEEDBACK
    config.ExportApp.plugin_class = EXPORTER


def _put_on_path(folder: str) -> None:
    """Let nbgrader find `alembic`, which upgrades gradebooks, in an environment not activated."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if folder not in folders:
        os.environ["PATH"] = os.pathsep.join([folder, *folders])


@cache
def _version_of_new_gradebooks() -> str | None:
    # Only here, since most gradebooks are not new.
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
