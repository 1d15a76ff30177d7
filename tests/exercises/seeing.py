"""The exercises on seeing: right answers written in another way, wrong ones, and inputs of every kind."""

import functools
import itertools
import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def attend_grid(maps, s, W_a, U_a, v_a):
    """One cell of one picture at a time."""
    batch, channel, rows, columns = maps.shape
    weights, context = maps.new_zeros(batch, rows, columns), maps.new_zeros(batch, channel)
    for b in range(batch):
        asked = W_a @ s[b]
        scores = torch.stack(
            [
                torch.stack([v_a @ torch.tanh(asked + U_a @ maps[b, :, i, j]) for j in range(columns)])
                for i in range(rows)
            ]
        )
        weights[b] = (scores - scores.flatten().logsumexp(0)).exp()
        for i, j in itertools.product(range(rows), range(columns)):
            context[b] += weights[b, i, j] * maps[b, :, i, j]
    return context, weights


def attend_grid_with_channels_last(maps, s, W_a, U_a, v_a):
    """The channels moved to the end, rows and columns kept."""
    cells = maps.movedim(1, -1)
    scores = (cells @ U_a.T + (s @ W_a.T)[:, None, None]).tanh() @ v_a
    powers = (scores - scores.amax((1, 2), keepdim=True)).exp()
    weights = powers / powers.sum((1, 2), keepdim=True)
    return torch.einsum("bijc,bij->bc", cells, weights), weights


def _grid(maps, s, W_a, U_a, v_a, weigh):
    """What the solution does, with other weights."""
    inner = (s @ W_a.T)[:, None, None] + torch.einsum("kc,bcij->bijk", U_a, maps)
    weights = weigh(torch.tanh(inner) @ v_a)
    return torch.einsum("bij,bcij->bc", weights, maps), weights


def _softmax(scores):
    return scores.flatten(1).softmax(1).view_as(scores)


def attend_grid_column_after_column(maps, s, W_a, U_a, v_a):
    """Right on a square."""
    context, weights = _grid(maps, s, W_a, U_a, v_a, _softmax)
    return context, weights.mT.reshape(weights.shape)


def attend_grid_less_the_highest_of_all(*given):
    """The highest score of the batch is taken off every picture: another one may be left with zeros alone."""

    def weigh(scores):
        powers = (scores - scores.max()).exp()
        return powers / powers.sum((1, 2), keepdim=True)

    return _grid(*given, weigh)


def attend_grid_less_the_highest_of_each_row(*given):
    """Each row is raised to the same height."""

    def weigh(scores):
        powers = (scores - scores.amax(-1, keepdim=True)).exp()
        return powers / powers.sum((1, 2), keepdim=True)

    return _grid(*given, weigh)


def attend_grid_with_scores_cut_off(*given):
    """High scores are cut before the exponential."""
    return _grid(*given, lambda scores: _softmax(scores.clamp(-500, 500)))


def attend_grid_divided(*given):
    """Scores are divided by the root of their number of terms, as dot products are."""
    return _grid(*given, lambda scores: _softmax(scores / math.sqrt(len(given[-1]))))


def attend_grid_of_means(maps, s, W_a, U_a, v_a):
    """The context is read from what was scored, not from the maps."""
    inner = (s @ W_a.T)[:, None, None] + torch.einsum("kc,bcij->bijk", U_a, maps)
    weights = _softmax(torch.tanh(inner) @ v_a)
    return torch.einsum("bij,bcij->bc", weights, maps.tanh()), weights


def attend_grid_with_a_sigmoid(*given):
    """Every cell is weighed by itself."""
    return _grid(*given, torch.sigmoid)


def attend_grid_of_the_last_picture(maps, s, W_a, U_a, v_a):
    """Every picture is asked by the last state."""
    return _grid(maps, s[-1:].expand_as(s), W_a, U_a, v_a, _softmax)


def attend_grid_of_both_signs(*given):
    """The sign of the scores is lost."""
    return _grid(*given, lambda scores: _softmax(scores.abs()))


def attend_grid_with_the_signs_turned(*given):
    """The less a cell fits, the more weight it has."""
    return _grid(*given, lambda scores: _softmax(-scores))


