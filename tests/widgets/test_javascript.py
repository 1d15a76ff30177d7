"""Modules are joined in the order of their imports; what the joiner does not understand, it names."""

from pathlib import Path

import pytest

from seqviz.widgets.javascript import joined

FILES = {
    "entry.js": """// Entry.
import { double } from "./math/double.js";
import { HALF, later } from "./base.js";

export function four() {
  return double(double(1)) + HALF + later();
}
""",
    "math/double.js": """import { HALF } from "../base.js";
const twice = (x) => x / HALF;
export const double = (x) => twice(x);
""",
    "base.js": """export const HALF = 0.5;
export async function later() {
  const { x } = await import("x");
}
""",
}


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    (tmp_path / "math").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "entry.js"


def test_what_is_imported_stands_first_and_once_and_only_the_entry_exports(entry: Path):
    assert (
        joined(entry)
        == """const HALF = 0.5;
async function later() {
  const { x } = await import("x");
}

const twice = (x) => x / HALF;
const double = (x) => twice(x);

// Entry.

export function four() {
  return double(double(1)) + HALF + later();
}
"""
    )


@pytest.mark.parametrize(
    "line",
    [
        'import double from "./base.js";',
        'import * as base from "./base.js";',
        'import { HALF as half } from "./base.js";',
        'import { HALF } from "base";',
        'import { HALF } from "./base.js"',
        'import "./base.js";',
        "import {",
        'export { HALF } from "./base.js";',
        "export default four;",
        "export { four };",
        "const { a } = {};",
        "var old = 1;",
    ],
)
def test_a_line_that_is_written_otherwise_is_named(entry: Path, line: str):
    base = entry.with_name("base.js")
    base.write_text(f"// Base.\n{line}\n{base.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^base\.js, line 2: expected .*, got ") as raised:
        joined(entry)
    assert str(raised.value).endswith(f"got {line}")


def test_one_name_in_two_files_is_named_with_both(entry: Path):
    with entry.open("a", encoding="utf-8") as file:
        file.write("const twice = 2;\n")
    with pytest.raises(ValueError, match=r"names that differ, got twice in double\.js and entry\.js"):
        joined(entry)


def test_a_circle_of_imports_is_named(entry: Path):
    base = entry.with_name("base.js")
    base.write_text(f'import {{ double }} from "./math/double.js";\n{FILES["base.js"]}', encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"without a circle, got (base\.js → double\.js → base|double\.js → base\.js → double)\.js"
    ):
        joined(entry)
