"""The commands of JUPYTERHUB.md do what the page says."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from helpers.commands.build import generate
from tests.grading.builders import NAME, ROOT, fractions_course

pytestmark = pytest.mark.slow

PAGE = (ROOT / "helpers/grading/JUPYTERHUB.md").read_text()


def commands(section):
    """Return the blocks of commands below a heading."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^```bash\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Hub:
    """Folders in place of those that the page names, and a shell that has our programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = Path(sys.executable).parent
        self.environment = {
            "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
            "HOME": str(folder),
            "JUPYTER_CONFIG_PATH": str(folder / "etc"),
        }
        (settings,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        (folder / "etc").mkdir()
        (folder / "etc/nbgrader_config.py").write_text(self.here(settings))

    def here(self, text: str) -> str:
        return text.replace("/srv/", f"{self.folder}/srv/").replace("convolution", NAME)

    def run(self, script: str, cwd: Path) -> str:
        done = subprocess.run(
            ["bash", "-euc", self.here(script)],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path)


def test_an_assignment_goes_through_the_exchange_and_its_feedback_back(hub, tmp_path):
    course = fractions_course(tmp_path / "course")
    release = course / "release" / NAME
    release.mkdir(parents=True)
    (release / f"{NAME}.ipynb").write_bytes(generate(course, NAME).files[f"{NAME}.ipynb"])
    home = tmp_path / "student"
    home.mkdir()

    (exchange,) = commands("What to install where")
    releasing, handing_in, grading = commands("From release to feedback")
    hub.run(exchange, tmp_path)
    hub.run(releasing, course)
    hub.run(handing_in, home)
    printed = hub.run(grading, course)
    assert not printed.startswith("/"), "find has found a link"
    hub.run("nbgrader fetch_feedback convolution", home)
    (feedback,) = home.glob(f"{NAME}/feedback/*/*.html")
    assert ">0 of 9 points" in feedback.read_text()


def test_find_shows_links_that_were_handed_in(hub, tmp_path):
    inbound = tmp_path / "srv/nbgrader/exchange/cnn/inbound/ada+convolution"
    inbound.mkdir(parents=True)
    (inbound / "convolution.ipynb").symlink_to(tmp_path)
    grading = commands("From release to feedback")[-1]
    assert hub.run(grading.splitlines()[0], tmp_path).strip() == str(inbound / "convolution.ipynb")


def test_a_gradebook_in_use_is_backed_up_and_restored_with_its_files(hub, tmp_path):
    course = tmp_path / "course"
    for name in ("submitted", "autograded"):
        (course / name / "ada").mkdir(parents=True)
        (course / name / "ada/work").write_text(name)
    database = course / "gradebook.db"
    formgrader = Gradebook(f"sqlite:///{database}?timeout=60")
    formgrader.add_student("ada", first_name="Ada")
    assert [student.id for student in formgrader.students] == ["ada"]
    change = sqlite3.connect(database, isolation_level=None)
    change.execute("BEGIN IMMEDIATE")
    change.execute("UPDATE student SET first_name = 'half'")

    backing_up, restoring = commands("Backup")
    hub.run(backing_up, course)
    change.execute("COMMIT")
    change.close()
    formgrader.close()
    (backup,) = (tmp_path / "srv/backup").iterdir()

    (course / "submitted/ada/work").write_text("lost")
    # What a change leaves that is cut short, e.g. by a full disk.
    (course / "gradebook.db-journal").write_bytes(b"left behind")
    (named,) = re.findall(r"^backup=(/srv/\S+)$", restoring, re.MULTILINE)
    hub.run(restoring.replace(named, f"/srv/backup/{backup.name}"), course)

    with Gradebook(f"sqlite:///{database}") as restored:
        assert [student.first_name for student in restored.students] == ["Ada"]
    assert (course / "submitted/ada/work").read_text() == "submitted"
    assert (course / "autograded/ada/work").read_text() == "autograded"
    assert not (course / "gradebook.db-journal").exists()
    assert (backup / "replaced/submitted/ada/work").read_text() == "lost"