def attend_grid_of_the_first_context(*given):
    """Every picture gets what was read of the first."""
    context, weights = _grid(*given, _softmax)
    return context[:1].expand_as(context).clone(), weights


def attend_grid_in_single_precision(maps, s, W_a, U_a, v_a):
    """Computed in float32, whatever came."""
    context, weights = _grid(*(one.float() for one in (maps, s, W_a, U_a, v_a)), _softmax)
    return context.to(maps.dtype), weights.to(maps.dtype)


def _words(caption):
    names, said = [], []
    words = caption.split()
    place = 0
    while place < len(words):
        names.append(tuple(words[place + 1 : place + 3]))
        place += 3
        if place < len(words):
            said.append(words[place])
            place += 2 if words[place] in ("left", "right") else 1
    return names, said


def _between(one, two):
    (_, _, x_1, y_1), (_, _, x_2, y_2) = one, two
    if abs(y_1 - y_2) > abs(x_1 - x_2):
        return ("above", "below")[y_1 > y_2]
    return ("left", "right")[x_1 >= x_2]


def caption_is_true(caption, scene):
    """Every choice of different things, one after the other."""
    names, said = _words(caption)
    for things in itertools.permutations(scene, len(names)):
        if [(one[0], one[1]) for one in things] == names and [
            _between(*pair) for pair in itertools.pairwise(things)
        ] == said:
            return True
    return False


def caption_is_true_by_growing(caption, scene):
    """All beginnings of chains that hold so far, a name longer each time."""
    names, said = _words(caption)
    chains = [[i] for i, one in enumerate(scene) if tuple(one[:2]) == names[0]]
    for name, relation in zip(names[1:], said, strict=True):
        chains = [
            [*chain, i]
            for chain in chains
            for i, one in enumerate(scene)
            if i not in chain and tuple(one[:2]) == name and _between(scene[chain[-1]], one) == relation
        ]
    return bool(chains)


def _chains(caption, scene, fits=lambda one, name: tuple(one[:2]) == name, between=_between, choices=None):
    names, said = _words(caption)
    return any(
        all(fits(one, name) for one, name in zip(things, names, strict=True))
        and all(between(*pair) == relation for pair, relation in zip(itertools.pairwise(things), said, strict=True))
        for things in (choices or itertools.permutations)(scene, len(names))
    )


def caption_is_true_of_neighbours_that_differ(caption, scene):
    """Only neighbours in the chain must be different things."""
    names, said = _words(caption)
    return any(
        all(tuple(one[:2]) == name for one, name in zip(things, names, strict=True))
        and all(
            one is not two and _between(one, two) == relation
            for (one, two), relation in zip(itertools.pairwise(things), said, strict=True)
        )
        for things in itertools.product(scene, repeat=len(names))
    )


def _grown(caption, scene, taken):
    """Say whether a chain can grow to its end, where ``taken`` tells of each beginning what may not come next."""
    names, said = _words(caption)
    chains = [[i] for i, one in enumerate(scene) if tuple(one[:2]) == names[0]]
    for name, relation in zip(names[1:], said, strict=True):
        chains = [
            [*chain, i]
            for chain in chains
            for i, one in enumerate(scene)
            if i not in taken(chain) and tuple(one[:2]) == name and _between(scene[chain[-1]], one) == relation
        ]
    return bool(chains)


def caption_is_true_of_three_in_a_row_that_differ(caption, scene):
    """Only the last two things may not be taken again."""
    return _grown(caption, scene, lambda chain: chain[-2:])


def caption_is_true_of_a_fourth_that_differs_from_the_third(caption, scene):
    """The first three things differ, the fourth from its neighbour alone."""
    return _grown(caption, scene, lambda chain: chain if len(chain) < 3 else chain[-1:])


def caption_is_true_of_a_second_that_comes_again(caption, scene):
    """The second and the fourth may be one and the same thing."""
    return _grown(caption, scene, lambda chain: chain if len(chain) < 3 else [chain[0], chain[2]])


