"""What nbgrader is given to grade this course well; only instructors use it directly.

Modules
-------
settings        how notebooks are executed and judged; `nbgrader_config.py` starts from it
stderr, credit, duplicates, hidden
                one nbgrader preprocessor each
course          the folders and the gradebook of the course
intake          what is wrong with a submission before anything of it runs
cohort          all submissions of a course, side by side
autograde       their marks, into the gradebook
states          where each submission stands, with its marks
exporter        the marks as a table, for `nbgrader export` and `course export`
"""
