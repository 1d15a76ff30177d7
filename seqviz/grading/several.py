"""An assignment of several notebooks: one submission holds one of each, graded in turn and reported together."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from seqviz.grading.results import GRADED, UNREADABLE, Result, Row

NOT_HANDED_IN = "not handed in"


def pack(notebooks: Mapping[str, bytes]) -> bytes:
    """Return the notebooks of one submission, by their names, as bytes."""
    return json.dumps({name: base64.b64encode(blob).decode() for name, blob in sorted(notebooks.items())}).encode()


def unpack(blob: bytes) -> dict[str, bytes]:
    """Read the notebooks of one submission."""
    return {name: base64.b64decode(text) for name, text in json.loads(blob).items()}


def cell_name(notebook: str, cell: str) -> str:
    """Name a cell of one of several notebooks: each may use the same grade_ids."""
    return f"{notebook}/{cell}"


def together(results: Mapping[str, Result]) -> Result:
    """Join the results of one submission's notebooks; one that could not be read takes nothing from the others."""
    whole = Result(GRADED if any(one.status == GRADED for one in results.values()) else UNREADABLE)
    for name, one in results.items():
        whole.rows += [replace(row, cell=cell_name(name, row.cell)) for row in one.rows]
        whole.warnings += [f"{name}: {warning}" for warning in one.warnings]
        whole.message = "; ".join(filter(None, [whole.message, one.message and f"{name}: {one.message}"]))
        whole.notebooks |= {name: one.notebook} if one.notebook else {}
        whole.seconds += one.seconds
        for phase, seconds in one.phases.items():
            whole.phases[phase] = whole.phases.get(phase, 0.0) + seconds
    return whole


def not_handed_in(rows: list[Row]) -> Result:
    """Return the result of a notebook that is not in the submission: no points, also where a person gives them."""
    return Result(GRADED, NOT_HANDED_IN, [replace(row, points=0.0, status=NOT_HANDED_IN) for row in rows])


def grade_each(blob: bytes, notebooks: Mapping[str, list[Row]], grade: Callable[[str, bytes], Result]) -> Result:
    """Grade every notebook of a submission; ``notebooks`` are all there should be, with rows for one that is not."""
    handed_in = unpack(blob)
    return together(
        {
            name: grade(name, handed_in[name]) if name in handed_in else not_handed_in(rows)
            for name, rows in notebooks.items()
        }
    )
