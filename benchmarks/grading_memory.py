"""How much memory of its own a further forked kernel takes, after a torch exercise has run in it."""

import json

import nbformat

from seqviz.grading import sandbox
from seqviz.grading.engine import execute
from seqviz.grading.execution import Execution, Place
from seqviz.grading.kernel_client import KernelServer

CODE = """
import json, torch
W = torch.randn(64, 64, requires_grad=True)
torch.tanh(W @ W).sum().backward()
rollup = dict(line.split()[:2] for line in open("/proc/self/smaps_rollup") if "kB" in line)
print(json.dumps({name: int(rollup[name + ":"]) for name in ("Private_Clean", "Private_Dirty", "Pss", "Rss")}))
"""


def own_memory_of_kernels(count: int = 3) -> dict[str, float]:
    """Start ``count`` kernels after one another in one sandbox, and return the largest figures in MB."""
    parent = KernelServer(sandbox.BWRAP)
    try:
        parent.wait_until_ready()
        told = [_told(parent.address) for _ in range(count)]
    finally:
        parent.stop()
    own = max(one["Private_Clean"] + one["Private_Dirty"] for one in told)
    return {
        "of its own, per further kernel": own / 1024,
        "resident, shared included": max(o["Rss"] for o in told) / 1024,
    }


def _told(address: str) -> dict[str, int]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    execution = Execution({}, Place(address), seed=0)
    execute(notebook, execution)
    return json.loads(execution.notebook.cells[0].outputs[0].text)
