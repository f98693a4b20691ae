"""What nbgrader is given to grade this course well; only instructors use it directly.

Modules
-------
system          the one that grading needs
settings        how notebooks are executed and judged; `nbgrader_config.py` starts from it
stderr, credit, hidden
                one nbgrader preprocessor each
course          the folders and the gradebook of the course
loading         what was submitted, read safely
repair          a notebook aligned with the assignment
sandbox, processes
                sandboxes for students' code, and the kernels and judges in them
judging         tests, judged in a process that students' code can't reach
execution       a notebook on its way through kernel and judge
cohort          all submissions of a course, side by side
solutions       the course's own solutions, graded
autograde, marks
                the folders of autograded submissions, and their marks in the gradebook
review          what needs review by a person
results, records
                how the grading of a submission went, and what is kept of it
states          where each submission stands, with its marks
safe_html, safe_markdown, safe_notebook, excess, overview, feedback
                pages without a script of a student's, made in limited time
exporter        the marks as a table, for `nbgrader export` and `course export`
"""
