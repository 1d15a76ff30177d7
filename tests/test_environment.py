"""The three places that name dependencies agree, and `make help` lists what the project promises."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

# what bears another name on conda-forge
CONDA_NAMES = {"torch": "pytorch-cpu"}


def ranges(lines):
    """Return name → range, both in one spelling."""
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): str(one.specifier) for one in requirements}


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_gets_the_same_packages_in_the_same_ranges(conda):
    listed = ranges(line for line in conda["dependencies"] if isinstance(line, str))
    wanted = {
        CONDA_NAMES.get(name, name): range_
        for name, range_ in ranges([*PROJECT["dependencies"], *EXTRAS["lab"]]).items()
    }
    assert listed == wanted | {"python": PROJECT["requires-python"], "pip": ""}


def test_conda_installs_the_package_itself(conda):
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    (by_pip,) = [line["pip"] for line in conda["dependencies"] if isinstance(line, dict)]
    assert by_pip == ["-e .[lab]"]


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(re.fullmatch(r"([^=]+)==(.+)", line).groups() for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("line", [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)])
def test_the_tested_set_has_a_version_inside_every_range(line):
    requirement = Requirement(line)
    tested = {canonicalize_name(name): version for name, version in pins().items()}
    name = canonicalize_name(requirement.name)
    assert name in tested, f"constraints.txt pins no {requirement.name}"
    assert requirement.specifier.contains(tested[name])


def test_the_tested_set_names_nothing_twice():
    names = [canonicalize_name(name) for name in pins()]
    assert len(names) == len(set(names))


def test_start_asks_for_the_python_that_the_project_needs():
    (needed,) = re.findall(r"sys\.version_info < \((\d+), (\d+)\)", (ROOT / "start.py").read_text(encoding="utf-8"))
    assert PROJECT["requires-python"] == f">={'.'.join(needed)}"


def test_seqviz_lab_asks_for_the_jupyterlab_of_its_extra():
    assert f'pip install "{EXTRAS["lab"][0]}"' in (ROOT / "seqviz/lab/command.py").read_text(encoding="utf-8")


def test_make_help_lists_every_command():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = {line.split()[1]: line.split()[2:] for line in done.stdout.splitlines()}
    promised = {"help", "setup", "lab", "test", "test-fast", "notebooks", "format", "check", "bench", "docs"}
    assert promised <= set(listed)
    assert all(listed.values()), "a command without a word on what it does"
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(phony[1].split()) == set(listed)
