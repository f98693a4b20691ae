"""nbgrader's settings for this course, whatever folder its commands are started in.

From another folder name the course: `nbgrader autograde convolution --course-dir=COURSE`.
`nbgrader generate_config` lists every setting there is.
"""

from pathlib import Path

from helpers.grading import settings

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821 (nbgrader puts it here)

# How notebooks are executed, timeouts and the environment: the same for the Validate button.
settings.apply(c)

c.CourseDirectory.course_id = "cnn"
c.CourseDirectory.root = str(root)
# Formgrader may hold the lock while submissions are graded; by default SQLite gives up after 5 s.
c.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db?timeout=60"

# What students find in place of the solutions; a stub has to run, so nothing is raised.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# A deleted test cell comes back, else its points would simply be missing.
c.OverwriteCells.add_missing_cells = True
c.LimitOutput.max_lines = 500
c.LimitOutput.max_traceback = 50

c.GenerateAssignment.preprocessors = settings.RELEASE
c.Autograde.sanitize_preprocessors = settings.SANITIZE
c.Autograde.autograde_preprocessors = settings.AUTOGRADE
c.GenerateFeedback.preprocessors = settings.FEEDBACK
c.ExportApp.plugin_class = settings.EXPORTER

# Grading trains with no more than so many digits: in five of five trials these gave 91 % or more,
# where the checks demand 81 %. `course grade --own-parameters` trains with what students chose.
c.ExecuteApart.parameters = {"mnist-cnn": {"TRAINING_IMAGES": 5_000}}
