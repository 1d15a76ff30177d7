"""What the benchmarks share: a table, a result file, and a description of the machine."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows of equal keys as a Markdown table: numbers to the right, fractions with two decimals.

    Raises ValueError where keys differ.
    """
    headers = list(rows[0]) if rows else []
    for row in rows:
        if list(row) != headers:
            raise ValueError(f"expected the columns {headers}, got {list(row)}")
    padded = []
    for header in headers:
        texts = [header, *(_text(row[header]) for row in rows)]
        width = max(map(len, texts))
        numeric = all(isinstance(row[header], int | float) for row in rows)
        cells = [f" {text.rjust(width) if numeric else text.ljust(width)} " for text in texts]
        rule = "-" * (width + 1) + (":" if numeric else "-")
        padded.append([cells[0], rule, *cells[1:]])
    return "\n".join("|" + "|".join(line) + "|" for line in zip(*padded, strict=True))


def _text(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def budget(value: float, limit: float) -> str:
    """Say whether a budget is met."""
    return "met" if value <= limit else "missed"


def ratio(times: Sequence[float], reference: Sequence[float]) -> float:
    """Median of the ratios pair by pair: a slow spell of the machine slows both of a pair."""
    return statistics.median(a / b for a, b in zip(times, reference, strict=True))


def environment(*packages: str) -> dict[str, Any]:
    """What the figures depend on besides the code: Python, package versions, processor, cores, threads."""
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "not set"),
    }


def load() -> float:
    """How many processes wanted a core over the last minute: times suffer if there are fewer cores."""
    return round(os.getloadavg()[0], 1)


def write(name: str, result: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Keep the result as ``<name>.json`` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
