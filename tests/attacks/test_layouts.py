"""Wherever a course lies, its kernels see nothing of it: no solution, no submission, no gradebook."""

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attacks.attacks import hostile
from tests.attacks.conftest import ORDINARY_USER, as_ordinary_user
from tests.grading.course import LEAKY, STEM, SUM, notebook, toy, write_course, write_submissions

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(os.getuid() != 0, reason="laying a course below /usr and becoming another user need root"),
]

# Looks at every file there is, and takes the reference where it finds one.
SEARCH = """
import os, sys
found = []
for folder, inside, files in os.walk("/"):
    if folder in ("/proc", "/sys", "/dev"):
        inside.clear()
    found += [os.path.join(folder, name) for name in files if name in ("toy.py", "gradebook.sqlite", "roster.csv")]
    found += [os.path.join(folder, name) for name in files if name.endswith(".ipynb") and "site-packages" not in folder]
print("found", "these:", found) if found else print("nothing", "there")
for path in found:
    text = open(path, "rb").read()
    print("read", "it:", path, len(text))
    if path.endswith("toy.py"):
        names = {}
        exec(text, names)
        stolen = names["leaky_step"].reference
"""
CHEAT = "def leaky_step(x, h, W, alpha):\n    return stolen(x, h, W, alpha)"


@dataclass(frozen=True)
class Layout:
    """Where the course is seen, and shell commands that lay it there from the folder ``base``."""

    course: str
    mounts: str
    python: str = sys.executable


def layouts(base: Path) -> dict[str, Layout]:
    environment = shlex.quote(sys.prefix)
    below_usr = f"mount --bind {base} /usr/src"
    inside = "mount --bind {0} {1}/.venv"
    parts = " && ".join(f"mount --bind {environment}/{part} {base}/course/{part}" for part in ("bin", "lib"))
    return {
        "a home": Layout(f"{base}/course", "true"),
        "/usr/src/app": Layout("/usr/src/course", below_usr),
        "a second name in /usr": Layout(f"{base}/course", f"mount --bind {base} /usr/src"),
        "its environment inside": Layout(
            f"{base}/course", inside.format(environment, f"{base}/course"), f"{base}/course/.venv/bin/python"
        ),
        "its environment inside, in /usr": Layout(
            "/usr/src/course",
            f"{below_usr} && {inside.format(environment, '/usr/src/course')}",
            "/usr/src/course/.venv/bin/python",
        ),
        "its solutions below /usr, by a link": Layout(
            f"{base}/course",
            f"mkdir {base}/kept && mv {base}/course/solutions {base}/kept && mount --bind {base}/kept /usr/src && "
            f"ln -s /usr/src/solutions {base}/course/solutions",
        ),
        "it is the environment": Layout(f"{base}/course", parts, f"{base}/course/bin/python"),
    }


@pytest.fixture
def base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="layouts-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def grade(base: Path, layout: Layout, user: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [layout.python, "-m", "seqviz.cli", "grade", "submissions", "--assignment", STEM, "--out", "results"]
    command = ["bash", "-c", f'cd {layout.course} && exec "$@"', "bash", *command, "--seed", "1", *arguments]
    if user == "root":
        script = f'mount --make-rprivate / && {layout.mounts} && exec "$@"'
        command = ["unshare", "--mount", "bash", "-ec", script, "bash", *command]
    else:
        for path in (base / "course", *(base / "course").rglob("*")):
            shutil.chown(path, ORDINARY_USER, ORDINARY_USER)
        command = as_ordinary_user(command, layout.mounts)
    environment = os.environ | {"TQDM_DISABLE": "1", "HOME": str(base)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def lay(base: Path) -> Path:
    course = write_course(base / "course")
    for folder in ("results", ".venv", "bin", "lib"):
        (course / folder).mkdir()
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", course)

    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM), "eve": notebook(hostile(CHEAT, first=SEARCH))})
    return course


@pytest.mark.parametrize("user", ["root", "ordinary user"])
@pytest.mark.parametrize("name", layouts(Path("/")))
def test_a_kernel_finds_nothing_of_the_course(base: Path, name: str, user: str) -> None:
    course = lay(base)
    layout = layouts(base)[name]
    done = grade(base, layout, user)
    assert done.returncode == 0, done.stderr
    with (course / "results" / "gradebook.csv").open(newline="") as file:
        points = [(row["student"], float(row["points"])) for row in csv.DictReader(file)]
    executed = (course / "results" / "notebooks" / "eve.ipynb").read_text()
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(executed)["cells"]])
    assert "nothing there" in outputs, outputs
    assert points == [("ada", 3), ("ada", 2), ("eve", 0), ("eve", 2)]


@pytest.mark.parametrize("out", ["/usr/src/not-made-yet", "/usr"])
def test_what_cannot_be_hidden_is_refused_in_words(base: Path, out: str) -> None:
    lay(base)
    done = grade(base, layouts(base)["a home"], "root", "--out", out)
    assert done.returncode == 2
    assert f"{out}: kernels" in done.stderr
    assert "Traceback" not in done.stderr
