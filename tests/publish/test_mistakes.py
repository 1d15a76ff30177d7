"""The gallery of mistakes in a solution notebook."""

from pathlib import Path

from seqviz.publish.mistakes import show_mistakes
from tests.publish.course import write_course


def test_every_mistake_runs_and_is_shown_with_code_and_verdict(tmp_path: Path):
    write_course(tmp_path)
    gallery = show_mistakes(tmp_path / "solutions" / "checks" / "toy.py", "double")
    ((name, code, report),) = gallery.entries
    assert name == report.mistake == "squared"
    assert code.endswith("def squared(x):\n    return x**2")
    bundle = gallery._repr_mimebundle_()
    assert bundle["text/plain"] == repr(gallery) == str(gallery)
    assert "A known mistake, “squared”" in bundle["text/plain"]
    assert "<summary>squared: 0 of 1 points</summary>" in bundle["text/html"]