def caption_is_true_with_the_third_taken_at_once(caption, scene):
    """Two things are tried, and of what fits further the first is kept."""
    names, said = _words(caption)
    for chain in itertools.permutations(scene, min(len(names), 2)):
        chain = list(chain)
        for name, relation in zip(names[len(chain) :], said[1:], strict=True):
            fits = (one for one in scene if tuple(one[:2]) == name and not any(one is old for old in chain))
            chain += itertools.islice((one for one in fits if _between(chain[-1], one) == relation), 1)
        links = [_between(*pair) for pair in itertools.pairwise(chain)]
        if [tuple(one[:2]) for one in chain] == names and links == said:
            return True
    return False


def _caption_is_true_without(word, of_name):
    def answer(caption, scene):
        """Of one name one word is not read."""

        def fits(number, one, name):
            return (number == of_name and one[1 - word] == name[1 - word]) or tuple(one[:2]) == name

        names, said = _words(caption)
        return any(
            all(fits(number, *pair) for number, pair in enumerate(zip(things, names, strict=True)))
            and [_between(*pair) for pair in itertools.pairwise(things)] == said
            for things in itertools.permutations(scene, len(names))
        )

    return answer


def caption_is_true_of_whole_distances(caption, scene):
    """Distances are compared as whole numbers."""

    def between(one, two):
        (_, _, x_1, y_1), (_, _, x_2, y_2) = one, two
        if int(abs(y_1 - y_2)) > int(abs(x_1 - x_2)):
            return ("above", "below")[y_1 > y_2]
        return ("left", "right")[x_1 >= x_2]

    return _chains(caption, scene, between=between)


def caption_is_true_of_five_things(caption, scene):
    """A scene has no more than five things."""
    return caption_is_true(caption, scene[:5])


def caption_is_true_inside_the_picture(caption, scene):
    """Places are cut off at 0 and 32."""
    return caption_is_true(caption, [[*one[:2], *(min(max(at, 0), 32) for at in one[2:])] for one in scene])


def caption_is_true_of_things_that_differ_in_value(caption, scene):
    """Of two equal things at one place only one is taken."""
    return _chains(
        caption,
        scene,
        choices=lambda things, count: (
            one for one in itertools.permutations(things, count) if len({*map(tuple, one)}) == count
        ),
    )


def caption_is_true_of_a_scene_without_doubles(caption, scene):
    """Equal things at one place are made one."""
    return _chains(caption, [list(one) for one in dict.fromkeys(map(tuple, scene))])


def _caption_is_true_at_no_distance(at_no_distance):
    """A wrong answer: with another relation of two things at one place."""

    def between(one, two):
        return at_no_distance if one[2:] == two[2:] else _between(one, two)

    return lambda caption, scene: _chains(caption, scene, between=between)


def caption_is_true_of_whole_numbers(caption, scene):
    """Places are cut to whole numbers."""
    return caption_is_true(caption, [[*one[:2], int(one[2]), int(one[3])] for one in scene])


def caption_is_true_with_almost_equal_distances(caption, scene):
    """Distances that differ by less than 1 count as equal: right for whole numbers."""

    def between(one, two):
        across, down = one[2] - two[2], one[3] - two[3]
        if abs(across) + 0.9 >= abs(down):
            return ("left", "right")[across >= 0]
        return ("above", "below")[down > 0]

    return _chains(caption, scene, between=between)


def caption_is_true_in_the_order_of_the_scene(caption, scene):
    """Things are tried in the order in which they stand in the list."""
    return _chains(caption, scene, choices=itertools.combinations)


def caption_is_true_greedily(caption, scene):
    """The first thing that fits is taken, and never taken back."""
    names, said = _words(caption)
    chosen = []
    for place, name in enumerate(names):
        fitting = [
            one
            for one in scene
            if tuple(one[:2]) == name
            and not any(one is other for other in chosen)
            and (not chosen or _between(chosen[-1], one) == said[place - 1])
        ]
        if not fitting:
            return False
        chosen.append(fitting[0])
    return True


def caption_is_true_of_the_last_of_equal_things(caption, scene):
    """A dictionary by name keeps the last."""
    return _chains(caption, list({tuple(one[:2]): one for one in scene}.values()))


