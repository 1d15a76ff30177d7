"""ONNX Runtime Web for pages that compute: one classic script, which a page loads at the first key.

It lies in a checkout, beside the package, and so adds nothing to the wheel: pages that are exported without it stay
recorded.
"""

import json
from base64 import b64encode
from functools import cache
from pathlib import Path

import seqviz

FOLDER = Path(seqviz.__file__).parents[1] / "third_party" / "onnxruntime-web"
NAME = "onnxruntime.js"


def available() -> bool:
    """Say whether the runtime is there."""
    return (FOLDER / "ort-wasm-simd-threaded.wasm.gz").is_file()


@cache
def script() -> str:
    """Return the runtime as a script that sets a global: its module as text, and its WebAssembly, still gzipped."""
    licence = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    content = {
        "module": (FOLDER / "ort.wasm.bundle.min.mjs").read_text(encoding="utf-8"),
        "wasm": b64encode((FOLDER / "ort-wasm-simd-threaded.wasm.gz").read_bytes()).decode(),
    }
    return f"/*! ONNX Runtime Web\n{licence}*/\nglobalThis.seqvizOnnxRuntime = {json.dumps(content)};\n"
