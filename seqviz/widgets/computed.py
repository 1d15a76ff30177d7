"""What a page needs to compute an explorer's answers itself: graphs of its models, for publish/pages/assets.

A page does so where it is exported with the runtime for them, see docs/computing_pages.md.
"""

import gzip
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np

from seqviz.models.decoding import DecodeStep
from seqviz.models.onnx_graph import OnnxGraph, can_export, network_graph, onnx_graph
from seqviz.models.recurrent_network import RecurrentNetwork


def decode_steps(readers: Mapping[str, tuple[DecodeStep[Any], Any]]) -> dict[str, Any] | None:
    """Return the graph of every decode step and its first state, as JSON.

    None where torch's exporter is not complete, or where the state of a step does not keep its shape.
    """
    if not can_export():
        return None
    try:
        graphs = {name: onnx_graph(step, state) for name, (step, state) in readers.items()}
    except ValueError:
        return None
    return _as_json(graphs)


def network_steps(networks: Mapping[str, RecurrentNetwork]) -> dict[str, Any] | None:
    """Return the graph of a step of every network that reads vectors, and its first memory, as JSON.

    None where torch's exporter is not complete.
    """
    return _as_json({name: network_graph(one) for name, one in networks.items()}) if can_export() else None


def _as_json(graphs: Mapping[str, OnnxGraph]) -> dict[str, Any]:
    return {
        name: {
            "graph": b64encode(gzip.compress(graph.model, compresslevel=9, mtime=0)).decode(),
            "state": [_part(part.numpy()) for part in graph.state],
        }
        for name, graph in graphs.items()
    }


def _part(part: np.ndarray) -> dict[str, Any]:
    return {"type": part.dtype.name, "shape": list(part.shape), "values": part.ravel().tolist()}
