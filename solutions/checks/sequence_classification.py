"""Checks on many states and one answer: means and maxima of chosen steps, last states, accuracies, a word left out.

For instructors only.
"""

import itertools
import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors, weights

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


def steps_of(generator, batch, time, *, gaps):
    """Draw which steps count: the first few of each row or, with gaps, any."""
    if gaps:
        return torch.rand(batch, time, generator=generator) < 0.5
    lengths = torch.randint(1, time + 1, (batch,), generator=generator)
    lengths[0] = time
    if batch > 1:
        lengths[1] = max(1, time // 2)
    return torch.arange(time) < lengths[:, None]


def states_and_steps(generator):
    """Draw states and steps that count, for a mean or a maximum: behind each other, with gaps, nowhere."""
    for group, batch, time, unit, dtype in [
        ("padding behind", 3, 5, 4, torch.float64),
        ("padding behind", 2, 6, 3, torch.float32),
        ("gaps", 3, 6, 2, torch.float64),
        ("gaps", 4, 5, 3, torch.float64),
        ("anything in the padding", 2, 5, 3, torch.float64),
        ("anything in the padding", 4, 3, 2, torch.float64),
        ("a row without a step", 3, 4, 2, torch.float64),
        ("a row without a step", 1, 3, 2, torch.float32),
    ]:
        counts = steps_of(generator, batch, time, gaps=group != "padding behind")
        if group in ("gaps", "anything in the padding"):
            counts[:, 1] = True
            counts[:, 0] = False
            counts[0, -1] = True
        if group == "a row without a step":
            counts[0] = False
        # below zero, so that a zero would be the largest, and one real zero
        states = -0.5 - normal(generator, batch, time, unit).abs()
        if unit == 3:  # and of both signs
            states[:, ::2] *= -0.75
        if unit == 4:  # and of another size
            states *= 1e10
        states = states.to(dtype)
        if group == "gaps":
            # the largest of its row, and so is one that does not count
            states[0, -1] = states[0, 0] = max(0.0, float(states[0].max()))
        if group == "anything in the padding":
            states[~counts] = math.nan
            states[~counts & (torch.arange(time) == 0)] = math.inf
        yield group, {"states": states, "counts": counts}


GROUPS = {"padding behind": 1, "gaps": 1, "anything in the padding": 1, "a row without a step": 1}


@exercise(returns="mean: batch unit", groups=GROUPS, forbid=NOT_ALLOWED)
class masked_mean:
    "The mean of the states of those steps that count."

    def inputs(generator):
        yield (
            "gaps",
            {
                "states": tensors(s=[[[2.0, -1.0], [9.0, 9.0], [4.0, -5.0]]])["s"],
                "counts": torch.tensor([[True, False, True]]),
            },
        )
        yield from states_and_steps(generator)

    def reference(states, counts):
        return mean_of(states, counts)

    @mistake("divided by all steps", hint="The sum is right. By how many steps do you divide, and how many count?")
    def by_time(states, counts):
        return mean_of(states, counts, divide_by=torch.full((len(states), 1), states.shape[1]))

    @mistake(
        "steps averaged that do not count",
        hint="Your mean is that of every step of the row. What does counts say?",
    )
    def no_mask(states, counts):
        return states.mean(1)

    @mistake("multiplied by zero", hint="Where the padding holds numbers you are right. What is 0 · NaN?")
    def times_zero(states, counts):
        return (states * counts[..., None]).sum(1) / counts.sum(1, keepdim=True).clamp(min=1)

    @mistake("0 divided by 0", hint="Every other row is right. How many steps count in a row where none does?")
    def empty_is_nan(states, counts):
        return mean_of(states, counts, divide_by=counts.sum(1, keepdim=True))

    @mistake("the other steps averaged", hint="What does True mean in counts?")
    def inverted(states, counts):
        return mean_of(states, ~counts)

    @mistake(
        "the first steps instead of those that count",
        hint="Without gaps you are right. *Which* steps count, and not only how many?",
    )
    def first_ones(states, counts):
        return mean_of(states, torch.arange(states.shape[1]) < counts.sum(1, keepdim=True))

    @mistake(
        "everything up to the last step that counts",
        hint="Without gaps you are right. What happens to a step that does not count between two that do?",
    )
    def up_to_last(states, counts):
        return mean_of(states, counts.flip(1).cumsum(1).flip(1) > 0)

    @mistake("divided by the steps of the whole batch", hint="With one row you are right. Whose steps do you count?")
    def by_batch(states, counts):
        return mean_of(states, counts, divide_by=counts.sum().clamp(min=1))

    @mistake("the mean over the batch", hint="Look at the shape, [batch, time, unit]. Over which axis is the mean?")
    def over_batch(states, counts):
        return torch.where(counts[..., None], states, 0.0).sum(0) / counts.sum(0)[:, None].clamp(min=1)

    @mistake("not divided", hint="Yours grows with the number of steps. Is it a mean?")
    def only_sum(states, counts):
        return mean_of(states, counts, divide_by=1)

    @mistake(
        "steps recognised by their numbers",
        hint="A step that counts may be all zeros, and one that does not may hold anything. What do you know of it?",
    )
    def from_values(states, counts):
        return mean_of(states, counts & (states != 0).any(-1))


def mean_of(states, counts, *, divide_by=None):
    """Return the mean; the keyword makes the usual mistakes."""
    divide_by = counts.sum(1, keepdim=True).clamp(min=1) if divide_by is None else divide_by
    return torch.where(counts[..., None], states, 0.0).sum(1) / divide_by


@exercise(returns=("largest: batch unit", "step: batch unit"), groups=GROUPS, forbid=NOT_ALLOWED)
class masked_max:
    "The largest value of each unit over those steps that count, and the step that it came from."

    def inputs(generator):
        yield (
            "gaps",
            {
                "states": tensors(s=[[[-2.0, -1.0], [9.0, 9.0], [-4.0, -1.0], [-3.0, -5.0]]])["s"],
                "counts": torch.tensor([[True, False, True, True]]),
            },
        )
        yield from states_and_steps(generator)

    def reference(states, counts):
        return max_of(states, counts)

    @mistake(
        "zeros that win",
        hint="All states of a row may be below zero. What do you put where a step does not count?",
    )
    def zeros_win(states, counts):
        largest, step = torch.where(counts[..., None], states, 0.0).max(1)
        return largest, step

    @mistake(
        "zeros that win, by a product",
        hint="All states of a row may be below zero. What do you put where a step does not count? And what is 0 · NaN?",
    )
    def times_zero(states, counts):
        largest, step = (states * counts[..., None]).max(1)
        return largest, step

    @mistake(
        "a number that is not small enough",
        hint="What stands where a step does not count has to lose against every state, however far below zero it lies.",
    )
    def large_number(states, counts):
        return max_of(states, counts, filled_by=-1e9)

    @mistake(
        "nothing done for a row without a step",
        hint="Every other row is right. What do the largest and its step become where no step counts?",
    )
    def empty_forgotten(states, counts):
        largest, step = torch.where(counts[..., None], states, -torch.inf).max(1)
        return largest, step

    @mistake(
        "a step found that does not count",
        hint="largest is right. May a step that does not count hold the same number, and before the one you look for?",
    )
    def found_anywhere(states, counts):
        largest, step = max_of(states, counts)
        anywhere = (states == largest[:, None]).int().argmax(1)
        return largest, torch.where(step < 0, -1, anywhere)

    @mistake(
        "steps read that do not count", hint="Your maximum is that of every step of the row. What does counts say?"
    )
    def no_mask(states, counts):
        return max_of(states, torch.ones_like(counts))

    @mistake(
        "−∞ left over",
        hint="Every other row is right. What is the largest of no step at all, and what does the text ask for?",
    )
    def empty_is_infinite(states, counts):
        filled = torch.where(counts[..., None], states, -torch.inf)
        return filled.amax(1), max_of(states, counts)[1]

    @mistake(
        "a step named where there is none",
        hint="largest is right. In a row where no step counts, which step did it come from?",
    )
    def first_step_of_nothing(states, counts):
        largest, step = max_of(states, counts)
        return largest, step.clamp(min=0)

    @mistake(
        "steps numbered among those that count",
        hint="largest is right, and without gaps all is. Count the steps of the row, not those that count.",
    )
    def renumbered(states, counts):
        largest, step = max_of(states, counts)
        place = counts.cumsum(1) - 1
        return largest, torch.where(step < 0, step, place.gather(1, step.clamp(min=0)))

    @mistake(
        "the last of equal ones",
        hint="largest is right. If two steps have the same value, which of them is asked for?",
    )
    def last_of_equals(states, counts):
        largest, back = max_of(states.flip(1), counts.flip(1))
        return largest, torch.where(back < 0, back, states.shape[1] - 1 - back)

    @mistake("steps counted from 1", hint="largest is right. What is the number of the first step?")
    def from_one(states, counts):
        largest, step = max_of(states, counts)
        return largest, torch.where(step < 0, step, step + 1)

    @mistake(
        "one step for all units",
        hint="With one unit you are right. Must every unit have its maximum at the same step?",
    )
    def whole_vectors(states, counts):
        sums = torch.where(counts, states.sum(-1), -torch.inf)
        step = sums.argmax(1)
        found = states[torch.arange(len(states)), step]
        empty = ~counts.any(1)[:, None]
        steps = step[:, None].expand(found.shape)
        return torch.where(empty, 0.0, found), torch.where(empty, -1, steps)

    @mistake("the largest over the batch", hint="Look at the shape, [batch, time, unit]. Over which axis is it?")
    def over_batch(states, counts):
        return max_of(states.transpose(0, 1), counts.T)

    @mistake("the smallest", hint="Is there a state of a step that counts above yours?")
    def smallest(states, counts):
        largest, step = max_of(-states, counts)
        return -largest, step

    @mistake("the farthest from zero", hint="Is −3 larger than −2?")
    def absolute(states, counts):
        _, step = max_of(states.abs(), counts)
        found = states.gather(1, step.clamp(min=0)[:, None])[:, 0]
        return torch.where(step < 0, 0.0, found), step

    @mistake("the other steps", hint="What does True mean in counts?")
    def inverted(states, counts):
        return max_of(states, ~counts)


def max_of(states, counts, *, filled_by=-torch.inf):
    """Return the maximum and its step; the keyword makes the usual mistakes."""
    filled = torch.where(counts[..., None], states, filled_by)
    largest = filled.amax(1)
    step = (filled == largest[:, None]).int().argmax(1)
    empty = ~counts.any(1)[:, None]
    return torch.where(empty, 0.0, largest), torch.where(empty, -1, step)


@exercise(
    returns="ends: batch unit",
    groups={"padding behind": 1, "padding in front": 1, "padding on both sides": 1},
    forbid=NOT_ALLOWED,
)
class last_valid_state:
    "Of two directions, the states that have read everything, in torch's layout and with padding on both sides."

    def inputs(generator):
        yield (
            "padding on both sides",
            {
                "states": tensors(s=[[[9.0, 9]], [[1, 40]], [[2, 30]], [[3, 20]], [[9, 9]]])["s"],
                "start": torch.tensor([1]),
                "lengths": torch.tensor([3]),
            },
        )
        for group, time, lengths, size, dtype in [
            ("padding behind", 5, [5, 1, 3], 2, torch.float64),
            ("padding behind", 6, [2, 6, 4, 3], 1, torch.float32),
            ("padding in front", 6, [4, 6, 3], 1, torch.float64),
            ("padding in front", 5, [3, 2, 1, 4], 3, torch.float64),
            ("padding on both sides", 7, [3, 4, 1], 2, torch.float64),
            ("padding on both sides", 7, [2, 5, 3, 1, 4], 1, torch.float64),
        ]:
            lengths = torch.tensor(lengths)
            room = time - lengths
            start = {
                "padding behind": torch.zeros_like(lengths),
                "padding in front": room,
                "padding on both sides": (room + 1) // 2,
            }[group]
            states = normal(generator, time, len(lengths), 2 * size, dtype=dtype)
            if group == "padding on both sides":
                steps = torch.arange(time)[:, None]
                states[(steps < start) | (steps >= start + lengths)] = math.nan
            yield group, {"states": states, "start": start, "lengths": lengths}

    def reference(states, start, lengths):
        return ends_of(states, start + lengths - 1, start)

    @mistake("the last column", hint="Where a row fills the time you are right. At which step does a row end?")
    def last_column(states, start, lengths):
        return ends_of(states, torch.full_like(lengths, -1), start)

    @mistake(
        "both halves at the end",
        hint="The first half is right. What has the direction that reads backwards read at the last step?",
    )
    def same_step(states, start, lengths):
        return ends_of(states, start + lengths - 1, start + lengths - 1)

    @mistake(
        "the backward half at step 0",
        hint="With padding behind you are right, and the first half always is. Where does a row begin?",
    )
    def from_zero(states, start, lengths):
        return ends_of(states, start + lengths - 1, torch.zeros_like(start))

    @mistake(
        "lengths counted from step 0",
        hint="With padding behind you are right. A row of 3 steps that begins at step 1: which is its last one?",
    )
    def without_start(states, start, lengths):
        return ends_of(states, lengths - 1, start)

    @mistake(
        "padding only behind",
        hint="With padding behind you are right. What is start for?",
    )
    def start_ignored(states, start, lengths):
        return ends_of(states, lengths - 1, torch.zeros_like(start))

    @mistake(
        "both halves at the start",
        hint="The second half is right. What has the direction that reads forwards read at the first step?",
    )
    def both_at_start(states, start, lengths):
        return ends_of(states, start, start)

    @mistake("one step too early", hint="A row of one step: do you read it?")
    def one_early(states, start, lengths):
        return ends_of(states, start + lengths - 2, start)

    @mistake("directions exchanged", hint="Which half of a state belongs to the direction that reads forwards?")
    def exchanged(states, start, lengths):
        size = states.shape[2] // 2
        other = torch.cat([states[..., size:], states[..., :size]], dim=-1)
        return ends_of(other, start + lengths - 1, start)

    @mistake(
        "each direction where it begins",
        hint="A direction has read everything where it ends. Where does the one that reads forwards end?",
    )
    def beginnings(states, start, lengths):
        return ends_of(states, start, start + lengths - 1)

    @mistake("the backward half first", hint="Both halves are right. In which order are they asked for?")
    def halves_turned(states, start, lengths):
        ends = ends_of(states, start + lengths - 1, start)
        size = ends.shape[1] // 2
        return torch.cat([ends[:, size:], ends[:, :size]], dim=1)

    @mistake(
        "the row of another sequence",
        hint="One row is right. Which row of the batch do you read for each sequence?",
    )
    def first_row(states, start, lengths):
        return ends_of(states[:, :1].expand(states.shape), start + lengths - 1, start)


def ends_of(states, ahead, back):
    """Return the forward half at the steps ``ahead``, the backward half at the steps ``back``."""
    rows, size = torch.arange(states.shape[1]), states.shape[2] // 2
    return torch.cat([states[ahead, rows, :size], states[back, rows, size:]], dim=1)


@exercise(
    returns=("accuracy: bin", "count: bin"),
    groups={"one bin": 1, "several bins": 2, "an empty bin": 1},
    forbid=NOT_ALLOWED,
)
class accuracy_by_length:
    "The share of right answers among the sequences of each range of lengths, and how many these are."

    def inputs(generator):
        said = [[[1.0, 0.0], [0.0, 1.0], [5.0, 0.0]], [[0.0, 1.0], [1.0, 0.0], [0.0, 2.0]], [[2.0, 1.0]] * 3]
        yield (
            "several bins",
            tensors(logits=said)
            | {"y": torch.tensor([1, 1, 1]), "lengths": torch.tensor([2, 3, 2]), "edges": [1, 3, 4]},
        )
        for group, lengths, classes, edges, dtype in [
            ("one bin", [3, 6, 2, 5, 4], 3, [1, 7], torch.float64),
            ("one bin", [1, 4, 2, 2], 2, [1, 5], torch.float32),
            ("several bins", [4, 1, 3, 7, 5, 2, 6, 4, 5], 3, [1, 3, 5, 8], torch.float64),
            ("several bins", [2, 6, 4, 4, 3, 5, 2, 6, 3, 4, 5], 4, [2, 4, 6], torch.float64),  # 6 is in none
            ("several bins", [5, 2, 3, 1, 4, 4, 2, 3, 5], 5, [2, 3, 4, 5, 6], torch.float32),  # and 1 in none
            ("an empty bin", [2, 5, 5, 2, 1, 6], 3, [1, 3, 5, 7], torch.float64),
            ("an empty bin", [2, 2, 3], 2, [1, 2, 4], torch.float64),
        ]:
            lengths = torch.tensor(lengths)
            time = int(lengths.max())
            logits = normal(generator, len(lengths), time, classes, dtype=dtype)
            rows = torch.arange(len(lengths))
            # about two in three are right, the first and not the last
            answers = logits[rows, lengths - 1].argmax(-1)
            wrong = torch.rand(len(lengths), generator=generator) < 0.35
            wrong[0], wrong[-1] = False, True
            y = torch.where(wrong, (answers + 1) % classes, answers)
            yield group, {"logits": logits, "y": y, "lengths": lengths, "edges": edges}

    def reference(logits, y, lengths, edges):
        return in_bins(right_at(logits, y, lengths - 1), lengths, edges)

    @mistake(
        "the answer of the last column",
        hint="count is right. After which step do you read the answer of a short sequence?",
    )
    def last_column(logits, y, lengths, edges):
        return in_bins(right_at(logits, y, torch.full_like(lengths, -1)), lengths, edges)

    @mistake(
        "every step counted as an answer",
        hint="count is right. A sequence has one answer. How many do you count for it?",
    )
    def every_step(logits, y, lengths, edges):
        real = torch.arange(logits.shape[1]) < lengths[:, None]
        right = (logits.argmax(-1) == y[:, None]) & real
        share = right.sum(1).to(logits.dtype) / lengths
        return in_bins(share, lengths, edges)

    @mistake(
        "the sum of what was said at every step",
        hint="count is right. You add up what was said on the way, padding too. When is the verdict given?",
    )
    def added_up(logits, y, lengths, edges):
        total = logits.sum(1, keepdim=True)
        return in_bins(right_at(total, y, torch.zeros_like(lengths)), lengths, edges)

    @mistake("the answer one step early", hint="count is right. Which is the last step of a sequence of length 1?")
    def one_early(logits, y, lengths, edges):
        return in_bins(right_at(logits, y, lengths - 2), lengths, edges)

    @mistake(
        "a length at an edge in the bin below",
        hint="Sum up count. To which bin belongs a sequence whose length is an edge?",
    )
    def upper_edge(logits, y, lengths, edges):
        return in_bins(right_at(logits, y, lengths - 1), lengths - 1, edges)

    @mistake("a length at an edge in both bins", hint="Sum up count. How many sequences are there?")
    def both_edges(logits, y, lengths, edges):
        return in_bins(right_at(logits, y, lengths - 1), lengths, edges, until=1)

    @mistake(
        "an empty bin as 0",
        hint="The other bins are right. Is a bin without a sequence as bad as one where all are wrong?",
    )
    def empty_is_zero(logits, y, lengths, edges):
        accuracy, count = in_bins(right_at(logits, y, lengths - 1), lengths, edges)
        return torch.where(count == 0, 0.0, accuracy), count

    @mistake(
        "shares of the whole batch",
        hint="count is right. Of which sequences is your accuracy the share?",
    )
    def of_batch(logits, y, lengths, edges):
        accuracy, count = in_bins(right_at(logits, y, lengths - 1), lengths, edges)
        return torch.where(count == 0, math.nan, accuracy * count / len(lengths)), count

    @mistake("the share of wrong answers", hint="count is right. What is accuracy where every answer is right?")
    def errors(logits, y, lengths, edges):
        return in_bins(1 - right_at(logits, y, lengths - 1), lengths, edges)

    @mistake("right answers as count", hint="accuracy is right. Does count hold the right ones or all of them?")
    def count_of_right(logits, y, lengths, edges):
        right = right_at(logits, y, lengths - 1)
        accuracy, count = in_bins(right, lengths, edges)
        return accuracy, torch.where(count == 0, 0, (accuracy.nan_to_num() * count).round().long())

    @mistake(
        "everything longer in the last bin",
        hint="Sum up count. Is a sequence that is too long for every bin counted in one?",
    )
    def open_end(logits, y, lengths, edges):
        kept = lengths.clamp(max=edges[-1] - 1)
        return in_bins(right_at(logits, y, lengths - 1), kept, edges)

    @mistake("up to each edge", hint="Your first bin is right. Where does a bin begin?")
    def cumulated(logits, y, lengths, edges):
        right = right_at(logits, y, lengths - 1)
        both = [in_bins(right, lengths, [edges[0], edge]) for edge in edges[1:]]
        return torch.cat([one for one, _ in both]), torch.cat([one for _, one in both])


def right_at(logits, y, steps):
    """Return 1 where the answer after the given step is right, else 0."""
    return (logits[torch.arange(len(y)), steps].argmax(-1) == y).to(logits.dtype)


def in_bins(right, lengths, edges, *, until=0):
    """Return accuracy and count of every bin; with ``until`` a bin goes on beyond its end."""
    inside = torch.stack([(lengths >= low) & (lengths < high + until) for low, high in itertools.pairwise(edges)])
    count = inside.sum(1)
    total = torch.where(inside, right, 0.0).sum(1)
    return torch.where(count > 0, total / count, math.nan).to(right.dtype), count


@exercise(
    returns=("word: batch", "change: batch"),
    groups={"one sentence": 1, "padded": 2, "a single word": 1},
    forbid=NOT_ALLOWED,
)
class turning_word:
    "The word without which the verdict on a sentence changes most, and by how much."

    def inputs(generator):
        yield (
            "one sentence",
            {
                "x": tensors(x=[[[1.0], [-2.0], [1.0]]])["x"],
                "lengths": torch.tensor([3]),
                **tensors(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0], w=[2.0]),
                "b": 0.5,
            },
        )
        # two words of which each has a unit of its own, exactly: what they change has one size and two signs
        yield (
            "one sentence",
            {
                "x": tensors(x=[[[0.0, 80.0], [80.0, 0.0], [0.0, 0.0]]])["x"],
                "lengths": torch.tensor([3]),
                **tensors(
                    W_xh=[[1.0, 0.0], [0.0, 1.0]], W_hh=[[40.0, 0.0], [0.0, 40.0]], b_h=[0.0, 0.0], w=[2.0, -2.0]
                ),
                "b": 0.25,
            },
        )
        for group, lengths, feature, unit, dtype in [
            ("one sentence", [5], 3, 2, torch.float64),
            ("one sentence", [4], 2, 3, torch.float32),
            ("one sentence", [6], 4, 2, torch.float64),
            ("padded", [3, 6, 4, 2, 5], 2, 3, torch.float64),
            ("padded", [5, 2, 4], 3, 2, torch.float64),
            ("padded", [2, 4, 6, 3], 2, 1, torch.float64),
            ("a single word", [1, 3], 2, 4, torch.float64),
            ("a single word", [4, 1, 1], 2, 3, torch.float64),
        ]:
            yield group, sentences(generator, torch.tensor(lengths), feature, unit, dtype, early=group == "padded")

    def reference(x, lengths, W_xh, W_hh, b_h, w, b):
        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b))

    @mistake(
        "the word set to zero",
        hint="The network still takes a step where your word was. How many has a sentence of 5 words without one?",
    )
    def zeroed(x, lengths, W_xh, W_hh, b_h, w, b):
        def without(row, t):
            changed = row.clone()
            changed[t] = 0
            return changed

        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b), without=without)

    @mistake(
        "the change at the word instead of at the end",
        hint="You compare what is believed before and after a word. What would the whole sentence be without it?",
    )
    def jump(x, lengths, W_xh, W_hh, b_h, w, b):
        read = Reader(W_xh, W_hh, b_h, w, b)
        changes = [
            torch.stack([read(row[: t + 1]) - read(row[:t]) for t in range(length)])
            for row, length in zip(x, lengths.tolist(), strict=True)
        ]
        return chosen(changes, torch.abs)

    @mistake(
        "the sentence up to the word",
        hint="Without its last word you are right. What becomes of the words behind the one that is left out?",
    )
    def cut_off(x, lengths, W_xh, W_hh, b_h, w, b):
        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b), without=lambda row, t: row[:t])

    @mistake("the word alone", hint="You read a sentence of one word. Which words should be read?")
    def alone(x, lengths, W_xh, W_hh, b_h, w, b):
        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b), without=lambda row, t: row[t : t + 1])

    @mistake(
        "the largest rise",
        hint="A word may turn the verdict down as well. Which change is the greatest, whatever its direction?",
    )
    def signed(x, lengths, W_xh, W_hh, b_h, w, b):
        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b), size=lambda change: change)

    @mistake(
        "the sign turned", hint="word is right. A word that speaks for yes: is the logit higher with it or without?"
    )
    def sign(x, lengths, W_xh, W_hh, b_h, w, b):
        word, change = turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b))
        return word, -change

    @mistake("without its sign", hint="word is right. Can one see from your change which way the word turned it?")
    def no_sign(x, lengths, W_xh, W_hh, b_h, w, b):
        word, change = turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b))
        return word, change.abs()

    @mistake("probabilities instead of logits", hint="All your changes are between −1 and 1. What is asked for?")
    def probabilities(x, lengths, W_xh, W_hh, b_h, w, b):
        read = Reader(W_xh, W_hh, b_h, w, b)
        return turned(x, lengths, lambda row: read(row).sigmoid())

    @mistake(
        "the later of equal changes",
        hint="Two words may change the logit equally much, in whichever direction. Which of them is asked for?",
    )
    def later_of_equals(x, lengths, W_xh, W_hh, b_h, w, b):
        def latest(change):  # a little more for a later word
            return change.abs() + 1e-12 * torch.arange(len(change))

        return turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b), size=latest)

    @mistake(
        "0 as the logit of no word",
        hint="Sentences of two words and more are right. What is the logit of a sentence without any word?",
    )
    def empty_is_zero(x, lengths, W_xh, W_hh, b_h, w, b):
        read = Reader(W_xh, W_hh, b_h, w, b)
        return turned(x, lengths, lambda row: read(row) if len(row) else w.new_zeros(()))

    @mistake("words counted from 1", hint="change is right. What is the number of the first word?")
    def from_one(x, lengths, W_xh, W_hh, b_h, w, b):
        word, change = turned(x, lengths, Reader(W_xh, W_hh, b_h, w, b))
        return word + 1, change

    @mistake(
        "padding read",
        hint="Where a sentence fills the row you are right. After which step do you read the logit of a short one?",
    )
    def padding_read(x, lengths, W_xh, W_hh, b_h, w, b):
        return turned(x, torch.full_like(lengths, x.shape[1]), Reader(W_xh, W_hh, b_h, w, b))

    @mistake(
        "one step of padding read",
        hint="Where a sentence fills the row you are right. Without a word it is shorter: where does it end then?",
    )
    def length_kept(x, lengths, W_xh, W_hh, b_h, w, b):
        read = Reader(W_xh, W_hh, b_h, w, b)
        changes = []
        for row, length in zip(x, lengths.tolist(), strict=True):
            rest = [torch.cat([row[:t], row[t + 1 :]])[:length] for t in range(length)]
            changes.append(torch.stack([read(row[:length]) - read(one) for one in rest]))
        return chosen(changes, torch.abs)

    @mistake(
        "without the bias",
        hint="A sentence without any word still has a logit. What is it, and what is left of it in your difference?",
    )
    def no_bias(x, lengths, W_xh, W_hh, b_h, w, b):
        read, bare = Reader(W_xh, W_hh, b_h, w, b), Reader(W_xh, W_hh, b_h, w, 0.0)
        changes = [
            torch.stack([read(row[:length]) - bare(torch.cat([row[:t], row[t + 1 : length]])) for t in range(length)])
            for row, length in zip(x, lengths.tolist(), strict=True)
        ]
        return chosen(changes, torch.abs)


