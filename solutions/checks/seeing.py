"""Checks on seeing: a look at a grid, captions that are true, a blind guess, and a penalty on what was not looked at.

For instructors only.
"""

import itertools
import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


@exercise(
    returns=("context: batch channel", "weights: batch row column"),
    groups={"one picture": 1, "a batch": 1, "high scores": 1},
    forbid=NOT_ALLOWED,
)
class attend_grid:
    "Where a state looks on the maps of a convolution, and what it reads there."

    def inputs(generator):
        yield (
            "one picture",
            tensors(
                maps=[[[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [5.0, 2.0]]]],
                s=[[0.0]],
                W_a=[[1.0]],
                U_a=[[1.0, 0.0]],
                v_a=[math.log(3) / math.tanh(1.0)],
            ),
        )
        for group, batch, channel, row, column, hidden, attention, dtype in [
            ("one picture", 1, 5, 3, 4, 2, 6, torch.float64),
            ("one picture", 1, 2, 4, 3, 5, 7, torch.float32),
            ("one picture", 1, 3, 1, 5, 4, 2, torch.float64),
            ("one picture", 1, 4, 1, 1, 3, 2, torch.float64),
            ("a batch", 2, 6, 3, 4, 5, 7, torch.float64),
            ("a batch", 4, 3, 5, 2, 7, 6, torch.float64),
            ("a batch", 3, 4, 4, 4, 4, 4, torch.float64),
            ("a batch", 5, 1, 2, 6, 3, 4, torch.float32),
            ("high scores", 2, 3, 4, 5, 6, 7, torch.float64),
            ("high scores", 3, 5, 2, 3, 4, 6, torch.float64),
        ]:
            drawn = {
                "maps": normal(generator, batch, channel, row, column, dtype=dtype),
                "s": normal(generator, batch, hidden, dtype=dtype),
                "W_a": normal(generator, attention, hidden, dtype=dtype),
                "U_a": normal(generator, attention, channel, dtype=dtype),
                "v_a": normal(generator, attention, dtype=dtype),
            }
            if group == "high scores":  # thousands, of either sign, with the same sign in a whole picture as well
                drawn["v_a"] = 2000.0 * drawn["v_a"]
                drawn["maps"][-1] = 0.001 * drawn["maps"][-1]
            yield group, drawn

    def reference(maps, s, W_a, U_a, v_a):
        return looked(maps, scores_of(maps, s, W_a, U_a, v_a))

    @mistake(
        "each row by itself", hint="How much weight is there to give in all, for one picture: 1, or 1 for every row?"
    )
    def by_row(maps, s, W_a, U_a, v_a):
        weights = scores_of(maps, s, W_a, U_a, v_a).softmax(-1)
        return torch.einsum("bij,bcij->bc", weights, maps), weights

    @mistake(
        "each column by itself",
        hint="How much weight is there to give in all, for one picture: 1, or 1 for every column?",
    )
    def by_column(maps, s, W_a, U_a, v_a):
        weights = scores_of(maps, s, W_a, U_a, v_a).softmax(-2)
        return torch.einsum("bij,bcij->bc", weights, maps), weights

    @mistake(
        "over the pictures of the batch",
        hint="With one picture all your weights are 1. Whose weights sum to 1?",
    )
    def over_batch(maps, s, W_a, U_a, v_a):
        weights = scores_of(maps, s, W_a, U_a, v_a).softmax(0)
        return torch.einsum("bij,bcij->bc", weights, maps), weights

    @mistake(
        "rows and columns exchanged",
        hint="Your context is right. Which of the two numbers of a cell goes across, in the maps and in your weights?",
    )
    def exchanged(maps, s, W_a, U_a, v_a):
        context, weights = looked(maps, scores_of(maps, s, W_a, U_a, v_a))
        return context, weights.mT

    @mistake(
        "maps reshaped without moving the channels",
        hint="A reshape keeps the order of the numbers. Which axis comes last in it: the channel, or the column?",
    )
    def reshaped(maps, s, W_a, U_a, v_a):
        batch, channel, row, column = maps.shape
        cells = maps.reshape(batch, row * column, channel)
        weights = (torch.tanh((s @ W_a.T)[:, None] + cells @ U_a.T) @ v_a).softmax(-1)
        return (weights[..., None] * cells).sum(1), weights.view(batch, row, column)

    @mistake("no tanh", hint="What stands between the sum of the two products and v_a?")
    def no_tanh(maps, s, W_a, U_a, v_a):
        inner = (s @ W_a.T)[:, None, None] + torch.einsum("kc,bcij->bijk", U_a, maps)
        return looked(maps, inner @ v_a)

    @mistake(
        "every picture asked by the first state",
        hint="With one picture you are right. Which state asks the second picture?",
    )
    def first_state(maps, s, W_a, U_a, v_a):
        return looked(maps, scores_of(maps, s[:1].expand_as(s), W_a, U_a, v_a))

    @mistake(
        "the mean over the cells in the place of the sum",
        hint="The weights already sum to 1. What would a division by the number of cells do to the context?",
    )
    def mean_over_cells(maps, s, W_a, U_a, v_a):
        context, weights = looked(maps, scores_of(maps, s, W_a, U_a, v_a))
        return context / weights[0].numel(), weights

    @mistake(
        "exponentials of high scores overflow",
        hint="exp of a thousand is infinite. What may be taken off all scores of a picture, without a change?",
    )
    def overflow(maps, s, W_a, U_a, v_a):
        powers = scores_of(maps, s, W_a, U_a, v_a).exp()
        weights = powers / powers.sum((1, 2), keepdim=True)
        return torch.einsum("bij,bcij->bc", weights, maps), weights


