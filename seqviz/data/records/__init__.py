"""Results of experiments too long for a chapter, as scripts in ``experiments/`` wrote them."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def recorded(name: str) -> dict[str, Any]:
    """Return the record of that name; it says which command wrote it, with which sizes and versions.

    Raises ValueError for a name that has no record.
    """
    path = FOLDER / f"{name}.json"
    known = sorted(path.stem for path in FOLDER.glob("*.json"))
    if name not in known:
        raise ValueError(f"expected one of {', '.join(known) or 'none yet'}, got {name!r}")
    return json.loads(path.read_text(encoding="utf-8"))
