"""``seqviz grade``: what it is told, what it says, and its exit code."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqviz.grading.assignment import Assignment
    from seqviz.grading.batch import Options, Tally

DONE, INCOMPLETE, WRONG_USE = 0, 1, 2
_LEAST_MEGABYTES = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``seqviz grade``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="a folder, or a bulk download as zip")
    parser.add_argument("--assignment", required=True, metavar="STEM", help="as in exercises/STEM.ipynb")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="where the gradebook is, or will be")
    parser.add_argument("--jobs", type=_positive_int, default=cores, metavar="N", help="cores to use (default: all)")
    parser.add_argument(
        "--timeout", type=_positive, default=30.0, metavar="S", help="seconds for a cell on an idle core (default: 30)"
    )
    parser.add_argument("--memory", type=_megabytes, default=2048, metavar="MB", help="for a notebook (default: 2048)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of the hidden inputs, to repeat a grading (default: secret)"
    )
    parser.add_argument(
        "--sandbox",
        choices=("bwrap", "limits"),
        default="bwrap",
        help="bwrap (default): no network, no files, a wall; limits: only memory and time, which protects nothing else",
    )
    parser.add_argument(
        "--source", type=Path, metavar="NOTEBOOK", help="instructor's notebook of a course with tests in its cells"
    )
    parser.add_argument(
        "--regrade", action="append", default=[], metavar="CELL", help="run again, replace CELL's rows only"
    )
    parser.add_argument("--roster", type=Path, metavar="CSV", help="class list exported from Canvas or Moodle")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return value


def _positive_int(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return value


def _megabytes(text: str) -> int:
    value = int(text)
    if value < _LEAST_MEGABYTES:
        raise argparse.ArgumentTypeError(f"{text} MB are too few for a kernel with torch; at least {_LEAST_MEGABYTES}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Grade; return 0 when all were graded, 1 when some could not be, 2 for wrong use."""
    # More processes than cores run at once: libraries that start a thread per core must be told before they are loaded.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    # nbformat loads jsonschema, which spends a second on a grammar of web addresses if that package is there.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from seqviz.grading.sandbox import Limits, SandboxError, require

    try:
        require(arguments.sandbox)
        from seqviz.grading.assignment import AssignmentError
        from seqviz.grading.batch import Options
        from seqviz.grading.gradebook import GradebookError
        from seqviz.grading.roster import RosterError
        from seqviz.grading.submissions import SubmissionsError
        from seqviz.publish.errors import ReleaseError
    except ModuleNotFoundError as error:
        return _say(f"{error.name} is not installed: pip install 'seqviz[grade]'", WRONG_USE)
    except SandboxError as error:
        return _say(str(error), WRONG_USE)
    options = Options(
        jobs=arguments.jobs,
        cell_seconds=arguments.timeout,
        limits=Limits(memory=arguments.memory << 20),
        sandbox=arguments.sandbox,
        regrade=frozenset(arguments.regrade),
    )
    try:
        return _grade(arguments, options)
    except (SubmissionsError, AssignmentError, RosterError, ReleaseError) as error:
        return _say(str(error), WRONG_USE)
    except (GradebookError, SandboxError) as error:
        return _say(str(error), INCOMPLETE)


def _grade(arguments: argparse.Namespace, options: "Options") -> int:
    from seqviz.grading.assignment import AssignmentError, load_source, with_checks
    from seqviz.grading.batch import running
    from seqviz.grading.derived import write_derived
    from seqviz.grading.files import remove_partial
    from seqviz.grading.gradebook import Gradebook
    from seqviz.grading.roster import read_roster
    from seqviz.grading.submissions import find_submissions
    from seqviz.publish.release import find_root

    roster = read_roster(arguments.roster) if arguments.roster else None
    found = find_submissions(arguments.submissions, arguments.assignment)
    for note in found.notes:
        _say(note)
    if not found.found:
        return _say(f"{arguments.submissions}: no notebook in it", WRONG_USE)
    assignment = load_source(arguments.source, arguments.assignment) if arguments.source else _ours(arguments)
    if unknown := options.regrade - {cell.grade_id for cell in assignment.graded_cells}:
        known = ", ".join(cell.grade_id for cell in assignment.graded_cells)
        raise AssignmentError(f"no cell {', '.join(sorted(unknown))} to regrade; there are {known}")
    with running(options) as batch:  # its processes are forked before anything starts a thread
        gradebook = Gradebook(arguments.out, arguments.seed)
        try:
            remove_partial(arguments.out)
            if not arguments.source:
                assignment = with_checks(assignment, find_root(Path.cwd()), gradebook.seed)
            tally = batch.run(assignment, found.found, gradebook, arguments.out)
            for line in write_derived(gradebook, assignment.name, arguments.out, found.notes, roster):
                _say(line)
        finally:
            gradebook.close()
    return _report(arguments, tally, len(found.found))


def _ours(arguments: argparse.Namespace) -> "Assignment":
    from seqviz.grading.assignment import load_ours
    from seqviz.publish.release import find_root

    return load_ours(find_root(Path.cwd()), arguments.assignment)


def _report(arguments: argparse.Namespace, tally: "Tally", count: int) -> int:
    """Say what was done and what was not."""
    for student, why in sorted(tally.failed.items()):
        _say(f"{student}: not graded: {why}")
    done = tally.graded + tally.already
    before = f" ({tally.already} of them before)" if tally.already else ""
    _say(f"{done} of {count} submissions graded{before}; see {arguments.out / 'summary.html'}")
    if arguments.sandbox == "limits":
        from seqviz.grading.sandbox import NOT_ENFORCED

        _say("graded without a sandbox; not enforced: " + "; ".join(NOT_ENFORCED))
    if tally.interrupted:
        _say("interrupted: the same command goes on from here")
    return DONE if done == count else INCOMPLETE


def _say(line: str, code: int = DONE) -> int:
    """Print a line for a person, with nothing in it that a terminal obeys; return ``code``."""
    inert = "".join(character if character.isprintable() else "�" for character in line)
    print(inert, file=sys.stderr)
    return code
