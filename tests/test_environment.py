"""The ways to install the course give the same versions, and name no package registry."""

import ast
import json
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.samples.build import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def conda_pins():
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    *conda, pip = dependencies
    # conda-forge writes some names with an underscore.
    pins = dict(entry.replace("_", "-").split("=") for entry in conda if "=" in entry)
    named = [Requirement(entry) for entry in pip["pip"] if "==" in entry]
    return pins | {each.name: str(each.specifier).removeprefix("==") for each in named}


def test_conda_users_get_the_locked_versions():
    pins = conda_pins()
    assert SpecifierSet(PROJECT["requires-python"]).contains(pins.pop("python"))
    assert pins == {name: LOCKED[name] for name in pins}


def test_conda_users_get_every_direct_dependency():
    extras = PROJECT["optional-dependencies"].values()
    wanted = set(PROJECT["dependencies"]).union(*extras)
    assert {Requirement(entry).name for entry in wanted} <= conda_pins().keys()


def test_every_locked_version_has_hashes():
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    without = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert not without


@pytest.mark.parametrize("name", ["requirements.lock", "environment.yml", "pyproject.toml"])
def test_no_index_address_is_written_down(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|https?://", text)


# Of the standard library, gone with 3.12 and 3.13: see "What's New" of both.
REMOVED = {"asynchat", "asyncore", "distutils", "imp", "smtpd"} | {
    *("aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap"),
    *("msilib", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau"),
    *("telnetlib", "uu", "xdrlib"),
}


def sources():
    """Every piece of Python in the course, by a name for it."""
    for folder in ("helpers", "tests"):
        for path in ROOT.glob(f"{folder}/**/*.py"):
            yield path, path.read_text(encoding="utf-8")
    for path in ROOT.glob("source/*/*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path, "".join(cell["source"])


def imported(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_nothing_is_imported_that_later_pythons_no_longer_have():
    found = {(path, name) for path, code in sources() for name in imported(code)}
    assert ("json" in {name for _, name in found}) and not [
        entry for entry in found if entry[1] in REMOVED
    ]
