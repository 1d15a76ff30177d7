"""The wheel in an empty environment, alone and with each extra, by the command that each is for."""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.jupyter import free_port
from tests.exercises.course import ROOT
from tests.lab.serving import contents, serving

pytestmark = pytest.mark.slow
CHAPTERS = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT], check=True)
    (made,) = folder.glob("*.whl")
    return made


Run = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def installed(wheel: Path, extra: str) -> Iterator[Run]:
    """An environment with the wheel and one extra; a function that runs a command of it. Gone at the end: 1 GB each."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        bin_ = Path(folder, "Scripts" if sys.platform == "win32" else "bin")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}

        def run(command: str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
            environment = clean | {"HOME": folder, "SEQVIZ_DATA_DIR": folder}
            whole = [bin_ / command, *arguments]
            return subprocess.run(whole, cwd=cwd, env=environment, capture_output=True, text=True)

        name = f"seqviz[{extra}] @ {wheel.as_uri()}"
        done = run("python", "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", name, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        yield run


def test_alone_it_explores_checks_and_says_what_is_missing(wheel: Path, tmp_path: Path):
    with installed(wheel, "") as run:
        code = "import seqviz as sv; print(sv.check_setup()); print(type(sv.explore.unrolled()));print(sv.progress())"
        done = run("python", "-W", "error", "-c", code, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "✗ jupyterlab is not installed → " in done.stdout
        assert done.stdout.count("✗") == 1
        assert "0 of" in done.stdout

        mine = tmp_path / "mine"
        done = run("seqviz", "lab", mine, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith("seqviz lab: JupyterLab is not installed; run: ")
        assert {path.name for path in (mine / "notebooks").iterdir()} == CHAPTERS
        assert not list(mine.rglob("*.safetensors")), "the package's own checks are used"

        grade = ["grade", "exercises", "--assignment", "02_unrolling", "--out", tmp_path / "out", "--sandbox", "limits"]
        for command, extra in ((grade, "grade"), (["release"], "grade"), (["export"], "pages")):
            done = run("seqviz", *command, cwd=ROOT)
            assert done.returncode == 2
            assert f"nbformat is not installed: pip install 'seqviz[{extra}]'" in done.stderr
            assert "Traceback" not in done.stderr


def test_lab_opens_the_chapters_in_an_empty_folder(wheel: Path, tmp_path: Path):
    with installed(wheel, "lab") as run:
        python = run("python", "-c", "import sys; print(sys.executable)", cwd=tmp_path).stdout.strip()
        mine = tmp_path / "mine"
        command = [python, "-m", "seqviz.cli", "lab", mine, "--no-browser", "--port", str(free_port()), "--allow-root"]
        with serving(command, tmp_path, tmp_path / "log", HOME=str(tmp_path)) as address:
            assert contents(address) == {"notebooks", "exercises", "docs"}
        code = (
            "import nbformat, nbclient; book = nbformat.read('notebooks/00_start_here.ipynb', 4);"
            "nbclient.NotebookClient(book).execute(); print(book)"
        )
        done = run("python", "-c", code, cwd=mine)
        assert done.returncode == 0, done.stderr
        assert "Everything is as it should be." in done.stdout


def test_pages_writes_a_page(wheel: Path, tmp_path: Path):
    with installed(wheel, "pages") as run:
        done = run("seqviz", "export", "notebooks/00_start_here.ipynb", "--out", tmp_path / "site", cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "site" / "00_start_here.html").is_file()


def grading_of_one(folder: Path) -> list[str]:
    """Write a submission; return the arguments that grade it."""
    submissions = folder / "submissions"
    submissions.mkdir()
    (submissions / "ada.ipynb").write_bytes((ROOT / "exercises" / "02_unrolling.ipynb").read_bytes())
    options = ["--assignment", "02_unrolling", "--out", str(folder / "results"), "--sandbox", "limits"]
    return ["grade", str(submissions), *options]


def test_grade_releases_and_grades(wheel: Path, tmp_path: Path):
    with installed(wheel, "grade") as run:
        done = run("seqviz", "release", "--check", cwd=ROOT)
        assert done.returncode == 0, done.stderr
        command = grading_of_one(tmp_path)
        done = run("seqviz", *command, "--dask", "tcp://127.0.0.1:9", cwd=ROOT)
        assert done.returncode == 2
        assert "dask is not installed: pip install 'seqviz[cluster]'" in done.stderr
        done = run("seqviz", *command, cwd=ROOT)
        assert done.returncode == 0, done.stderr + done.stdout
        assert "ada" in (tmp_path / "results" / "gradebook.csv").read_text()


def test_cluster_grades_on_a_dask_worker(wheel: Path, tmp_path: Path):
    code = (
        "import sys; from distributed import LocalCluster; from seqviz.cli import main\n"
        "with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "    sys.exit(main([*sys.argv[1:], '--dask', cluster.scheduler_address]))"
    )
    with installed(wheel, "cluster") as run:
        done = run("python", "-c", code, *grading_of_one(tmp_path), cwd=ROOT)
        assert done.returncode == 0, done.stderr + done.stdout
        assert "ada" in (tmp_path / "results" / "gradebook.csv").read_text()


def test_dev_runs_unit_tests(wheel: Path):
    with installed(wheel, "dev") as run:
        done = run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/models/test_rnn.py", cwd=ROOT)
        assert done.returncode == 0, done.stdout
        assert run("ruff", "check", "seqviz", cwd=ROOT).returncode == 0
