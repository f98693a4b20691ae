"""Sample submissions, built from the source notebooks by code.

``python -m tests.samples`` grades the three basic ones of every assignment and prints a table.
"""
