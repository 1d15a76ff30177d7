"""Tasks on sequences with a worked example each, sorted by what goes in and what comes out."""

from typing import NamedTuple

ONE_TO_ONE = "one to one"
ONE_TO_MANY = "one to many"
MANY_TO_ONE = "many to one"
EQUAL = "many to many, equal lengths"
UNEQUAL = "many to many, unequal lengths"


class Task(NamedTuple):
    """One example of a task: what is read and what is answered, element by element."""

    shape: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def steps(self) -> int:
        """The number of steps: an answer of unequal length begins after the whole input was read."""
        if self.shape == UNEQUAL:
            return len(self.inputs) + len(self.outputs)
        return max(len(self.inputs), len(self.outputs))

    @property
    def first_answer(self) -> int:
        """The step, counted from 1, at which the answer begins."""
        return self.steps - len(self.outputs) + 1


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TASKS = {
    "Which digit is in the picture?": Task(ONE_TO_ONE, ("picture",), ("3",)),
    "Describe a picture": Task(ONE_TO_MANY, ("picture",), _split("a white three on black")),
    "Write a tune in a given key": Task(ONE_TO_MANY, ("C major",), _split("E E F G G F E D")),
    "Is the review good?": Task(MANY_TO_ONE, _split("The food was good , not bad at all"), ("good",)),
    "What happens in the film?": Task(MANY_TO_ONE, tuple(f"frame {t}" for t in range(1, 7)), ("it bounces",)),
    "What happens in each frame?": Task(
        EQUAL, tuple(f"frame {t}" for t in range(1, 7)), _split("falls falls bounces rises rises falls")
    ),
    "Which words are names?": Task(
        EQUAL, _split("Yesterday Ada met Charles in London"), _split("– name – name – name")
    ),
    "Which bases are a gene?": Task(EQUAL, _split("C A A T G G C T T A A C"), _split("– – g g g g g g g g g –")),
    "What is the next price?": Task(EQUAL, _split("1.00 1.02 1.03 1.07 1.01"), _split("1.02 1.03 1.07 1.01 0.94")),
    "Translate": Task(UNEQUAL, _split("Comment tu t'appelles ?"), _split("What is your name ?")),
    "Describe a film": Task(UNEQUAL, tuple(f"frame {t}" for t in range(1, 7)), _split("a ball falls and bounces")),
    "Write down what is said": Task(UNEQUAL, tuple(f"sound {t}" for t in range(1, 8)), _split("y e s")),
}