def caption_is_true_without_relations(caption, scene):
    """The names are enough."""
    names, _ = _words(caption)
    return any(
        all(tuple(one[:2]) == name for one, name in zip(things, names, strict=True))
        for things in itertools.permutations(scene, len(names))
    )


def caption_is_true_by_colour(caption, scene):
    """The shape is not asked."""
    return _chains(caption, scene, fits=lambda one, name: one[0] == name[0])


def caption_is_true_by_shape(caption, scene):
    """The colour is not asked."""
    return _chains(caption, scene, fits=lambda one, name: one[1] == name[1])


def caption_is_true_with_y_upwards(caption, scene):
    """What is above has the larger y."""

    def between(one, two):
        return _between([*one[:3], -one[3]], [*two[:3], -two[3]])

    return _chains(caption, scene, between=between)


def caption_is_true_with_x_leftwards(caption, scene):
    """What is left has the larger x."""

    def between(one, two):
        found = _between(one, two)
        return {"left": "right", "right": "left"}.get(found, found)

    return _chains(caption, scene, between=between)


def caption_is_true_by_the_smaller_distance(caption, scene):
    """The smaller distance decides."""

    def between(one, two):
        (_, _, x_1, y_1), (_, _, x_2, y_2) = one, two
        if abs(y_1 - y_2) < abs(x_1 - x_2):
            return ("above", "below")[y_1 > y_2]
        return ("left", "right")[x_1 >= x_2]

    return _chains(caption, scene, between=between)


def caption_is_true_of_three_at_most(caption, scene):
    """What comes after the third name is not read."""
    names, said = _words(caption)
    return any(
        [tuple(one[:2]) for one in things] == names[:3]
        and [_between(*pair) for pair in itertools.pairwise(things)] == said[:2]
        for things in itertools.permutations(scene, min(3, len(names)))
    )


def caption_is_true_where_every_choice_holds(caption, scene):
    """All things of a name must bear it out, not some."""
    names, said = _words(caption)
    fitting = [
        things for things in itertools.permutations(scene, len(names)) if [tuple(one[:2]) for one in things] == names
    ]
    return bool(fitting) and all([_between(*pair) for pair in itertools.pairwise(one)] == said for one in fitting)


def blind_baseline(known_kinds, known_answers, kinds, answers):
    """Counted in one pass, in two dictionaries."""
    counts, of_all = {}, {}
    for kind, answer in zip(known_kinds.tolist(), known_answers.tolist(), strict=True):
        for table in (counts.setdefault(kind, {}), of_all):
            table[answer] = table.get(answer, 0) + 1
    guesses, right = [], 0
    for kind, answer in zip(kinds.tolist(), answers.tolist(), strict=True):
        table = counts.get(kind, of_all)
        most = max(table.values())
        guess = next(one for one, count in table.items() if count == most)
        guesses.append(guess)
        right += guess == answer
    return torch.tensor(guesses), right / len(guesses)


def blind_baseline_by_counting_matrices(known_kinds, known_answers, kinds, answers):
    """Comparisons of all with all."""
    same = (known_answers[:, None] == known_answers).to(torch.float64)
    of_kind = (kinds[:, None] == known_kinds).to(torch.float64)
    of_kind = torch.where(of_kind.any(1, keepdim=True), of_kind, 1.0)
    votes = (of_kind @ same) * of_kind  # for each question, of each known question: how often its answer came up
    best = (votes == votes.amax(1, keepdim=True)).to(torch.int8).argmax(1)  # the first of several
    guesses = known_answers[best]
    return guesses, float((guesses == answers).sum()) / len(answers)


def blind_baseline_in_single_precision(known_kinds, known_answers, kinds, answers):
    """The share as a mean in float32."""
    guesses, _ = blind_baseline(known_kinds, known_answers, kinds, answers)
    return guesses, (guesses == answers).float().mean().item()


