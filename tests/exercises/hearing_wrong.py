"""Further wrong answers to the exercises on CTC: each is a search, a sum or a collapse with one thing changed."""

import itertools
import math
from collections import Counter

import torch


def real_paths(paths, lengths, more=0):
    """Each path as a list, with as many frames more or fewer than it has."""
    return [path[: max(length + more, 0)] for path, length in zip(paths.tolist(), lengths.tolist(), strict=True)]


def said(path, blank):
    """What a path stands for."""
    return [label for label, _ in itertools.groupby(path) if label != blank]


def ctc_collapse_without_the_last_frame(paths, lengths, blank):
    """Lengths taken for the number of the last frame, counted from 1 and left out."""
    return [said(path, blank) for path in real_paths(paths, lengths, -1)]


def ctc_collapse_with_one_frame_of_padding(paths, lengths, blank):
    """Lengths taken for the number of the last frame, counted from 0."""
    return [said(path, blank) for path in real_paths(paths, lengths, 1)]


def ctc_collapse_that_goes_on_in_the_next_path(paths, lengths, blank):
    """The frame before the first is the last of the path before."""
    found, before = [], blank
    for path in real_paths(paths, lengths):
        labels = []
        for now in path:
            if now not in (before, blank):
                labels.append(now)
            before = now
        found.append(labels)
    return found


def ctc_collapse_of_a_blank_that_comes_first(paths, lengths, blank):
    """The first frame is taken for the blank."""
    return [said(path, path[0]) for path in real_paths(paths, lengths)]


def ctc_collapse_of_the_most_frequent_blank(paths, lengths, blank):
    """The blank is what is said most often."""
    return [said(path, Counter(path).most_common(1)[0][0]) for path in real_paths(paths, lengths)]


def ctc_collapse_with_two_blanks(paths, lengths, blank):
    """0 is a blank, whatever else is one."""
    return [[label for label in said(path, blank) if label] for path in real_paths(paths, lengths)]


def ctc_collapse_sorted(paths, lengths, blank):
    """The right labels, in another order."""
    return [sorted(said(path, blank)) for path in real_paths(paths, lengths)]


def ctc_collapse_over_a_single_blank(paths, lengths, blank):
    """One blank is taken for a gap in a label, two are a pause."""
    found = []
    for path in real_paths(paths, lengths):
        closed = list(path)
        for place in range(1, len(path) - 1):
            if path[place] == blank and path[place - 1] == path[place + 1]:
                closed[place] = path[place - 1]
        found.append(said(closed, blank))
    return found


def ctc_collapse_when_a_run_ends(paths, lengths, blank):
    """A label is written down when another frame follows it: the last one never."""
    return [
        [before for before, now in itertools.pairwise(path) if before not in (now, blank)]
        for path in real_paths(paths, lengths)
    ]


def ctc_collapse_of_labels_that_last(paths, lengths, blank):
    """A label of a single frame is taken for noise."""
    return [
        [label for label, run in itertools.groupby(path) if label != blank and len(list(run)) > 1]
        for path in real_paths(paths, lengths)
    ]


def ctc_collapse_with_the_padding_guessed(paths, lengths, blank):
    """What repeats at the end of the whole row is the padding, not what lies behind the length."""
    found = []
    for path in paths.tolist():
        while len(path) > 1 and path[-1] == path[-2]:
            path.pop()
        found.append(said(path, blank))
    return found


def ctc_collapse_without_empty_ones(paths, lengths, blank):
    """Paths that say nothing are left out of the list."""
    return [labels for labels in (said(path, blank) for path in real_paths(paths, lengths)) if labels]


def ctc_collapse_as_text(paths, lengths, blank):
    """Labels are written one behind the other and read digit by digit: right for labels below ten."""
    texts = ["".join(map(str, path)) for path in real_paths(paths, lengths)]
    return [[int(digit) for digit in said(text, str(blank))] for text in texts]


def states_of(labels, blank):
    """Labels with a blank before, between and after them."""
    return [blank, *itertools.chain.from_iterable((label, blank) for label in labels.tolist())]


