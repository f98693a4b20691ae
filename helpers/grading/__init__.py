"""What nbgrader is given to grade this course well; only instructors use it directly.

Modules
-------
system          the one that grading needs
settings        how notebooks are executed and judged; `nbgrader_config.py` starts from it
course          the folders and the gradebook of the course
submission      what was submitted, read safely and aligned with the assignment
sandbox, processes
                sandboxes for students' code, and the kernels and judges in them
judging         tests, judged in a process that students' code can't reach
execution       a notebook on its way through kernel and judge
cohort          all submissions of a course, side by side
nbgrader_steps  steps of nbgrader's, from release to export
pages           feedback and formgrader's pages
solutions       the course's own solutions, graded
review          what needs review by a person
regrading       what a person who gave points has looked at
results, records
                how the grading of a submission went, and what is kept of it
states          where each submission stands, with its marks
formulas        cells of CSV files that no spreadsheet calculates with
"""
