"""What nbgrader is given to grade this course well; only instructors use it directly.

Modules
-------
system          the one that grading needs
settings        how notebooks are executed and judged; `nbgrader_config.py` starts from it
stderr, credit, hidden
                one nbgrader preprocessor each
course          the folders and the gradebook of the course
intake          what was submitted, read safely
repair          a notebook aligned with the assignment
sandbox, processes
                rooms for students' code, and the kernels and judges in them
judging         tests, judged in a process that students' code can't reach
execution       a notebook on its way through kernel and judge
cohort          all submissions of a course, side by side
autograde       their marks, into the gradebook
states          where each submission stands, with its marks
safe_html, safe_markdown, safe_notebook
                no script of a student's in formgrader and feedback
exporter        the marks as a table, for `nbgrader export` and `course export`
"""
