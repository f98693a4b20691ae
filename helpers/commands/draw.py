"""`course draw`: draw fresh pincers, scissors and meals, such as next year's hidden data."""

import argparse
import sys
from pathlib import Path

from helpers.errors import CourseError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course draw`."""
    parser.add_argument(
        "--seed", type=_count, metavar="N", help="another seed, other pictures; always needed"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="a new or empty folder, drawn-N if unset"
    )
    for name, count in (("tools", 50), ("meals", 100)):
        parser.add_argument(
            f"--{name}",
            type=_count,
            default=count,
            metavar="N",
            help=f"how many of each of the two classes, {count} if unset, 0 for none",
        )


def run(arguments: argparse.Namespace) -> int:
    """Draw both sets, then write them.

    If a file can't be written, nothing is left. If the program is killed while it writes, a set
    without its manifest may be left, which `load` refuses: the manifest comes last.
    """
    from tqdm import tqdm

    from helpers.commands.folder import replace_files
    from helpers.datasets import manifest
    from helpers.datasets.drawing import draw_set

    if arguments.seed is None:
        raise CourseError("which pictures? Name a seed, such as `course draw --seed 7`")
    output: Path = arguments.output or Path(f"drawn-{arguments.seed}")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise CourseError(
            f"{output} is there already and not empty; remove it, or choose another folder with "
            "--output"
        )
    counts = {name: getattr(arguments, name) for name in ("tools", "meals")}
    wanted = {name: count for name, count in counts.items() if count}
    if not wanted:
        raise CourseError("--tools and --meals are both 0, so there is nothing to draw")
    contents: dict[Path, bytes] = {}
    with tqdm(total=2 * sum(wanted.values()), desc="drawing", file=sys.stderr) as bar:
        for name, count in wanted.items():
            drawn = {}
            for picture in draw_set(name, arguments.seed, count):
                drawn[picture.file] = (picture.content, picture.record)
                contents[output / name / picture.file] = picture.content
                bar.update()
            contents[output / name / manifest.NAME] = manifest.compose(arguments.seed, drawn)
    replace_files(contents)
    for name, count in wanted.items():
        print(
            f"{output / name}: {2 * count} pictures; "
            f"from helpers.datasets import {name}; {name}.load({str(output / name)!r})"
        )
    return 0


def _count(text: str) -> int:
    """Read a number that isn't negative; argparse reports anything else."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return int(text)
