"""The exercises on word embeddings: right answers written in another way, wrong ones, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def skipgram_pairs(sentences, windows):
    """By distance to the left and to the right, with indices out of range asked for and refused."""
    rows = []
    for number, sentence in enumerate(sentences):
        for t in range(len(sentence)):
            reach = windows[number][t]
            steps = [step for step in range(-reach, reach + 1) if step and 0 <= t + step < len(sentence)]
            rows += [torch.tensor([sentence[t], sentence[t + step]]) for step in steps]
    return torch.stack(rows) if rows else torch.zeros(0, 2, dtype=torch.int64)


def negative_sampling_loss(E, O, words, contexts, negatives):
    """One pair after another, with the larger of x and 0 taken out of the logarithm."""

    def cost(x):  # −log σ(x)
        return max(-x, 0.0) + math.log1p(math.exp(-abs(x)))

    losses = []
    for w, c, drawn in zip(words.tolist(), contexts.tolist(), negatives.tolist(), strict=True):
        products = [float(E[w].double() @ O[n].double()) for n in drawn if n != c]
        losses.append(cost(float(E[w].double() @ O[c].double())) + sum(cost(-x) for x in products))
    return torch.tensor(losses, dtype=E.dtype)


def glove_loss(X, E, O, b, b_context, largest):
    """Over the pairs that came up, one after another."""
    loss, gradient = X.new_zeros(()), torch.zeros_like(E)
    for w, c in X.nonzero().tolist():
        error = E[w] @ O[c] + b[w] + b_context[c] - math.log(X[w, c])
        weight = min(float(X[w, c]) / largest, 1) ** 0.75
        loss = loss + weight * error**2
        gradient[w] += 2 * weight * error * O[c]
    return loss, gradient


def analogy(vectors, questions, multiply):
    """One question and one word after another."""
    e = [one / one.norm() for one in vectors.double()]
    answers = []
    for a, b, c in questions.tolist():
        scores = {}
        for d in set(range(len(e))) - {a, b, c}:
            near = {k: float(e[d] @ e[k]) for k in (a, b, c)}
            part = {k: (1 + cosine) / 2 for k, cosine in near.items()}
            scores[d] = part[b] * part[c] / (part[a] + 0.001) if multiply else near[b] - near[a] + near[c]
        answers.append(max(scores, key=lambda d: scores[d]))
    return torch.tensor(answers)


def pmi_matrix(X, K, power):
    """Entry by entry."""
    M, total = torch.zeros_like(X), float(X.sum())
    powers = [float(x) ** power if x > 0 else 0.0 for x in X.sum(0)]
    for w, c in X.nonzero().tolist():
        of_word = float(X[w].sum()) / total
        M[w, c] = max(0.0, math.log(float(X[w, c]) / total / of_word / (powers[c] / sum(powers))) - math.log(K))
    return M


def draw_pairs(generator: Generator) -> dict:
    lengths = [size(generator, 0, 8) for _ in range(size(generator, 1, 4))]
    return {
        "sentences": [torch.randint(4, (n,), generator=generator).tolist() for n in lengths],
        "windows": [torch.randint(5, (n,), generator=generator).tolist() for n in lengths],
    }


def draw_negatives(generator: Generator) -> dict:
    V, width, batch = size(generator, 2, 6), size(generator, 1, 5), size(generator, 1, 7)
    scale = (1.0, 8.0, 40.0)[size(generator, 0, 2)]
    return {
        "E": scale * numbers(generator, V, width),
        "O": numbers(generator, V, width),
        "words": torch.randint(V, (batch,), generator=generator),
        "contexts": torch.randint(V, (batch,), generator=generator),
        "negatives": torch.randint(V, (batch, size(generator, 1, 5)), generator=generator),
    }


def draw_glove(generator: Generator) -> dict:
    V, width = size(generator, 2, 6), size(generator, 1, 4)
    X = torch.randint(12, (V, V), generator=generator).double() / 2
    X[torch.rand(V, V, generator=generator) < 0.3] = 0
    E, O = numbers(generator, V, width), numbers(generator, V, width)
    return {
        "X": X,
        "E": E,
        "O": O,
        "b": numbers(generator, V),
        "b_context": numbers(generator, V),
        "largest": float(size(generator, 1, 9)),
    }


def draw_questions(generator: Generator) -> dict:
    V = size(generator, 5, 12)
    questions = [torch.randperm(V, generator=generator)[:3] for _ in range(size(generator, 1, 6))]
    return {
        "vectors": numbers(generator, V, size(generator, 3, 6)),
        "questions": torch.stack(questions),
        "multiply": bool(size(generator, 0, 1)),
    }


def draw_counts(generator: Generator) -> dict:
    X = torch.randint(20, (size(generator, 1, 6), size(generator, 1, 6)), generator=generator).double()
    X[torch.rand(X.shape, generator=generator) < 0.3] = 0
    X[0, 0] += 1
    return {"X": X, "K": size(generator, 1, 4), "power": (0.0, 0.5, 0.75, 1.0)[size(generator, 0, 3)]}


ALTERNATES = {
    "skipgram_pairs": [skipgram_pairs],
    "negative_sampling_loss": [negative_sampling_loss],
    "glove_loss": [glove_loss],
    "analogy": [analogy],
    "pmi_matrix": [pmi_matrix],
}


def skipgram_pairs_within_both_windows(sentences, windows):
    """A pair only where each of the two words reaches the other."""
    rows = [
        (word, sentence[other])
        for sentence, widths in zip(sentences, windows, strict=True)
        for t, word in enumerate(sentence)
        for other in range(len(sentence))
        if 0 < abs(other - t) <= min(widths[t], widths[other])
    ]
    return torch.tensor(rows, dtype=torch.int64).reshape(-1, 2)


def skipgram_pairs_nearest_first(sentences, windows):
    """The right pairs, and for each word in another order than was asked for."""
    rows = []
    for sentence, widths in zip(sentences, windows, strict=True):
        for t, word in enumerate(sentence):
            for distance in range(1, widths[t] + 1):
                rows += [(word, sentence[o]) for o in (t - distance, t + distance) if 0 <= o < len(sentence)]
    return torch.tensor(rows, dtype=torch.int64).reshape(-1, 2)


def negative_sampling_loss_clamped(E, O, words, contexts, negatives):
    """No overflow, and no loss above 30 either."""
    e = E[words]
    yes = (e * O[contexts]).sum(-1).clamp(-30, 30)
    no = (O[negatives] * e[:, None]).sum(-1).clamp(-30, 30)
    counts = negatives != contexts[:, None]
    return torch.log1p(torch.exp(-yes)) + (torch.log1p(torch.exp(no)) * counts).sum(1)


def negative_sampling_loss_without_the_pair(E, O, words, contexts, negatives):
    """A pair whose context word was drawn loses all of its negatives."""
    losses = negative_sampling_loss(E, O, words, contexts, negatives)
    alone = negative_sampling_loss(E, O, words, contexts, contexts[:, None])
    return torch.where((negatives == contexts[:, None]).any(1), alone, losses)


def glove_loss_from_one(X, E, O, b, b_context, largest):
    """Counts below 1 are taken for no counts."""
    return glove_loss(torch.where(X >= 1, X, 0.0), E, O, b, b_context, largest)


def glove_loss_never_below_zero(X, E, O, b, b_context, largest):
    """The logarithm of a count below 1 is taken for 0."""
    lifted = torch.where(X > 0, X.clamp(min=1), 0.0)
    return glove_loss(lifted, E, O, b, b_context, largest)


def analogy_with_a_as_an_answer(vectors, questions, multiply):
    """Only b and c are left out."""
    e = vectors / vectors.norm(dim=1, keepdim=True)
    a, b, c = (e[one] @ e.T for one in questions.unbind(1))
    scores = (b + 1) * (c + 1) / (2 * a + 2.004) if multiply else b - a + c
    return scores.scatter(1, questions[:, 1:], -torch.inf).argmax(1)


def pmi_matrix_of_one_more(X, K, power):
    """Every pair counted once more, so that no logarithm is infinite."""
    return torch.where(X > 0, pmi_matrix(X + 1, K, power), 0.0)


def pmi_matrix_smoothed_in_each_row(X, K, power):
    """Smoothed over the columns of each row that came up, not over all."""
    powers = torch.where(X.sum(0) > 0, X.sum(0) ** power, 0.0)
    of_contexts = powers / ((X > 0) * powers).sum(1, keepdim=True).clamp(min=1e-9)
    ratio = X / X.sum(1, keepdim=True).clamp(min=1e-9) / of_contexts.clamp(min=1e-9) / K
    return ratio.clamp(min=1).log()


WRONG = {
    "skipgram_pairs": [skipgram_pairs_within_both_windows, skipgram_pairs_nearest_first],
    "negative_sampling_loss": [negative_sampling_loss_clamped, negative_sampling_loss_without_the_pair],
    "glove_loss": [glove_loss_from_one, glove_loss_never_below_zero],
    "analogy": [analogy_with_a_as_an_answer],
    "pmi_matrix": [pmi_matrix_of_one_more, pmi_matrix_smoothed_in_each_row],
}
DRAWS = {
    "skipgram_pairs": draw_pairs,
    "negative_sampling_loss": draw_negatives,
    "glove_loss": draw_glove,
    "analogy": draw_questions,
    "pmi_matrix": draw_counts,
}