def _guessed(choose, fallback=None):
    """A wrong answer: with another choice of one answer from several, and perhaps another for unknown kinds."""

    def guess(known_kinds, known_answers, kinds, answers):
        guesses = []
        for kind in kinds.tolist():
            of_kind = known_answers[known_kinds == kind].tolist()
            guesses.append(choose(of_kind) if of_kind else (fallback or choose)(known_answers.tolist()))
        guesses = torch.tensor(guesses)
        return guesses, (guesses == answers).double().mean().item()

    return guess


def _most(found):
    return max(dict.fromkeys(found), key=found.count)


def _smallest(found):
    return max(sorted(set(found)), key=found.count)


def _largest(found):
    return max(sorted(set(found), reverse=True), key=found.count)


def _last(found):
    return max(dict.fromkeys(reversed(found)), key=found.count)


def _first_to_reach(found):
    """The answer that had come up as often as the commonest before any other had."""
    most = max(map(found.count, found))
    return next(one for place, one in enumerate(found) if found[: place + 1].count(one) == most)


def _guessed_by(of_unknown):
    """A wrong answer: with another guess for unknown kinds, from the known kinds, the known answers and the kinds."""

    def guess(known_kinds, known_answers, kinds, answers):
        known, found = known_kinds.tolist(), known_answers.tolist()
        guesses = []
        for kind in kinds.tolist():
            of_kind = [answer for one, answer in zip(known, found, strict=True) if one == kind]
            guesses.append(_most(of_kind) if of_kind else of_unknown(known, found, kinds.tolist()))
        guesses = torch.tensor(guesses)
        return guesses, (guesses == answers).double().mean().item()

    return guess


def _of_kinds(known, found, kinds):
    return [answer for kind, answer in zip(known, found, strict=True) if kind in kinds]


def blind_baseline_with_ties_by_all(known_kinds, known_answers, kinds, answers):
    """Of equally common answers to a kind the one that came first among the answers to all kinds."""
    order = list(dict.fromkeys(known_answers.tolist()))
    guesses = []
    for kind in kinds.tolist():
        found = known_answers[known_kinds == kind].tolist() or known_answers.tolist()
        guesses.append(max(sorted(set(found), key=order.index), key=found.count))
    guesses = torch.tensor(guesses)
    return guesses, (guesses == answers).double().mean().item()


def blind_baseline_from_two_known_questions_on(known_kinds, known_answers, kinds, answers):
    """A kind of which only one question is known is taken for unknown."""
    guesses = []
    for kind in kinds.tolist():
        found = known_answers[known_kinds == kind].tolist()
        guesses.append(_most(found if len(found) > 1 else known_answers.tolist()))
    guesses = torch.tensor(guesses)
    return guesses, (guesses == answers).double().mean().item()


def blind_baseline_with_a_sentinel(known_kinds, known_answers, kinds, answers):
    """-1 stands for an unknown kind, and may be an answer."""
    guesses = []
    for kind in kinds.tolist():
        found = known_answers[known_kinds == kind].tolist()
        guess = _most(found) if found else -1
        guesses.append(_most(known_answers.tolist()) if guess == -1 else guess)
    guesses = torch.tensor(guesses)
    return guesses, (guesses == answers).double().mean().item()


def blind_baseline_by_bincount(known_kinds, known_answers, kinds, answers):
    """Counted in a table that has no place for negative numbers."""
    guesses = []
    for kind in kinds:
        found = known_answers[known_kinds == kind]
        found = found if len(found) else known_answers
        counts = torch.bincount(found)
        guesses.append(next(one for one in found.tolist() if counts[one] == counts.max()))
    guesses = torch.tensor(guesses)
    return guesses, (guesses == answers).double().mean().item()


def _scored(score):
    """A wrong answer: the right guesses, with another share."""

    def guess(known_kinds, known_answers, kinds, answers):
        guesses, _ = blind_baseline(known_kinds, known_answers, kinds, answers)
        return guesses, score(guesses, known_kinds, known_answers, kinds, answers)

    return guess


def blind_baseline_of_one_kind_for_unknown_ones(known_kinds, known_answers, kinds, answers):
    """An unknown kind is taken for the first known one."""
    known = known_kinds.tolist()
    taken = torch.tensor([kind if kind in known else known[0] for kind in kinds.tolist()])
    guesses, _ = blind_baseline(known_kinds, known_answers, taken, answers)
    return guesses, (guesses == answers).double().mean().item()


