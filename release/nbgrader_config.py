"""nbgrader's settings for students, read by the Validate button of a JupyterLab started here.

Without them a training that takes over 30 s, or a mere warning, would fail validation.
"""

from helpers.grading import settings

settings.apply(get_config())  # noqa: F821 (nbgrader puts it here)
