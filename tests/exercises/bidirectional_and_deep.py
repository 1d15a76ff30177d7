"""The exercises on directions and depth: right answers written in another way, and inputs of every kind they allow."""

import re

import torch
from torch import Generator

from tests.exercises.draws import numbers, rnn, size


def window_ceiling(x, y, lengths, past, future):
    """Compare every word with every other, and let words that look alike vote."""
    places = [(row, t) for row, length in enumerate(lengths.tolist()) for t in range(length)]

    def at(row, t):
        return int(x[row, t]) if 0 <= t < int(lengths[row]) else None

    def alike(one, other):
        return all(at(one[0], one[1] + k) == at(other[0], other[1] + k) for k in range(-past, future + 1))

    right, sure = 0.0, torch.zeros_like(x, dtype=torch.bool)
    for one in places:
        tags = [int(y[other]) for other in places if alike(one, other)]
        right += max(map(tags.count, tags)) / len(tags)  # everyone who looks alike adds its share of the best
        sure[one] = len(set(tags)) == 1
    return right / len(places), sure


def _read(steps, W_xh, W_hh, b_h):
    h = torch.zeros_like(b_h)
    for x_t in steps:
        h = (W_xh.mv(x_t) + W_hh.mv(h) + b_h).tanh()
    return h


def birnn(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
    """Each state by a walk of its own over the steps that it may see."""
    states = torch.zeros(*x.shape[:2], len(b_h) + len(c_h), dtype=x.dtype)
    for row, length in enumerate(lengths.tolist()):
        for t in range(length):
            past, future = x[row, : t + 1], x[row, t : min(length, t + 1 + look_ahead)]
            states[row, t] = torch.cat([_read(past, W_xh, W_hh, b_h), _read(future.flip(0), V_xh, V_hh, c_h)])
    return states


def name_f1(expected, predicted, lengths, kinds):
    """Write every sentence as a text, a letter per tag, and let a pattern find its names."""
    return _scored(expected, predicted, lengths, kinds, _spans)


def _spans(tags, kinds):
    text = "".join(map(chr, tags))
    patterns = {kind: f"[{chr(2 * kind + 1)}{chr(2 * kind + 2)}]{chr(2 * kind + 2)}*" for kind in range(kinds)}
    return {(kind, *match.span()) for kind, way in patterns.items() for match in re.finditer(way, text)}


def stacked_rnn(x, W_xh, W_up, W_hh, b_h, masks, p):
    """Step by step, all layers of a step before the next step."""
    layers, unit = b_h.shape
    states = torch.zeros(layers, x.shape[0], x.shape[1] + 1, unit, dtype=x.dtype)  # the first column is zero
    for t in range(x.shape[1]):
        for layer in range(layers):
            a = torch.einsum("bf,uf->bu", x[:, t], W_xh[layer]) + b_h[layer]
            a += torch.einsum("bk,uk->bu", states[layer, :, t], W_hh[layer])
            if layer > 0:
                share = masks[layer - 1, :, t].to(x.dtype) / (1 - p)
                a += torch.einsum("bk,uk->bu", share * states[layer - 1, :, t + 1], W_up[layer - 1])
            states[layer, :, t + 1] = a.tanh()
    return states[:, :, 1:]


def _counted(x, y, lengths, past, future, look, tags=None):
    """Count the tags of all that looks the same, as ``look`` tells it of a sentence, a place and both reaches."""
    places = [(row, t) for row, length in enumerate(lengths.tolist()) for t in range(length)]
    looks = [look(x[row, : lengths[row]].tolist(), t, past, future) for row, t in places]
    found: dict = {}
    for one, place in zip(looks, places, strict=True):
        found.setdefault(one, []).append(int(y[place]))
    sure = torch.zeros_like(x, dtype=torch.bool)
    for one, place in zip(looks, places, strict=True):
        sure[place] = len(set(found[one])) == 1
    highest = sum(max(all_of.count(tag) for tag in tags or all_of) for all_of in found.values())
    return highest / len(places), sure


def _marked(words, t, past, future, edge=-1):
    return tuple(words[k] if 0 <= k < len(words) else edge for k in range(t - past, t + future + 1))


def window_ceiling_of_digits(x, y, lengths, past, future):
    """Words are written one after the other without a blank: 1, 11 looks like 11, 1."""
    return _counted(x, y, lengths, past, future, lambda *place: "".join(map(str, _marked(*place, edge="#"))))


def window_ceiling_with_a_word_at_the_edge(x, y, lengths, past, future):
    """Beyond an end stands a word that may occur."""
    return _counted(x, y, lengths, past, future, lambda *place: _marked(*place, edge=10))


def window_ceiling_with_one_mark_at_each_end(x, y, lengths, past, future):
    """A window that leaves its sentence is cut; that it does is known, but not by how much."""

    def cut(words, t, past, future):
        return tuple(words[max(t - past, 0) : t + future + 1]), t < past, t + future >= len(words)

    return _counted(x, y, lengths, past, future, cut)


def window_ceiling_of_three_tags(x, y, lengths, past, future):
    """There are no more tags than in the example."""
    return _counted(x, y, lengths, past, future, _marked, range(3))


def window_ceiling_of_two_words_ahead(x, y, lengths, past, future):
    """No window reaches further than two words ahead."""
    return _counted(x, y, lengths, past, min(future, 2), _marked)


def window_ceiling_without_the_order_of_the_past(x, y, lengths, past, future):
    """The words before are a bag."""

    def bag(words, t, past, future):
        window = _marked(words, t, past, future)
        return tuple(sorted(window[:past])), window[past:]

    return _counted(x, y, lengths, past, future, bag)


def _scored(expected, predicted, lengths, kinds, spans):
    counts = torch.zeros(2, kinds, dtype=torch.float64)
    for row, length in enumerate(lengths.tolist()):
        truth, guess = (spans(tags[row, :length].tolist(), kinds) for tags in (expected, predicted))
        for number, found in enumerate(([*truth & guess] * 2, [*truth, *guess])):
            for kind, *_ in found:
                counts[number, kind] += 1
    (right, of_all), scores = counts, (counts[0] / counts[1]).nan_to_num()
    return scores.tolist(), float((right.sum() / of_all.sum()).nan_to_num())


def name_f1_of_ends_added_up(expected, predicted, lengths, kinds):
    """A name is known by its kind and the sum of its ends."""
    return _scored(
        expected, predicted, lengths, kinds, lambda *tags: {(kind, one + end) for kind, one, end in _spans(*tags)}
    )


def name_f1_of_four_words(expected, predicted, lengths, kinds):
    """A name has no more than four words."""
    return _scored(
        expected,
        predicted,
        lengths,
        kinds,
        lambda *tags: {(kind, one, min(end, one + 4)) for kind, one, end in _spans(*tags)},
    )


def name_f1_of_digits(expected, predicted, lengths, kinds):
    """Every tag is one digit."""

    def spans(tags, kinds):
        text = "".join(map(str, tags))
        patterns = {kind: f"[{2 * kind + 1}{2 * kind + 2}](?:{2 * kind + 2})*" for kind in range(kinds)}
        return {(kind, *match.span()) for kind, way in patterns.items() for match in re.finditer(way, text)}

    return _scored(expected, predicted, lengths, kinds, spans)


WRONG = {
    "window_ceiling": [
        window_ceiling_of_digits,
        window_ceiling_with_a_word_at_the_edge,
        window_ceiling_with_one_mark_at_each_end,
        window_ceiling_of_three_tags,
        window_ceiling_of_two_words_ahead,
        window_ceiling_without_the_order_of_the_past,
    ],
    "name_f1": [name_f1_of_ends_added_up, name_f1_of_four_words, name_f1_of_digits],
}
ALTERNATES = {
    "window_ceiling": [window_ceiling],
    "birnn": [birnn],
    "name_f1": [name_f1],
    "stacked_rnn": [stacked_rnn],
}


def _draw_windows(g: Generator) -> dict:
    batch, time = size(g, 1, 5), size(g, 1, 5)
    x, y = (torch.randint(0, high, (batch, time), generator=g) for high in (3, 2))
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    return {"x": x, "y": y, "lengths": lengths, "past": size(g, 0, 2), "future": size(g, 0, 2)}


def _draw_both(g: Generator) -> dict:
    batch, time, feature, unit, other = size(g), size(g, 1, 6), size(g), size(g), size(g)
    names = ("V_xh", "V_hh", "c_h")
    back = dict(zip(names, rnn(g, batch, other, feature).values(), strict=True))
    read = {"x": numbers(g, batch, time, feature), "lengths": torch.randint(1, time + 1, (batch,), generator=g)}
    return read | rnn(g, batch, unit, feature) | back | {"look_ahead": size(g, 0, 7)}


def _draw_tags(g: Generator) -> dict:
    batch, time, kinds = size(g, 1, 4), size(g, 1, 8), size(g, 1, 3)
    expected, other = (torch.randint(0, 2 * kinds + 1, (batch, time), generator=g) for _ in range(2))
    predicted = torch.where(torch.rand(batch, time, generator=g) < 0.3, other, expected)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    return {"expected": expected, "predicted": predicted, "lengths": lengths, "kinds": kinds}


def _draw_stack(g: Generator) -> dict:
    layers, batch, time, feature, unit = size(g), size(g), size(g), size(g), size(g)
    p = [0.0, 0.9 * float(torch.rand((), generator=g))][size(g, 0, 1)]
    return {
        "x": numbers(g, batch, time, feature),
        "W_xh": numbers(g, layers, unit, feature),
        "W_up": numbers(g, layers - 1, unit, unit),
        "W_hh": numbers(g, layers, unit, unit),
        "b_h": numbers(g, layers, unit),
        "masks": torch.rand(layers - 1, batch, time, unit, generator=g) >= p,
        "p": p,
    }


DRAWS = {"window_ceiling": _draw_windows, "birnn": _draw_both, "name_f1": _draw_tags, "stacked_rnn": _draw_stack}
