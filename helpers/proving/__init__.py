"""Proof that an assignment's tests grade: a wrong answer loses points.

Modules
-------
operators       wrong answers, made out of a right one by changing one thing in its code
rewrites        the right one in other words, which must keep its points
scribblers      wrong answers that write on what they are given
by_heart        answers that know what the visible tests ask
variants        what these are made into
proof           each of them graded
equivalents     changes that a person has looked at, and that change nothing that matters
outcome         what the verdicts say of the tests
numbers         the numbers of the last proof, and what they belong to
tables          these numbers for people
findings        what a person should look at
page            the same beside the texts of the exercises
"""
