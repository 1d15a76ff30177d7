"""What JupyterLab loads: a server extension that sends every reply of a kernel at once."""

from seqviz.lab.server import load_jupyter_server_extension as _load_jupyter_server_extension

__all__ = ["_load_jupyter_server_extension"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "seqviz.lab"}]
