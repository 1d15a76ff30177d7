"""The exercises on hearing and measuring: right answers written in another way, and inputs of every kind."""

import itertools
import math

import torch
from torch import Generator

from tests.exercises import hearing_wrong, measuring_wrong
from tests.exercises.draws import numbers, size


def ctc_collapse(paths, lengths, blank):
    """Where a frame differs from the one before, all at once."""
    before = torch.cat([torch.full_like(paths[:, :1], blank), paths[:, :-1]], 1)
    real = torch.arange(paths.shape[1]) < lengths[:, None]
    kept = (paths != before) & (paths != blank) & real
    return [path[keep].tolist() for path, keep in zip(paths, kept, strict=True)]


def ctc_collapse_run_by_run(paths, lengths, blank):
    """Runs, one by one."""
    said = []
    for path, length in zip(paths.tolist(), lengths.tolist(), strict=True):
        runs = [label for label, _ in itertools.groupby(path[:length])]
        said.append(list(filter(lambda label: label != blank, runs)))
    return said


def ctc_forward(log_p, labels, blank):
    """State by state, in plain numbers of Python."""
    states = [blank, *itertools.chain.from_iterable((label, blank) for label in labels.tolist())]
    rows = []
    for frame in log_p.tolist():
        row = []
        for s, state in enumerate(states):
            if not rows:
                row.append(frame[state] if s < 2 else -math.inf)
                continue
            ways = [rows[-1][s]] + [rows[-1][s - 1]] * (s > 0)
            if s > 1 and state not in (blank, states[s - 2]):
                ways.append(rows[-1][s - 2])
            row.append(frame[state] + _log_sum(ways))
        rows.append(row)
    return torch.tensor(rows, dtype=log_p.dtype), log_p.new_tensor(_log_sum(rows[-1][-2:]))


def _log_sum(ways):
    highest = max(ways)
    return highest if highest == -math.inf else highest + math.log(sum(math.exp(way - highest) for way in ways))


def ctc_forward_by_a_matrix(log_p, labels, blank):
    """Every step adds up over all states, with −∞ for the ways that there are not."""
    states = torch.tensor([blank, *itertools.chain.from_iterable((label, blank) for label in labels.tolist())])
    ways = torch.eye(len(states)) + torch.diag(torch.ones(len(states) - 1), 1)
    for s in range(2, len(states)):
        if states[s] not in (blank, states[s - 2]):
            ways[s - 2, s] = 1
    ways = ways.to(log_p.dtype).log()
    alpha = log_p[0, states].clone()
    alpha[2:] = -math.inf
    rows = [alpha]
    for frame in log_p[1:]:
        rows.append(frame[states] + (rows[-1][:, None] + ways).logsumexp(0))
    return torch.stack(rows), rows[-1][-2:].logsumexp(0)


def prefix_beam_search(log_p, log_bigram, weight, width):
    """In probabilities, each frame's divided by its largest, with the language's part kept beside each prefix."""
    largest = log_p.max(1).values
    p, bigram, taken_out = (log_p - largest[:, None]).exp().tolist(), log_bigram.tolist(), float(largest.sum())

    def said(before, after):
        return weight * bigram[before][after] if weight else 0.0

    beam = {"": (1.0, 0.0, 0.0)}  # prefix as characters → with a blank, with its label, the language
    for frame in p:
        after: dict[str, list[float]] = {}
        for prefix, (blank, label, language) in beam.items():
            stays = after.setdefault(prefix, [0.0, 0.0, language])
            stays[0] += (blank + label) * frame[0]
            last = ord(prefix[-1]) if prefix else 0
            stays[1] += label * frame[last] if prefix else 0.0
            for new in range(1, len(frame)):
                longer = after.setdefault(prefix + chr(new), [0.0, 0.0, language + said(last, new)])
                longer[1] += (blank + label * (new != last)) * frame[new]
        scored = {prefix: _log(blank + label) + language for prefix, (blank, label, language) in after.items()}
        best = sorted(scored, key=scored.get, reverse=True)[:width]
        beam = {prefix: tuple(after[prefix]) for prefix in best}
    scored = {
        prefix: _log(blank + label) + language + said(ord(prefix[-1]) if prefix else 0, 0)
        for prefix, (blank, label, language) in beam.items()
    }
    found = max(scored, key=scored.get)
    return [ord(sign) for sign in found], scored[found] + taken_out


def _log(value):
    return math.log(value) if value > 0 else -math.inf


def persistence_skill(y, forecasts, horizon):
    """Time by time."""
    error = of_last = 0.0
    values, guesses = y.tolist(), forecasts.tolist()
    for t in range(horizon, len(values)):
        one, last, guess = values[t], values[t - horizon], guesses[t]
        if not any(map(math.isnan, (one, last, guess))):
            error += (guess - one) ** 2
            of_last += (last - one) ** 2
    return 1 - error / of_last


