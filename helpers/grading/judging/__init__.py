"""Tests are judged in a process that students' code can't reach.

The judge runs the test cells. What it needs of the student's notebook it asks the kernel for, over
a socket: numbers, text and arrays come as they are, functions and models as handles that are used
over there. The kernel sees what functions are called with, and nothing else of a test.

Modules
-------
plan            which names a test takes from the student
measurements    parts of tests that grade nobody
names           names that a cell takes and defines
shows           cells without which every test has the same verdict
plain           plain data as bytes
unpacking       and back, from an untrusted process
messages        both over a socket
answers         the kernel's side
handles         the judge's side
models          Keras models on their way to the kernel
cells           the course's own cells, in the judge
failures        why a test failed, for students and for instructors
judge           the judge's process
"""
