"""The ``seqviz`` command: one subcommand per job, each in the room that does it."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

# subcommand → (module with `add_arguments(parser)` and `run(arguments) -> exit code`, its extra, one line of help)
COMMANDS = {
    "lab": ("seqviz.lab.command", "lab", "copy chapters and exercises into a folder and open JupyterLab"),
    "release": ("seqviz.publish.command", "grade", "write exercises/ and their compiled checks from solutions/"),
    "export": ("seqviz.publish.pages.command", "pages", "write chapters as pages that work from disk"),
    "grade": ("seqviz.grading.command", "grade", "grade a folder or a bulk download of submissions"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code: 0 all done, 1 some could not be done, 2 wrong use."""
    argv = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run(argv)
    except ModuleNotFoundError as error:
        _, extra, _ = COMMANDS[argv[0]]
        print(f"seqviz {argv[0]} needs {error.name}: install seqviz[{extra}], not seqviz alone", file=sys.stderr)
        return 1


def _run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="seqviz",
        description="Learn and teach sequence models: open the chapters, release exercises, grade a class.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, _, summary) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        if argv[:1] == [name]:  # only the asked-for room is imported: `seqviz --help` is quick
            import_module(module).add_arguments(subparser)
    arguments = parser.parse_args(argv)
    return import_module(COMMANDS[arguments.command][0]).run(arguments)


if __name__ == "__main__":
    sys.exit(main())