def scores_of(maps, s, W_a, U_a, v_a):
    """Return the score of every cell."""
    inner = (s @ W_a.T)[:, None, None] + torch.einsum("kc,bcij->bijk", U_a, maps)
    return torch.tanh(inner) @ v_a


def looked(maps, scores):
    """Return the context and the weights of every cell, from their scores."""
    weights = scores.flatten(1).softmax(-1).view_as(scores)
    return torch.einsum("bij,bcij->bc", weights, maps), weights


COLOURS, SHAPES = ("red", "green", "blue", "yellow"), ("circle", "square", "triangle")
RELATIONS = ("left of", "right of", "above", "below")


def stands(first, second):
    """Return how the first of two things stands to the second."""
    across, down = first[2] - second[2], first[3] - second[3]
    if abs(across) >= abs(down):
        return "left of" if across < 0 else "right of"
    return "above" if down < 0 else "below"


def read(caption):
    """Return the names of a caption's things, and how each stands to the next."""
    words, names, relations = caption.split(), [], []
    while words:
        names.append((words[1], words[2]))
        words = words[3:]
        if words:
            length = 2 if words[1] == "of" else 1
            relations.append(" ".join(words[:length]))
            words = words[length:]
    return names, relations


def holds(names, relations, things, stands=stands):
    """Say whether these things, in this order, are what a caption says."""
    named = all(tuple(thing[:2]) == name for thing, name in zip(things, names, strict=True))
    return named and all(
        stands(one, two) == relation for one, two, relation in zip(things, things[1:], relations, strict=False)
    )


def is_true(caption, scene, choices=itertools.permutations, stands=stands):
    """Say whether some things of a scene are what a caption says."""
    names, relations = read(caption)
    return any(holds(names, relations, things, stands) for things in choices(scene, len(names)))


