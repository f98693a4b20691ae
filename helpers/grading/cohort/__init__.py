"""Grade many submissions: executed side by side by workers, written one after another.

Modules
-------
assignment      what submissions are graded against
companions      files beside a notebook
task            what a worker is given, does, and gives back
workers         Dask, on this machine or a cluster
version         of the grader: the same one grades all
records         what was graded, so that it isn't graded again
lock            one grading at a time
plan            what a grading would do
grading         from the submitted files to the gradebook and the records
report          what came of it, for people and for machines
"""
