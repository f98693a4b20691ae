"""Tests are judged in a process that students' code can't reach.

The judge runs the test cells. What it needs of the student's notebook it asks the kernel for, over
a socket: numbers, text and arrays come as they are, functions and models as handles that are used
over there. The kernel sees what functions are called with, and nothing else of a test.

Modules
-------
plan            which names a test takes from the student
plain           plain data as bytes, and back
messages        both over a socket
answers         the kernel's side
handles         the judge's side
models          Keras models on their way to the kernel
judge           the judge's process
"""
