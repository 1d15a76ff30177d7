"""The exercises on BERT: right answers written in another way, wrong ones, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def mask_tokens(tokens, u_chosen, u_kind, words, share, special, mask):
    """Token by token."""
    shown, chosen = tokens.clone(), torch.zeros_like(tokens, dtype=torch.bool)
    for row, step in torch.cartesian_prod(*map(torch.arange, tokens.shape)).tolist():
        if tokens[row, step] < special or u_chosen[row, step] >= share:
            continue
        chosen[row, step] = True
        if u_kind[row, step] < 0.8:
            shown[row, step] = mask
        elif u_kind[row, step] < 0.9:
            shown[row, step] = words[row, step]
    return shown, chosen


def pack_pair(first, second, length, cls, sep, pad):
    """How many words are kept is worked out, not tried."""
    room = length - 2 - bool(len(second))
    keep_first, keep_second = len(first), len(second)
    if keep_first + keep_second > room:
        larger, smaller = (room + 1) // 2, room // 2
        if min(keep_first, keep_second) <= smaller:
            few = min(keep_first, keep_second)
            keep_first, keep_second = (few, room - few) if keep_first < keep_second else (room - few, few)
        else:
            keep_first, keep_second = larger, smaller
    row = torch.full((length,), pad)
    segments = torch.zeros(length, dtype=torch.long)
    row[0] = cls
    row[1 : keep_first + 1] = first[:keep_first]
    row[keep_first + 1] = sep
    if keep_second:
        end = keep_first + keep_second + 2
        row[keep_first + 2 : end] = second[:keep_second]
        row[end] = sep
        segments[keep_first + 2 : end + 1] = 1
    return row, segments


def mlm_loss(logits, tokens, chosen):
    """With the logarithm of a sum, place by place."""
    found = [
        logits[row, step].logsumexp(0) - logits[row, step, tokens[row, step]] for row, step in chosen.nonzero().tolist()
    ]
    return torch.stack(found).mean() if found else logits.new_zeros(())


def cls_head(states, tokens, W_p, b_p, W, b, cls):
    """Row by row."""
    rows = [states[-1, row, (tokens[row] == cls).nonzero()[0, 0]] for row in range(len(tokens))]
    return torch.stack([W @ torch.tanh(W_p @ row + b_p) + b for row in rows])


def cloze_classify(logits, tokens, mask, words):
    """A softmax over the words of the classes alone, each divided among as many."""
    at_gap = torch.stack([row[step] for row, step in zip(logits, (tokens == mask).nonzero()[:, 1], strict=True)])
    shares = torch.stack([at_gap[:, one].logsumexp(1) - math.log(len(one)) for one in words], 1)
    return shares.softmax(1)


ALTERNATES = {
    function.__name__: [function] for function in (mask_tokens, pack_pair, mlm_loss, cls_head, cloze_classify)
}


def mask_tokens_of_the_vocabulary_of_this_course(tokens, u_chosen, u_kind, words, share, special, mask):
    """Seven special tokens, and the mask is number 4."""
    return mask_tokens(tokens, u_chosen, u_kind, words, share, 7, 4)


def mask_tokens_at_least_one_in_a_row(tokens, u_chosen, u_kind, words, share, special, mask):
    """Who has nothing chosen loses the word with the smallest number."""
    u = u_chosen.clone()
    for row in range(len(u)):
        if not ((u[row] < share) & (tokens[row] >= special)).any():
            u[row, u[row].argmin()] = -1.0
    return mask_tokens(tokens, u, u_kind, words, share, special, mask)


def mask_tokens_replaced_in_fifths(tokens, u_chosen, u_kind, words, share, special, mask):
    """Half of the kept are replaced as well."""
    return mask_tokens(tokens, u_chosen, u_kind - 0.05 * (u_kind >= 0.9), words, share, special, mask)


def pack_pair_cut_in_halves(first, second, length, cls, sep, pad):
    """Each sentence gets half of the room, whether the other one needs its half or not."""
    room = length - 2 - bool(len(second))
    if len(first) + len(second) > room and len(second):
        first, second = first[: (room + 1) // 2], second[: room // 2]
    return pack_pair(first, second, length, cls, sep, pad)


def pack_pair_with_sep_always(first, second, length, cls, sep, pad):
    """Room for three special tokens, even for one sentence."""
    return pack_pair(first[: length - 3], second, length, cls, sep, pad)


def pack_pair_of_the_tokens_of_this_course(first, second, length, cls, sep, pad):
    """The indices of this course's tokenizer."""
    return pack_pair(first, second, length, 5, 6, 0)