def sums(log_p, labels, blank, *, begins=(0, 1), skips=None, around=None, means=False, said_at=None, floor=-math.inf):
    """The forward sums, where the keywords say what is done in another way."""
    states = states_of(labels, blank)
    skips = skips or (lambda s: states[s] not in (blank, states[s - 2]))
    places = torch.arange(len(states))
    may_skip = torch.tensor([s > 1 and skips(s) for s in range(len(states))])
    ways = 1 + (places > 0) + may_skip if means else torch.ones(len(states))
    said_at = said_at or (lambda t: log_p[t, states])
    rows = [torch.where(sum(places == s for s in begins) > 0, said_at(0), -math.inf)]
    for t in range(1, len(log_p)):
        before = torch.cat([log_p.new_full((2,), -math.inf), rows[-1]])
        terms = [before[2:], before[1:-1], torch.where(may_skip, before[:-2], -math.inf)]
        if around is not None:  # this state is also reached from the last
            terms.append(torch.where(places == around, rows[-1][-1], -math.inf))
        rows.append((said_at(t) + torch.stack(terms).logsumexp(0) - ways.to(log_p.dtype).log()).clamp(min=floor))
    return torch.stack(rows)


def ended(log_alpha):
    """The sums with the probability of the labels."""
    return log_alpha, log_alpha[-1, -2:].logsumexp(0)


def ctc_forward_begun_with_the_label(log_p, labels, blank):
    """The first frame has to say the first label."""
    return ended(sums(log_p, labels, blank, begins=(1,) if len(labels) else (0,)))


def ctc_forward_that_compares_with_the_next(log_p, labels, blank):
    """A blank is skipped if the label *behind* is another one."""
    states = states_of(labels, blank)

    def skips(s):
        return states[s] != blank and (s + 2 >= len(states) or states[s] != states[s + 2])

    return ended(sums(log_p, labels, blank, skips=skips))


def ctc_forward_that_compares_with_the_first(log_p, labels, blank):
    """A blank is skipped if the label is not the first one."""
    states = states_of(labels, blank)
    return ended(sums(log_p, labels, blank, skips=lambda s: states[s] not in (blank, states[1])))


def ctc_forward_without_a_last_skip(log_p, labels, blank):
    """The blank before the last label cannot be skipped."""
    states = states_of(labels, blank)
    last = len(states) - 2
    return ended(sums(log_p, labels, blank, skips=lambda s: s != last and states[s] not in (blank, states[s - 2])))


def ctc_forward_with_the_likelier_end(log_p, labels, blank):
    """Of the two ends the likelier one counts."""
    log_alpha = sums(log_p, labels, blank)
    return log_alpha, log_alpha[-1, -2:].max()


def ctc_forward_that_hears_the_first_frame_twice(log_p, labels, blank):
    """Every step reads the frame before."""
    states = states_of(labels, blank)
    return ended(sums(log_p, labels, blank, said_at=lambda t: log_p[max(t - 1, 0), states]))


def ctc_forward_of_shares(log_p, labels, blank):
    """Each frame's sums are made to add up to 1, and the scale is forgotten."""
    return ended(sums(log_p, labels, blank).log_softmax(-1))


def ctc_forward_of_means(log_p, labels, blank):
    """The ways are averaged, not added."""
    return ended(sums(log_p, labels, blank, means=True))


def ctc_forward_with_the_only_end_twice(log_p, labels, blank):
    """Without labels both ends are the same state, counted twice: index −1 is the last."""
    log_alpha = sums(log_p, labels, blank)
    return log_alpha, torch.logaddexp(log_alpha[-1, 2 * len(labels)], log_alpha[-1, 2 * len(labels) - 1])


def ctc_forward_that_goes_around(log_p, labels, blank):
    """The first state is reached from the last: index −1, as of a rolled tensor."""
    return ended(sums(log_p, labels, blank, around=0))


def ctc_forward_that_skips_around(log_p, labels, blank):
    """The first label is reached by a skip from the last state, if the last label is another one."""
    return ended(sums(log_p, labels, blank, around=1 if len(labels) and labels[0] != labels[-1] else None))


