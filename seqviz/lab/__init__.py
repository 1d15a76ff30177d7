"""What JupyterLab loads: a server extension that sends every reply of a kernel at once; and a check of the set-up."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "seqviz.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    # a notebook that checks its set-up imports this package too, and must be able to say that JupyterLab is missing
    from seqviz.lab.server import load_jupyter_server_extension

    load_jupyter_server_extension(server)
