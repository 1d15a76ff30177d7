"""A story painted by the cells that read it."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float

from seqviz.plots.gated import story as plots
from seqviz.traces.gated.records import StoryTrace
from seqviz.traces.gated.story import trace_story
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

Followed = tuple[Bool[np.ndarray, " time"], int]


def story(
    tokens: Sequence[str], cells: Float[np.ndarray, "time hidden"], facts: Mapping[str, Followed], step: int = 0
) -> Explorer[StoryTrace]:
    """Read a story whose words take the colour of a cell: of the one that follows a fact, or of any you click.

    where cells are c_t after each word, and facts map a name to the truth at each word and the cell that follows it,
    counted from 0.

    Raises ValueError as `trace_story`.
    """
    traces = {name: trace_story(tokens, cells, name, *followed) for name, followed in facts.items()}

    return Explorer(
        "A story and its cells",
        lambda fact: traces[fact],
        View(
            figure=plots.story_figure,
            patch=plots.story_patch,
            describe=plots.describe_story,
            selections=lambda story: len(story.tokens),
            structure=lambda story: story.fact,
            pick="xaxis",
            press={"yaxis2": "paint"},
            strip=_strip,
        ),
        [
            Choice("fact", "Is the subject …", list(facts), next(iter(facts))),
            Range(
                "paint",
                "Paint by (click a row)",
                minimum=0,
                maximum=cells.shape[1],
                step=1,
                value=0,
                browser=True,
                shown=["its cell", *(f"cell {cell}" for cell in range(1, cells.shape[1] + 1))],
            ),
        ],
        Range(
            "step",
            "Word",
            minimum=0,
            maximum=len(tokens) - 1,
            step=1,
            value=step,
            browser=True,
            offset=1,
            play="Read on",
        ),
    )


def _strip(story: StoryTrace) -> Strip:
    follower = Caption(
        f"The story, painted by cell {story.cell + 1}, which goes along with {story.fact}",
        (f"not {story.fact}", story.fact),
        diverging=True,
    )
    every = [
        Caption(f"The story, painted by cell {cell}", ("−1", "+1"), diverging=True)
        for cell in range(1, story.held.shape[1] + 1)
    ]
    return Strip(
        follower.words, story.tokens, plots.levels(story), flowing=True, by="paint", captions=(follower, *every)
    )
