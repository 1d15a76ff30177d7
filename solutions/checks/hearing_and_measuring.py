"""Checks on hearing and measuring: paths that collapse, their sums and their search; skill, a filter, and coverage.

For instructors only.
"""

import itertools
import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

READY_MADE = (".ctc_loss", ".unique_consecutive", "seqviz.data", "seqviz.plots")
NOT_ALLOWED = (*not_allowed(autograd=True), *READY_MADE)


@exercise(
    returns="labels",
    groups={"one path": 1, "padding": 1, "another blank": 1},
    forbid=NOT_ALLOWED,
)
class ctc_collapse:
    "The labels of several paths, whatever number the blank has."

    def inputs(generator):
        worked = torch.tensor([[0, 4, 4, 2, 4, 2, 2, 1], [2, 2, 3, 3, 2, 3, 3, 3]])
        yield "another blank", {"paths": worked, "lengths": torch.tensor([7, 4]), "blank": 2}
        for group, batch, time, labels, blank, padded in [
            ("one path", 1, 7, 3, 0, False),
            ("one path", 1, 1, 2, 0, False),
            ("one path", 1, 12, 2, 0, False),
            ("padding", 4, 8, 3, 0, True),
            ("padding", 3, 5, 2, 0, True),
            ("another blank", 3, 9, 4, 3, False),
            ("another blank", 4, 10, 3, 1, True),
        ]:
            paths = torch.randint(labels, (batch, time), generator=generator)
            lengths = torch.full((batch,), time)
            if padded:
                lengths = torch.randint(1, time, (batch,), generator=generator)
                lengths[0] = 1
            yield group, {"paths": paths, "lengths": lengths, "blank": blank}
        every = torch.tensor(list(itertools.product(range(2), repeat=4)))
        yield "one path", {"paths": every, "lengths": torch.full((16,), 4), "blank": 0}
        yield "another blank", {"paths": every, "lengths": torch.full((16,), 4), "blank": 1}
        # what follows the last frame would go on with its label, or add one
        behind = torch.tensor([[1, 1, 2], [0, 1, 2], [2, 0, 2]])
        yield "padding", {"paths": behind, "lengths": torch.tensor([1, 2, 2]), "blank": 0}
        # labels of two digits, which are not two labels
        long = torch.tensor([[10, 11, 1, 11, 0, 1, 1, 12]])
        yield "one path", {"paths": long, "lengths": torch.tensor([8]), "blank": 0}
        of_ten = torch.tensor([[10, 1, 0, 10, 10, 1, 11]])
        yield "another blank", {"paths": of_ten, "lengths": torch.tensor([7]), "blank": 10}

    def reference(paths, lengths, blank):
        return collapsed(paths, lengths, blank)

    @mistake(
        "blanks left out first",
        hint="Write down what your function makes of a label, a blank and the same label. What is the blank for?",
    )
    def blanks_first(paths, lengths, blank):
        kept = [[one for one in path if one != blank] for path in real_frames(paths, lengths)]
        return [[label for label, _ in itertools.groupby(path)] for path in kept]

    @mistake("neighbours not merged", hint="How many labels are two equal frames without a blank in between?")
    def not_merged(paths, lengths, blank):
        return [[one for one in path if one != blank] for path in real_frames(paths, lengths)]

    @mistake("blanks kept", hint="Is the blank a label?")
    def blanks_kept(paths, lengths, blank):
        return [[label for label, _ in itertools.groupby(path)] for path in real_frames(paths, lengths)]

    @mistake("the blank taken to be 0", hint="With one path you are right. Which number is the blank?")
    def blank_is_0(paths, lengths, blank):
        return collapsed(paths, lengths, 0)

    @mistake("the padding read", hint="With one path you are right. What stands behind the last frame?")
    def padding_read(paths, lengths, blank):
        return collapsed(paths, torch.full_like(lengths, paths.shape[1]), blank)

    @mistake("every label once", hint="May a label that was said come back later?")
    def once(paths, lengths, blank):
        return [list(dict.fromkeys(one for one in path if one != blank)) for path in real_frames(paths, lengths)]

    @mistake("the first frame lost", hint="With what do you compare the first frame?")
    def first_lost(paths, lengths, blank):
        return [
            [now for before, now in itertools.pairwise(path) if now not in (before, blank)]
            for path in real_frames(paths, lengths)
        ]


def real_frames(paths, lengths):
    """Return each path as a list, without what stands behind it."""
    return [path[:length] for path, length in zip(paths.tolist(), lengths.tolist(), strict=True)]


def collapsed(paths, lengths, blank):
    """Return the labels of each path."""
    merged = ([label for label, _ in itertools.groupby(path)] for path in real_frames(paths, lengths))
    return [[label for label in path if label != blank] for path in merged]


