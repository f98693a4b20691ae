"""What the grader and a kernel say to each other besides cells and what they show."""

__all__ = ["ANSWER", "DONE", "READY"]

ANSWER = "# answer the judge"
"""Sent in the place of a cell, it lets the kernel answer the judge."""

READY, DONE = b"ready", b"done"
"""Lines of a kernel: cells can be run; and all about a cell is said."""
