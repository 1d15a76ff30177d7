"""``seqviz release``: write exercises/ from solutions/, check that it follows from them, or make the student bundle."""

import argparse
import sys
from pathlib import Path

from .bundle import write_bundle
from .course import find_root
from .errors import ReleaseError
from .release import differing, released_files, solution_stems, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``seqviz release``."""
    parser.add_argument("stems", nargs="*", metavar="STEM", help="such as 02_unrolling; without any, all of solutions/")
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--check", action="store_true", help="write nothing; name what differs and exit with 1")
    doing.add_argument("--student-bundle", type=Path, metavar="DIR", help="also write what students get into DIR")


def run(arguments: argparse.Namespace) -> int:
    """Release, and return 0 if all is done, 1 if something differs or stopped it, 2 for an unknown STEM."""
    try:
        root = find_root(Path.cwd())
        unknown = [stem for stem in arguments.stems if stem not in solution_stems(root)]
        if unknown:
            print(
                f"seqviz release: no solutions/{unknown[0]}.ipynb; there is {', '.join(solution_stems(root))}",
                file=sys.stderr,
            )
            return 2
        stems = arguments.stems or solution_stems(root)
        files = released_files(root, stems)
        changed = differing(root, files, whole=not arguments.stems)
        if arguments.check:
            for path in changed:
                print(f"{path} does not follow from solutions/; run: seqviz release", file=sys.stderr)
            return 1 if changed else 0
        write(root, files, changed)
        for path in changed:
            print(f"{'wrote' if path in files else 'removed'} {path}")
        if arguments.student_bundle:
            write_bundle(root, files, arguments.student_bundle)
            print(f"wrote the student bundle {arguments.student_bundle}")
    except (ReleaseError, OSError) as error:
        print(f"seqviz release: {error}", file=sys.stderr)
        return 1
    return 0
