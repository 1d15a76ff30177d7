"""Shape annotations are enforced here, and only here: notebooks run without the cost."""

from jaxtyping import install_import_hook

install_import_hook(["seqviz.models", "seqviz.traces", "seqviz.data", "seqviz.training"], "beartype.beartype")
