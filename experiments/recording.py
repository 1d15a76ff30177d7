"""What every experiment does around its measurement: read how many seeds are wanted, and keep what was found."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import report
from seqviz.data.records import FOLDER


def record(
    experiment: str,
    description: str | None,
    measure: Callable[[int], Any],
    *,
    packages: Sequence[str] = ("torch",),
    **said: Any,
) -> None:
    """Measure with as many seeds as ``--seeds`` says, and write the record that a chapter reads.

    Args:
        experiment: the name of the script and of its record.
        description: what ``--help`` says.
        measure: from the number of seeds to the results.
        packages: on whose versions the results depend.
        said: what else the record keeps, such as the sizes.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    kept = {
        "command": f"python -m experiments.{experiment}",
        **said,
        "seeds": seeds,
        "environment": report.environment(*packages),
        "results": measure(seeds),
    }
    print(f"Written: {report.write(experiment, kept, FOLDER)}")
