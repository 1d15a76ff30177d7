"""``seqviz grade``: what it is told, what it says, and its exit code."""

import argparse
import contextlib
import platform
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seqviz.grading import machine
from seqviz.grading.errors import IncompleteError, WrongUseError
from seqviz.publish.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqviz.grading.batch import Tally
    from seqviz.grading.submissions import Submissions
    from seqviz.grading.workers import Workers

DONE, INCOMPLETE, WRONG_USE = 0, 1, 2
_LEAST_MEGABYTES = 256
_LISTED = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``seqviz grade``."""
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="a folder, or a bulk download as zip")
    parser.add_argument("--assignment", required=True, metavar="STEM", help="as in exercises/STEM.ipynb")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="where the gradebook is, or will be")
    parser.add_argument(
        "--jobs", type=_positive_int, metavar="N", help="cores to use, with --dask on each worker (default: all)"
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="grade on the workers of a Dask cluster: its scheduler's address, or the file that the scheduler writes",
    )
    parser.add_argument(
        "--timeout", type=_positive, default=30.0, metavar="S", help="seconds for a cell by the clock (default: 30)"
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
        "--source",
        type=Path,
        metavar="NOTEBOOK",
        help="instructor's notebook, or folder of notebooks, with tests in cells",
    )
    parser.add_argument(
        "--files",
        type=Path,
        metavar="FOLDER",
        help="data files for the kernels' working folder (default: those beside --source)",
    )
    parser.add_argument(
        "--regrade", action="append", default=[], metavar="CELL", help="run again, replace CELL's rows only"
    )
    parser.add_argument("--profile", action="store_true", help="say where the time went, per submission")
    parser.add_argument("--due", metavar="TIME", help="with its zone: '2026-11-20 23:59 Europe/Berlin'")
    parser.add_argument(
        "--late-penalty", metavar="RULE", help="'10%% per day', '2 points per hour, at most 50%%', or '100%%'"
    )
    parser.add_argument("--manual", type=Path, metavar="CSV", help="manual.csv of the results, points filled in")
    parser.add_argument(
        "--partial", action="store_true", help="write the import file although a person has yet to give points"
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
    machine.prepare_process()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as cleanly as with Ctrl-C
    try:
        return _grade(arguments)
    except (WrongUseError, ReleaseError) as error:
        return _say(str(error), WRONG_USE)
    except IncompleteError as error:
        return _say(str(error), INCOMPLETE)
    except KeyboardInterrupt:
        return _say("interrupted before it began", INCOMPLETE)
    except OSError as error:  # a name too long, a folder that is closed
        return _say(f"{error.filename or 'grading'}: {error.strerror or error}", INCOMPLETE)
    except ModuleNotFoundError as error:
        extra = "cluster" if error.name in ("dask", "distributed") else "grade"
        return _say(f"{error.name} is not installed: pip install 'seqviz[{extra}]'", WRONG_USE)
    finally:
        signal.signal(signal.SIGTERM, before)


def _grade(arguments: argparse.Namespace) -> int:
    if platform.system() != "Linux":  # elsewhere the modules below cannot even be loaded
        raise WrongUseError(
            f"grading runs on Linux, and this is {platform.system()}: use a Linux container or virtual machine"
        )
    from seqviz.grading import hiding, sandbox
    from seqviz.grading.submissions import find_submissions
    from seqviz.publish.course import find_root

    root = None if arguments.source else find_root(Path.cwd())
    course = root or _course_of(arguments.source)
    private = [arguments.submissions, arguments.out, *([arguments.roster] if arguments.roster else [])]
    secret = [*hiding.secrets_of(course), *private]
    if not arguments.dask:
        sandbox.require(arguments.sandbox, secret)
        machine.require_memory(arguments.memory << 20)
    others = [path.stem for path in (root / "exercises").glob("*.ipynb")] if root else []
    files = _files(arguments, private)
    found = find_submissions(
        arguments.submissions, arguments.assignment, others=others, out=arguments.out, notebooks=_notebooks(arguments)
    )
    for note in found.notes:
        _say(note)
    if not found.found:
        for student, why in found.without.items():
            _say(f"{student}: {why}")
        raise WrongUseError(f"{arguments.submissions}: no notebook in it")
    # From here on others get ready to grade while this process imports what it takes itself, which is slow.
    with contextlib.ExitStack() as stack:
        if arguments.dask:
            workers = stack.enter_context(_on_cluster(arguments, secret, files, len(found.found)))
        else:
            workers = stack.enter_context(_here(arguments, secret, files))
        return _grade_with(workers, arguments, found, root, files)


def _notebooks(arguments: argparse.Namespace) -> list[str]:
    """Return the names of the notebooks that ``--source`` asks for."""
    if not arguments.source:
        return []
    from seqviz.grading.assignment import source_notebooks  # slow to import

    return [path.stem for path in source_notebooks(arguments.source)]


@contextlib.contextmanager
def _here(
    arguments: argparse.Namespace, secret: "list[Path]", files: "dict[str, Path]"
) -> "Iterator[Callable[[], Workers]]":
    """Start the kernels' parent, which imports for a while, as this process does; yield what forks the workers."""
    from seqviz.grading import control_groups
    from seqviz.grading.kernel_client import KernelServer

    kernels = machine.kernels_at_once(arguments.jobs or machine.cores(), arguments.memory << 20)
    with control_groups.delegated() as group, contextlib.ExitStack() as stack:
        parent = KernelServer(arguments.sandbox, secret, kernels, files)
        stack.callback(parent.stop)

        def fork() -> "Workers":
            from seqviz.grading.local_workers import LocalWorkers  # slow to import

            workers = LocalWorkers(kernels, parent, group)
            stack.callback(workers.stop)
            return workers

        yield fork