def doubly_stochastic_penalty(alpha, lengths):
    """By autograd, which students may not use, from a loop over captions."""
    alpha = torch.nan_to_num(alpha, nan=0.0, posinf=0.0, neginf=0.0).detach().requires_grad_()
    with torch.enable_grad():
        parts = [(1 - row[:length].sum(0)).pow(2).sum() for row, length in zip(alpha, lengths.tolist(), strict=True)]
        penalty = torch.stack(parts).mean()
        (gradient,) = torch.autograd.grad(penalty, alpha)
    return penalty.detach(), gradient


def doubly_stochastic_penalty_cell_by_cell(alpha, lengths):
    """Number by number."""
    batch, _, cells = alpha.shape
    penalty, gradient = alpha.new_zeros(()), torch.zeros_like(alpha)
    for b, i in itertools.product(range(batch), range(cells)):
        lacks = 1 - functools.reduce(lambda total, t: total + alpha[b, t, i], range(int(lengths[b])), 0.0)
        penalty = penalty + lacks * lacks / batch
        for t in range(int(lengths[b])):
            gradient[b, t, i] = -2 * lacks / batch
    return penalty, gradient


def _penalty(alpha, lengths, change_lacks=lambda lacks: lacks, change_gradient=lambda gradient: gradient, real=None):
    real = (torch.arange(alpha.shape[1]) < lengths[:, None])[..., None] if real is None else real
    lacks = change_lacks(1 - torch.where(real, alpha, 0.0).sum(1))
    gradient = torch.where(real, -2 * lacks[:, None] / len(alpha), 0.0)
    return lacks.square().sum() / len(alpha), change_gradient(gradient)


def doubly_stochastic_penalty_of_rows_that_sum_to_one(alpha, lengths):
    """Padding is told by its sum, not by the lengths."""
    return _penalty(alpha, lengths, real=((alpha.sum(-1) - 1).abs() < 1e-5)[..., None])


def doubly_stochastic_penalty_of_what_lacks(alpha, lengths):
    """A cell that was looked at too much costs nothing."""
    return _penalty(alpha, lengths, change_lacks=lambda lacks: lacks.clamp(min=0))


def doubly_stochastic_penalty_of_what_is_too_much(alpha, lengths):
    """A cell that was looked at too little costs nothing."""
    return _penalty(alpha, lengths, change_lacks=lambda lacks: lacks.clamp(max=0))


def doubly_stochastic_penalty_by_mean(alpha, lengths):
    """The mean over the words is to be 1."""
    return _penalty(alpha, lengths, change_lacks=lambda lacks: 1 - (1 - lacks) / lengths[:, None])


def doubly_stochastic_penalty_of_absolute_values(alpha, lengths):
    """The distance, not its square."""
    real = (torch.arange(alpha.shape[1]) < lengths[:, None])[..., None]
    lacks = 1 - torch.where(real, alpha, 0.0).sum(1)
    return lacks.abs().sum() / len(alpha), torch.where(real, -lacks.sign()[:, None] / len(alpha), 0.0)


def doubly_stochastic_penalty_by_products(alpha, lengths):
    """NaN times 0 stays NaN."""
    real = (torch.arange(alpha.shape[1]) < lengths[:, None]).to(alpha.dtype)[..., None]
    lacks = 1 - (alpha * real).sum(1)
    return lacks.square().sum() / len(alpha), -2 * lacks[:, None] * real / len(alpha)


def doubly_stochastic_penalty_without_plus_infinity(alpha, lengths):
    """Only NaN is cleaned out of the padding."""
    clean = torch.nan_to_num(alpha, nan=0.0, posinf=math.inf, neginf=-math.inf)
    real = (torch.arange(alpha.shape[1]) < lengths[:, None]).to(alpha.dtype)[..., None]
    lacks = 1 - (clean * real).sum(1)
    return lacks.square().sum() / len(alpha), -2 * lacks[:, None] * real / len(alpha)