def pack_pair_with_the_first_in_half_the_room(first, second, length, cls, sep, pad):
    """The first sentence gets half, whatever the second needs."""
    room = length - 2 - bool(len(second))
    if len(first) + len(second) > room and len(second):
        first = first[: (room + 1) // 2]
    return pack_pair(first, second[: room - len(first)], length, cls, sep, pad)


def pack_pair_without_a_second_of_one_word(first, second, length, cls, sep, pad):
    """One word is no sentence."""
    return pack_pair(first, second if len(second) > 1 else second[:0], length, cls, sep, pad)


def pack_pair_drops_a_word_that_has_no_room(first, second, length, cls, sep, pad):
    """A second sentence of one word is dropped where there is no room for both."""
    if len(second) == 1 and len(first) + 1 > length - 3:
        second = second[:0]
    return pack_pair(first, second, length, cls, sep, pad)


def mlm_loss_of_at_least_one_place(logits, tokens, chosen):
    """Where nothing is chosen, everything is."""
    return mlm_loss(logits, tokens, chosen if chosen.any() else ~chosen)


def mlm_loss_with_a_floor(logits, tokens, chosen):
    """Probabilities below 1e-9 are 1e-9."""
    p = logits.softmax(-1).gather(-1, tokens[..., None])[..., 0].clamp(min=1e-9)
    return -p[chosen].log().sum() / max(int(chosen.sum()), 1)


def mlm_loss_over_the_longest_row(logits, tokens, chosen):
    """Divided as if every row had as many chosen as the first."""
    total = mlm_loss(logits, tokens, chosen) * chosen.sum()
    return total / max(int(chosen[0].sum()) * len(chosen), 1)


def mlm_loss_with_a_largest_logit_of_0_at_least(logits, tokens, chosen):
    """What is subtracted is never negative."""
    top = logits.amax(-1, keepdim=True).clamp(min=0)
    logs = logits - top - (logits - top).exp().sum(-1, keepdim=True).log()
    found = -logs.gather(-1, tokens[..., None])[..., 0]
    return torch.where(chosen, found, 0.0).sum() / max(int(chosen.sum()), 1)


def mlm_loss_of_clamped_logits(logits, tokens, chosen):
    return mlm_loss(logits.clamp(-1e4, 1e4), tokens, chosen)


def mlm_loss_with_the_first_step_of_the_first_row_alone(logits, tokens, chosen):
    """No other row is ever asked at its first step."""
    asked = chosen.clone()
    asked[1:, 0] = False
    return mlm_loss(logits, tokens, asked)


def _head(z, W_p, b_p, W, b):
    return torch.tanh(z @ W_p.T + b_p) @ W.T + b


def cls_head_of_the_smallest_token(states, tokens, W_p, b_p, W, b, cls):
    return _head(states[-1][torch.arange(len(tokens)), tokens.argmin(1)], W_p, b_p, W, b)


def cls_head_of_the_first_token_up_to_cls(states, tokens, W_p, b_p, W, b, cls):
    return _head(states[-1][torch.arange(len(tokens)), (tokens <= cls).long().argmax(1)], W_p, b_p, W, b)


def cls_head_never_at_the_last_step(states, tokens, W_p, b_p, W, b, cls):
    return _head(states[-1, :, :-1][tokens[:, :-1] == cls], W_p, b_p, W, b)


def cls_head_of_the_last_cls_like_token(states, tokens, W_p, b_p, W, b, cls):
    """The smallest token of the row, wherever <cls> is not the smallest."""
    return cls_head(states, tokens.argsort(1).argsort(1), W_p, b_p, W, b, 1)


def cls_head_of_all_layers(states, tokens, W_p, b_p, W, b, cls):
    """The mean of the layers."""
    return cls_head(states.mean(0, keepdim=True), tokens, W_p, b_p, W, b, cls)


def cls_head_without_biases(states, tokens, W_p, b_p, W, b, cls):
    return cls_head(states, tokens, W_p, 0 * b_p, W, 0 * b, cls)


def cloze_classify_at_the_first_gap_of_all(logits, tokens, mask, words):
    """Every row is read where the first one has its gap."""
    place = (tokens[0] == mask).nonzero()[0, 0]
    same = torch.where(torch.arange(tokens.shape[1]) == place, mask, 0).expand_as(tokens)
    return cloze_classify(logits, same, mask, words)


def cloze_classify_as_a_geometric_mean(logits, tokens, mask, words):
    """Log-probabilities are averaged."""
    logs = logits[(tokens == mask)].log_softmax(-1)
    return torch.stack([logs[:, one].mean(1) for one in words], 1).softmax(1)


def cloze_classify_by_the_first_word(logits, tokens, mask, words):
    return cloze_classify(logits, tokens, mask, [one[:1] for one in words])


def cloze_classify_of_mask_3(logits, tokens, mask, words):
    return cloze_classify(logits, tokens, 3, words)


def cloze_classify_at_the_smallest_token(logits, tokens, mask, words):
    smallest = tokens.argmin(1, keepdim=True)
    return cloze_classify(logits, (torch.arange(tokens.shape[1]) == smallest).long(), 1, words)


def cloze_classify_never_at_the_first_step(logits, tokens, mask, words):
    return cloze_classify(logits[:, 1:], tokens[:, 1:], mask, words)


def cloze_classify_never_at_either_end(logits, tokens, mask, words):
    return cloze_classify(logits[:, 1:-1], tokens[:, 1:-1], mask, words)


def _shares(p, tokens, mask, words):
    """The shares of the classes from numbers that are proportional to the probabilities of each row."""
    at_gap = p[tokens == mask] if p.ndim == 3 else p
    means = torch.stack([at_gap[:, one].mean(1) for one in words], 1)
    return means / means.sum(1, keepdim=True)


def cloze_classify_less_the_largest_logit_of_all(logits, tokens, mask, words):
    return _shares((logits - logits.max()).exp(), tokens, mask, words)


def cloze_classify_less_the_largest_logit_of_a_row(logits, tokens, mask, words):
    """The largest of all its steps."""
    return _shares((logits - logits.amax((1, 2), keepdim=True)).exp(), tokens, mask, words)


def cloze_classify_less_the_largest_logit_at_any_gap(logits, tokens, mask, words):
    z = logits[tokens == mask]
    return _shares((z - z.max()).exp(), tokens, mask, words)


def cloze_classify_less_the_mean(logits, tokens, mask, words):
    z = logits[tokens == mask]
    return _shares((z - z.mean(1, keepdim=True)).exp(), tokens, mask, words)


def cloze_classify_less_2000(logits, tokens, mask, words):
    return _shares((logits - 2000 if logits.max() > 1000 else logits).exp(), tokens, mask, words)


WRONG = {
    "mask_tokens": [
        mask_tokens_of_the_vocabulary_of_this_course,
        mask_tokens_at_least_one_in_a_row,
        mask_tokens_replaced_in_fifths,
    ],
    "pack_pair": [
        pack_pair_cut_in_halves,
        pack_pair_with_sep_always,
        pack_pair_of_the_tokens_of_this_course,
        pack_pair_with_the_first_in_half_the_room,
        pack_pair_without_a_second_of_one_word,
        pack_pair_drops_a_word_that_has_no_room,
    ],
    "mlm_loss": [
        mlm_loss_of_at_least_one_place,
        mlm_loss_with_a_floor,
        mlm_loss_over_the_longest_row,
        mlm_loss_with_a_largest_logit_of_0_at_least,
        mlm_loss_of_clamped_logits,
        mlm_loss_with_the_first_step_of_the_first_row_alone,
    ],
    "cls_head": [
        cls_head_of_the_last_cls_like_token,
        cls_head_of_all_layers,
        cls_head_without_biases,
        cls_head_of_the_smallest_token,
        cls_head_of_the_first_token_up_to_cls,
        cls_head_never_at_the_last_step,
    ],
    "cloze_classify": [
        cloze_classify_at_the_first_gap_of_all,
        cloze_classify_as_a_geometric_mean,
        cloze_classify_by_the_first_word,
        cloze_classify_of_mask_3,
        cloze_classify_at_the_smallest_token,
        cloze_classify_never_at_the_first_step,
        cloze_classify_never_at_either_end,
        cloze_classify_less_the_largest_logit_of_all,
        cloze_classify_less_the_largest_logit_of_a_row,
        cloze_classify_less_the_largest_logit_at_any_gap,
        cloze_classify_less_the_mean,
        cloze_classify_less_2000,
    ],
}


def _draw_masking(g: Generator) -> dict:
    batch, time, special = size(g), size(g, 1, 6), size(g, 1, 5)
    u_chosen, u_kind = torch.rand(2, batch, time, generator=g, dtype=torch.float64)
    tokens, words = (torch.randint(low, special + 9, (batch, time), generator=g) for low in (0, special))
    drawn = {"tokens": tokens, "u_chosen": u_chosen, "u_kind": u_kind, "words": words}
    return drawn | {"share": size(g, 0, 4) / 4, "special": special, "mask": size(g, 0, special - 1)}


def _draw_pair(g: Generator) -> dict:
    first, second = (torch.randint(10, 40, (count,), generator=g) for count in (size(g, 1, 7), size(g, 0, 7)))
    return {"first": first, "second": second, "length": size(g, 5, 12), "cls": 1, "sep": 2, "pad": size(g, 3, 4)}


def _draw_loss(g: Generator) -> dict:
    batch, time, classes = size(g), size(g), size(g, 2, 6)
    tokens = torch.randint(classes, (batch, time), generator=g)
    chosen = torch.rand(batch, time, generator=g) < 0.5
    return {"logits": 3 * numbers(g, batch, time, classes), "tokens": tokens, "chosen": chosen}


def _placed(g: Generator, batch: int, time: int, token: int) -> torch.Tensor:
    """Tokens among which the one stands once in each row."""
    tokens = torch.randint(8, (batch, time), generator=g)
    tokens += tokens >= token
    tokens[torch.arange(batch), torch.randint(time, (batch,), generator=g)] = token
    return tokens


def _draw_head(g: Generator) -> dict:
    layer, batch, time, model, classes, cls = size(g), size(g), size(g), size(g), size(g), size(g, 0, 8)
    weights = {
        "W_p": numbers(g, model, model),
        "b_p": numbers(g, model),
        "W": numbers(g, classes, model),
        "b": numbers(g, classes),
    }
    return (
        {"states": numbers(g, layer, batch, time, model), "tokens": _placed(g, batch, time, cls)}
        | weights
        | {"cls": cls}
    )


def _draw_cloze(g: Generator) -> dict:
    batch, time, vocabulary = size(g), size(g), size(g, 5, 8)
    order = torch.randperm(vocabulary, generator=g).tolist()
    cut, mask = size(g, 1, 4), size(g, 0, 8)
    return {
        "logits": numbers(g, batch, time, vocabulary),
        "tokens": _placed(g, batch, time, mask),
        "mask": mask,
        "words": [order[:cut], order[cut:]],
    }


DRAWS = {
    "mask_tokens": _draw_masking,
    "pack_pair": _draw_pair,
    "mlm_loss": _draw_loss,
    "cls_head": _draw_head,
    "cloze_classify": _draw_cloze,
}