def kalman_step(y, m, P, F, H, Q, R):
    """What was not seen is a measurement of nothing: a row of zeros, with a noise of its own."""
    m, P = F @ m, F @ P @ F.T + Q
    missing = y.isnan()
    H = H.masked_fill(missing[:, None], 0.0)
    R = R.masked_fill(missing[:, None] | missing, 0.0) + missing.to(R.dtype).diag()
    K = torch.linalg.solve(H @ P @ H.T + R, H @ P.T).T
    return m + K @ (y.nan_to_num() - H @ m), P - K @ H @ P


def kalman_step_by_joseph(y, m, P, F, H, Q, R):
    """The covariance of Joseph's form, which stays symmetric."""
    m, P = F @ m, F @ P @ F.T + Q
    seen = ~y.isnan()
    H, R, y = H[seen], R[seen][:, seen], y[seen]
    K = torch.linalg.solve(H @ P @ H.T + R, H @ P).T
    kept = torch.eye(len(m), dtype=P.dtype) - K @ H
    return m + K @ (y - H @ m), kept @ P @ kept.T + K @ R @ K.T


def interval_coverage(low, high, y):
    """Interval by interval."""
    hits, came = [0.0] * low.shape[1], [0.0] * low.shape[1]
    for t, h in itertools.product(range(len(low)), range(low.shape[1])):
        if t + 1 + h < len(y) and not math.isnan(y[t + 1 + h]):
            came[h] += 1
            hits[h] += float(low[t, h] <= y[t + 1 + h] <= high[t, h])
    return torch.tensor([one / all_of_them for one, all_of_them in zip(hits, came, strict=True)], dtype=low.dtype)


def interval_coverage_by_the_middle(low, high, y):
    """How far from the middle of its interval a number came."""
    shares = []
    for h in range(low.shape[1]):
        came = y[h + 1 :]
        start, end = low[: len(came), h], high[: len(came), h]
        inside = (came - (start + end) / 2).abs() <= (end - start) / 2
        shares.append(inside[~came.isnan()].to(low.dtype).mean())
    return torch.stack(shares)


ALTERNATES = {
    "ctc_collapse": [ctc_collapse, ctc_collapse_run_by_run],
    "ctc_forward": [ctc_forward, ctc_forward_by_a_matrix],
    "prefix_beam_search": [prefix_beam_search],
    "persistence_skill": [persistence_skill],
    "kalman_step": [kalman_step, kalman_step_by_joseph],
    "interval_coverage": [interval_coverage, interval_coverage_by_the_middle],
}


def ctc_collapse_of_a_greatest_blank(paths, lengths, blank):
    """The blank is taken for the greatest label where it is not 0."""
    return ctc_collapse(paths, lengths, int(paths.max()) if blank else 0)


def ctc_collapse_that_forgets_a_held_label(paths, lengths, blank):
    """A label that is held over three frames is said twice."""
    said = []
    for path, length in zip(paths.tolist(), lengths.tolist(), strict=True):
        labels, skip = [], False
        for before, now in itertools.pairwise([blank, *path[:length]]):
            skip = now == before and not skip
            if now != blank and not skip:
                labels.append(now)
        said.append(labels)
    return said


def ctc_collapse_to_the_longest(paths, lengths, blank):
    """All paths are read as far as the longest."""
    return ctc_collapse(paths, torch.full_like(lengths, int(lengths.max())), blank)


def ctc_collapse_without_an_empty_one(paths, lengths, blank):
    """A path of blanks alone says the blank."""
    return [labels or [blank] for labels in ctc_collapse(paths, lengths, blank)]


def ctc_forward_in_probabilities(log_p, labels, blank):
    """Right while no product is 0."""
    log_alpha, log_probability = ctc_forward_by_a_matrix(log_p, labels, blank)
    return log_alpha.exp().log(), log_probability.exp().log()


def ctc_forward_floored(log_p, labels, blank):
    """A large negative number for −∞."""
    log_alpha, log_probability = ctc_forward_by_a_matrix(log_p, labels, blank)
    return log_alpha.clamp(min=-1e30), log_probability


def ctc_forward_that_skips_over_the_first(log_p, labels, blank):
    """The first label may be left out if the second is another."""
    log_alpha, log_probability = ctc_forward_by_a_matrix(log_p, labels, blank)
    if len(labels) > 1 and labels[0] != labels[1]:
        log_alpha = log_alpha.clone()
        log_alpha[0, 3] = log_p[0, labels[1]]
    return log_alpha, log_probability


