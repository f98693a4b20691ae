"""Steps of nbgrader's that this course adds, or takes in a way of its own.

Modules
-------
keep_going      release: a notebook runs to its end, although tests fail
stderr, credit  autograding: warnings cost nothing, partial credit counts
hidden          feedback: hidden tests stay hidden
validation      what `nbgrader validate` and the Validate button say
convert         one of nbgrader's converters, run in this process
autograde, marks
                the folders of autograded submissions, and their marks in the gradebook
exporter        the marks as a table, for `nbgrader export` and `course export`
"""
