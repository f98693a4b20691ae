"""Grade many submissions: executed side by side by workers, written one after another.

Modules
-------
assignment      what submissions are graded against
extra_files     files beside a notebook
task            what a worker is given, does, and gives back
workers         Dask, on this machine or a cluster
version         of the grader: the same one grades all
lock            one grading at a time
plan            what a grading would do
grading         from the submitted files to the gradebook and the records
report          how it went, for people and for programs
"""