def doubly_stochastic_penalty_of_the_longest(alpha, lengths):
    """Every caption is taken for as long as the longest."""
    return _penalty(alpha, lengths.max().expand_as(lengths))


def doubly_stochastic_penalty_of_the_shortest(alpha, lengths):
    """Every caption is taken for as short as the shortest."""
    return _penalty(alpha, lengths.min().expand_as(lengths))


def doubly_stochastic_penalty_without_the_last_word(alpha, lengths):
    """The last real word is left out."""
    return _penalty(alpha, lengths - 1)


def doubly_stochastic_penalty_at_the_last_word_alone(alpha, lengths):
    """The gradient stands at the last real word."""
    last = (torch.arange(alpha.shape[1]) == lengths[:, None] - 1)[..., None]
    return _penalty(alpha, lengths, change_gradient=lambda gradient: torch.where(last, gradient, 0.0))


def doubly_stochastic_penalty_shared_by_the_words(alpha, lengths):
    """The gradient is shared out among the words."""
    return _penalty(alpha, lengths, change_gradient=lambda gradient: gradient / lengths[:, None, None])


def doubly_stochastic_penalty_of_normed_sums(alpha, lengths):
    """Each caption's sums are scaled to a mean of 1."""
    return _penalty(alpha, lengths, change_lacks=lambda lacks: 1 - (1 - lacks) / (1 - lacks).mean(1, keepdim=True))


ALTERNATES = {
    "attend_grid": [attend_grid, attend_grid_with_channels_last],
    "caption_is_true": [caption_is_true, caption_is_true_by_growing],
    "blind_baseline": [
        blind_baseline,
        blind_baseline_by_counting_matrices,
        blind_baseline_in_single_precision,
    ],
    "doubly_stochastic_penalty": [doubly_stochastic_penalty, doubly_stochastic_penalty_cell_by_cell],
}

