"""Containers and clouds install the course as `make setup` does, from files that are there.

There is no Docker in the tests. What the image would run is run one by one instead, in an
environment that finds the packages of this one installed, so that nothing is downloaded.
"""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.bare import clone as make_clone
from tests.bare import name_python
from tests.samples.build import ROOT

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text()
DEVCONTAINER = re.sub(
    r"^\s*//.*$", "", (ROOT / ".devcontainer/devcontainer.json").read_text(), flags=re.M
)
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/course.yml").read_text())["jobs"]["test"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
PYTHON = next(entry for entry in CONDA if str(entry).startswith("python=")).removeprefix("python=")


class Step(NamedTuple):
    """One instruction of the Dockerfile."""

    what: str
    how: str


def dockerfile():
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    lines = text.replace("\\\n", " ").splitlines()
    return [Step(*line.split(maxsplit=1)) for line in lines if line]


def how(what):
    return [step.how for step in dockerfile() if step.what == what]


def code_blocks(text, language=""):
    """Return the fenced blocks of a page, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in found]


(GRADING,) = [block for block in code_blocks(README) if "cnn-course course grade" in block]


# The versions and the places that the files name


def test_every_way_has_the_python_of_environment_yml():
    (setup,) = [step for step in WORKFLOW["steps"] if "setup-python" in step.get("uses", "")]
    assert how("FROM") == [f"python:{PYTHON}-slim"]
    assert setup["with"]["python-version"] == PYTHON


def test_binder_builds_from_environment_yml():
    # A Dockerfile at the top hides environment.yml from Binder, unless it finds .binder/, and then
    # it looks nowhere else. What pip installs is relative to the folder of the file.
    expected = (ROOT / "environment.yml").read_text().replace("--editable .\n", "--editable ..\n")
    assert (ROOT / ".binder/environment.yml").read_text() == expected
    assert "--editable ..\n" in expected


def test_vs_code_takes_the_dockerfile_and_the_user_in_it():
    settings = json.loads(DEVCONTAINER)
    folder = ROOT / ".devcontainer"
    assert (folder / settings["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (folder / settings["build"]["context"]).resolve() == ROOT
    assert settings["remoteUser"] == how("USER")[-1]
    # There the image has the package, as a link that the workspace takes the place of.
    assert settings["workspaceFolder"] == how("WORKDIR")[0]
    assert f"target={settings['workspaceFolder']}," in settings["workspaceMount"]


def test_the_sandbox_gets_its_namespaces_in_every_container():
    options = re.findall(r"--security-opt (\S+)", GRADING)
    assert options == ["seccomp=unconfined", "systempaths=unconfined", "apparmor=unconfined"]
    assert json.loads(DEVCONTAINER)["securityOpt"] == options

    (pod,) = code_blocks(README, "yaml")
    spec = yaml.safe_load(pod)["spec"]
    assert spec["hostUsers"] is False
    assert spec["containers"][0]["securityContext"] == {
        "seccompProfile": {"type": "Unconfined"},
        "appArmorProfile": {"type": "Unconfined"},
        "procMount": "Unmasked",
    }


def test_ci_runs_what_everybody_runs_and_keeps_the_report_of_failures():
    steps = WORKFLOW["steps"]
    (run,) = [number for number, step in enumerate(steps) if step.get("run") == ".ci/run"]
    (keep,) = [number for number, step in enumerate(steps) if "upload" in step.get("uses", "")]
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert keep > run
    assert steps[keep]["if"] == "always()"
    assert steps[keep]["with"]["path"] == "tests/output/check/"
    assert "`tests/output/check/`" in README


def test_the_addresses_in_readme_name_one_repository():
    hosts = r"github\.com|mybinder\.org/v2/gh|colab\.research\.google\.com/github"
    # Only links and the Colab cell; other projects are linked by their front page.
    ours = rf"https://(?:{hosts})/([\w.-]+/[\w.-]+?)(?:\.git |/)"
    assert len(set(re.findall(ours, README))) == 1


def test_the_badges_open_every_assignment():
    assignments = {path.name for path in (ROOT / "source").iterdir() if path.is_dir()}
    for pattern in (r"/HEAD\?urlpath=lab/tree/([^)]+)\)", r"/blob/main/([^)]+)\)"):
        opened = re.findall(pattern, README)
        assert all((ROOT / path).is_file() for path in opened)
        assert {Path(path).stem for path in opened} == assignments


# What the commands do


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return make_clone(tmp_path_factory.mktemp("clone") / "course")


class Image(NamedTuple):
    """What the Dockerfile makes: the folder where its commands start, and the programs."""

    place: Path
    environment: Path


def environment(folder):
    """Make an environment where pip finds the locked packages, but not the course."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
    Path(packages, "locked.pth").write_text(sysconfig.get_path("purelib"))
    for name in ("etc", "share"):
        (folder / name).symlink_to(Path(sys.prefix, name))
    for program in Path(sys.executable).parent.iterdir():
        if program.is_file() and not program.is_symlink() and program.name != "course":
            name_python(program, folder / "bin" / program.name, folder)
    return folder


def variables(folder, home):
    """Let commands find the programs of an environment, and nothing in the network."""
    path = os.pathsep.join([str(folder / "bin"), os.defpath])
    return {"PATH": path, "HOME": str(home), "PIP_NO_INDEX": "1"}