@exercise(
    returns=("log_alpha: frame state", "log_probability"),
    groups={"different labels": 1, "equal neighbours": 2, "many frames": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-7,
)
class ctc_forward:
    "The logarithms of the forward sums, and of the probability of the labels."

    def inputs(generator):
        half = math.log(0.5)
        yield (
            "equal neighbours",
            tensors(log_p=[[half, half]] * 3, labels=[0, 0], blank=1),
        )
        for group, frames, known, labels, blank, dtype in [
            ("different labels", 5, 4, [1, 3], 0, torch.float64),
            ("different labels", 6, 5, [0, 2, 1], 4, torch.float64),
            ("different labels", 1, 3, [2], 1, torch.float64),
            ("different labels", 4, 3, [], 1, torch.float64),
            ("different labels", 1, 4, [], 3, torch.float32),
            ("different labels", 3, 5, [4, 1, 2], 0, torch.float64),
            ("equal neighbours", 6, 4, [1, 1, 3], 0, torch.float64),
            ("equal neighbours", 9, 3, [0, 0, 0, 2], 1, torch.float64),
            ("equal neighbours", 7, 4, [2, 1, 2], 3, torch.float64),
            ("equal neighbours", 4, 3, [1, 1, 1], 0, torch.float64),  # one frame too few
            ("many frames", 60, 5, [1, 4, 4, 2, 3], 0, torch.float64),
        ]:
            log_p = normal(generator, frames, known, scale=1.5, dtype=dtype).log_softmax(-1)
            yield group, {"log_p": log_p, "labels": torch.tensor(labels, dtype=torch.long), "blank": blank}
        # each frame says something else for certain: the labels' own probabilities are e to the power of −30, and the
        # sum over all paths is less than the smallest float64
        log_p = normal(generator, 40, 4, dtype=torch.float64) - 30
        log_p[:, 3] = -1e-12
        yield "many frames", {"log_p": log_p, "labels": torch.tensor([1, 2] * 13), "blank": 0}
        never = normal(generator, 5, 4, dtype=torch.float64)
        never[2:4, 0] = -math.inf
        yield (
            "equal neighbours",
            {"log_p": never.log_softmax(-1), "labels": torch.tensor([3, 1, 1]), "blank": 0},
        )
        # one frame says something else for certain: from there on no sum has a path
        other = normal(generator, 6, 4, dtype=torch.float64).log_softmax(-1)
        other[2] = torch.tensor([-math.inf, -math.inf, -math.inf, 0.0])
        yield "different labels", {"log_p": other, "labels": torch.tensor([1, 2]), "blank": 0}
        # the blank is almost certain: in the last row, the first sum and the last are a factor of e to the 800 apart
        apart = normal(generator, 40, 3, dtype=torch.float64) - 30
        apart[:, 0] = -1e-12
        yield "many frames", {"log_p": apart, "labels": torch.tensor([1, 2] * 15), "blank": 0}

    def reference(log_p, labels, blank):
        return summed(log_p, labels, blank)

    @mistake("the blank between equal labels skipped", hint="With different labels you are right. When may one skip?")
    def equal_skipped(log_p, labels, blank):
        return summed(log_p, labels, blank, may_skip=lambda states, s: states[s] != blank)

    @mistake("no blank skipped", hint="Can different labels be said in as many frames? How many blanks do they need?")
    def never_skips(log_p, labels, blank):
        return summed(log_p, labels, blank, may_skip=lambda states, s: False)

    @mistake(
        "a label skipped", hint="From which blank may one go to the next? What would the path in between not have said?"
    )
    def label_skipped(log_p, labels, blank):
        return summed(log_p, labels, blank, may_skip=lambda states, s: states[s] == blank or states[s] != states[s - 2])

    @mistake("begun with a blank only", hint="What may the first frame say?")
    def begins_blank(log_p, labels, blank):
        return summed(log_p, labels, blank, begins=1)

    @mistake("begun anywhere", hint="Which states may the first frame have? All labels before are still to be said.")
    def begins_anywhere(log_p, labels, blank):
        return summed(log_p, labels, blank, begins=10_000)

    @mistake("ended with a blank only", hint="What may the last frame say?")
    def ends_blank(log_p, labels, blank):
        return summed(log_p, labels, blank, ends=(-1,))

    @mistake("ended with the last label only", hint="What may the last frame say, behind the last label?")
    def ends_label(log_p, labels, blank):
        return summed(log_p, labels, blank, ends=(-2,) if len(labels) else (-1,))

    @mistake("ended anywhere", hint="Have the paths that end in the first states said all labels?")
    def ends_anywhere(log_p, labels, blank):
        return summed(log_p, labels, blank, ends=range(2 * len(labels) + 1))

    @mistake("the blank taken to be 0", hint="Which label is the blank?")
    def blank_is_0(log_p, labels, blank):
        return summed(log_p, labels, 0)

    @mistake("nobody stays", hint="May a frame say what the one before said?")
    def nobody_stays(log_p, labels, blank):
        return summed(log_p, labels, blank, stays=False)

    @mistake("the best path instead of the sum", hint="Is a sum of paths the largest of them?")
    def largest(log_p, labels, blank):
        return summed(log_p, labels, blank, add=lambda terms: terms.max(0).values)

    @mistake(
        "multiplied before the logarithm",
        hint="With few frames you are right. How small is a product of eighty probabilities of e to the −30?",
    )
    def not_logarithms(log_p, labels, blank):
        log_alpha, log_probability = summed(log_p, labels, blank)
        return log_alpha.exp().log(), log_probability.exp().log()


def log_add(terms):
    """Return the logarithm of the sum over the first axis, −∞ where there is nothing to add."""
    highest = terms.max(0).values
    safe = torch.where(highest.isinf(), 0.0, highest)
    return (terms - safe).exp().sum(0).log() + safe


def summed(log_p, labels, blank, *, may_skip=None, begins=2, ends=(-1, -2), stays=True, add=log_add):
    """Return the logarithms of the forward sums and of their end; the keywords make the usual mistakes."""
    states = [blank]
    for label in labels.tolist():
        states += [label, blank]
    may_skip = may_skip or (lambda states, s: states[s] != blank and states[s] != states[s - 2])
    skips = torch.tensor([s > 1 and may_skip(states, s) for s in range(len(states))])
    said = log_p[:, states]
    rows = [torch.where(torch.arange(len(states)) < begins, said[0], -torch.inf)]
    nothing = log_p.new_full((2,), -math.inf)
    for p in said[1:]:
        before = torch.cat([nothing, rows[-1]])
        stay, on, skip = before[2:], before[1:-1], torch.where(skips, before[:-2], -math.inf)
        rows.append(p + add(torch.stack([stay, on, skip] if stays else [on, skip])))
    log_alpha = torch.stack(rows)
    last = [log_alpha[-1, s] for s in ends if -len(states) <= s < len(states)]
    return log_alpha, add(torch.stack(last))


@exercise(
    returns=("labels", "score"),
    groups={"no language": 1, "a narrow beam": 1, "with the language": 2},
    forbid=NOT_ALLOWED,
    tolerance=1e-5,  # in float32, scores are sums of rounded numbers
)
class prefix_beam_search:
    "The best labels of a search over prefixes, with a bigram of labels."

    def inputs(generator):
        yield (
            "with the language",
            {
                "log_p": torch.tensor([[0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]).double().log(),
                "log_bigram": torch.tensor([[0.2, 0.4, 0.4], [0.5, 0.0, 0.5], [0.9, 0.1, 0.0]]).double().log(),
                "weight": 1.0,
                "width": 4,
            },
        )
        for group, frames, labels, width, weight, sharp in [
            ("no language", 2, 3, 50, 0.0, 1.0),
            ("no language", 4, 3, 200, 0.0, 1.0),
            ("no language", 5, 2, 200, 0.0, 0.7),
            ("no language", 6, 3, 200, 0.0, 1.5),
            ("a narrow beam", 8, 4, 3, 0.0, 1.5),
            ("a narrow beam", 7, 4, 2, 0.6, 1.2),
            ("a narrow beam", 6, 5, 1, 0.0, 1.5),
            ("a narrow beam", 9, 3, 2, 1.0, 1.0),
            ("a narrow beam", 8, 4, 3, 0.5, 1.0),
            ("a narrow beam", 10, 3, 3, 0.8, 1.0),
            ("with the language", 4, 3, 200, 1.0, 1.0),
            ("with the language", 5, 3, 200, 0.5, 1.0),
            ("with the language", 6, 3, 200, 2.0, 1.2),
            ("with the language", 5, 4, 500, 1.0, 0.8),
            ("with the language", 1, 4, 9, 0.7, 1.0),
        ]:
            log_p = normal(generator, frames, labels, scale=sharp, dtype=torch.float64).log_softmax(-1)
            log_bigram = normal(generator, labels, labels, dtype=torch.float64).log_softmax(-1)
            yield group, {"log_p": log_p, "log_bigram": log_bigram, "weight": weight, "width": width}
        log_p = normal(generator, 4, 3, dtype=torch.float32).log_softmax(-1)
        log_bigram = normal(generator, 3, 3, dtype=torch.float32).log_softmax(-1)
        yield "with the language", {"log_p": log_p, "log_bigram": log_bigram, "weight": 1.0, "width": 200}
        # the same label twice, clearly apart: 1 - 1
        apart = torch.tensor([[0.1, 0.9], [0.9, 0.1], [0.15, 0.85]]).double().log()
        flat = torch.full((2, 2), math.log(0.5), dtype=torch.float64)
        yield "no language", {"log_p": apart, "log_bigram": flat, "weight": 0.0, "width": 9}
        # a beam of one loses label 2 at the first frame, though it would win
        lost = torch.tensor([[0.1, 0.5, 0.4], [0.45, 0.1, 0.45]]).double().log()
        third = torch.full((3, 3), 1 / 3, dtype=torch.float64).log()
        yield "a narrow beam", {"log_p": lost, "log_bigram": third, "weight": 0.0, "width": 1}
        # a language that allows next to nothing, and is not asked: 0 times −∞ is NaN
        log_p = normal(generator, 5, 3, dtype=torch.float64).log_softmax(-1)
        yield "no language", {"log_p": log_p, "log_bigram": torch.eye(3).double().log(), "weight": 0.0, "width": 50}
        nothing = torch.full((2, 2), -math.inf, dtype=torch.float64)
        yield "no language", {"log_p": apart, "log_bigram": nothing, "weight": 0.0, "width": 9}
        # a language that forbids label 1 at the start, however small its weight
        loud = torch.tensor([[0.1, 0.8, 0.1]] * 2).double().log()
        forbids = torch.tensor([[0.5, 0.0, 0.5], [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]]).double().log()
        yield "with the language", {"log_p": loud, "log_bigram": forbids, "weight": 1e-4, "width": 30}
        # with its end label 2 would win, but the beam of one keeps label 1 after the last frame
        single = torch.tensor([[0.1, 0.5, 0.4]]).double().log()
        ends = torch.tensor([[0.2, 0.4, 0.4], [0.1, 0.45, 0.45], [0.9, 0.05, 0.05]]).double().log()
        yield "a narrow beam", {"log_p": single, "log_bigram": ends, "weight": 1.0, "width": 1}
        # a product of these probabilities is 0; with one label there are few prefixes, however wide the beam
        faint = normal(generator, 80, 2, dtype=torch.float64) - 30
        yield "a narrow beam", {"log_p": faint, "log_bigram": flat, "weight": 0.5, "width": 3}

    def reference(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width)

    @mistake(
        "one sum for each prefix",
        hint="Which paths of a prefix may be followed by its last label once more, as a new one?",
    )
    def one_sum(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, apart=False)

    @mistake(
        "the same label never lengthens", hint="After a blank, what is the last label of a prefix that comes again?"
    )
    def never_again(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, again="never")

    @mistake(
        "the same label does not go on",
        hint="A label that is held over two frames: where do you count the path whose label stays?",
    )
    def does_not_go_on(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, goes_on=False)

    @mistake("the best way instead of all", hint="Many paths have one prefix. Do you keep the largest, or their sum?")
    def largest(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, add=max)

    @mistake("the language left out", hint="With weight 0 you are right. What is log_bigram for?")
    def no_language(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, 0.0, width)

    @mistake("the weight left out", hint="With weight 0 or 1 you may be right. Where does the weight stand?")
    def no_weight(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, 1.0 if weight else 0.0, width)

    @mistake("the end left out", hint="With weight 0 you are right. What does a language model say last?")
    def no_end(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, end=False)

    @mistake("rows and columns exchanged", hint="With weight 0 you are right. Which index is the label before?")
    def turned(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram.T, weight, width)

    @mistake(
        "the language asked only at the end",
        hint="With a wide beam you are right. By what does a narrow one choose what it keeps?",
    )
    def only_at_the_end(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width, inside=False)

    @mistake("nothing cut off", hint="With a wide beam you are right. How many prefixes go on?")
    def no_beam(log_p, log_bigram, weight, width):
        return searched(log_p, log_bigram, weight, width=10**9)

    @mistake("the best path", hint="Is the likeliest label of every frame what many paths agree on?")
    def only_best_path(log_p, log_bigram, weight, width):
        path = [label for label, _ in itertools.groupby(log_p.argmax(-1).tolist())]
        return [label for label in path if label], float(log_p.max(-1).values.sum())


def log_sum(a, b):
    """Return the logarithm of the sum of two numbers given as logarithms."""
    low, high = min(a, b), max(a, b)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def searched(
    log_p,
    log_bigram,
    weight,
    width,
    *,
    apart=True,
    again="after a blank",
    goes_on=True,
    add=log_sum,
    end=True,
    inside=True,
):
    """Return the labels that a search finds, and their score; the keywords make the usual mistakes."""
    bigram, never = log_bigram.tolist(), -math.inf

    def language(prefix):
        return weight * sum(bigram[one][other] for one, other in itertools.pairwise((0, *prefix))) if weight else 0.0

    def last(prefix):
        return weight * bigram[prefix[-1] if prefix else 0][0] if weight and end else 0.0

    beam = {(): (0.0, never)}
    for frame in log_p.tolist():
        after = {}

        def put(prefix, blank, label, after=after):
            old = after.get(prefix, (never, never))
            after[prefix] = (add(old[0], blank), add(old[1], label))

        for prefix, (blank, label) in beam.items():
            both = add(blank, label)
            put(prefix, both + frame[0], label + frame[prefix[-1]] if prefix and goes_on else never)
            for new in range(1, len(frame)):
                if prefix and new == prefix[-1]:
                    if again == "never":
                        continue
                    put((*prefix, new), never, (blank if apart else both) + frame[new])
                else:
                    put((*prefix, new), never, both + frame[new])
        scores = {prefix: add(*ways) + (language(prefix) if inside else 0.0) for prefix, ways in after.items()}
        best = sorted(scores, key=lambda prefix: -scores[prefix])[:width]
        beam = {prefix: after[prefix] for prefix in best if scores[prefix] > never}
    total = {prefix: add(*ways) + language(prefix) + last(prefix) for prefix, ways in beam.items()}
    found = max(total, key=lambda prefix: total[prefix])
    return list(found), total[found]


@exercise(
    returns="skill",
    groups={"one step ahead": 1, "several steps ahead": 1, "not everything is known": 2},
    forbid=NOT_ALLOWED,
    tolerance=1e-5,  # in float32, sums of squares are rounded
)
class persistence_skill:
    "How much of the last value's squared error a forecast saves."

    def inputs(generator):
        nan = math.nan
        yield (
            "not everything is known",
            tensors(y=[1.0, 3.0, 4.0, 8.0, 6.0], forecasts=[nan, nan, 4.5, 6.0, 6.0], horizon=2),
        )
        for group, time, horizon, known, dtype in [
            ("one step ahead", 9, 1, 1.0, torch.float64),
            ("one step ahead", 2, 1, 1.0, torch.float64),
            ("one step ahead", 30, 1, 1.0, torch.float32),
            ("several steps ahead", 12, 3, 1.0, torch.float64),
            ("several steps ahead", 5, 4, 1.0, torch.float64),
            ("several steps ahead", 20, 2, 1.0, torch.float64),
            ("not everything is known", 20, 1, 0.7, torch.float64),
            ("not everything is known", 25, 3, 0.7, torch.float64),
            ("not everything is known", 14, 2, 0.6, torch.float64),
        ]:
            y = 100 + normal(generator, time, scale=3.0, dtype=dtype).cumsum(0)
            forecasts = y + normal(generator, time, scale=3.0, dtype=dtype)
            forecasts[:horizon] = nan
            if known < 1:
                # the ends and the middle of the series stay
                for one in (y, forecasts):
                    lost = torch.rand(time, generator=generator) > known
                    lost[[0, horizon, -1, -1 - horizon]] = False
                    one[lost] = nan
                forecasts[:horizon] = 1e6  # made for a time before which nothing was known long enough
            yield group, {"y": y, "forecasts": forecasts, "horizon": horizon}
        exact = torch.tensor([2.0, 5.0, 4.0, 4.5]).double()
        yield "one step ahead", {"y": exact, "forecasts": exact.clone(), "horizon": 1}
        yield "one step ahead", {"y": exact, "forecasts": torch.tensor([nan, 2.0, 5.0, 4.0]).double(), "horizon": 1}
        # 0 is a number, and so are negative ones
        signed = torch.tensor([-1.0, 0.0, 2.0, nan, -3.0, 1.0, 0.0]).double()
        guesses = torch.tensor([nan, -0.5, 0.0, 1.0, -2.0, 0.0, 0.5]).double()
        yield "not everything is known", {"y": signed, "forecasts": guesses, "horizon": 1}
        # a skill does not depend on the unit
        small = 1e-5 * normal(generator, 12, dtype=torch.float64).cumsum(0)
        near = small + 1e-5 * normal(generator, 12, dtype=torch.float64)
        yield "several steps ahead", {"y": small, "forecasts": near, "horizon": 2}

    def reference(y, forecasts, horizon):
        return saved(y, forecasts, horizon)

    @mistake(
        "the value one step before, at every horizon",
        hint="One step ahead you are right. Which value was the last one when the forecast was made?",
    )
    def one_before(y, forecasts, horizon):
        last = torch.cat([y.new_full((1,), math.nan), y[:-1]])
        return ratio(y[horizon:], forecasts[horizon:], last[horizon:])

    @mistake("each error over times of its own", hint="At which times does each of the two errors count? The same?")
    def own_times(y, forecasts, horizon):
        now, last, guess = y[horizon:], y[:-horizon], forecasts[horizon:]
        return float(1 - (guess - now).square().nanmean() / (last - now).square().nanmean())

    @mistake("the mean of the series as the baseline", hint="What does one know who knows only the last value?")
    def of_the_mean(y, forecasts, horizon):
        return ratio(y[horizon:], forecasts[horizon:], y.nanmean().expand(len(y) - horizon))

    @mistake("the ratio the wrong way round", hint="What is the skill of a forecast without any error?")
    def turned(y, forecasts, horizon):
        return ratio(y[horizon:], y[:-horizon], forecasts[horizon:])

    @mistake("the share that is left, not the one that is saved", hint="What is the skill of the last value itself?")
    def left(y, forecasts, horizon):
        return 1 - saved(y, forecasts, horizon)

    @mistake("absolute errors", hint="Is an error of 2 twice as bad as one of 1, or four times?")
    def absolute(y, forecasts, horizon):
        now, last, guess = y[horizon:], y[:-horizon], forecasts[horizon:]
        known = ~(now + last + guess).isnan()
        return float(1 - (guess - now)[known].abs().sum() / (last - now)[known].abs().sum())

    @mistake("the root of the errors", hint="Are mean squared errors compared, or their roots?")
    def rooted(y, forecasts, horizon):
        return 1 - (1 - saved(y, forecasts, horizon)) ** 0.5

    @mistake("the forecast read too early", hint="For which time was forecasts[t] made?")
    def too_early(y, forecasts, horizon):
        return ratio(y[horizon:], forecasts[:-horizon], y[:-horizon])

    @mistake("NaN counted", hint="What is a sum with NaN in it?")
    def nan_counted(y, forecasts, horizon):
        now, last, guess = y[horizon:], y[:-horizon], forecasts[horizon:]
        return float(1 - (guess - now).square().sum() / (last - now).square().sum())


def ratio(now, guess, last):
    """Return the share of the last value's squared error that is saved, where all three are known."""
    known = ~(now + guess + last).isnan()
    return float(1 - (guess - now)[known].square().sum() / (last - now)[known].square().sum())


def saved(y, forecasts, horizon):
    """Return the skill against the value that was the last one when each forecast was made."""
    return ratio(y[horizon:], forecasts[horizon:], y[:-horizon])


@exercise(
    returns=("m: state", "P: state state"),
    groups={"one number": 1, "several numbers": 2, "not everything is seen": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-8,
)
class kalman_step:
    "What is known of a hidden state after one more step, and one more measurement."

    def inputs(generator):
        yield (
            "one number",
            tensors(y=[7.0], m=[1.0], P=[[2.0]], F=[[2.0]], H=[[1.0]], Q=[[1.0]], R=[[3.0]]),
        )
        for group, states, features, missing, dtype in [
            ("one number", 1, 1, [], torch.float64),
            ("several numbers", 3, 2, [], torch.float64),
            ("several numbers", 2, 3, [], torch.float64),
            ("several numbers", 4, 1, [], torch.float64),
            ("several numbers", 2, 2, [], torch.float32),
            ("not everything is seen", 3, 2, [0], torch.float64),
            ("not everything is seen", 2, 4, [1, 3], torch.float64),
            ("not everything is seen", 3, 2, [0, 1], torch.float64),
            ("not everything is seen", 1, 1, [0], torch.float64),
        ]:
            drawn = {
                "y": normal(generator, features, scale=2.0, dtype=dtype),
                "m": normal(generator, states, dtype=dtype),
                "P": spread(generator, states, dtype),
                "F": normal(generator, states, states, scale=0.8, dtype=dtype),
                "H": normal(generator, features, states, dtype=dtype),
                "Q": spread(generator, states, dtype),
                "R": spread(generator, features, dtype),
            }
            drawn["y"][missing] = math.nan
            yield group, drawn
        H = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]]).double()
        F = normal(generator, 3, 3, scale=0.8, dtype=torch.float64)
        y, m = (normal(generator, size, dtype=torch.float64) for size in (2, 3))
        # a measurement without noise; in small units, where a little noise would be much
        P, Q = (1e-6 * spread(generator, 3, torch.float64) for _ in range(2))
        yield "several numbers", {"y": y, "m": m, "P": P, "F": F, "H": H, "Q": Q, "R": torch.zeros(2, 2).double()}
        # a state that is known for certain learns nothing
        yield "one number", tensors(y=[7.0], m=[1.0], P=[[0.0]], F=[[2.0]], H=[[1.0]], Q=[[0.0]], R=[[3.0]])
        # in large units, where a noise of 10 to the 10 is not much
        P, Q, R = (1e8 * spread(generator, size, torch.float64) for size in (3, 3, 2))
        of_one = torch.tensor([math.nan, 3e4]).double()
        yield (
            "not everything is seen",
            {"y": of_one, "m": 1e4 * m, "P": P, "F": F, "H": H, "Q": Q, "R": R},
        )

    def reference(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R)

    @mistake("the gain with the old covariance", hint="Of which P is the gain made: before the step, or after it?")
    def old_gain(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R, gain_of=lambda before, predicted: before)

    @mistake("Q and R exchanged", hint="Which noise moves the state, and which comes with the measurement?")
    def exchanged(y, m, P, F, H, Q, R):
        if len(Q) == len(R):
            return stepped(y, m, P, F, H, R, Q)
        # of other sizes: the mean variances, each in the other's place
        by_Q, by_R = (one.diagonal().mean() for one in (Q, R))
        return stepped(y, m, P, F, H, by_R * torch.eye(len(Q)).to(Q), by_Q * torch.eye(len(R)).to(R))

    @mistake("the surprise with the wrong sign", hint="If y is larger than expected, does m grow or fall?")
    def wrong_sign(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R, sign=-1)

    @mistake("no step taken", hint="A time passes before y is measured. Where do F and Q stand?")
    def not_predicted(y, m, P, F, H, Q, R):
        eye = torch.eye(len(m), dtype=P.dtype)
        return stepped(y, m, P, eye, H, torch.zeros_like(Q), R)

    @mistake("the step after the measurement", hint="Was y measured before the state moved, or after?")
    def updated_first(y, m, P, F, H, Q, R):
        eye = torch.eye(len(m), dtype=P.dtype)
        m, P = stepped(y, m, P, eye, H, torch.zeros_like(Q), R)
        return F @ m, F @ P @ F.T + Q

    @mistake("the covariance not reduced", hint="After a measurement, is more known or less? Which P do you return?")
    def not_reduced(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R)[0], F @ P @ F.T + Q

    @mistake("the noise of the measurement forgotten", hint="With R = 0, would you believe every measurement?")
    def no_noise(y, m, P, F, H, Q, R):
        # where more is measured than the state has, there is no inverse, and no two processors agree on what is near it
        return stepped(y, m, P, F, H, Q, 0 * R, inverse=lambda S: torch.linalg.pinv(S, rtol=1e-6))

    @mistake("the noise of the state forgotten", hint="How much more uncertain is the state after a step?")
    def no_motion_noise(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, torch.zeros_like(Q), R)

    @mistake("F on one side only", hint="What is the covariance of F times the state, if that of the state is P?")
    def one_sided(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R, moved=lambda F, P: F @ P)

    @mistake(
        "F turned around",
        hint="What is the covariance of F times the state, if that of the state is P? Where is the transposed F?",
    )
    def transposed(y, m, P, F, H, Q, R):
        return stepped(y, m, P, F, H, Q, R, moved=lambda F, P: F.T @ P @ F)

    @mistake("what was not seen taken for 0", hint="What does NaN say about the state? And what would a 0 say?")
    def nan_is_0(y, m, P, F, H, Q, R):
        return stepped(torch.nan_to_num(y), m, P, F, H, Q, R)

    @mistake("nothing believed where something was not seen", hint="Some of the numbers were seen. What do they tell?")
    def all_or_nothing(y, m, P, F, H, Q, R):
        return stepped(torch.full_like(y, math.nan) if y.isnan().any() else y, m, P, F, H, Q, R)


