"""What all figures share, sent to the browser once per kernel: plotly.js and our front end.

A `plotly.graph_objects.FigureWidget` carries the whole bundle in its own state, 5 MB each. Ours carry a reference.
"""

import gzip
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets import widget_serialization

from seqviz.plots.wording import with_symbols
from seqviz.widgets import recording
from seqviz.widgets.javascript import joined
from seqviz.widgets.plotly_js import plotly_source

FRONT_END = Path(__file__).with_name("front_end")
RUN_ALL = "Run → Run All Cells"  # the menu of JupyterLab that brings saved widgets back to life


@cache
def _compressed_plotly() -> bytes:
    return gzip.compress(plotly_source().encode(), compresslevel=6)


class Runtime(anywidget.AnyWidget):
    """The one widget that carries plotly.js (compressed) and the front end. It draws nothing itself."""

    _esm = "export default {}"
    front_end = traitlets.Unicode().tag(sync=True)
    style = traitlets.Unicode().tag(sync=True)
    plotly = traitlets.Bytes().tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            front_end=joined(FRONT_END / "main.js"),
            style=(FRONT_END / "style.css").read_text(encoding="utf-8"),
            plotly=_compressed_plotly(),
            **kwargs,
        )


def paragraphs(*lines: str) -> str:
    """Return lines of text as HTML, with symbols set as symbols."""
    return "".join(f"<p>{with_symbols(escape(line))}</p>" for line in lines)


_shared: list[Runtime] = []


def shared_runtime() -> Runtime:
    """Return this kernel's runtime; a new one if there is none or it was closed."""
    if not _shared or _shared[0].comm is None:
        _shared[:] = [Runtime()]
    return _shared[0]


class SharedFrontEnd(anywidget.AnyWidget):
    """A widget drawn by the shared front end: its own module only fetches that front end from the runtime."""

    _esm = FRONT_END / "loader.js"
    kind = traitlets.Unicode().tag(sync=True)
    # a default, so that it is there when the comm opens
    runtime = traitlets.Instance(Runtime).tag(sync=True, **widget_serialization)

    @traitlets.default("runtime")
    def _default_runtime(self) -> Runtime:
        return shared_runtime()

    def beside(self) -> dict[str, Any]:
        """Return what a notebook keeps besides the widget, by media type: its form where widgets cannot run."""
        return {}

    def recording(self) -> dict[str, Any]:
        """Return what a page without a kernel needs to draw it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        recorded = {recording.MIME: self.recording()} if recording.wanted() else {}
        return bundle[0] | self.beside() | recorded, bundle[1]
