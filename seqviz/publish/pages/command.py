"""``seqviz export``: chapters as pages that work from disk."""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import nbformat

from seqviz.publish.course import find_root
from seqviz.publish.errors import ReleaseError
from seqviz.publish.pages.chapter import Chapter, chapter_page, title_of
from seqviz.publish.pages.execute import executed
from seqviz.publish.pages.site import write_chapter, write_front, write_runtime, write_shared

START = "00_start_here"  # looks at the student's own machine: a page's front page takes its place
BUDGET = 3_000_000  # bytes of a page, besides what all share


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``seqviz export``."""
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="without any: every chapter")
    parser.add_argument("--out", type=Path, default=Path("site"), metavar="DIR", help="where to write (default: site)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="chapters run at the same time (default: 2)")


def run(arguments: argparse.Namespace) -> int:
    """Export, and return 0 if all is done, 1 if a chapter failed, 2 for a notebook that is not there."""
    try:
        paths = arguments.notebooks or chapters_of(find_root(Path.cwd()))
    except ReleaseError as error:
        print(f"seqviz export: {error}", file=sys.stderr)
        return 2
    missing = [path for path in paths if path.suffix != ".ipynb" or not path.is_file()]
    if missing:
        print(f"seqviz export: expected a notebook, got {missing[0]}", file=sys.stderr)
        return 2
    done: list[Chapter] = []
    titles = {path.stem: title_of(path.stem, nbformat.read(path, as_version=4)) for path in paths}
    write_shared(arguments.out)
    for path, result, seconds in exported(paths, arguments.jobs):
        if isinstance(result, ReleaseError):
            print(f"seqviz export: {result}", file=sys.stderr, flush=True)
            continue
        page = write_chapter(arguments.out, result, titles)
        size = page.stat().st_size
        print(f"wrote {page} ({size / 1e6:.1f} MB, {seconds:.0f} s)", flush=True)
        if size > BUDGET:
            print(
                f"seqviz export: {path.name}: expected at most {BUDGET / 1e6:.0f} MB, got {size / 1e6:.1f} MB",
                file=sys.stderr,
            )
            continue
        done.append(result)
    if any(chapter.graphs for chapter in done):
        runtime = write_runtime(arguments.out)
        print(f"wrote {runtime} ({runtime.stat().st_size / 1e6:.1f} MB, loaded where somebody types)")
    print(f"wrote {write_front(arguments.out, done)}")
    return 0 if len(done) == len(paths) else 1


def chapters_of(root: Path) -> list[Path]:
    """Return every chapter of the project, in order, an appendix after its chapter."""
    return sorted(path for path in (root / "notebooks").glob("[0-9]*.ipynb") if path.stem != START)


def exported(paths: list[Path], jobs: int) -> Iterator[tuple[Path, Chapter | ReleaseError, float]]:
    """Run the notebooks, some at a time, and yield each with its page, or with what went wrong, and its seconds."""

    def export(path: Path) -> tuple[Chapter | ReleaseError, float]:
        start = perf_counter()
        try:
            return chapter_page(path.stem, executed(path)), perf_counter() - start
        except ReleaseError as error:
            return error, perf_counter() - start

    with ThreadPoolExecutor(jobs) as pool:
        for path, (result, seconds) in zip(paths, pool.map(export, paths), strict=True):
            yield path, result, seconds
