"""The page that `course lab` opens for students: assignments, points so far, how to hand in."""

from helpers.commands.start.overview import Assignment, Overview, read
from helpers.commands.start.page import free_name, render

__all__ = ["Assignment", "Overview", "free_name", "read", "render"]
