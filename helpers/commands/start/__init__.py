"""The page that `course lab` opens for students: assignments, points so far, how to hand in."""

from helpers.commands.start.overview import Assignment, Overview, add_assignment, read
from helpers.commands.start.page import free_name, render

__all__ = ["Assignment", "Overview", "add_assignment", "free_name", "read", "render"]
