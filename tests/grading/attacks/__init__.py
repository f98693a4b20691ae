"""Hostile and broken submissions, each with the grade that it must get.

`python -m tests.grading.attacks` grades them and prints a table.
"""

from tests.grading.attacks import cheating, files, messages, notebooks, resources, secrets

__all__ = ["ATTACKS"]

ATTACKS = [
    attack
    for module in (resources, notebooks, cheating, secrets, messages, files)
    for attack in module.ATTACKS
]
