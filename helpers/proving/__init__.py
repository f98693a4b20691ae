"""Proof that an assignment's tests grade: a wrong answer loses points.

Modules
-------
operators       wrong answers, made out of a right one by changing one thing in its code
proof           each of them graded, and what that says of the tests
equivalents     changes that a person has looked at, and that change nothing that matters
"""