def ctc_forward_with_a_floor_of_minus_100(log_p, labels, blank):
    """No sum is smaller than e to the −100."""
    return ended(sums(log_p, labels, blank, floor=-100.0))


def ctc_forward_with_nan_for_nothing(log_p, labels, blank):
    """The greater one is taken out of the sum, also where it is −∞."""
    log_alpha, log_probability = ended(sums(log_p, labels, blank))
    return log_alpha.masked_fill(log_alpha.isneginf() & (torch.arange(len(log_alpha))[:, None] > 0), math.nan), (
        log_probability
    )


def ways_between(labels, blank, dtype):
    """Which state may follow which, as a matrix of 0 and 1."""
    states = states_of(labels, blank)
    ways = torch.eye(len(states), dtype=dtype) + torch.diag(torch.ones(len(states) - 1, dtype=dtype), 1)
    for s in range(3, len(states), 2):
        if states[s] != states[s - 2]:
            ways[s - 2, s] = 1
    return ways


def ctc_forward_less_the_greatest(log_p, labels, blank):
    """The greatest sum of a row is taken out before it is added: NaN where all are −∞, and small sums are lost."""
    ways = ways_between(labels, blank, log_p.dtype)
    said_at = log_p[:, states_of(labels, blank)]
    rows = [torch.where(torch.arange(len(ways)) < 2, said_at[0], -math.inf)]
    for now in said_at[1:]:
        greatest = rows[-1].max()
        rows.append(((rows[-1] - greatest).exp() @ ways).log() + greatest + now)
    return ended(torch.stack(rows))


def ctc_forward_with_rescaled_sums(log_p, labels, blank):
    """Each row is made to add up to 1 and its logarithm kept: NaN where the row is 0, and small sums are lost."""
    ways = ways_between(labels, blank, log_p.dtype)
    p = log_p.exp()[:, states_of(labels, blank)]
    alpha, scale, rows = torch.where(torch.arange(len(ways)) < 2, p[0], 0.0), log_p.new_zeros(()), []
    for number in range(len(p)):
        if number:
            alpha = (alpha @ ways) * p[number]
        total = alpha.sum()
        alpha, scale = alpha / total, scale + total.log()
        rows.append(alpha.log() + scale)
    return ended(torch.stack(rows))


def log_add(terms):
    """The logarithm of a sum of numbers given as logarithms."""
    terms = list(terms)
    highest = max(terms)
    return highest if highest == -math.inf else highest + math.log(sum(math.exp(one - highest) for one in terms))


def pairs_of(labels, start=(0,), end=()):
    return itertools.pairwise((*start, *labels, *end))


class Searched:
    """A search over prefixes in which the methods say what is done; each wrong answer changes one."""

    def __init__(self, log_p, log_bigram, weight, width):
        self.frames, self.bigram, self.weight, self.width = log_p.tolist(), log_bigram.tolist(), weight, width

    def language(self, labels, **ends):
        return self.weight * sum(self.bigram[a][b] for a, b in pairs_of(labels, **ends)) if self.weight else 0.0

    def inside(self, prefix, ways, frame):
        return log_add(ways) + self.language(prefix)

    def at_the_end(self, prefix, ways):
        return log_add(ways) + self.language(prefix, end=(0,))

    def before_blank(self, blank, label):
        return log_add([blank, label])

    def before_again(self, blank, label):
        return blank

    def added(self, old, new):
        return log_add([old, new])

    def kept(self, scores, frame):
        return sorted(scores, key=lambda one: -scores[one])[: self.width]

    def returned(self, scores, beam):
        found = max(scores, key=lambda one: scores[one])
        return list(found), scores[found]

    def result(self):
        never = -math.inf
        beam = {(): (0.0, never)}
        for number, frame in enumerate(self.frames):
            after: dict[tuple[int, ...], list[float]] = {}
            for prefix, (blank, label) in beam.items():
                stays = after.setdefault(prefix, [never, never])
                stays[0] = self.added(stays[0], self.before_blank(blank, label) + frame[0])
                if prefix:
                    stays[1] = self.added(stays[1], label + frame[prefix[-1]])
                for new in range(1, len(frame)):
                    longer = after.setdefault((*prefix, new), [never, never])
                    again = prefix and prefix[-1] == new
                    before = self.before_again(blank, label) if again else log_add([blank, label])
                    longer[1] = self.added(longer[1], before + frame[new])
            scores = {prefix: self.inside(prefix, ways, number) for prefix, ways in after.items()}
            beam = {prefix: (after[prefix][0], after[prefix][1]) for prefix in self.kept(scores, number)}
        return self.returned({prefix: self.at_the_end(prefix, ways) for prefix, ways in beam.items()}, beam)