def ctc_forward_without_labels(log_p, labels, blank):
    """Without labels there is nothing to say, for certain."""
    log_alpha, log_probability = ctc_forward_by_a_matrix(log_p, labels, blank)
    return log_alpha, log_probability if len(labels) else torch.zeros(())


def prefix_beam_search_of_all_that_counts(log_p, log_bigram, weight, width):
    """The end counts when prefixes are compared, too."""
    p, never = log_p.tolist(), -math.inf
    beam = {(): (0.0, never)}

    def language(labels):
        return weight * sum(log_bigram[a, b].item() for a, b in itertools.pairwise(labels)) if weight else 0.0

    for frame in p:
        after: dict[tuple[int, ...], list[float]] = {}
        for prefix, (blank, label) in beam.items():
            both = _log_sum([blank, label])
            stays = after.setdefault(prefix, [never, never])
            stays[0] = _log_sum([stays[0], both + frame[0]])
            if prefix:
                stays[1] = _log_sum([stays[1], label + frame[prefix[-1]]])
            for new in range(1, len(frame)):
                longer = after.setdefault((*prefix, new), [never, never])
                before = blank if prefix and prefix[-1] == new else both
                longer[1] = _log_sum([longer[1], before + frame[new]])
        scores = {prefix: _log_sum(ways) + language((0, *prefix, 0)) for prefix, ways in after.items()}
        best = sorted(scores, key=lambda one: -scores[one])[:width]
        beam = {prefix: tuple(after[prefix]) for prefix in best}
    scores = {prefix: _log_sum(ways) + language((0, *prefix, 0)) for prefix, ways in beam.items()}
    found = max(scores, key=lambda one: scores[one])
    return list(found), scores[found]


def prefix_beam_search_of_one_more(log_p, log_bigram, weight, width):
    """One prefix more goes on."""
    return prefix_beam_search(log_p, log_bigram, weight, width + 1)


def prefix_beam_search_score_of_the_sound(log_p, log_bigram, weight, width):
    """The labels are right, the score is without the language."""
    labels, score = prefix_beam_search(log_p, log_bigram, weight, width)
    pairs = itertools.pairwise((0, *labels, 0))
    return labels, score - weight * sum(log_bigram[a, b].item() for a, b in pairs) if weight else score


def persistence_skill_of_all_forecasts(y, forecasts, horizon):
    """Forecasts before the first last value count, with the first value there is."""
    last = torch.cat([y[:1].expand(horizon), y[:-horizon]])
    known = ~(y + last + forecasts).isnan()
    return float(1 - (forecasts - y)[known].square().sum() / (last - y)[known].square().sum())


def persistence_skill_with_values_filled_in(y, forecasts, horizon):
    """Where nothing was measured, the value before is taken."""
    filled = y.clone()
    for t in range(1, len(y)):
        if filled[t].isnan():
            filled[t] = filled[t - 1]
    return persistence_skill(filled, forecasts, horizon)


def persistence_skill_not_below_0(y, forecasts, horizon):
    """No skill is no worse than none."""
    return max(0.0, float(persistence_skill(y, forecasts, horizon)))


def persistence_skill_of_two_steps(y, forecasts, horizon):
    """Right for one and two steps ahead."""
    return persistence_skill(y, forecasts, min(horizon, 2))


def kalman_step_of_the_diagonal(y, m, P, F, H, Q, R):
    """Measurements that do not disturb each other."""
    return kalman_step_by_joseph(y, m, P, F, H, Q, R.diagonal().diag())


def kalman_step_of_large_noise(y, m, P, F, H, Q, R):
    """What was not seen has a noise that is large, not infinite."""
    R = R.clone()
    missing = y.isnan()
    R[missing, missing] = 1e3
    return kalman_step_by_joseph(torch.nan_to_num(y), m, P, F, H, Q, R)


def kalman_step_that_stays_where_nothing_was_seen(y, m, P, F, H, Q, R):
    """Without a measurement nothing happens, not even the step."""
    return (m, P) if y.isnan().all() else kalman_step_by_joseph(y, m, P, F, H, Q, R)


def kalman_step_of_the_first_number(y, m, P, F, H, Q, R):
    """Only the first measurement decides whether anything was seen."""
    return (F @ m, F @ P @ F.T + Q) if y[0].isnan() else kalman_step_by_joseph(y, m, P, F, H, Q, R)


def interval_coverage_above_the_low_end(low, high, y):
    """The lower end is left out."""
    return interval_coverage(low + 1e-9, high, y)


def interval_coverage_below_the_high_end(low, high, y):
    """The upper end is left out."""
    return interval_coverage(low, high - 1e-9, y)


