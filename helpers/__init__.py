"""Helpers for the course notebooks: convolutions, networks, data, plots, checks.

Importing this package imports nothing heavy; each module brings in what it needs.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("cnn-course")