def sentences(generator, lengths, feature, unit, dtype, *, early):
    """Draw a batch and a reader; with ``early`` until a first word turns its sentence, since late ones mostly do."""
    while True:
        x = normal(generator, len(lengths), int(lengths.max()), feature, scale=1.5, dtype=dtype)
        W = weights(generator, feature, unit, dtype)
        output = {"w": normal(generator, unit, scale=2.0, dtype=dtype), "b": float(normal(generator, 1))}
        word, _ = turned(x, lengths, Reader(*W.values(), *output.values()))
        if not early or (word == 0).any():
            return {"x": x, "lengths": lengths} | W | output


class Reader:
    """A plain network that reads a sentence, from the state 0, and a logit at its end."""

    def __init__(self, W_xh, W_hh, b_h, w, b):
        self.W_xh, self.W_hh, self.b_h, self.w, self.b = W_xh, W_hh, b_h, w, b

    def __call__(self, row):
        h = torch.zeros_like(self.b_h)
        for x_t in row:
            h = torch.tanh(self.W_xh @ x_t + self.W_hh @ h + self.b_h)
        return self.w @ h + self.b


def left_out(row, t):
    return torch.cat([row[:t], row[t + 1 :]])


def turned(x, lengths, read, *, without=left_out, size=torch.abs):
    """Return the word and its change; the keywords make the usual mistakes."""
    changes = []
    for row, length in zip(x, lengths.tolist(), strict=True):
        row = row[:length]
        changes.append(torch.stack([read(row) - read(without(row, t)) for t in range(length)]))
    return chosen(changes, size)


def chosen(changes, size):
    words = [size(change).argmax() for change in changes]
    return torch.stack(words), torch.stack([change[word] for change, word in zip(changes, words, strict=True)])
