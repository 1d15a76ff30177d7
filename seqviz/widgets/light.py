"""The light figure: a plotly figure of a few kilobytes, with a sentence that says the same."""

import json
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import traitlets

from seqviz.plots.picture import Picture
from seqviz.plots.wording import with_symbols, worded
from seqviz.widgets.binary import encode, figure_to_tree
from seqviz.widgets.plotly_js import expect_drawable
from seqviz.widgets.recording import as_json
from seqviz.widgets.runtime import RUN_ALL, SharedFrontEnd, paragraphs

# arrays are sent as binary; the browser never sends them back, so there is nothing to echo
_binary = {"to_json": lambda value, _widget: encode(value), "echo_update": False}


class LightFigure(SharedFrontEnd):
    """A figure and its sentence, drawn by the one plotly.js of the kernel.

    Run headless, it leaves its still form: the sentence as text and the figure as plotly's JSON. A notebook that is
    opened without the kernel that made it shows these, see lab/opened.py.
    """

    kind = traitlets.Unicode("explorer").tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    # everything that does not depend on the selection; sent again only when it changes
    figure = traitlets.Dict().tag(sync=True, **_binary)
    # what depends on the selection, for all selections at once, with a sentence for each
    content = traitlets.Dict().tag(sync=True, **_binary)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True, echo_update=False)

    def still(self) -> tuple[go.Figure, str]:
        """Return the figure and the sentence that are shown now."""
        return self._still

    def __init__(self, still: go.Figure, sentence: str, figure: dict[str, Any] | None = None, **traits: Any) -> None:
        figure = figure_to_tree(still) if figure is None else figure
        expect_drawable(figure)
        self._still = (still, sentence)
        traits.setdefault("content", {"sentences": [sentence]})
        super().__init__(figure=figure, **traits)

    def beside(self) -> dict[str, Any]:
        """Return the still form: the sentence, and the figure as plotly's JSON."""
        figure, sentence = self.still()
        words = paragraphs(sentence, *([f"{RUN_ALL} to move this."] if self.controls else []))
        return {"text/plain": sentence, "text/html": words, "application/vnd.plotly.v1+json": _still_json(figure)}

    def recording(self) -> dict[str, Any]:
        """Return its state, as JSON."""
        names = ("kind", "title", "figure", "content", "controls", "values")
        return {name: as_json(encode(getattr(self, name))) for name in names}


def _still_json(figure: go.Figure) -> Mapping[str, Any]:
    """Return a figure as plotly's JSON, with its symbols set as our front end sets them (symbols.js)."""
    tree = json.loads(figure.to_json() or "{}")
    titled = [axis for name, axis in tree["layout"].items() if name[1:5] == "axis"]
    titled += [trace["colorbar"] for trace in tree["data"] if "colorbar" in trace]
    for title in (part["title"] for part in titled if "title" in part):
        title["text"] = with_symbols(title.get("text", ""))
    for trace in tree["data"]:
        said = {name: trace[name] for name in ("name", "hovertemplate") if isinstance(trace.get(name), str)}
        trace |= {name: with_symbols(text) for name, text in said.items()}
    return tree


def show(picture: Picture | go.Figure, sentence: str = "") -> LightFigure:
    """Show a picture: its figure, and its sentence for readers who cannot see it.

    A figure of your own needs the sentence beside it. Raises ValueError without one, and for a trace that needs more
    than flat axes.
    """
    if isinstance(picture, go.Figure):
        picture = Picture(picture, sentence)
    if not picture.sentence.strip():
        raise ValueError("expected a sentence that says what the figure shows, got none")
    title = str(picture.figure.layout.title.text or "Figure")
    return LightFigure(picture.figure, worded(picture.sentence), title=title)
