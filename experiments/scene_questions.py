"""Questions about drawn scenes, seeing and blind: ``python -m experiments.scene_questions``.

As in the chapter: on what a frozen network sees of every scene, a network learns to answer questions of five kinds,
five seeds each; once with the picture, once blind, from the words of the question alone. Beside them stand two guesses:
the commonest answer of all questions, and the commonest of each kind of question. Scored is the likeliest of all
answers, and the likeliest of two that are offered: the right one and another of its kind.

Questions of relation, “is the circle left of the square”, are then learned alone, to find what is missing. Three
networks differ in nothing but where they look: by themselves; at the two things that are named, told from outside; and
at two places told from outside that are those of another scene. The result is a record of the package, which the
chapter shows: ``sv.data.recorded("scene_questions")``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from experiments import scene_captions
from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from experiments.scene_captions import CELLS, drawn_scenes, taught_namer
from seqviz.data.seeing.questions import (
    ANSWERS,
    ANSWERS_OF,
    QUESTION_KINDS,
    QUESTION_VOCABULARY,
    Question,
    choices,
    question,
    questions,
)
from seqviz.data.seeing.scenes import Scene, cells_of
from seqviz.data.translation.parallel import padded
from seqviz.models.seeing.question_answerer import QuestionAnswerer
from seqviz.training import train


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    pictures: scene_captions.Sizes = field(default_factory=scene_captions.Sizes)
    asked: int = 3  # questions about every scene
    embedding: int = 24
    hidden: int = 64
    attention: int = 64
    batch: int = 96
    steps: int = 500
    learning_rate: float = 6e-3


class Asked(NamedTuple):
    """Questions, the scene of each, and both as numbers."""

    questions: list[Question]
    scenes: list[Scene]
    pictures: Tensor  # the row of each question's scene
    words: Tensor
    lengths: Tensor
    answers: Tensor

    def some(self, rows: Tensor) -> "Asked":
        """Return some of the questions."""
        kept = rows.tolist()
        return Asked(
            [self.questions[row] for row in kept],
            [self.scenes[row] for row in kept],
            *(part[rows] for part in (self.pictures, self.words, self.lengths, self.answers)),
        )


def ask(drawn: Sequence[Scene], times: int, draws: torch.Generator, kind: str | None = None) -> Asked:
    """Draw questions about every scene, so many times, of all kinds or of one."""
    found: list[tuple[int, Question]] = []
    for _ in range(times):
        asked = questions(drawn, draws) if kind is None else [question(scene, kind, draws) for scene in drawn]
        found += [(row, one) for row, one in enumerate(asked) if one is not None]
    words, lengths = padded([QUESTION_VOCABULARY.encode(one.text) for _, one in found])
    rows = [row for row, _ in found]
    answers = torch.tensor([ANSWERS.index(one.answer) for _, one in found])
    return Asked([one for _, one in found], [drawn[r] for r in rows], torch.tensor(rows), words, lengths, answers)


def named_looks(asked: Asked) -> Tensor:
    """Return, for questions of relation, weights that lie evenly on the first thing named, and on the second."""
    looks = []
    for one, scene in zip(asked.questions, asked.scenes, strict=True):
        shapes = [one.text.split()[2], one.text.split()[-1]]
        things = [thing for shape in shapes for thing in scene if thing.shape == shape]
        cells = cells_of(things, CELLS).float()
        looks.append(cells / cells.sum(1, keepdim=True))
    return torch.stack(looks)


def learn(sizes: Sizes, seed: int, asked: Asked, annotations: Tensor, looks: Tensor | None = None) -> QuestionAnswerer:
    """Return a network that has learned to answer, looking by itself or as it is told."""
    torch.manual_seed(seed)
    model = QuestionAnswerer(
        *(len(QUESTION_VOCABULARY), len(ANSWERS), sizes.embedding, sizes.hidden, annotations.shape[2], sizes.attention)
    )

    def loss_of(_step: int) -> Tensor:
        rows = torch.randint(len(asked.answers), (sizes.batch,))
        told = None if looks is None else looks[rows]
        said = model(annotations[asked.pictures[rows]], asked.words[rows], asked.lengths[rows], told)
        return torch.nn.functional.cross_entropy(said.logits, asked.answers[rows])

    schedule = rising_then_falling(40, sizes.steps)
    train(model, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, schedule=schedule, clip_norm=1.0)
    return model


def by_kind(right: Tensor, asked: Asked) -> dict[str, float]:
    """Return the share of right answers for each kind of question, and of all."""
    kinds = [one.kind for one in asked.questions]
    rows = {kind: torch.tensor([one == kind for one in kinds]) for kind in dict.fromkeys(kinds)}
    shares = {kind: right[rows[kind]].double().mean().item() for kind in QUESTION_KINDS if kind in rows}
    return {"all": right.double().mean().item(), **shares}


def two_offered(asked: Sequence[Question], draws: torch.Generator) -> Tensor:
    """Return which answers are offered to each question: two, drawn once for it."""
    drawn = [choices(one, draws, 2) for one in asked]
    return torch.tensor([[word in some for word in ANSWERS] for some in drawn])


@torch.no_grad()
def scored(model: QuestionAnswerer, annotations: Tensor, asked: Asked, offered: Tensor) -> dict[str, object]:
    """Return the share of right answers, among all and among those offered."""
    logits = model(annotations[asked.pictures], asked.words, asked.lengths).logits
    chosen = logits.masked_fill(~offered, -torch.inf).argmax(-1)
    return {
        "open": by_kind(logits.argmax(-1) == asked.answers, asked),
        "of two": by_kind(chosen == asked.answers, asked),
    }


def commonest(known: Asked, asked: Asked) -> dict[str, dict[str, float]]:
    """Return how often the commonest answer of the known questions is right: of all of them, and of each kind."""
    answers = {kind: Counter(one.answer for one in known.questions if one.kind == kind) for kind in QUESTION_KINDS}
    every = sum(answers.values(), Counter()).most_common(1)[0][0]
    guesses = {
        "commonest of all": [every for _ in asked.questions],
        "commonest of its kind": [answers[one.kind].most_common(1)[0][0] for one in asked.questions],
    }
    right = [one.answer for one in asked.questions]
    return {
        name: by_kind(torch.tensor([one == answer for one, answer in zip(guessed, right, strict=True)]), asked)
        for name, guessed in guesses.items()
    }


def relation_alone(sizes: Sizes, seed: int, drawn: list[Scene], annotations: Tensor) -> dict[str, float]:
    """Return the share of right answers to questions of relation alone, by where the network looks."""
    cut, draws = sizes.pictures.scenes, torch.Generator().manual_seed(3000 + seed)
    known, tested = (ask(some, 2 * sizes.asked, draws, "relation") for some in (drawn[:cut], drawn[cut:]))
    of_known, of_tested = named_looks(known), named_looks(tested)
    told = {
        "by itself": (None, None),
        "told": (of_known, of_tested),
        "told another's": (of_known.roll(1, 0), of_tested.roll(1, 0)),
    }
    found = {}
    for name, (looks, looks_tested) in told.items():
        model = learn(sizes, seed, known, annotations[:cut], looks)
        with torch.no_grad():
            pictures = annotations[cut:][tested.pictures]
            logits = model(pictures, tested.words, tested.lengths, looks_tested).logits
        found[name] = (logits.argmax(-1) == tested.answers).double().mean().item()
    return found


def run(sizes: Sizes, seed: int) -> dict[str, object]:
    """Train once; return what came of it."""
    torch.set_num_threads(1)
    namer, _ = taught_namer(sizes.pictures, seed)
    drawn, annotations = drawn_scenes(namer, sizes.pictures, seed)
    cut, draws = sizes.pictures.scenes, torch.Generator().manual_seed(2000 + seed)
    known, tested = (ask(some, sizes.asked, draws) for some in (drawn[:cut], drawn[cut:]))
    offered = two_offered(tested.questions, draws)
    blank = torch.zeros(len(annotations), 1, annotations.shape[2])
    result: dict[str, object] = dict(commonest(known, tested))
    for name, seen in {"seeing": annotations, "blind": blank}.items():
        model = learn(sizes, seed, known, seen[:cut])
        result[name] = scored(model, seen[cut:], tested, offered)
    result["relation alone"] = relation_alone(sizes, seed, drawn, annotations)
    print(seed, result, flush=True)
    return result


def main() -> None:
    sizes = Sizes()
    record(
        "scene_questions",
        __doc__,
        lambda seeds: [run(sizes, seed) for seed in range(seeds)],
        sizes=asdict(sizes),
        answers={kind: list(answers) for kind, answers in ANSWERS_OF.items()},
    )


if __name__ == "__main__":
    main()