def run(command, cwd, environment, **further):
    """Run a line of the shell in an environment."""
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=cwd,
        env=variables(environment, cwd) | further,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def hidden(name, clone):
    """Tell whether .dockerignore keeps a file or folder from Docker; the last rule wins."""
    verdict = False
    for rule in (clone / ".dockerignore").read_text().splitlines():
        if rule in ("*", name, f"!{name}"):
            verdict = not rule.startswith("!")
    return verdict


@pytest.fixture(scope="module")
def image(clone, tmp_path_factory):
    disk = tmp_path_factory.mktemp("disk")
    programs = environment(disk / "environment")
    place = disk
    for what, how in dockerfile():
        if what == "WORKDIR":
            place = disk / how.lstrip("/")
            place.mkdir(parents=True, exist_ok=True)
        elif what == "COPY":
            *sources, target = [word for word in shlex.split(how) if not word.startswith("--")]
            for name in (source.rstrip("/") for source in sources):
                assert not hidden(name, clone), f".dockerignore hides {name}"
                if (clone / name).is_dir():
                    shutil.copytree(clone / name, place / target)
                else:
                    shutil.copy(clone / name, place / target)
        # The system's packages and users are not for a test to change.
        elif what == "RUN" and not how.startswith(("apt-get ", "useradd ")):
            run(how, place, programs)
    return Image(place, programs)


def test_the_image_has_all_that_the_course_needs_and_no_solutions(image):
    run("course doctor", image.place, image.environment)

    assert {path.name for path in image.place.iterdir() if any(path.rglob("*.ipynb"))} == {
        "release"
    }
    assert not (image.place.parents[2] / "opt/cnn-course/source").exists()


def test_the_image_opens_a_lab_by_default(image, tmp_path):
    (command,) = how("CMD")
    # Unlike the tests, the image is never root.
    (tmp_path / ".jupyter").mkdir()
    (tmp_path / ".jupyter/jupyter_server_config.py").write_text("c.ServerApp.allow_root = True")
    with subprocess.Popen(
        ["bash", "-euc", "exec " + shlex.join(json.loads(command))],
        cwd=image.place,
        env={**variables(image.environment, tmp_path), "JUPYTER_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    ) as lab:
        log = []
        for line in lab.stderr:
            log.append(line)
            if "/lab/tree/START.md?token=" in line:
                break
        # It has no children yet, and may be deaf to anything milder before its loop has started.
        lab.kill()
    assert "/lab/tree/START.md?token=" in log[-1], "".join(log)
    assert any(f"from local directory: {image.place / 'release'}" in line for line in log)


def test_the_image_grades_a_course_that_is_mounted(image, clone):
    volume, command = re.search(r'--volume "\$PWD":(\S+) cnn-course (.*)', GRADING).groups()
    assert volume == how("WORKDIR")[-1]
    submission = clone / "submitted/ada/convolution"
    submission.mkdir(parents=True)
    shutil.copy(clone / "release/convolution/convolution.ipynb", submission)
    assert "ada" in run(f"{command} --dry-run", clone, image.environment)


# Of the course's dependencies: what Colab has, and what only the commands need.
COLAB = {
    "ipywidgets",
    "keras",
    "matplotlib",
    "numpy",
    "pillow",
    "platformdirs",
    "scikit-learn",
    "scipy",
}
COLAB |= {"tensorflow", "tqdm", "wcwidth"}
COMMANDS = {"jupyterlab", "nbgrader", "papermill"}

# Photos come with the package, and a network's weights with a package that the cell installs.
USE = """
print(len(photos.load().files), "photos,", networks.load("efficientnet-lite0").name)
"""


def imports():
    """Return every import of every release, a line each."""
    for path in sorted((ROOT / "release").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield ast.unparse(node)


def test_the_cell_for_colab_adds_the_course_to_a_running_kernel(clone, tmp_path):
    (cell,) = [block for block in code_blocks(README) if "%pip" in block]
    address = re.search(r"https://github\.com/\S+", cell).group()
    missing = "".join(f"sys.modules[{name!r}] = None\n" for name in sorted(COMMANDS))
    session = [cell, "import sys", missing, *imports(), "from helpers import networks", USE]
    (tmp_path / "session.ipy").write_text("\n".join(session))
    printed = run(
        "ipython session.ipy",
        tmp_path,
        environment(tmp_path / "environment"),
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.file://{clone}.insteadOf",
        GIT_CONFIG_VALUE_0=address,
        # Colab downloads what builds the package; here it is installed (0 means: no isolation).
        PIP_NO_BUILD_ISOLATION="0",
    )
    assert printed.endswith("9 photos, efficientnet-lite0\n")


def test_the_cell_for_colab_installs_what_colab_lacks():
    (cell,) = [block for block in code_blocks(README) if "%pip" in block]
    (choice,) = re.findall(r"!(sed .*) > ", cell)
    chosen = run(choice.replace("course/", ""), ROOT, Path(sys.prefix))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = set(project["dependencies"]) - COLAB - COMMANDS
    # anywidget stands on psygnal, and on what Colab has.
    assert set(re.findall(r"^([\w-]+)==", chosen, re.MULTILINE)) == wanted | {"psygnal"}
