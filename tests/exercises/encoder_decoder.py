"""The exercises on encoder and decoder: right answers written in another way, and inputs of every kind."""

import itertools
import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def shift_right(words, lengths, pad, bos, eos):
    """Sentence by sentence, as lists."""
    time = words.shape[1]
    sentences = [row[:length] for row, length in zip(words.tolist(), lengths.tolist(), strict=True)]
    reads = [[bos, *one] + [pad] * (time - len(one)) for one in sentences]
    says = [[*one, eos] + [pad] * (time - len(one)) for one in sentences]
    return torch.tensor(reads, dtype=words.dtype), torch.tensor(says, dtype=words.dtype)


def sequence_loss(logits, target, lengths):
    """By autograd, of the real words picked out."""
    real = torch.arange(target.shape[1]) < lengths[:, None]
    with torch.enable_grad():
        leaf = logits.detach().clone().requires_grad_()
        picked = leaf[real]
        loss = torch.nn.functional.cross_entropy(picked, target[real])
        (gradient,) = torch.autograd.grad(loss, leaf)
    return loss.detach(), gradient


def state_for_decoder(h_n, W, b):
    """Number by number."""
    layers, unit, both = W.shape
    s_0 = h_n.new_empty(layers, h_n.shape[1], unit)
    for layer, row, u in itertools.product(range(layers), range(h_n.shape[1]), range(unit)):
        joined = [*h_n[2 * layer, row].tolist(), *h_n[2 * layer + 1, row].tolist()]
        total = sum(w * h for w, h in zip(W[layer, u].tolist(), joined, strict=True))
        s_0[layer, row, u] = math.tanh(total + float(b[layer, u]))
    assert both == len(joined)
    return s_0


def beam_search(E, W, V, s_0, start, end, width, max_length, alpha):
    """Keep texts alone, and read each from its beginning at every step."""

    def log_P(text):
        s, total = s_0, 0.0
        for before, token in zip([start, *text[:-1]], text, strict=True):
            s = torch.tanh(E[before] + W @ s)
            logits = V @ s
            total += float(logits[token] - logits.logsumexp(0))
        return total

    alive, outputs = [()], []
    while alive:
        longer = sorted(((*text, k) for text in alive for k in range(len(E))), key=log_P, reverse=True)[:width]
        done = [text[-1] == end or len(text) == max_length for text in longer]
        outputs += [text for text, ended in zip(longer, done, strict=True) if ended]
        alive = [text for text, ended in zip(longer, done, strict=True) if not ended]
    best = max(outputs, key=lambda text: log_P(text) / len(text) ** alpha)
    return list(best), log_P(best) / len(best) ** alpha


def bleu(candidates, references):
    """Every run looked up in every reference, in logarithms."""
    log_p, c, r = [], 0, 0
    for n in range(1, 5):
        matches = total = 0
        for candidate, several in zip(candidates, references, strict=True):
            words = candidate.split()
            found = [words[i : i + n] for i in range(len(words) - n + 1)]
            total += len(found)
            for run in {tuple(one) for one in found}:
                in_others = []
                for other in several:
                    tokens = other.split()
                    in_others.append(sum(tuple(tokens[i : i + n]) == run for i in range(len(tokens))))
                matches += min(found.count(list(run)), max(in_others))
        if not matches:
            return 0.0
        log_p.append(math.log(matches / total))
    for candidate, several in zip(candidates, references, strict=True):
        length = len(candidate.split())
        c += length
        r += sorted((abs(len(other.split()) - length), len(other.split())) for other in several)[0][1]
    return math.exp(sum(log_p) / 4 + min(0.0, 1 - r / c))


ALTERNATES = {
    function.__name__: [function] for function in (shift_right, sequence_loss, state_for_decoder, beam_search, bleu)
}


def shift_right_end_in_place_of_the_first_padding(words, lengths, pad, bos, eos):
    """Found by its number: a sentence without padding gets no end."""
    edge = torch.full_like(words[:, :1], pad)
    says = torch.cat([words, edge], 1)
    for row in says[:, :-1]:
        place = (row == pad).nonzero()
        if len(place):
            row[place[0]] = eos
    return torch.cat([edge * 0 + bos, words], 1), says


def sequence_loss_by_the_longest(logits, target, lengths):
    """Divided by the batch times the mean length, rounded."""
    loss, gradient = sequence_loss(logits, target, lengths)
    real, rounded = int(lengths.sum()), len(lengths) * int(lengths.double().mean())
    return loss * real / rounded, gradient * real / rounded