def whole(generator, low, high):
    """Draw a whole number."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def drawn_scene(generator, count, kinds):
    """Draw things of a few kinds at places that differ, on a grid: distances are often equal."""
    names = [
        (COLOURS[whole(generator, 0, len(COLOURS) - 1)], SHAPES[whole(generator, 0, len(SHAPES) - 1)])
        for _ in range(kinds)
    ]
    places = torch.randperm(36, generator=generator)[:count].tolist()
    return [[*names[whole(generator, 0, kinds - 1)], 4 * (place % 6) + 2, 4 * (place // 6) + 2] for place in places]


def said_of(generator, scene, count):
    """Draw a caption of so many things of a scene; half of them with one word changed."""
    things = [scene[place] for place in torch.randperm(len(scene), generator=generator)[:count].tolist()]
    words = " ".join(
        f"a {one[0]} {one[1]}" + (f" {stands(one, two)} " if two else "")
        for one, two in itertools.zip_longest(things, things[1:])
    )
    words = words.replace("  ", " ")
    if whole(generator, 0, 1):
        return words
    pool = (RELATIONS if count > 1 else COLOURS, COLOURS, SHAPES)[whole(generator, 0, 2)]
    old = next(word for word in pool if word in words)
    return words.replace(old, pool[(pool.index(old) + whole(generator, 1, len(pool) - 1)) % len(pool)], 1)


RED, BLUE, GREEN = ["red", "circle", 6, 10], ["blue", "square", 24, 14], ["green", "triangle", 22, 28]


@exercise(
    returns="true",
    groups={"one thing": 1, "two things": 2, "equal things": 1, "a chain": 2},
    forbid=NOT_ALLOWED,
)
class caption_is_true:
    "Whether a scene of any number of things bears out a caption of any number of things."

    def inputs(generator):
        pair, three = [RED, BLUE], [RED, BLUE, GREEN]
        yield "a chain", {"caption": "a red circle left of a blue square above a green triangle", "scene": three}
        yield "one thing", {"caption": "a red circle", "scene": pair}
        yield "one thing", {"caption": "a blue circle", "scene": pair}
        yield "one thing", {"caption": "a green circle", "scene": []}
        for caption in (
            *("a red circle left of a blue square", "a blue square right of a red circle"),
            *("a blue square left of a red circle", "a red circle right of a blue square"),
            *("a red circle above a blue square", "a blue square below a red circle"),
            *("a red square left of a blue circle", "a red circle left of a green square"),
            "a red circle left of a blue triangle",
        ):
            yield "two things", {"caption": caption, "scene": pair}
        diagonal = [["red", "circle", 8, 8], ["blue", "square", 14, 14]]
        upright = [["red", "circle", 8, 8], ["blue", "square", 13, 14]]
        # not whole: nearer to each other than 1, and distances that differ by less than 1
        within_one = [["red", "circle", 8.25, 8.0], ["blue", "square", 8.75, 8.125]]
        nearly_equal = [["red", "circle", 8.5, 8.25], ["blue", "square", 12.0, 12.5]]
        tall = [["red", "circle", 8, 14], ["blue", "square", 14, 8]]
        barely_upright = [["red", "circle", 8, 8], ["blue", "square", 12, 12 + 2**-12]]
        for scene in ([], diagonal, tall, upright, within_one, nearly_equal, barely_upright):
            for caption in ("a red circle left of a blue square", "a blue square below a red circle"):
                yield "two things", {"caption": caption, "scene": scene}
        for caption in ("a red circle left of a red circle", "a red circle above a red circle"):
            yield "equal things", {"caption": caption, "scene": [RED]}
            yield "equal things", {"caption": caption, "scene": [RED, ["red", "circle", 20, 12]]}
        yield "equal things", {"caption": "a red circle right of a red circle", "scene": [BLUE, RED]}
        for said in RELATIONS:  # two equal things at one place: by the equation the first is right of the other
            yield "equal things", {"caption": f"a red circle {said} a red circle", "scene": [RED, [*RED]]}
            yield (
                "equal things",
                {"caption": f"a red circle {said} a blue square", "scene": [RED, ["blue", "square", 6, 10]]},
            )
        # each link holds of some things, but not of one and the same thing in the middle
        broken = [
            ["red", "circle", 2, 2],
            ["blue", "square", 30, 2],
            ["blue", "square", 2, 20],
            ["red", "square", 2, 28],
        ]
        yield "a chain", {"caption": "a red circle left of a blue square above a red square", "scene": broken}
        yield "a chain", {"caption": "a red circle left of a blue square above a red triangle", "scene": three}
        yield "a chain", {"caption": "a red circle left of a blue square right of a green triangle", "scene": three}
        four = [*three, ["red", "square", 4, 26]]
        begun = "a red circle left of a blue square above a green triangle"
        # the last one is true of the circle that was taken three names before: there is no other
        for last in ("right of a red square", "left of a red square", "below a red circle"):
            yield "a chain", {"caption": f"{begun} {last}", "scene": four}
        yield "a chain", {"caption": f"{begun} below a red circle", "scene": four[::-1]}
        # true of the square that was taken two names before, and of a thing of which one word differs
        for last in ("below a blue square", "right of a blue square", "right of a red triangle"):
            yield "a chain", {"caption": f"{begun} {last}", "scene": four}
        yield "a chain", {"caption": "a red circle left of a blue square above a green square", "scene": three}
        twice = [
            ["red", "circle", 2, 2],
            ["blue", "square", 10, 2],
            ["green", "triangle", 10, 12],
            ["blue", "square", 30, 30],
        ]
        yield "a chain", {"caption": f"{begun} below a blue square", "scene": twice}
        # the third choice has to be taken back
        third = [
            ["red", "circle", 2, 2],
            ["blue", "square", 10, 2],
            ["green", "triangle", 10, 40],
            ["green", "triangle", 12, 10],
            ["red", "square", 30, 12],
        ]
        yield "a chain", {"caption": f"{begun} left of a red square", "scene": third}
        crowd = [*(["blue", "square", 4 * place, 4] for place in range(7)), ["green", "triangle", 24, 8]]
        yield "a chain", {"caption": begun, "scene": [*crowd, ["red", "circle", 0, 4]]}
        anywhere = [["red", "circle", -40, 0], ["blue", "square", 0, -7.5], ["green", "triangle", 3, 90]]
        for scene in ([], anywhere):
            yield "a chain", {"caption": begun, "scene": scene}
        # the first square is left of the triangle, the second above it
        second = [
            ["red", "circle", 2, 2],
            ["blue", "square", 10, 2],
            ["blue", "square", 28, 2],
            ["green", "triangle", 30, 8],
        ]
        said = "a red circle left of a blue square above a green triangle"
        yield "a chain", {"caption": said, "scene": second}
        back = [["red", "circle", 2, 2], ["blue", "square", 10, 2]]
        yield "a chain", {"caption": "a red circle left of a blue square right of a red circle", "scene": back}
        yield (
            "a chain",
            {
                "caption": "a red circle left of a blue square right of a red circle",
                "scene": [*back, ["red", "circle", 2, 4]],
            },
        )
        for group, count, kinds, length in [
            *[("one thing", 4, 3, 1)] * 4,
            *[("two things", 3, 3, 2)] * 8,
            *[("equal things", 4, 2, 2)] * 8,
            *[("a chain", 5, 3, 3)] * 8,
            *[("a chain", 5, 2, 4)] * 6,
        ]:
            scene = drawn_scene(generator, count, kinds)
            yield group, {"caption": said_of(generator, scene, length), "scene": scene}

    def reference(caption, scene):
        return is_true(caption, scene)

    @mistake(
        "either order will do",
        hint="“a left of b” and “b left of a”: can both be true of two things?",
    )
    def either_order(caption, scene):
        opposite = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
        names, relations = read(caption)
        return any(
            holds(names, said, things)
            for said in itertools.product(*((one, opposite[one]) for one in relations))
            for things in itertools.permutations(scene, len(names))
        )

    @mistake("mirrored", hint="Does x grow to the right, and y downwards? What is less for the thing on the left?")
    def mirrored(caption, scene):
        return is_true(caption, scene, stands=lambda one, two: stands(two, one))

    @mistake(
        "colours and shapes need not belong together",
        hint="“A red square” in a scene of a red circle and a blue square: is there one?",
    )
    def unpaired(caption, scene):
        names, relations = read(caption)
        shapes = {thing[1] for thing in scene}
        by_colour = [(colour, "") for colour, _ in names]
        things = [[colour, "", x, y] for colour, _, x, y in scene]
        return all(shape in shapes for _, shape in names) and any(
            holds(by_colour, relations, chosen) for chosen in itertools.permutations(things, len(names))
        )

    @mistake(
        "left of, however much is above",
        hint="Which distance is the larger one, across or down? Only that one says how two things stand.",
    )
    def any_distance(caption, scene):
        names, relations = read(caption)
        less = {
            "left of": lambda one, two: one[2] < two[2],
            "right of": lambda one, two: one[2] > two[2],
            "above": lambda one, two: one[3] < two[3],
            "below": lambda one, two: one[3] > two[3],
        }
        return any(
            holds(names, [], things)
            and all(less[said](one, two) for said, one, two in zip(relations, things, things[1:], strict=False))
            for things in itertools.permutations(scene, len(names))
        )

    @mistake(
        "as far across as down counts as down",
        hint="Where both distances are equal, which of them counts? Look at the ≥.",
    )
    def down_wins(caption, scene):
        def other(one, two):
            across, down = one[2] - two[2], one[3] - two[3]
            if abs(across) > abs(down):
                return "left of" if across < 0 else "right of"
            return "above" if down < 0 else "below"

        return is_true(caption, scene, stands=other)

    @mistake(
        "one thing stands for two",
        hint="“A red circle right of a red circle”, of a scene with one: how many things does the caption speak of?",
    )
    def used_twice(caption, scene):
        return is_true(caption, scene, choices=lambda things, count: itertools.product(things, repeat=count))

    @mistake(
        "each link of the chain by itself",
        hint="What stands in the middle of a chain has one before it and one after it. Is it the same thing?",
    )
    def link_by_link(caption, scene):
        names, relations = read(caption)
        if not relations:
            return is_true(caption, scene)
        links = zip(names, names[1:], relations, strict=False)
        return all(is_true(f"a {' '.join(one)} {said} a {' '.join(two)}", scene) for one, two, said in links)

    @mistake("only the first of equal things is tried", hint="A scene can have two red circles. Which one do you take?")
    def first_found(caption, scene):
        first = {}
        for thing in scene:
            first.setdefault(tuple(thing[:2]), thing)
        return is_true(caption, list(first.values()))

    @mistake("only the first two things are read", hint="A caption may go on: how many relations does it have?")
    def two_at_most(caption, scene):
        names, relations = read(caption)
        return any(holds(names[:2], relations[:1], things) for things in itertools.permutations(scene, len(names[:2])))


def commonest(answers):
    """Return the answer that comes up most often; of several, the one that came up first."""
    answers = answers.tolist()
    return max(dict.fromkeys(answers), key=answers.count)


def guessed(known_kinds, known_answers, kinds):
    """Return the commonest known answer to every kind of question, or of all where the kind is unknown."""
    by_kind = {kind: known_answers[known_kinds == kind] for kind in known_kinds.tolist()}
    return torch.tensor([commonest(by_kind.get(kind, known_answers)) for kind in kinds.tolist()])


@exercise(
    returns=("guesses: question", "share"),
    groups={"one kind": 1, "several kinds": 1, "equally common": 1, "an unknown kind": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # a share made of whole numbers may come from float32
)
class blind_baseline:
    "What is guessed of every question by its kind alone, and how often that is right."

    def inputs(generator):
        def whole(values):
            return torch.tensor(values)

        yield (
            "several kinds",
            {
                "known_kinds": whole([0, 0, 0, 1, 1]),
                "known_answers": whole([4, 5, 4, 7, 7]),
                "kinds": whole([1, 0, 0]),
                "answers": whole([7, 5, 4]),
            },
        )
        yield (
            "equally common",
            {
                "known_kinds": whole([3, 3, 3, 3, 2]),
                "known_answers": whole([9, 2, 2, 9, 2]),
                "kinds": whole([3, 2, 3, 3]),
                "answers": whole([9, 2, 2, 9]),
            },
        )
        # of its kind 4 came first, of all answers 7; and one known question is enough for a kind
        yield (
            "equally common",
            {
                "known_kinds": whole([0, 0, 1, 1, 2]),
                "known_answers": whole([7, 7, 4, 7, 1]),
                "kinds": whole([1, 2, 0, 1]),
                "answers": whole([4, 1, 7, 7]),
            },
        )
        yield (
            "several kinds",
            {
                "known_kinds": whole([-2, -2, -1, -1, -1, -1]),
                "known_answers": whole([-1, -1, -5, 3, 3, 3]),
                "kinds": whole([-2, -1, -2]),
                "answers": whole([-1, 3, 3]),
            },
        )
        # equally common of all: 5 came first, 2 reached its count first, 8 came last and answers the commonest kind
        for shift in (0, -6):
            yield (
                "an unknown kind",
                {
                    "known_kinds": whole([0, 2, 1, 1, 2, 2]),
                    "known_answers": whole([5, 8, 2, 2, 5, 8]) + shift,
                    "kinds": whole([9, 1, 9]),
                    "answers": whole([5, 2, 8]) + shift,
                },
            )
        for group, known, asked, of_kinds, of_answers in [
            ("one kind", 9, 4, 1, 3),
            ("one kind", 1, 3, 1, 2),
            ("one kind", 6, 1, 1, 2),
            ("several kinds", 40, 11, 3, 4),
            ("several kinds", 25, 8, 4, 3),
            ("several kinds", 60, 7, 2, 5),
            ("equally common", 8, 6, 2, 2),
            ("equally common", 8, 5, 2, 4),
            ("equally common", 4, 9, 1, 4),
            ("an unknown kind", 20, 10, 3, 4),
            ("an unknown kind", 9, 5, 2, 3),
        ]:
            known_kinds = torch.randint(of_kinds, (known,), generator=generator)
            known_answers = torch.randint(of_answers, (known,), generator=generator)
            if group in ("one kind", "several kinds"):  # each kind has an answer of its own that is clearly commonest
                often = torch.rand(known, generator=generator) < 0.7
                known_answers = torch.where(often, (known_kinds + 1) % of_answers, known_answers)
            if group == "equally common":
                known_answers = torch.arange(known) // of_kinds % of_answers
                known_kinds = torch.arange(known) % of_kinds
                backwards = torch.randperm(of_answers, generator=generator)
                known_answers = backwards[known_answers]
            kinds = torch.randint(of_kinds + (2 if group == "an unknown kind" else 0), (asked,), generator=generator)
            if group == "an unknown kind":
                kinds[0], kinds[-1] = of_kinds + 1, 0
                often = slice(2, known // 2 + 3)
                known_kinds[often], known_answers[often] = 0, of_answers  # commonest of all, and of no other kind
                known_kinds[[0, 1, -1]], known_answers[[0, 1]], known_answers[-1] = 1, 0, 1
            answers = torch.randint(of_answers + 1, (asked,), generator=generator)
            if group == "an unknown kind":
                answers[0], answers[-1] = of_answers, 0  # a right guess of an unknown kind, a wrong one of a known
            yield (
                group,
                {
                    "known_kinds": known_kinds + 3,
                    "known_answers": known_answers,
                    "kinds": kinds + 3,
                    "answers": answers,
                },
            )

    def reference(known_kinds, known_answers, kinds, answers):
        guesses = guessed(known_kinds, known_answers, kinds)
        return guesses, (guesses == answers).double().mean().item()

    @mistake(
        "one guess for all questions",
        hint="With one kind of question you are right. What does the kind of a question tell of its answer?",
    )
    def one_guess(known_kinds, known_answers, kinds, answers):
        guesses = torch.full_like(kinds, commonest(known_answers))
        return guesses, (guesses == answers).double().mean().item()

    @mistake(
        "counted on the questions that are asked",
        hint="A baseline is to guess what it has not seen. Whose answers do you count?",
    )
    def on_the_test(known_kinds, known_answers, kinds, answers):
        guesses = guessed(kinds, answers, kinds)
        return guesses, (guesses == answers).double().mean().item()

    @mistake(
        "of equally common answers the smallest",
        hint="Where two answers are equally common, which of them counts: the smaller, or the one that came up first?",
    )
    def smallest(known_kinds, known_answers, kinds, answers):
        def least(found):
            values, counts = found.unique(return_counts=True)
            return int(values[counts.argmax()])

        by_kind = {kind: known_answers[known_kinds == kind] for kind in known_kinds.tolist()}
        guesses = torch.tensor([least(by_kind.get(kind, known_answers)) for kind in kinds.tolist()])
        return guesses, (guesses == answers).double().mean().item()

    @mistake(
        "of equally common answers the last",
        hint="Where two answers are equally common, which of them counts: the one that came up last, or first?",
    )
    def last(known_kinds, known_answers, kinds, answers):
        guesses = guessed(known_kinds.flip(0), known_answers.flip(0), kinds)
        return guesses, (guesses == answers).double().mean().item()

    @mistake(
        "an unknown kind is left out of the share",
        hint="Every question that is asked counts, also one of a kind that was never seen.",
    )
    def left_out(known_kinds, known_answers, kinds, answers):
        guesses = guessed(known_kinds, known_answers, kinds)
        known = torch.isin(kinds, known_kinds)
        return guesses, (guesses == answers)[known].double().mean().item() if known.any() else 0.0

    @mistake("the number of right answers, not the share", hint="Of how many questions?")
    def counted(known_kinds, known_answers, kinds, answers):
        guesses = guessed(known_kinds, known_answers, kinds)
        return guesses, float((guesses == answers).sum())

    @mistake(
        "the mean of the shares of each kind",
        hint="Two questions of one kind and twenty of another: does each question count as much, or each kind?",
    )
    def by_kind(known_kinds, known_answers, kinds, answers):
        guesses = guessed(known_kinds, known_answers, kinds)
        right = (guesses == answers).double()
        return guesses, torch.stack([right[kinds == kind].mean() for kind in kinds.unique()]).mean().item()


def missing(alpha, lengths):
    """Return what each cell lacks to have been looked at once, and which steps are real."""
    real = (torch.arange(alpha.shape[1]) < lengths[:, None])[..., None]
    return 1 - torch.where(real, alpha, 0.0).sum(1), real


@exercise(
    returns=("penalty", "gradient: batch time cell"),
    groups={"one caption": 1, "a batch": 1, "padding": 1, "anything in the padding": 1},
    forbid=(*not_allowed(autograd=False), "seqviz.data", "seqviz.plots"),
)
class doubly_stochastic_penalty:
    "What it costs not to have looked at every cell once in all, and its gradient."

    def inputs(generator):
        yield (
            "padding",
            {"alpha": tensors(a=[[[0.5, 0.5], [0.75, 0.25], [9.0, 9.0]]])["a"], "lengths": torch.tensor([2])},
        )
        for group, batch, time, cell, dtype, fill in [
            ("one caption", 1, 3, 5, torch.float64, None),
            ("one caption", 1, 5, 2, torch.float32, None),
            ("one caption", 1, 1, 4, torch.float64, None),
            ("a batch", 4, 3, 5, torch.float64, None),
            ("a batch", 2, 5, 6, torch.float64, None),
            ("padding", 3, 5, 4, torch.float64, 0.3),
            ("padding", 5, 4, 2, torch.float32, -2.0),
            ("padding", 4, 5, 3, torch.float64, "weights"),  # which sum to 1 as real ones do: lengths alone tell
            ("anything in the padding", 3, 4, 6, torch.float64, math.nan),
            ("anything in the padding", 4, 5, 3, torch.float64, math.inf),
            ("anything in the padding", 2, 6, 5, torch.float64, -math.inf),
        ]:
            alpha = normal(generator, batch, time, cell, dtype=dtype).softmax(-1)
            lengths = torch.full((batch,), time)
            if fill is not None:
                lengths = torch.randint(1, time, (batch,), generator=generator)
                lengths[-1] = time
                lengths[0] = time - 1
                if fill != "weights":
                    alpha = torch.where((torch.arange(time) < lengths[:, None])[..., None], alpha, fill)
            yield group, {"alpha": alpha, "lengths": lengths}

    def reference(alpha, lengths):
        lacks, real = missing(alpha, lengths)
        gradient = torch.where(real, -2 * lacks[:, None] / len(alpha), 0.0)
        return lacks.square().sum() / len(alpha), gradient.to(alpha.dtype)

    @mistake(
        "summed over the cells instead of the words",
        hint="The weights of one word sum to 1 by themselves: that would cost nothing, ever. Which sum is meant?",
    )
    def over_cells(alpha, lengths):
        _, real = missing(alpha, lengths)
        lacks = torch.where(real[..., 0], 1 - torch.where(real, alpha, 0.0).sum(2), 0.0)
        return lacks.square().sum() / len(alpha), torch.where(real, -2 * lacks[..., None] / len(alpha), 0.0)

    @mistake("padding counted", hint="Without padding you are right. Which words were really written?")
    def all_real(alpha, lengths):
        lacks = 1 - alpha.sum(1)
        return lacks.square().sum() / len(alpha), (-2 * lacks[:, None] / len(alpha)).expand_as(alpha).clone()

    @mistake(
        "padding has a gradient",
        hint="The penalty is right. What does it say of a step that no word was written at, and so of its gradient?",
    )
    def padded_gradient(alpha, lengths):
        lacks, _ = missing(alpha, lengths)
        return lacks.square().sum() / len(alpha), (-2 * lacks[:, None] / len(alpha)).expand_as(alpha).clone()

    @mistake("the gradient's sign turned", hint="More weight on a cell that lacks some: does the penalty rise or fall?")
    def turned(alpha, lengths):
        lacks, real = missing(alpha, lengths)
        return lacks.square().sum() / len(alpha), torch.where(real, 2 * lacks[:, None] / len(alpha), 0.0)

    @mistake("the gradient without the 2", hint="What is the derivative of a square?")
    def no_two(alpha, lengths):
        lacks, real = missing(alpha, lengths)
        return lacks.square().sum() / len(alpha), torch.where(real, -lacks[:, None] / len(alpha), 0.0)

    @mistake(
        "the mean over the cells",
        hint="Over what does the sum of squares run, and by what is it divided: B, or B and N?",
    )
    def mean_of_cells(alpha, lengths):
        lacks, real = missing(alpha, lengths)
        return lacks.square().mean(), torch.where(real, -2 * lacks[:, None] / lacks.numel(), 0.0)

    @mistake("not divided by the number of captions", hint="With one caption you are right. What is B?")
    def whole_batch(alpha, lengths):
        lacks, real = missing(alpha, lengths)
        return lacks.square().sum(), torch.where(real, -2 * lacks[:, None], 0.0)

    @mistake(
        "squared word by word",
        hint="Is each weight to be 1, or the sum of a cell's weights over all words? What is squared?",
    )
    def squared_first(alpha, lengths):
        _, real = missing(alpha, lengths)
        lacks = torch.where(real, 1 - torch.where(real, alpha, 0.0), 0.0)
        return lacks.square().sum() / len(alpha), -2 * lacks / len(alpha)

    @mistake(
        "one more word than was written",
        hint="With all words real you are right. Words are counted from 0: which is the last real one?",
    )
    def one_more(alpha, lengths):
        lacks, real = missing(alpha, lengths + 1)
        return lacks.square().sum() / len(alpha), torch.where(real, -2 * lacks[:, None] / len(alpha), 0.0)