def wrong_search(name, words, **methods):
    """An answer that searches with these methods in the place of the right ones."""

    def answer(log_p, log_bigram, weight, width):
        return type(name, (Searched,), methods)(log_p, log_bigram, weight, width).result()

    answer.__name__, answer.__doc__ = f"prefix_beam_search_{name}", words
    return answer


def _without_a_start(self, prefix, ways, frame=None):
    return log_add(ways) + self.language(prefix, start=())


def _without_a_start_at_the_end(self, prefix, ways):
    return log_add(ways) + self.language(prefix, start=(), end=(0,))


def _shared(self, prefix, ways):
    return (1 - self.weight) * log_add(ways) + self.language(prefix, end=(0,))


def _for_each_label(self, prefix, ways):
    return log_add(ways) + self.language(prefix, end=(0,)) / (len(prefix) + 1)


def _chosen_by_ear(self, scores, beam):
    found = max(beam, key=lambda one: log_add(beam[one]))
    return list(found), scores[found]


def _chosen_before_the_end(self, scores, beam):
    found = max(beam, key=lambda one: log_add(beam[one]) + self.language(one))
    return list(found), scores[found]


def _nan_where_not_asked(self, labels, **ends):
    return self.weight * sum(self.bigram[a][b] for a, b in pairs_of(labels, **ends))


SEARCHES = [
    wrong_search(
        "without_a_start",
        "Nobody asks the language for the first label.",
        inside=_without_a_start,
        at_the_end=_without_a_start_at_the_end,
    ),
    wrong_search("of_shared_weights", "The sound has the weight that the language leaves.", at_the_end=_shared),
    wrong_search("by_length", "The language is averaged over the labels.", at_the_end=_for_each_label),
    wrong_search("chosen_by_ear", "Of the last beam the likeliest sound is returned.", returned=_chosen_by_ear),
    wrong_search("chosen_before_the_end", "The end counts in the score alone.", returned=_chosen_before_the_end),
    wrong_search(
        "of_blanks_after_labels",
        "Only a path that ends with a label is followed by a blank.",
        before_blank=lambda self, blank, label: label if label > -math.inf else blank,
    ),
    wrong_search(
        "that_repeats_what_is_held",
        "The same label lengthens the paths that end with it.",
        before_again=lambda self, blank, label: label,
    ),
    wrong_search("of_the_last_way", "A prefix has the last way that led to it.", added=lambda self, old, new: new),
    wrong_search(
        "of_one_at_the_end",
        "After the last frame a single prefix goes on.",
        kept=lambda self, scores, frame: Searched.kept(self, scores, frame)[
            : 1 if frame == len(self.frames) - 1 else None
        ],
    ),
    wrong_search(
        "that_never_cuts_the_last",
        "After the last frame nothing is cut off.",
        kept=lambda self, scores, frame: (
            list(scores) if frame == len(self.frames) - 1 else Searched.kept(self, scores, frame)
        ),
    ),
    wrong_search(
        "that_never_cuts_the_first",
        "Before the second frame nothing is cut off.",
        kept=lambda self, scores, frame: Searched.kept(self, scores, frame) if frame else list(scores),
    ),
    wrong_search(
        "without_repeats",
        "Equal neighbours of the result are merged.",
        returned=lambda self, scores, beam: (
            [label for label, _ in itertools.groupby(Searched.returned(self, scores, beam)[0])],
            max(scores.values()),
        ),
    ),
    wrong_search(
        "of_no_weight_times_never",
        "0 times −∞ is not a number.",
        language=_nan_where_not_asked,
    ),
    wrong_search(
        "as_a_probability",
        "The score is a probability, not its logarithm.",
        returned=lambda self, scores, beam: (
            Searched.returned(self, scores, beam)[0],
            math.exp(max(scores.values())),
        ),
    ),
]