@contextlib.contextmanager
def _on_cluster(
    arguments: argparse.Namespace, secret: "list[Path]", files: "dict[str, Path]", count: int
) -> "Iterator[Callable[[], Workers]]":
    """Have the cluster's workers begin for ``count`` submissions; yield what returns them.

    Where there is a gradebook, nobody knows yet whether anything is left to do: they then begin when something is.
    """
    from seqviz.grading.cluster import DaskWorkers
    from seqviz.grading.station import Orders
    from seqviz.grading.submissions import GRADEBOOK

    orders = Orders.of(arguments.sandbox, arguments.memory << 20, arguments.jobs, secret, files)
    expected = 0 if (arguments.out / GRADEBOOK).exists() else count
    workers = DaskWorkers(arguments.dask, orders, _say, expected)
    try:
        yield lambda: workers
    finally:
        workers.stop()


def _files(arguments: argparse.Namespace, private: "list[Path]") -> "dict[str, Path]":
    """Return the files that kernels have beside them, and say which."""
    from seqviz.grading.data_files import files_beside, files_of

    if arguments.files:
        files = files_of(arguments.files, private)
    else:
        files = files_beside(arguments.source, private) if arguments.source else {}
    if files:
        more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
        _say(f"files in every kernel's working folder: {', '.join([*files][:_LISTED])}{more}")
    return files


def _course_of(source: Path) -> Path:
    """Return the folder of an nbgrader course, with its other assignments, or else the source's."""
    folder = source.resolve() if source.is_dir() else source.resolve().parent
    return folder.parents[1] if folder.parent.name == "source" else folder


def _grade_with(
    start: "Callable[[], Workers]",
    arguments: argparse.Namespace,
    found: "Submissions",
    root: Path | None,
    files: "dict[str, Path]",
) -> int:
    with machine.importing():
        from seqviz.grading.assignment import load_ours, load_source, with_checks
        from seqviz.grading.batch import Batch, Options
        from seqviz.grading.data_files import hash_of
        from seqviz.grading.derived import write_derived
        from seqviz.grading.files import remove_partial
        from seqviz.grading.gradebook import Gradebook
        from seqviz.grading.late import parse_rule
        from seqviz.grading.manual import match, read_manual
        from seqviz.grading.roster import read_roster
        from seqviz.grading.sandbox import Limits
        from seqviz.grading.times import parse_time

    options = Options(
        cell_seconds=arguments.timeout,
        limits=Limits(memory=arguments.memory << 20, cpu=max(3600, int(20 * arguments.timeout))),
        sandbox=arguments.sandbox,
        regrade=frozenset(arguments.regrade),
    )
    roster = read_roster(arguments.roster) if arguments.roster else None
    due = parse_time(arguments.due) if arguments.due else None
    rule = parse_rule(arguments.late_penalty) if arguments.late_penalty else None
    if rule and due is None:
        raise WrongUseError("--late-penalty needs --due")
    manual = read_manual(arguments.manual) if arguments.manual else []
    assignment = load_ours(root, arguments.assignment) if root else load_source(arguments.source, arguments.assignment)
    assignment = assignment.with_files(hash_of(files))
    if unknown := options.regrade - {cell.grade_id for cell in assignment.graded_cells}:
        known = ", ".join(cell.grade_id for cell in assignment.graded_cells)
        raise WrongUseError(f"no cell {', '.join(sorted(unknown))} to regrade; there are {known}")
    workers = start()  # forked before anything starts a thread
    gradebook = Gradebook(arguments.out, arguments.seed)
    try:
        remove_partial(arguments.out)
        assignment = with_checks(assignment, root, gradebook.seed) if root else assignment
        tally = Batch(options, workers).run(assignment, found.found, gradebook, arguments.out)
        tally.failed = found.without | tally.failed
        notes = [*found.notes, *_not_graded(tally)]
        if manual:
            given, unused = match(manual, gradebook.counting(assignment.name))
            gradebook.give(given)
            notes += unused
            for line in unused:
                _say(line)
        for line in write_derived(
            gradebook, assignment.name, arguments.out, notes, roster, partial=arguments.partial, due=due, rule=rule
        ):
            _say(line)
    finally:
        gradebook.close()
    return _report(arguments, tally, len(found.found) + len(found.without), workers.memory_kept)


def _not_graded(tally: "Tally") -> list[str]:
    return [f"{student}: not graded: {why}" for student, why in sorted(tally.failed.items())]


def _report(arguments: argparse.Namespace, tally: "Tally", count: int, memory_kept: str) -> int:
    """Say what was done and what was not."""
    for line in _not_graded(tally):
        _say(line)
    done = tally.graded + tally.already
    before = f" ({tally.already} of them before)" if tally.already else ""
    _say(f"{done} of {count} submissions graded{before}; see {arguments.out / 'summary.html'}")
    if arguments.profile and tally.graded:
        parts = [f"{phase} {1000 * seconds / tally.graded:.0f}" for phase, seconds in tally.phases.items()]
        _say("milliseconds per submission: " + ", ".join(parts))
        _say(f"memory of kernels: {memory_kept}")
    if arguments.sandbox == "limits":
        from seqviz.grading.sandbox import NOT_ENFORCED

        _say("graded without a sandbox; not enforced: " + "; ".join(NOT_ENFORCED))
    if why := "interrupted" if tally.interrupted else tally.stopped:
        _say(f"{why}: the same command goes on from here")
    return DONE if done == count else INCOMPLETE


def _say(words: str, code: int = DONE) -> int:
    """Print a line for a person, with nothing in it that a terminal obeys; return ``code``."""
    line = " ".join(words.split())
    print("".join(character if character.isprintable() else "�" for character in line), file=sys.stderr)
    return code
