"""What JupyterLab gets when it opens a notebook: nothing that names a kernel which is gone, nothing it would correct.

- A saved widget names a model of the kernel that made it. In the next kernel, and in this one after a restart,
  JupyterLab finds no such model and says so where the picture was. Every widget of ours is saved with its still form,
  which then takes its place.
- When its kernel starts, JupyterLab writes the kernel's name and version into the notebook. If that changes anything,
  the notebook counts as modified before anybody has touched it. We write it first.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"
PLOTLY = "application/vnd.plotly.v1+json"
_PROGRESS = re.compile(r"\d+%\|")  # a progress bar's text is the one from its start, which misleads


def has_widgets(notebook: dict[str, Any]) -> bool:
    """Say whether any output is a widget."""
    return any(WIDGET in output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", ()))


def still(notebook: dict[str, Any], alive: Collection[str] = ()) -> None:
    """Replace every widget in the outputs by what was saved beside it, but those whose model's name is ``alive``."""
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [still for output in cell["outputs"] for still in _still_outputs(output, alive)]


def _still_outputs(output: dict[str, Any], alive: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield what takes an output's place: a picture and its words are two, since JupyterLab shows one form of each."""
    widget = output.get("data", {}).get(WIDGET)
    if widget is None or widget.get("model_id") in alive:
        yield output
        return
    like = type(output)  # nbformat, which may write the notebook again, knows a class of its own
    data = {kind: value for kind, value in output["data"].items() if kind != WIDGET}
    if PLOTLY in data and "text/html" in data:
        yield like(output_type="display_data", metadata={}, data={PLOTLY: data.pop(PLOTLY)})
    if "text/html" in data or not _PROGRESS.search(str(data.get("text/plain", ""))):
        yield like({**output, "data": data})


def introduce(notebook: dict[str, Any], kernelspec: Mapping[str, str], language_info: Mapping[str, Any]) -> None:
    """Write the kernel's description as JupyterLab does, if the notebook asks for that kernel."""
    metadata = notebook["metadata"]
    if metadata.get("kernelspec", {}).get("name") == kernelspec["name"]:
        metadata["kernelspec"] = dict(kernelspec)
        metadata["language_info"] = dict(language_info)