def prefix_beam_search_of_a_bigram_with_zeros(log_p, log_bigram, weight, width):
    """What the language forbids costs nothing."""
    return Searched(log_p, log_bigram.nan_to_num(neginf=0.0), weight, width).result()


def prefix_beam_search_of_a_bigram_with_a_floor(log_p, log_bigram, weight, width):
    """What the language forbids is only unlikely."""
    return Searched(log_p, log_bigram.clamp(min=-1e4), weight, width).result()


def prefix_beam_search_of_probabilities_with_a_floor(log_p, log_bigram, weight, width):
    """No label of a frame has less than a billionth."""
    return Searched(log_p.exp().clamp(min=1e-9).log(), log_bigram, weight, width).result()


def prefix_beam_search_in_probabilities(log_p, log_bigram, weight, width):
    """Everything is multiplied, and the logarithm taken at the end: right while no product is 0."""
    p, bigram = log_p.exp().tolist(), log_bigram.exp().tolist()

    def language(labels):
        return math.prod(bigram[one][other] ** weight for one, other in itertools.pairwise(labels))

    beam = {(): (1.0, 0.0)}
    for frame in p:
        after: dict[tuple[int, ...], list[float]] = {}
        for prefix, (blank, label) in beam.items():
            stays = after.setdefault(prefix, [0.0, 0.0])
            stays[0] += (blank + label) * frame[0]
            stays[1] += label * frame[prefix[-1]] if prefix else 0.0
            for new in range(1, len(frame)):
                again = prefix and prefix[-1] == new
                after.setdefault((*prefix, new), [0.0, 0.0])[1] += (blank if again else blank + label) * frame[new]
        best = sorted(after, key=lambda one: -sum(after[one]) * language((0, *one)))[:width]
        beam = {prefix: (after[prefix][0], after[prefix][1]) for prefix in best}
    scores = {prefix: sum(ways) * language((0, *prefix, 0)) for prefix, ways in beam.items()}
    found = max(scores, key=lambda one: scores[one])
    return list(found), math.log(scores[found])


FURTHER = {
    "ctc_collapse": [
        ctc_collapse_without_the_last_frame,
        ctc_collapse_with_one_frame_of_padding,
        ctc_collapse_that_goes_on_in_the_next_path,
        ctc_collapse_of_a_blank_that_comes_first,
        ctc_collapse_of_the_most_frequent_blank,
        ctc_collapse_with_two_blanks,
        ctc_collapse_sorted,
        ctc_collapse_over_a_single_blank,
        ctc_collapse_when_a_run_ends,
        ctc_collapse_of_labels_that_last,
        ctc_collapse_with_the_padding_guessed,
        ctc_collapse_without_empty_ones,
        ctc_collapse_as_text,
    ],
    "ctc_forward": [
        ctc_forward_begun_with_the_label,
        ctc_forward_that_compares_with_the_next,
        ctc_forward_that_compares_with_the_first,
        ctc_forward_without_a_last_skip,
        ctc_forward_with_the_likelier_end,
        ctc_forward_that_hears_the_first_frame_twice,
        ctc_forward_of_shares,
        ctc_forward_of_means,
        ctc_forward_with_the_only_end_twice,
        ctc_forward_that_goes_around,
        ctc_forward_that_skips_around,
        ctc_forward_with_a_floor_of_minus_100,
        ctc_forward_with_nan_for_nothing,
        ctc_forward_less_the_greatest,
        ctc_forward_with_rescaled_sums,
    ],
    "prefix_beam_search": [
        *SEARCHES,
        prefix_beam_search_of_a_bigram_with_zeros,
        prefix_beam_search_of_a_bigram_with_a_floor,
        prefix_beam_search_of_probabilities_with_a_floor,
        prefix_beam_search_in_probabilities,
    ],
}