WRONG = {
    "attend_grid": [
        attend_grid_column_after_column,
        attend_grid_less_the_highest_of_all,
        attend_grid_less_the_highest_of_each_row,
        attend_grid_with_scores_cut_off,
        attend_grid_divided,
        attend_grid_of_means,
        attend_grid_with_a_sigmoid,
        attend_grid_of_the_last_picture,
        attend_grid_of_both_signs,
        attend_grid_with_the_signs_turned,
        attend_grid_of_the_first_context,
        attend_grid_in_single_precision,
    ],
    "caption_is_true": [
        caption_is_true_of_neighbours_that_differ,
        caption_is_true_of_three_in_a_row_that_differ,
        caption_is_true_of_a_fourth_that_differs_from_the_third,
        caption_is_true_of_a_second_that_comes_again,
        caption_is_true_with_the_third_taken_at_once,
        *(_caption_is_true_without(word, of_name) for word, of_name in ((0, 3), (1, 3), (1, 2), (1, 1))),
        caption_is_true_of_whole_distances,
        caption_is_true_of_five_things,
        caption_is_true_inside_the_picture,
        caption_is_true_of_things_that_differ_in_value,
        caption_is_true_of_a_scene_without_doubles,
        _caption_is_true_at_no_distance("left"),
        _caption_is_true_at_no_distance("none"),
        caption_is_true_of_whole_numbers,
        caption_is_true_with_almost_equal_distances,
        caption_is_true_in_the_order_of_the_scene,
        caption_is_true_greedily,
        caption_is_true_of_the_last_of_equal_things,
        caption_is_true_without_relations,
        caption_is_true_by_colour,
        caption_is_true_by_shape,
        caption_is_true_with_y_upwards,
        caption_is_true_with_x_leftwards,
        caption_is_true_by_the_smaller_distance,
        caption_is_true_of_three_at_most,
        caption_is_true_where_every_choice_holds,
    ],
    "blind_baseline": [
        _guessed(max),
        _guessed(min),
        _guessed(lambda found: found[0]),
        _guessed(lambda found: found[-1]),
        _guessed(lambda found: sorted(found)[len(found) // 2]),
        _guessed(lambda found: min(dict.fromkeys(found), key=found.count)),
        _guessed(_largest),
        _guessed(_most, lambda found: 0),
        _guessed(_most, lambda found: found[0]),
        _guessed(_most, lambda found: found[-1]),
        _guessed(_most, _smallest),
        _guessed(_most, _largest),
        _guessed(_most, _last),
        _guessed(_most, _first_to_reach),
        _guessed_by(lambda known, found, kinds: _most(_of_kinds(known, found, [_most(known)]))),
        _guessed_by(lambda known, found, kinds: _most([_most(_of_kinds(known, found, [kind])) for kind in known])),
        _guessed_by(lambda known, found, kinds: _most(_of_kinds(known, found, kinds) or found)),
        blind_baseline_with_ties_by_all,
        blind_baseline_from_two_known_questions_on,
        blind_baseline_with_a_sentinel,
        blind_baseline_by_bincount,
        blind_baseline_of_one_kind_for_unknown_ones,
        _scored(
            lambda guesses, known_kinds, known_answers, kinds, answers: float((guesses != answers).double().mean())
        ),
        _scored(lambda guesses, known_kinds, known_answers, kinds, answers: float((guesses == answers).any())),
    ],
    "doubly_stochastic_penalty": [
        doubly_stochastic_penalty_of_rows_that_sum_to_one,
        doubly_stochastic_penalty_of_what_lacks,
        doubly_stochastic_penalty_of_what_is_too_much,
        doubly_stochastic_penalty_by_mean,
        doubly_stochastic_penalty_of_absolute_values,
        doubly_stochastic_penalty_by_products,
        doubly_stochastic_penalty_without_plus_infinity,
        doubly_stochastic_penalty_of_the_longest,
        doubly_stochastic_penalty_of_the_shortest,
        doubly_stochastic_penalty_without_the_last_word,
        doubly_stochastic_penalty_at_the_last_word_alone,
        doubly_stochastic_penalty_shared_by_the_words,
        doubly_stochastic_penalty_of_normed_sums,
    ],
}


def _draw_grid(g: Generator) -> dict:
    batch, channel, row, column, hidden, attention = (size(g) for _ in range(6))
    return {
        "maps": numbers(g, batch, channel, row, column),
        "s": numbers(g, batch, hidden),
        "W_a": numbers(g, attention, hidden),
        "U_a": numbers(g, attention, channel),
        "v_a": [1.0, 1000.0][size(g, 0, 1)] * numbers(g, attention),
    }


def _draw_caption(g: Generator) -> dict:
    names = [f"{colour} {shape}" for colour in ("red", "blue") for shape in ("circle", "square")]
    step = [3, 0.75][size(g, 0, 1)]  # places are whole numbers or not
    scene = [[*names[size(g, 0, 3)].split(), step * size(g, 0, 6), step * size(g, 0, 6)] for _ in range(size(g, 0, 5))]
    said = f"a {names[size(g, 0, 3)]}"
    for _ in range(size(g, 0, 3)):
        said += f" {('left of', 'right of', 'above', 'below')[size(g, 0, 3)]} a {names[size(g, 0, 3)]}"
    return {"caption": said, "scene": scene}


def _draw_questions(g: Generator) -> dict:
    known, asked = size(g, 1, 9), size(g, 1, 6)
    return {
        "known_kinds": torch.randint(-1, 2, (known,), generator=g),
        "known_answers": torch.randint(-2, 2, (known,), generator=g),
        "kinds": torch.randint(-1, 3, (asked,), generator=g),
        "answers": torch.randint(-2, 2, (asked,), generator=g),
    }


def _draw_weights(g: Generator) -> dict:
    batch, time, cell = (size(g) for _ in range(3))
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    padding = [0.0, math.nan, math.inf, -math.inf][size(g, 0, 3)]
    real = (torch.arange(time) < lengths[:, None])[..., None]
    return {"alpha": torch.where(real, numbers(g, batch, time, cell).softmax(-1), padding), "lengths": lengths}


DRAWS = {
    "attend_grid": _draw_grid,
    "caption_is_true": _draw_caption,
    "blind_baseline": _draw_questions,
    "doubly_stochastic_penalty": _draw_weights,
}