def spread(generator, size, dtype):
    """Draw a covariance."""
    root = normal(generator, size, size, dtype=dtype)
    return root @ root.T + 0.5 * torch.eye(size, dtype=dtype)


def stepped(
    y, m, P, F, H, Q, R, *, gain_of=lambda before, predicted: predicted, sign=1, moved=None, inverse=torch.linalg.inv
):
    """Return the belief one step and one measurement later; the keywords make the usual mistakes."""
    predicted = (moved or (lambda F, P: F @ P @ F.T))(F, P) + Q
    mean = F @ m
    seen = ~y.isnan()
    H, R = H[seen], R[seen][:, seen]
    of_gain = gain_of(P, predicted)
    gain = of_gain @ H.T @ inverse(H @ of_gain @ H.T + R)
    return mean + sign * gain @ (y[seen] - H @ mean), predicted - gain @ H @ predicted


@exercise(
    returns="coverage: horizon",
    groups={"all came": 1, "the end of the series": 2, "not everything was measured": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # a share made of whole numbers may come from float32
)
class interval_coverage:
    "For each horizon, the share of what came that lay in its interval."

    def inputs(generator):
        y = [1.0, 2.0, 3.0, 3.0]
        yield (
            "the end of the series",
            tensors(
                low=[[1.0, 3.0], [2.5, 0.0], [4.0, 0.0], [0.0, 0.0]],
                high=[[2.0, 4.0], [3.5, 2.0], [5.0, 9.0], [9.0, 9.0]],
                y=y,
            ),
        )
        for group, time, horizon, known, dtype in [
            ("all came", 9, 1, 1.0, torch.float64),
            ("all came", 2, 1, 1.0, torch.float64),
            ("the end of the series", 12, 3, 1.0, torch.float64),
            ("the end of the series", 6, 5, 1.0, torch.float32),
            ("the end of the series", 30, 4, 1.0, torch.float64),
            ("the end of the series", 9, 7, 1.0, torch.float64),
            ("not everything was measured", 30, 3, 0.7, torch.float64),
            ("not everything was measured", 20, 2, 0.5, torch.float64),
        ]:
            y = eighths(normal(generator, time, dtype=dtype))
            y[torch.rand(time, generator=generator) > known] = math.nan
            y[horizon] = 0.25  # each horizon has something that came
            middle = eighths(normal(generator, time, horizon, scale=0.5, dtype=dtype))
            widths = torch.randint(9, (time, horizon), generator=generator).to(dtype) / 8
            half = 0.375 + widths * torch.arange(1, horizon + 1)
            low, high = middle - half, middle + half
            put_on_ends(low, high, y)
            yield group, {"low": low, "high": high, "y": y}
        # intervals of no width, and ends missed by very little
        ends = [[1.0], [2.0], [0.0], [9.0]]
        yield "all came", tensors(low=ends, high=ends, y=[0.0, 1.0, 2.5, 0.0])
        little = 2.0**-20
        yield (
            "all came",
            tensors(
                low=[[1 + little], [1.0], [1.0], [0.0]],
                high=[[2.0], [2 - little], [2.0], [0.0]],
                y=[0.0, 1.0, 2.0, 1.5],
            ),
        )
        # what came in another dtype than the intervals
        y = eighths(normal(generator, 10, dtype=torch.float32))
        middle = eighths(normal(generator, 10, 2, dtype=torch.float64))
        yield "all came", {"low": middle - 0.5, "high": middle + 0.75, "y": y}

    def reference(low, high, y):
        return covered(low, high, y)

    @mistake("the ends left out", hint="Does the interval from 1 to 2 hold the number 2?")
    def open_ends(low, high, y):
        return covered(low, high, y, holds=lambda low, one, high: low < one < high)

    @mistake("one time too early", hint="Interval [t, 0] was made after time t. For which time?")
    def too_early(low, high, y):
        return covered(low, high, y, ahead=0)

    @mistake("one horizon for all", hint="Which time does [t, 1] speak of, and which one [t, 0]?")
    def one_horizon(low, high, y):
        return covered(low, high, y, farther=0)

    @mistake("what has not come counted as outside", hint="Does an interval fail for a time that has not come yet?")
    def outside(low, high, y):
        hits = covered(low, high, y, share=lambda hits: float(sum(hits)))
        return hits / len(y)

    @mistake("what was not measured counted as outside", hint="Is NaN outside? Does anybody know?")
    def nan_outside(low, high, y):
        return covered(low, high, y, skips_nan=False)

    @mistake("all horizons together", hint="Is a share asked for each horizon, or one for all?")
    def pooled(low, high, y):
        hits = [covered(low[:, [h]], high[:, [h]], y, first=h, share=list) for h in range(low.shape[1])]
        flat = [one for row in hits for one in row]
        return torch.full((low.shape[1],), sum(flat) / len(flat), dtype=low.dtype)

    @mistake("the beginning of the series taken for its end", hint="What comes after the last time? Not the first.")
    def around(low, high, y):
        return covered(low, high, torch.cat([y, y]), rows=len(y))

    @mistake("the share outside", hint="All inside: is your result 1?")
    def left(low, high, y):
        return 1 - covered(low, high, y)


def eighths(numbers):
    """Round to eighths, of which sums, differences and halves are exact in binary."""
    return (8 * numbers).round() / 8


def put_on_ends(low, high, y):
    """Move intervals of the last horizon: some have what came exactly on an end, others just outside."""
    horizon, little = low.shape[1], 2.0**-12
    for start in range(len(y) - horizon):
        came, width = y[start + horizon].nan_to_num(), high[start, -1] - low[start, -1]
        if start % 4 == 0:
            low[start, -1] = came
        elif start % 4 == 1:
            low[start, -1] = came - width
        elif start % 8 == 2:
            low[start, -1] = came + little
        elif start % 8 == 6:
            low[start, -1] = came - little - width
        high[start, -1] = low[start, -1] + width


def covered(
    low,
    high,
    y,
    *,
    holds=lambda low, one, high: low <= one <= high,
    ahead=1,
    farther=1,
    skips_nan=True,
    first=0,
    rows=None,
    share=lambda hits: sum(hits) / len(hits),
):
    """Return the coverage of each horizon; the keywords make the usual mistakes."""
    found = []
    for h in range(low.shape[1]):
        hits = []
        for t in range(len(low) if rows is None else rows):
            place = t + ahead + farther * (h + first)
            if place < len(y) and not (skips_nan and y[place].isnan()):
                hits.append(holds(low[t, h].item(), y[place].item(), high[t, h].item()))
        found.append(share(hits))
    return found[0] if share is list else torch.tensor(found, dtype=low.dtype)
