"""Read a submitted notebook and bring it into the form of the assignment.

Modules
-------
loading         the files that belong to a submission, and nothing else
reading, structure
                any bytes → JSON → a valid notebook
reference       what the assignment's notebook should be
matching        which cell of a submission is which cell of the assignment
alignment       the notebook to grade, and what was repaired in it
preprocessor    the same within nbgrader
names           the names that code binds
log, wording    the lines that say what was repaired
"""

from helpers.grading.submission.alignment import align
from helpers.grading.submission.preprocessor import RepairCells
from helpers.grading.submission.reading import read_notebook
from helpers.grading.submission.reference import Reference

__all__ = ["Reference", "RepairCells", "align", "read_notebook"]
