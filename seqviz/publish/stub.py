"""Make the student's notebook from the solution notebook: solutions become stubs, instructors' cells go."""

from copy import deepcopy

import nbformat

from .notebook import BEGIN, END, SolutionNotebook, checked_function, for_instructors, grading


def exercise_notebook(solution: SolutionNotebook) -> str:
    """Return the text of the exercise notebook, without outputs, with the cell ids of the solution."""
    node = deepcopy(solution.node)
    node.cells = [cell for cell in node.cells if not for_instructors(cell)]
    labels = iter([f"{asked.number} {asked.name}" for asked in solution.exercises])
    label = next(labels, "")
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if grading(cell).get("solution"):
            cell.source = with_stub(cell.source, label)
        elif grading(cell).get("grade") and checked_function(cell.source):
            label = next(labels, "")
    return nbformat.writes(node) + "\n"


def with_stub(source: str, label: str) -> str:
    """Replace every marked solution in ``source`` with a line that raises NotImplementedError("02.3 leaky_step")."""
    lines, inside = [], False
    for line in source.splitlines():
        if BEGIN in line:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f'{indent}raise NotImplementedError("{label}")')
            inside = True
        elif END in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)