def beam_search_that_shrinks(E, W, V, s_0, start, end, width, max_length, alpha):
    """Every output takes its place in the beam with it."""
    alive, outputs = [((), 0.0, s_0)], []
    while alive and len(outputs) < width:
        longer = []
        for text, log_P, s in alive:
            s_next = torch.tanh(E[text[-1] if text else start] + W @ s)
            said = (V @ s_next).log_softmax(0).tolist()
            longer += [((*text, k), log_P + value, s_next) for k, value in enumerate(said)]
        longer = sorted(longer, key=lambda one: -one[1])[: width - len(outputs)]
        alive = []
        for one in longer:
            (outputs if one[0][-1] == end or len(one[0]) == max_length else alive).append(one)
    best = max(outputs, key=lambda one: one[1] / len(one[0]) ** alpha)
    return list(best[0]), best[1] / len(best[0]) ** alpha


def bleu_with_each_sentence_clipped_at_one(candidates, references):
    """Each different run once: sets instead of counts."""
    p, c, r = [], 0, 0
    for n in range(1, 5):
        matches = total = 0
        for candidate, several in zip(candidates, references, strict=True):
            own, *others = (
                {tuple(one.split()[i : i + n]) for i in range(len(one.split()) - n + 1)}
                for one in (candidate, *several)
            )
            matches, total = matches + len(own & set().union(*others)), total + len(own)
        p.append(matches / total if total else 0.0)
    for candidate, several in zip(candidates, references, strict=True):
        length = len(candidate.split())
        c, r = c + length, r + min((abs(len(one.split()) - length), len(one.split())) for one in several)[1]
    return min(1.0, math.exp(1 - r / c)) * math.prod(p) ** 0.25


WRONG = {
    "shift_right": [shift_right_end_in_place_of_the_first_padding],
    "sequence_loss": [sequence_loss_by_the_longest],
    "beam_search": [beam_search_that_shrinks],
    "bleu": [bleu_with_each_sentence_clipped_at_one],
}


def _draw_sentences(g: Generator) -> dict:
    batch, time = size(g), size(g, 1, 5)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    lengths[0] = time
    pad, bos, eos = torch.randperm(4, generator=g)[:3].tolist()
    words = torch.randint(4, 9, (batch, time), generator=g)
    words[torch.arange(time) >= lengths[:, None]] = pad
    return {"words": words, "lengths": lengths, "pad": pad, "bos": bos, "eos": eos}


def _draw_logits(g: Generator) -> dict:
    batch, time, tokens = size(g), size(g, 1, 5), size(g, 2, 4)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    logits, target = numbers(g, batch, time, tokens), torch.randint(tokens, (batch, time), generator=g)
    if size(g, 0, 1):
        behind = torch.arange(time) >= lengths[:, None]
        logits[behind], target[behind] = math.nan, -100
    return {"logits": logits, "target": target, "lengths": lengths}


def _draw_layers(g: Generator) -> dict:
    layers, batch, hidden, unit = size(g), size(g), size(g), size(g)
    h_n, W = numbers(g, 2 * layers, batch, hidden), numbers(g, layers, unit, 2 * hidden)
    return {"h_n": h_n, "W": W, "b": numbers(g, layers, unit)}


def _draw_decoder(g: Generator) -> dict:
    tokens, unit = size(g, 2, 4), size(g)
    weights = {"E": numbers(g, tokens, unit), "W": numbers(g, unit, unit), "V": numbers(g, tokens, unit)}
    start, end = torch.randperm(tokens, generator=g)[:2].tolist()
    asked = {"width": size(g), "max_length": size(g), "alpha": [0.0, 0.5, 1.0, 2.0][size(g) - 1]}
    return weights | {"s_0": numbers(g, unit), "start": start, "end": end} | asked


def _draw_corpus(g: Generator) -> dict:
    def sentence() -> str:
        return " ".join("abc"[k] for k in torch.randint(3, (size(g, 1, 9),), generator=g).tolist())

    sentences = size(g, 1, 3)
    references = [[sentence() for _ in range(size(g, 1, 3))] for _ in range(sentences)]
    return {"candidates": [sentence() for _ in range(sentences)], "references": references}


DRAWS = {
    "shift_right": _draw_sentences,
    "sequence_loss": _draw_logits,
    "state_for_decoder": _draw_layers,
    "beam_search": _draw_decoder,
    "bleu": _draw_corpus,
}
