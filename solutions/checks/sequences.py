"""Checks of chapter 01: a padded batch, one-hot vectors with unknown words, a receptive field. For instructors only."""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import tensors

NOT_ALLOWED = ("torch.nn", "torch.nested", "torch.conv1d", "seqviz.models", "seqviz.data", "seqviz.plots")


@exercise(
    returns=("x: batch time feature", "mask: batch time"),
    groups={"nothing to cut": 2, "some sequences too long": 1},
    forbid=NOT_ALLOWED,
)
class pad_and_mask:
    "Sequences of different lengths as one box of numbers, and a mask that says which steps are real."

    def inputs(generator):
        worked = [tensors(one=rows)["one"] for rows in ([[1.0], [2.0]], [[3.0], [0.0], [4.0], [5.0]])]
        yield "some sequences too long", {"sequences": worked, "limit": 3}
        for group, lengths, feature, limit, dtype in [
            ("nothing to cut", (3, 5, 2, 4), 2, 7, torch.float64),
            ("nothing to cut", (4, 1), 3, 4, torch.float32),
            ("nothing to cut", (3,), 2, 9, torch.float64),
            ("nothing to cut", (1, 3, 3), 2, 9, torch.float64),
            ("some sequences too long", (2, 7, 5), 4, 5, torch.float64),
            ("some sequences too long", (6, 8), 3, 4, torch.float32),
            ("some sequences too long", (9, 4, 5), 2, 5, torch.float64),
            ("some sequences too long", (3, 2, 7), 3, 4, torch.float64),
            ("some sequences too long", (3, 1, 2), 2, 1, torch.float64),
        ]:
            sequences = [normal(generator, length, feature, dtype=dtype) for length in lengths]
            # a real step may hold nothing but zeros: the last one, one in the middle
            sequences[0][-1] = sequences[-1][len(sequences[-1]) // 2] = 0.0
            yield group, {"sequences": sequences, "limit": limit}

    def reference(sequences, limit):
        lengths = [min(len(one), limit) for one in sequences]
        time, feature = max(lengths), sequences[0].shape[1]
        x = torch.zeros(len(sequences), time, feature, dtype=sequences[0].dtype)
        mask = torch.zeros(len(sequences), time, dtype=torch.bool)
        for i, (one, length) in enumerate(zip(sequences, lengths, strict=True)):
            x[i, :length] = one[len(one) - length :]
            mask[i, :length] = True
        return x, mask

    @mistake(
        "padding in front",
        hint="Look at a short sequence in your x: at which step does it begin, and where do its zeros stand?",
    )
    def in_front(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        lengths = mask.sum(1)
        rows = [(one.roll(len(one) - int(n), 0), m.flip(0)) for one, m, n in zip(x, mask, lengths, strict=True)]
        return torch.stack([one for one, _ in rows]), torch.stack([m for _, m in rows])

    @mistake("mask read the other way round", hint="True means: here is a real step. Count the True in your mask.")
    def inverted(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        return x, ~mask

    @mistake(
        "mask guessed from the numbers",
        hint="A real step may hold nothing but zeros: silence, a black frame. What do you know besides the numbers?",
    )
    def from_values(sequences, limit):
        x, _ = pad_and_mask.reference(sequences, limit)
        return x, (x != 0).any(-1)

    @mistake(
        "the end cut off",
        hint="When a sequence is too long, which part of it stays in yours: where it begins or where it ends?",
    )
    def wrong_end(sequences, limit):
        return pad_and_mask.reference([one[:limit] for one in sequences], limit)

    @mistake(
        "a start before the beginning",
        hint="For a sequence shorter than the limit, T − limit is negative. What does a slice that starts there hold?",
    )
    def negative_start(sequences, limit):
        x, mask = map(torch.zeros_like, pad_and_mask.reference(sequences, limit))
        for row, real, one in zip(x, mask, sequences, strict=True):
            kept = one[len(one) - limit :]
            row[: len(kept)], real[: len(kept)] = kept, True
        return x, mask

    @mistake(
        "a start before the beginning, counted from the longest",
        hint="Your mask is right. For a shorter sequence your start is negative. What does a slice from there hold?",
    )
    def negative_start_by_longest(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        x, longest = torch.zeros_like(x), x.shape[1]
        for row, one in zip(x, sequences, strict=True):
            kept = one[len(one) - longest :]
            row[: len(kept)] = kept
        return x, mask

    @mistake(
        "cut, but still as wide as the longest",
        hint="Every sequence is cut as it should be. How many steps of the longest are left, and how many has x?",
    )
    def still_as_wide(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        missing = max(map(len, sequences)) - x.shape[1]
        return (
            torch.cat([x, x.new_zeros(len(x), missing, x.shape[2])], 1),
            torch.cat([mask, mask.new_zeros(len(x), missing)], 1),
        )

    @mistake(
        "every batch as long as allowed",
        hint="Give it two sequences of 3 steps and limit = 100. How much of your box is padding?",
    )
    def too_wide(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        missing = limit - x.shape[1]
        return (
            torch.cat([x, x.new_zeros(len(x), missing, x.shape[2])], 1),
            torch.cat([mask, mask.new_zeros(len(x), missing)], 1),
        )

    @mistake(
        "nothing cut",
        hint="x is as long as the longest sequence. Is that ever more than `limit`?",
    )
    def not_cut(sequences, limit):
        return pad_and_mask.reference(sequences, max(map(len, sequences)))

    @mistake("a mask of numbers", hint="The values of your mask are right. Which dtype is asked for?")
    def numbers(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        return x, mask.to(x.dtype)

    @mistake(
        "always float32",
        hint="torch.zeros makes float32 unless told otherwise. What is the dtype of the sequences?",
    )
    def single(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        return x.float(), mask

    @mistake("the last real step masked", hint="Count the True of one row of your mask, and the steps of its sequence.")
    def off_by_one(sequences, limit):
        x, mask = pad_and_mask.reference(sequences, limit)
        return x, torch.arange(x.shape[1]) < mask.sum(1, keepdim=True) - 1


@exercise(
    returns="x: batch time column",
    groups={"known words": 1, "unknown words": 1, "padding": 1},
    forbid=NOT_ALLOWED,
)
class one_hot:
    "A one for every word, the last column for all unknown words, nothing for padding."

    def inputs(generator):
        def words(*shape, low=0, high):
            return torch.randint(low, high, shape, generator=generator)

        yield "unknown words", {"indices": torch.tensor([[1, 7, -1]]), "K": 3}
        yield "known words", {"indices": words(3, 4, high=6), "K": 6}
        yield "known words", {"indices": words(1, 5, high=3), "K": 3}
        unknown = words(2, 5, high=9)
        unknown[0, :2], unknown[1, 3] = torch.tensor([4, 11]), 7
        yield "unknown words", {"indices": unknown, "K": 4}
        padded = words(2, 6, high=5)
        padded[0, 4:], padded[1, 2:] = -1, torch.tensor([-1, -1, -3, -2])
        yield "padding", {"indices": padded, "K": 5}
        yield "padding", {"indices": torch.tensor([[2, 0, -1]]), "K": 3}
        yield "padding", {"indices": torch.tensor([[-1], [0]]), "K": 1}
        yield "unknown words", {"indices": torch.tensor([[1, 2], [0, 1]]), "K": 1}

    def reference(indices, K):
        x = torch.zeros(*indices.shape, K + 1)
        for k in range(K):
            x[..., k] = (indices == k).float()
        x[..., K] = (indices >= K).float()
        return x

    @mistake(
        "padding taken for the last column",
        hint="In Python, index −1 is the last one. Which column should a padded step have?",
    )
    def last_column(indices, K):
        return torch.eye(K + 1)[indices.clamp(max=K)]

    @mistake("only −1 taken for padding", hint="−2 is negative too. What does your vector for it hold?")
    def minus_one_only(indices, K):
        x = torch.eye(K + 1)[indices.clamp(max=K)]
        x[indices == -1] = 0
        return x

    @mistake("padding taken for word 0", hint="Word 0 is a word. Which numbers should a padded step hold?")
    def first_column(indices, K):
        return torch.eye(K + 1)[indices.clamp(0, K)]

    @mistake(
        "unknown words taken for the last known one",
        hint="Give it index K. Which column gets the one, and whose column is that?",
    )
    def last_known(indices, K):
        return one_hot.reference(indices.clamp(max=K - 1), K)

    @mistake(
        "nothing for unknown words",
        hint="A network cannot tell your unknown word from padding. What is the last column for?",
    )
    def nothing(indices, K):
        x = one_hot.reference(indices, K)
        x[..., K] = 0
        return x

    @mistake("no column for unknown words", hint="K words are known. How many columns does that make with the unknown?")
    def too_narrow(indices, K):
        return one_hot.reference(indices, K)[..., :K]

    @mistake("whole numbers", hint="A weight matrix is to multiply this. Print the dtype of what you return.")
    def integers(indices, K):
        return one_hot.reference(indices, K).long()

    @mistake(
        "the columns in front",
        hint="Compare the shape of what you return with that of indices: at which end is the new axis?",
    )
    def columns_first(indices, K):
        return one_hot.reference(indices, K).movedim(-1, 0)

    @mistake("batch and time run together", hint="Give it indices of shape [2, 3]. How many axes come back?")
    def flattened(indices, K):
        return one_hot.reference(indices, K).reshape(-1, K + 1)


def reach(layers, t, first_of, last_of):
    first = last = t
    for layer in reversed(layers):
        first, last = first_of(first, *layer), last_of(last, *layer)
    return first, last


@exercise(
    returns=("first", "last"),
    groups={"one layer": 1, "a stack": 2},
    forbid=NOT_ALLOWED,
)
class receptive_field:
    "The first and the last step of the input that output t of a stack of convolutions reads."

    def inputs(generator):
        def draw(low, high):
            return int(torch.randint(low, high, (), generator=generator))

        def layer():
            return (draw(2, 6), draw(2, 4), draw(2, 4), draw(1, 4))

        yield "a stack", {"layers": [(3, 2, 1, 1), (2, 1, 4, 0)], "t": 1}
        yield "one layer", {"layers": [(3, 1, 1, 2)], "t": 0}  # begins before the sequence
        yield "one layer", {"layers": [(2, 1, 1, 3)], "t": 0}  # and ends before it, too
        yield "one layer", {"layers": [(1, 2, 3, 1)], "t": draw(1, 6)}
        yield "one layer", {"layers": [(3, 1, 1, 0)], "t": draw(1, 6)}
        yield "one layer", {"layers": [(5, 2, 3, 4)], "t": draw(1, 6)}
        yield "a stack", {"layers": [(3, 2, 1, 0), (3, 1, 1, 1)], "t": 0}  # between the layers, begins before place 0
        yield "a stack", {"layers": [(2, 2, 1, 0), (2, 1, 1, 3)], "t": 0}  # and ends before it, too
        yield "a stack", {"layers": [(2, 1, 1, 0), (2, 1, 2, 0), (2, 1, 4, 0)], "t": draw(1, 9)}
        yield "a stack", {"layers": [(4, 3, 1, 1), (3, 2, 2, 3)], "t": draw(1, 9)}
        yield "a stack", {"layers": [layer(), layer(), layer()], "t": draw(1, 9)}

    def reference(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: f * s - p, lambda n, k, s, d, p: n * s - p + (k - 1) * d)

    @mistake(
        "dilation forgotten",
        hint="A window of width 3 and dilation 2 reads steps 0, 2 and 4. What is the last one yours reads?",
    )
    def no_dilation(layers, t):
        return receptive_field.reference([(k, s, 1, p) for k, s, _, p in layers], t)

    @mistake(
        "dilation after the last value, too",
        hint="Draw a window of width 3 and dilation 2. How many gaps lie between its three values?",
    )
    def gap_too_many(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: f * s - p, lambda n, k, s, d, p: n * s - p + k * d - 1)

    @mistake("strides forgotten", hint="With stride 2 and no padding, output 3 starts to read at input 6. Does yours?")
    def no_stride(layers, t):
        return receptive_field.reference([(k, 1, d, p) for k, _, d, p in layers], t)

    @mistake(
        "the stack read from the bottom",
        hint="You go from an output to the inputs. Which layer do you meet first on that way?",
    )
    def upside_down(layers, t):
        return receptive_field.reference(layers[::-1], t)

    @mistake(
        "one step too many",
        hint="A window of width 1 reads one step. Are your first and last the same then?",
    )
    def whole_width(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: f * s - p, lambda n, k, s, d, p: n * s - p + k * d)

    @mistake(
        "padding forgotten", hint="With padding 1, output 0 begins one step before input 0. Where does yours begin?"
    )
    def no_padding(layers, t):
        return receptive_field.reference([(k, s, d, 0) for k, s, d, _ in layers], t)

    @mistake(
        "padding on one side only",
        hint="Padding in front moves the whole window. Does the last step it reads move as well?",
    )
    def front_only(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: f * s - p, lambda n, k, s, d, p: n * s + (k - 1) * d)

    @mistake(
        "padding multiplied by the stride",
        hint="Stride 2, padding 1: output 0 starts at input −1, output 1 at input 1. Try both.",
    )
    def padding_first(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: (f - p) * s, lambda n, k, s, d, p: (n - p) * s + (k - 1) * d)

    @mistake(
        "padding added instead of subtracted",
        hint="Padding in front moves the first window. To the left or to the right?",
    )
    def padding_added(layers, t):
        return receptive_field.reference([(k, s, d, -p) for k, s, d, p in layers], t)

    @mistake(
        "nothing before step 0",
        hint="Where a window begins before the sequence, which number does the exercise ask for?",
    )
    def clamped(layers, t):
        first, last = receptive_field.reference(layers, t)
        return max(first, 0), last

    @mistake(
        "places between two layers never before 0",
        hint="One layer is right. A place before 0 of a layer in between is padding. Where do you go on down from?",
    )
    def clamped_between(layers, t):
        lowest, *above = layers
        first, last = receptive_field.reference(above, t)
        return receptive_field.reference([lowest], max(first, 0))[0], receptive_field.reference([lowest], last)[1]

    @mistake(
        "neither end before step 0",
        hint="Where a whole window lies before the sequence, which two numbers does the exercise ask for?",
    )
    def both_clamped(layers, t):
        first, last = receptive_field.reference(layers, t)
        return max(first, 0), max(last, 0)

    @mistake(
        "neither end before place 0 between two layers",
        hint="One layer is right. A place before 0 of a layer in between is padding. Where do you go on down from?",
    )
    def both_clamped_between(layers, t):
        lowest, *above = layers
        first, last = receptive_field.reference(above, t)
        return receptive_field.reference([lowest], max(first, 0))[0], receptive_field.reference([lowest], max(last, 0))[
            1
        ]

    @mistake(
        "padding added to the last end",
        hint="first is right. Padding in front moves the whole window: both ends of it in the same direction.",
    )
    def last_moved_the_other_way(layers, t):
        return reach(layers, t, lambda f, k, s, d, p: f * s - p, lambda n, k, s, d, p: n * s + p + (k - 1) * d)

    @mistake(
        "last counted from first in every layer",
        hint="One layer is right. In a layer below, from which of the values above does the last step come?",
    )
    def last_from_first(layers, t):
        first, _ = receptive_field.reference(layers, t)
        width, _, dilation, _ = layers[0]
        return first, first + (width - 1) * dilation

    @mistake(
        "the end not included",
        hint="first is right. Is your last a step that the output reads, or the one after it?",
    )
    def exclusive_end(layers, t):
        first, last = receptive_field.reference(layers, t)
        return first, last + 1

    @mistake(
        "a size instead of a place",
        hint="Your two numbers are right for output 0. Where do they go when t grows?",
    )
    def always_first(layers, t):
        return receptive_field.reference(layers, 0)
