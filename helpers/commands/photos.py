"""`course photos`: download photos that don't come with the course."""

import argparse

__all__ = ["add_arguments", "run"]

# How a notebook or a program reads each set.
READ = {"dishes": "dishes.load()", "nine": "photos.load_real()"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course photos`."""
    from helpers.datasets.downloads import SETS

    parser.add_argument(
        "set",
        choices=SETS,
        help="dishes: 200 photos of food; nine: a pineapple and a badger",
    )


def run(arguments: argparse.Namespace) -> int:
    """Download what is missing of a set, and say where it is and how to read it."""
    from helpers.datasets import downloads

    name: str = arguments.set
    photos, folder = downloads.listed(name), downloads.folder_of(name)
    new = downloads.fetch(photos, folder)
    module = READ[name].partition(".")[0]
    print(
        f"{folder}: {len(photos)} photos, {new} of them new; "
        f"from helpers.datasets import {module}; {READ[name]}"
    )
    return 0
