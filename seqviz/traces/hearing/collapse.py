"""Read a path frame by frame, and keep what it stands for."""

from seqviz.models.hearing.ctc import BLANK, collapse, frames_needed
from seqviz.traces.hearing.records import CollapseTrace

SIGN = "-"  # of the blank


def trace_collapse(path: str) -> CollapseTrace:
    """Record what a path of letters or digits collapses to after every frame; "-" is the blank.

    Raises ValueError for an empty path and for a sign that is neither a letter, a digit nor the blank.
    """
    wrong = sorted({sign for sign in path if sign != SIGN and not sign.isalnum()})
    if wrong or not path:
        came = ", ".join(map(repr, wrong)) or "nothing"
        raise ValueError(f"expected letters, digits and {SIGN} for the blank, got {came}")
    numbers = [BLANK if sign == SIGN else ord(sign) for sign in path]
    so_far = [collapse(numbers[: frame + 1]) for frame in range(len(path))]
    before = [SIGN, *path]
    return CollapseTrace(
        path=path,
        starts=tuple(now not in (SIGN, old) for old, now in zip(before, path, strict=False)),
        labels=tuple("".join(map(chr, labels)) for labels in so_far),
        needed=tuple(map(frames_needed, so_far)),
    )
