"""`course`, the one command of this package.

Everything before the version check also has to compile on older Pythons, so that they print the
message below and not a SyntaxError.
"""

import argparse
import importlib
import os
import sys
from types import ModuleType

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(
        "course: this course needs Python 3.11, 3.12 or 3.13, but {} is Python {}.{}; "
        "set it up as its README.md says, and run the course of its .venv".format(
            sys.executable, *sys.version_info[:2]
        )
    )

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and turn what goes wrong into one clear line.

    Parameters
    ----------
    argv
        The arguments after `course`; those of this process by default.

    Returns
    -------
    int
        The exit code: that of the subcommand, 1 after an error (unless the subcommand sets
        `failure`, because its 1 says something else), 130 after Ctrl-C.
    """
    from helpers.commands.folder import explain, find_root
    from helpers.errors import CourseError

    arguments = _parse(sys.argv[1:] if argv is None else argv)
    arguments.root = None
    failure = getattr(arguments, "failure", 1)
    try:
        # `course init` alone works outside of a course.
        if getattr(arguments, "needs_course", True):
            arguments.root = find_root()
        code = _load(arguments.command).run(arguments)
        sys.stdout.flush()
        return code
    except CourseError as error:
        # Names of files in the course are shortest from its folder.
        message, code = f"course: {error}".replace(f"{arguments.root}{os.sep}", ""), failure
    except KeyboardInterrupt as stop:
        # A subcommand may say how far it came.
        message, code = f"stopped: {stop}".removesuffix(": "), 130
    except BrokenPipeError:
        # The reader went away, as in `course check | head`: nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        message, code = f"course: {explain(error)}", failure
    # A table comes before the message about it, also when both go to one file.
    sys.stdout.flush()
    print(message, file=sys.stderr)
    return code


def _parse(argv: list[str]) -> argparse.Namespace:
    """Parse the arguments, importing no subcommand but the one that is asked for."""
    from helpers.commands import COMMANDS

    parser = argparse.ArgumentParser(prog="course", description="The course, in one command.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in argv if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:], allow_abbrev=False
        )
        if name == chosen:
            _load(name).add_arguments(subparser)
    arguments, further = parser.parse_known_args(argv)
    # `course lab` alone hands what it doesn't know to JupyterLab.
    if further and "further" not in arguments:
        parser.error("unrecognized arguments: " + " ".join(further))
    arguments.further = further
    return arguments


def _load(command: str) -> ModuleType:
    # A word of Python's can't be the name of a module.
    module = "return_feedback" if command == "return" else command
    return importlib.import_module(f"helpers.commands.{module}")


if __name__ == "__main__":
    sys.exit(main())
