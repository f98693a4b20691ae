"""`python -m helpers.datasets.rendering FOLDER` renders the pictures of the course again."""

import argparse
from pathlib import Path

from PIL import Image

from helpers.datasets.rendering import PICTURES


def main() -> None:
    """Render each picture into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m helpers.datasets.rendering")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pictures belong")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        Image.fromarray(draw()).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