def interval_coverage_of_whole_rows(low, high, y):
    """Only times whose whole forecast came count."""
    rows = max(len(y) - low.shape[1], 1)
    return interval_coverage(low[:rows], high[:rows], y)


def interval_coverage_of_one_side(low, high, y):
    """Nothing is too large."""
    return interval_coverage(low, high + 1e6, y)


ONCE = {
    "ctc_collapse": [
        ctc_collapse_of_a_greatest_blank,
        ctc_collapse_that_forgets_a_held_label,
        ctc_collapse_to_the_longest,
        ctc_collapse_without_an_empty_one,
    ],
    "ctc_forward": [
        ctc_forward_in_probabilities,
        ctc_forward_floored,
        ctc_forward_that_skips_over_the_first,
        ctc_forward_without_labels,
    ],
    "prefix_beam_search": [
        prefix_beam_search_of_all_that_counts,
        prefix_beam_search_of_one_more,
        prefix_beam_search_score_of_the_sound,
    ],
    "persistence_skill": [
        persistence_skill_of_all_forecasts,
        persistence_skill_with_values_filled_in,
        persistence_skill_not_below_0,
        persistence_skill_of_two_steps,
    ],
    "kalman_step": [
        kalman_step_of_the_diagonal,
        kalman_step_of_large_noise,
        kalman_step_that_stays_where_nothing_was_seen,
        kalman_step_of_the_first_number,
    ],
    "interval_coverage": [
        interval_coverage_above_the_low_end,
        interval_coverage_below_the_high_end,
        interval_coverage_of_whole_rows,
        interval_coverage_of_one_side,
    ],
}
FURTHER = hearing_wrong.FURTHER | measuring_wrong.FURTHER
WRONG = {name: [*answers, *FURTHER[name]] for name, answers in ONCE.items()}


def _draw_paths(g: Generator) -> dict:
    batch, time, labels = size(g), size(g, 1, 7), size(g, 2, 4)
    return {
        "paths": torch.randint(labels, (batch, time), generator=g),
        "lengths": torch.randint(1, time + 1, (batch,), generator=g),
        "blank": size(g, 0, labels - 1),
    }


def _draw_forward(g: Generator) -> dict:
    frames, known, count = size(g, 1, 8), size(g, 2, 4), size(g, 0, 4)
    blank = size(g, 0, known - 1)
    labels = [one for one in torch.randint(known, (count,), generator=g).tolist() if one != blank]
    log_p = (2 * numbers(g, frames, known)).log_softmax(-1)
    return {"log_p": log_p, "labels": torch.tensor(labels, dtype=torch.long), "blank": blank}


def _draw_search(g: Generator) -> dict:
    frames, labels = size(g, 1, 6), size(g, 2, 4)
    return {
        "log_p": numbers(g, frames, labels).log_softmax(-1),
        "log_bigram": numbers(g, labels, labels).log_softmax(-1),
        "weight": [0.0, 0.5, 1.0][size(g, 0, 2)],
        "width": size(g, 1, 5),
    }


def _draw_skill(g: Generator) -> dict:
    horizon = size(g, 1, 3)
    time = horizon + size(g, 2, 8)
    y, forecasts = numbers(g, time), numbers(g, time)
    for one in (y, forecasts):
        lost = torch.rand(time, generator=g) < 0.2
        lost[[0, horizon]] = False
        one[lost] = math.nan
    return {"y": y, "forecasts": forecasts, "horizon": horizon}


def _draw_filter(g: Generator) -> dict:
    states, features = size(g, 1, 3), size(g, 1, 3)
    roots = [numbers(g, n, n) for n in (states, states, features)]
    P, Q, R = (root @ root.T + 0.1 * torch.eye(len(root), dtype=torch.float64) for root in roots)
    y = numbers(g, features)
    y[torch.rand(features, generator=g) < 0.3] = math.nan
    m, F, H = numbers(g, states), numbers(g, states, states), numbers(g, features, states)
    return {"y": y, "m": m, "P": P, "F": F, "H": H, "Q": Q, "R": R}


def _draw_intervals(g: Generator) -> dict:
    horizon = size(g, 1, 3)
    time = horizon + size(g, 1, 8)
    y = numbers(g, time)
    y[torch.rand(time, generator=g) < 0.2] = math.nan
    y[horizon] = 0.5  # something came at every horizon
    middle, half = numbers(g, time, horizon), torch.rand(time, horizon, generator=g, dtype=torch.float64) + 0.1
    return {"low": middle - half, "high": middle + half, "y": y}


DRAWS = {
    "ctc_collapse": _draw_paths,
    "ctc_forward": _draw_forward,
    "prefix_beam_search": _draw_search,
    "persistence_skill": _draw_skill,
    "kalman_step": _draw_filter,
    "interval_coverage": _draw_intervals,
}
