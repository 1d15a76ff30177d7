"""Checks on word embeddings: pairs with windows drawn anew, the losses of word2vec and GloVe, analogies, PMI.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")
NOR_AUTOGRAD = (*not_allowed(autograd=False), "seqviz.data", "seqviz.plots")


def whole(generator, low, high, *shape):
    return torch.randint(low, high, shape, generator=generator)


@exercise(
    returns="pairs: pair side",
    groups={"one window for all": 1, "windows differ": 2, "short sentences": 1},
    forbid=NOT_ALLOWED,
)
class skipgram_pairs:
    "The pairs of skip-gram, when every word of a text has a window of its own."

    def inputs(generator):
        yield "windows differ", {"sentences": [[3, 1, 4], [5]], "windows": [[2, 1, 1], [2]]}
        for group, lengths, widths in [
            ("one window for all", [6, 4], (2, 3)),
            ("one window for all", [5], (1, 2)),
            ("one window for all", [4, 7, 3], (3, 4)),
            ("windows differ", [7, 5], (1, 4)),
            ("windows differ", [9], (1, 5)),
            ("windows differ", [6, 6, 6], (1, 4)),
            ("windows differ", [8, 5], (0, 3)),  # 0: this word has no pair
            ("short sentences", [1, 2, 1, 3], (1, 5)),
            ("short sentences", [1], (2, 3)),
            ("short sentences", [1, 0, 2], (1, 3)),
            ("short sentences", [2, 2], (4, 7)),
        ]:
            yield (
                group,
                {
                    "sentences": [whole(generator, 0, 5, length).tolist() for length in lengths],
                    "windows": [whole(generator, *widths, length).tolist() for length in lengths],
                },
            )

    def reference(sentences, windows):
        return paired(sentences, windows)

    @mistake(
        "the window one too narrow",
        hint="In the worked example, 3 has a window of 2. Is 4, two places away, one of its context words?",
    )
    def too_narrow(sentences, windows):
        return paired(sentences, windows, reaches=lambda distance, width: distance < width)

    @mistake(
        "the window one too wide",
        hint="A window of 1 holds the two words beside a word. How many does yours hold?",
    )
    def too_wide(sentences, windows):
        return paired(sentences, windows, reaches=lambda distance, width: distance <= width + 1)

    @mistake(
        "the right end left out",
        hint="On the left you are right. Where does a Python slice end: at its last index, or before it?",
    )
    def right_end_out(sentences, windows):
        return paired(
            sentences, windows, keep=lambda t, other, width: other - t < width if other > t else t - other <= width
        )

    @mistake(
        "only the words after it",
        hint="Count the context words of the last word of a sentence. Does it have none?",
    )
    def only_right(sentences, windows):
        return paired(sentences, windows, keep=lambda t, other, width: 0 < other - t <= width)

    @mistake(
        "only the words before it",
        hint="Count the context words of the first word of a sentence. Does it have none?",
    )
    def only_left(sentences, windows):
        return paired(sentences, windows, keep=lambda t, other, width: 0 < t - other <= width)

    @mistake(
        "the word as its own context",
        hint="In each of your windows there is one pair too many. Which word stands at distance 0?",
    )
    def itself(sentences, windows):
        return paired(sentences, windows, keep=lambda t, other, width: abs(other - t) <= width)

    @mistake(
        "a word that comes again left out",
        hint="The same word can stand twice near each other. Do you compare words, or places?",
    )
    def by_word(sentences, windows):
        made = [
            (word, sentence[other])
            for sentence, widths in zip(sentences, windows, strict=True)
            for t, word in enumerate(sentence)
            for other in range(len(sentence))
            if sentence[other] != word and abs(other - t) <= widths[t]
        ]
        return as_pairs(made)

    @mistake(
        "pairs across sentences",
        hint="With one sentence you are right. What stands beside the last word of the first one?",
    )
    def across(sentences, windows):
        return paired([[w for one in sentences for w in one]], [[w for one in windows for w in one]])

    @mistake(
        "the window of the context word",
        hint="With one window for all you are right. Whose window decides: the word's, or the context word's?",
    )
    def whose_window(sentences, windows):
        made = [
            (word, sentence[other])
            for sentence, widths in zip(sentences, windows, strict=True)
            for t, word in enumerate(sentence)
            for other in range(len(sentence))
            if 0 < abs(other - t) <= widths[other]
        ]
        return as_pairs(made)

    @mistake(
        "the first window for the whole sentence",
        hint="With one window for all you are right. Which entry of windows belongs to the word at t?",
    )
    def first_window(sentences, windows):
        return paired(sentences, [[one[0]] * len(one) if one else [] for one in windows])

    @mistake(
        "context first",
        hint="In the worked example the first pair is (3, 1). Which of your columns holds the word?",
    )
    def turned(sentences, windows):
        return paired(sentences, windows).flip(1)

    @mistake(
        "a negative start",
        hint="Near the beginning of a sentence, t − window is below 0. What does a slice that begins there hold?",
    )
    def negative_start(sentences, windows):
        made = []
        for sentence, widths in zip(sentences, windows, strict=True):
            for t, (word, width) in enumerate(zip(sentence, widths, strict=True)):
                around = sentence[t - width : t] + sentence[t + 1 : t + 1 + width]
                made += [(word, other) for other in around]
        return as_pairs(made)

    @mistake(
        "each pair once",
        hint="A pair that comes up twice counts twice: how often is what the vectors are learnt from.",
    )
    def each_once(sentences, windows):
        return as_pairs(dict.fromkeys(map(tuple, paired(sentences, windows).tolist())))


def as_pairs(made):
    return torch.tensor(list(made), dtype=torch.int64).reshape(-1, 2)


def paired(sentences, windows, *, reaches=lambda distance, width: 0 < distance <= width, keep=None):
    """Return the pairs; the keywords make the usual mistakes."""
    keep = keep or (lambda t, other, width: other != t and reaches(abs(other - t), width))
    made = [
        (word, sentence[other])
        for sentence, widths in zip(sentences, windows, strict=True)
        for t, (word, width) in enumerate(zip(sentence, widths, strict=True))
        for other in range(len(sentence))
        if keep(t, other, width)
    ]
    return as_pairs(made)


@exercise(
    returns="losses: batch",
    groups={"no negative is the context": 2, "negatives that are the context": 1, "large products": 1},
    forbid=NOT_ALLOWED,
)
class negative_sampling_loss:
    "The loss of pairs and their negatives, where a negative that is the context word itself does not count."

    def inputs(generator):
        given = tensors(E=[[1.0, 0.0], [0.0, 2.0]], O=[[1.0, 1.0], [-1.0, 0.5]], words=[0, 1], contexts=[1, 1])
        yield "negatives that are the context", given | {"negatives": torch.tensor([[0, 1], [0, 0]])}
        for group, batch, V, size, K, scale, dtype in [
            ("no negative is the context", 6, 7, 3, 4, 1.0, torch.float64),
            ("no negative is the context", 1, 5, 4, 2, 0.7, torch.float64),
            ("no negative is the context", 9, 11, 5, 3, 0.8, torch.float32),
            ("no negative is the context", 4, 6, 2, 1, 1.0, torch.float64),
            ("negatives that are the context", 8, 4, 3, 5, 0.8, torch.float64),
            ("negatives that are the context", 5, 3, 2, 4, 1.0, torch.float32),
            ("large products", 6, 7, 3, 4, 1000.0, torch.float64),
            ("large products", 5, 6, 4, 3, 500.0, torch.float32),
        ]:
            E, O = normal(generator, V, size, scale=scale, dtype=dtype), normal(generator, V, size, dtype=dtype)
            words, contexts = whole(generator, 0, V, batch), whole(generator, 0, V, batch)
            negatives = whole(generator, 0, V, batch, K)
            if group == "negatives that are the context":
                negatives[0, 1:3], negatives[1, 0] = contexts[0], contexts[1]
                negatives[2] = contexts[2]  # none of this row counts
                if K > 4:
                    contexts[3] = (words[3] + 1) % V
                    negatives[3, 0] = words[3]  # the word itself does
            else:
                negatives = torch.where(negatives == contexts[:, None], (negatives + 1) % V, negatives)
            yield (
                group,
                {"E": E, "O": O, "words": words, "contexts": contexts, "negatives": negatives},
            )

    def reference(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives)

    @mistake(
        "the negatives with the sign of the pair",
        hint="Yours falls when the product with a negative grows. Should it?",
    )
    def sign(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives, no=log_sigmoid)

    @mistake(
        "the mean of the negatives",
        hint="With one negative you are right. How much do K negatives weigh beside the one pair?",
    )
    def mean_of_negatives(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives, gather=lambda no, counts: no.sum(1) / negatives.shape[1])

    @mistake(
        "the mean of the negatives that count",
        hint="With one negative you are right. How much do K negatives weigh beside the one pair?",
    )
    def mean_of_counted(E, O, words, contexts, negatives):
        return sampled(
            E, O, words, contexts, negatives, gather=lambda no, counts: no.sum(1) / counts.sum(1).clamp(min=1)
        )

    @mistake(
        "one matrix for both",
        hint="Which matrix do the context words' vectors come from?",
    )
    def one_matrix(E, O, words, contexts, negatives):
        return sampled(E, E, words, contexts, negatives)

    @mistake(
        "the negatives from E",
        hint="The pair is right. A negative plays the part of a context word: which matrix is that?",
    )
    def negatives_from_E(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives, of_negatives=E)

    @mistake(
        "the matrices exchanged",
        hint="E is for the word, O for the words near it. Which do you look up where?",
    )
    def exchanged(E, O, words, contexts, negatives):
        return sampled(O, E, words, contexts, negatives)

    @mistake(
        "the context word counted among its negatives",
        hint="Where no negative is the context word you are right. Can a word be there and not be there?",
    )
    def counted(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives, counts=torch.ones_like(negatives, dtype=torch.bool))

    @mistake(
        "a negative that is drawn twice counted once",
        hint="The sum goes over the draws. How often does a word count that was drawn twice?",
    )
    def each_once(E, O, words, contexts, negatives):
        earlier = (negatives[:, :, None] == negatives[:, None]).tril(-1).any(2)
        return sampled(E, O, words, contexts, negatives, counts=(negatives != contexts[:, None]) & ~earlier)

    @mistake(
        "the word left out instead of the context word",
        hint="Which negative contradicts the pair: one that is the word, or one that is its context word?",
    )
    def word_left_out(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives, counts=negatives != words[:, None])

    @mistake(
        "the word left out, too",
        hint="A word may well be its own negative. Which of the drawn words contradicts the pair?",
    )
    def both_left_out(E, O, words, contexts, negatives):
        counts = (negatives != words[:, None]) & (negatives != contexts[:, None])
        return sampled(E, O, words, contexts, negatives, counts=counts)

    @mistake(
        "log 2 for what should not count",
        hint="A product set to 0 has σ(0) = ½, and its logarithm is not 0. Take the whole term away.",
    )
    def half(E, O, words, contexts, negatives):
        left_out = (negatives == contexts[:, None]).sum(1)
        return sampled(E, O, words, contexts, negatives) + math.log(2) * left_out

    @mistake(
        "the logarithm of a sigmoid that has rounded",
        hint="For products of ±50 yours is infinite or 0. −log σ(x) is log(1 + e^−x): which function has it whole?",
    )
    def rounded(E, O, words, contexts, negatives):
        return sampled(
            E,
            O,
            words,
            contexts,
            negatives,
            yes=lambda x: torch.sigmoid(x).log(),
            no=lambda x: (1 - torch.sigmoid(x)).log(),
        )

    @mistake(
        "a small number added inside the logarithm",
        hint="For small products you are nearly right. With log(σ + 1e-10), what can a loss never exceed?",
    )
    def with_epsilon(E, O, words, contexts, negatives):
        return sampled(
            E,
            O,
            words,
            contexts,
            negatives,
            yes=lambda x: (torch.sigmoid(x) + 1e-10).log(),
            no=lambda x: (1 - torch.sigmoid(x) + 1e-10).log(),
        )

    @mistake(
        "the likelihood instead of the loss",
        hint="A loss is to become small. What does yours do when the model gets better?",
    )
    def likelihood(E, O, words, contexts, negatives):
        return -sampled(E, O, words, contexts, negatives)

    @mistake(
        "the mean over the batch",
        hint="One number for each pair is asked for.",
    )
    def batch_mean(E, O, words, contexts, negatives):
        return sampled(E, O, words, contexts, negatives).mean()


def log_sigmoid(x):
    return -torch.logaddexp(-x, torch.zeros_like(x))


def sampled(
    E,
    O,
    words,
    contexts,
    negatives,
    *,
    yes=log_sigmoid,
    no=lambda x: log_sigmoid(-x),
    gather=lambda no, _counts: no.sum(1),
    counts=None,
    of_negatives=None,
):
    """Return the loss of each pair; the keywords make the usual mistakes."""
    counts = negatives != contexts[:, None] if counts is None else counts
    of_negatives = O if of_negatives is None else of_negatives
    e = E[words]
    wrong = torch.where(counts, no((of_negatives[negatives] * e[:, None]).sum(-1)), 0.0)
    return -yes((e * O[contexts]).sum(-1)) - gather(wrong, counts)


@exercise(
    returns=("loss", "gradient: word size"),
    groups={"every pair came up": 1, "pairs that never came up": 2, "counts above the largest": 1},
    forbid=NOR_AUTOGRAD,
)
class glove_loss:
    "The loss of GloVe, and by hand its gradient with respect to E."

    def inputs(generator):
        yield (
            "pairs that never came up",
            tensors(
                X=[[0.0, 4.0], [1.0, 0.0]],
                E=[[1.0, 0.0], [0.0, 1.0]],
                O=[[1.0, 1.0], [2.0, 0.0]],
                b=[0.5, 0.0],
                b_context=[0.0, -0.5],
                largest=16.0,
            ),
        )
        for group, V, size, most, largest, dtype in [
            ("every pair came up", 5, 3, 9, 20.0, torch.float64),
            ("every pair came up", 4, 2, 30, 50.0, torch.float64),
            ("every pair came up", 3, 4, 9, 12.0, torch.float32),
            ("every pair came up", 1, 3, 9, 12.0, torch.float64),
            ("pairs that never came up", 6, 3, 9, 20.0, torch.float64),
            ("pairs that never came up", 4, 5, 9, 30.0, torch.float32),
            ("pairs that never came up", 7, 2, 5, 10.0, torch.float64),
            ("counts above the largest", 5, 3, 40, 6.0, torch.float64),
            ("counts above the largest", 4, 2, 40, 10.0, torch.float64),
        ]:
            X = whole(generator, 1, most, V, V).to(dtype) / 2  # counts by distance need not be whole
            if group != "every pair came up":
                X[torch.rand(V, V, generator=generator) < 0.4] = 0
                X[0, 0], X[1, 1] = 0, most
            E, O = normal(generator, V, size, dtype=dtype), normal(generator, V, size, dtype=dtype)
            b, b_context = normal(generator, V, dtype=dtype), normal(generator, V, dtype=dtype)
            yield group, {"X": X, "E": E, "O": O, "b": b, "b_context": b_context, "largest": largest}

    def reference(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest)

    @mistake(
        "the logarithm added",
        hint="When products and biases make exactly log X, the loss is 0. Is yours?",
    )
    def log_sign(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, target=lambda X: -X.log())

    @mistake(
        "the count instead of its logarithm",
        hint="What shall the product of two vectors be: X, or log X?",
    )
    def no_log(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, target=lambda X: X)

    @mistake(
        "the logarithm of X + 1",
        hint="When products and biases make exactly log X, the loss is 0. Is yours, where X is 1?",
    )
    def log_of_one_more(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, target=lambda X: (X + 1).log())

    @mistake(
        "NaN from a pair that never came up",
        hint="0 · log 0 is NaN, not 0. Choose with torch.where before the logarithm, not after it.",
    )
    def zero_times_infinity(X, E, O, b, b_context, largest):
        error = E @ O.T + b[:, None] + b_context - X.log()
        weight = (X / largest).clamp(max=1) ** 0.75
        return (weight * error**2).sum(), 2 * (weight * error) @ O

    @mistake(
        "pairs that never came up with weight 1",
        hint="Where every pair came up you are right. A pair without a count does not belong to the sum.",
    )
    def zeros_with_weight(X, E, O, b, b_context, largest):
        return factorised(
            X,
            E,
            O,
            b,
            b_context,
            largest,
            weight=lambda X, largest: torch.where(X > 0, (X / largest).clamp(max=1) ** 0.75, 1.0),
            everywhere=True,
        )

    @mistake(
        "the weight inside the square",
        hint="In the worked example the weight of the pair (0, 1) is ¼^¾. Is it squared in yours?",
    )
    def inside(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, weight=lambda X, largest: (X / largest).clamp(max=1) ** 1.5)

    @mistake(
        "the weight without its limit",
        hint="Below the largest count you are right. How much does a count of twice the largest weigh?",
    )
    def unlimited(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, weight=lambda X, largest: (X / largest) ** 0.75)

    @mistake(
        "the count limited instead of the weight",
        hint="Below the largest count you are right. f limits the weight. Whose logarithm is taken above it?",
    )
    def count_limited(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, target=lambda X: X.clamp(max=largest).log())

    @mistake(
        "the weight without its power",
        hint="In the worked example the weight of a count of 4 of 16 is not ¼.",
    )
    def no_power(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, weight=lambda X, largest: (X / largest).clamp(max=1))

    @mistake(
        "no weight",
        hint="In the worked example the pair (0, 1) weighs less than 1.",
    )
    def no_weight(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, b_context, largest, weight=lambda X, largest: torch.ones_like(X))

    @mistake(
        "one bias",
        hint="A row has a bias, and a column has one. How many do you add?",
    )
    def one_bias(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b, 0 * b_context, largest)

    @mistake(
        "the biases exchanged",
        hint="b belongs to the word, a row of X. Along which axis do you add it?",
    )
    def exchanged(X, E, O, b, b_context, largest):
        return factorised(X, E, O, b_context, b, largest)

    @mistake(
        "half of the gradient",
        hint="The loss is right. What is the derivative of a square?",
    )
    def half(X, E, O, b, b_context, largest):
        loss, gradient = factorised(X, E, O, b, b_context, largest)
        return loss, gradient / 2

    @mistake(
        "the gradient with respect to O",
        hint="The loss is right. In your gradient, which of the two vectors is left beside the error?",
    )
    def of_O(X, E, O, b, b_context, largest):
        loss, _ = factorised(X, E, O, b, b_context, largest)
        return loss, factorised(X.T, O, E, b_context, b, largest)[1]

    @mistake(
        "the gradient summed over words instead of context words",
        hint="The loss is right. The row of E of a word collects an error of every context word. Which axis is summed?",
    )
    def transposed(X, E, O, b, b_context, largest):
        loss, _ = factorised(X, E, O, b, b_context, largest)
        seen = X > 0
        error = torch.where(seen, E @ O.T + b[:, None] + b_context - torch.where(seen, X, 1.0).log(), 0.0)
        return loss, 2 * ((X / largest).clamp(max=1) ** 0.75 * error).T @ O

    @mistake(
        "the gradient without the weight",
        hint="The loss is right. The weight stands before the square: does it go away in the derivative?",
    )
    def unweighted(X, E, O, b, b_context, largest):
        loss, _ = factorised(X, E, O, b, b_context, largest)
        return loss, factorised(X, E, O, b, b_context, largest, weight=lambda X, _largest: torch.ones_like(X))[1]

    @mistake(
        "the mean instead of the sum",
        hint="The loss is a sum over all pairs that came up.",
    )
    def mean(X, E, O, b, b_context, largest):
        loss, gradient = factorised(X, E, O, b, b_context, largest)
        return loss / (X > 0).sum(), gradient / (X > 0).sum()


def factorised(
    X,
    E,
    O,
    b,
    b_context,
    largest,
    *,
    target=torch.log,
    weight=lambda X, largest: (X / largest).clamp(max=1) ** 0.75,
    everywhere=False,
):
    """Return the loss and the gradient of E; the keywords make the usual mistakes."""
    seen = X > 0
    error = E @ O.T + b[:, None] + b_context - torch.where(seen, target(torch.where(seen, X, 1.0)), 0.0)
    f = weight(X, largest) if everywhere else torch.where(seen, weight(X, largest), 0.0)
    return (f * error**2).sum(), 2 * (f * error) @ O


@exercise(
    returns="answers: batch",
    groups={"the sum": 2, "the product": 2},
    forbid=NOT_ALLOWED,
)
class analogy:
    "The answers to many analogies at once, by the sum of vectors or by the product of cosines."

    def inputs(generator):
        plane = tensors(one=[[1.0, 0.0], [0.0, 2.0], [3.0, 0.5], [1.0, 1.0], [-2.0, 0.5]])["one"]
        for multiply in (False, True):
            yield (
                "the product" if multiply else "the sum",
                {"vectors": plane, "questions": torch.tensor([[0, 1, 2]]), "multiply": multiply},
            )
        opposite = tensors(one=[[1, 0, 0], [1, 0.02, 0], [1, 0, 0.02], [-1, 0, 0], [0, 1, 2], [0, 1, -1]])["one"]
        yield "the product", {"vectors": opposite, "questions": torch.tensor([[0, 1, 2]]), "multiply": True}
        # only one word is left, and it lies opposite to what is asked for
        left = tensors(one=[[-1, 0.1, 0.1], [1, 0, 0.1], [1, 0.1, 0], [-1, 0, -0.1]])["one"]
        yield "the sum", {"vectors": left, "questions": torch.tensor([[0, 1, 2], [0, 2, 1]]), "multiply": False}
        for batch, V, size, dtype in [
            (12, 9, 4, torch.float64),
            (8, 15, 3, torch.float32),
            (1, 6, 5, torch.float64),
            (20, 12, 6, torch.float64),
            (16, 5, 3, torch.float64),
        ]:
            for multiply in (False, True):
                vectors, questions = asked(generator, batch, V, size, multiply)
                yield (
                    "the product" if multiply else "the sum",
                    {"vectors": vectors.to(dtype), "questions": questions, "multiply": multiply},
                )

    def reference(vectors, questions, multiply):
        return answered(vectors, questions, multiply)

    @mistake(
        "a word of the question returned",
        hint="One of your answers is a word of its question. These three may not be the answer.",
    )
    def query_returned(vectors, questions, multiply):
        return answered(vectors, questions, multiply, left_out=())

    @mistake(
        "only c left out",
        hint="One of your answers is b. All three words of the question are left out.",
    )
    def only_c(vectors, questions, multiply):
        return answered(vectors, questions, multiply, left_out=(2,))

    @mistake(
        "a and b turned round",
        hint="a is to b as c is to the answer. Which of a and b is subtracted, or divided by?",
    )
    def turned(vectors, questions, multiply):
        return answered(vectors, questions[:, [1, 0, 2]], multiply)

    @mistake(
        "the vectors as long as they are",
        hint="With vectors of length 1 you are right. A frequent word has a long one: bring all to length 1 first.",
    )
    def not_normalised(vectors, questions, multiply):
        return answered(vectors, questions, multiply, unit=lambda v: v)

    @mistake(
        "the sum of the vectors as they are, then the cosine",
        hint="The product is right. Whose length counts in the sum, when *e_b* is three times as long as *e_a*?",
    )
    def normalised_late(vectors, questions, multiply):
        if multiply:
            return answered(vectors, questions, multiply)
        scores = query_of(vectors, questions) @ unit_length(vectors).T
        return best_of(scores, questions)

    @mistake(
        "the Euclidean distance",
        hint="The product is right. The nearest is the one with the largest cosine. Which measure do you take?",
    )
    def euclidean(vectors, questions, multiply):
        if multiply:
            return answered(vectors, questions, multiply)
        return best_of(-torch.cdist(query_of(vectors, questions), vectors), questions)

    @mistake(
        "the smallest instead of the largest",
        hint="A cosine of 1 is as near as can be. Which one do you return?",
    )
    def furthest(vectors, questions, multiply):
        return answered(vectors, questions, multiply, turn=-1)

    @mistake(
        "two of the numbers, as on a map",
        hint="With vectors of two numbers you are right. How many numbers does a vector have?",
    )
    def projected(vectors, questions, multiply):
        return answered(vectors[:, :2], questions, multiply)

    @mistake(
        "words of other questions left out, too",
        hint="With one question you are right. The words of question 2 may be answers to question 1.",
    )
    def all_left_out(vectors, questions, multiply):
        scores = scores_of(unit_length(vectors), questions, multiply)
        every = questions.unique()
        if len(every) == len(vectors):
            return answered(vectors, questions, multiply)
        scores[:, every] = -torch.inf
        return scores.argmax(1)

    @mistake(
        "cosines below 0 in the product",
        hint="The sum is right. Two negative cosines make a positive product: bring them between 0 and 1 first.",
    )
    def unshifted(vectors, questions, multiply):
        return answered(vectors, questions, multiply, shift=lambda cosine: cosine)

    @mistake(
        "the sum for both",
        hint="The sum is right. What changes in yours when multiply is True?",
    )
    def always_sum(vectors, questions, multiply):
        return answered(vectors, questions, False)

    @mistake(
        "multiplied by the third, too",
        hint="The sum is right. A word near to a should be *less* likely to be the answer.",
    )
    def all_multiplied(vectors, questions, multiply):
        return answered(vectors, questions, multiply, join=lambda a, b, c: a * b * c)

    @mistake(
        "nothing added to what is divided by",
        hint="The sum is right. For a word opposite to a, cos′ is 0. What do you divide by there?",
    )
    def by_zero(vectors, questions, multiply):
        return answered(vectors, questions, multiply, join=lambda a, b, c: b * c / a)

    @mistake(
        "not divided by the cosine with a",
        hint="The sum is right. Where does a come in, in your product?",
    )
    def without_a(vectors, questions, multiply):
        return answered(vectors, questions, multiply, join=lambda a, b, c: b * c)


def unit_length(vectors):
    return vectors / vectors.norm(dim=-1, keepdim=True)


def query_of(e, questions):
    a, b, c = e[questions].unbind(1)
    return b - a + c


def scores_of(
    e,
    questions,
    multiply,
    shift=lambda cosine: (cosine + 1) / 2,
    join=lambda a, b, c: b * c / (a + 0.001),
):
    if not multiply:
        return query_of(e, questions) @ e.T
    a, b, c = (shift(one @ e.T) for one in e[questions].unbind(1))
    return join(a, b, c)


def best_of(scores, questions, left_out=(0, 1, 2)):
    for place in left_out:
        scores.scatter_(1, questions[:, place : place + 1], -torch.inf)
    return scores.argmax(1)


def answered(vectors, questions, multiply, *, left_out=(0, 1, 2), unit=unit_length, turn=1, **how):
    """Return the answers; the keywords make the usual mistakes."""
    return best_of(turn * scores_of(unit(vectors), questions, multiply, **how), questions, left_out)


def asked(generator, batch, V, size, multiply):
    """Draw vectors of different lengths and questions; both are drawn again where rounding might decide."""
    while True:
        vectors = unit_length(normal(generator, V, size)) * (0.3 + 3 * torch.rand(V, 1, generator=generator)).double()
        questions = torch.stack([torch.randperm(V, generator=generator)[:3] for _ in range(batch)])
        scores = scores_of(unit_length(vectors), questions, multiply)
        scores.scatter_(1, questions, -torch.inf)
        first, second = scores.topk(2, dim=1).values.unbind(1)
        if bool((first - second > 1e-3).all()):
            return vectors, questions


@exercise(
    returns="M: word context",
    groups={"plain": 1, "shifted": 1, "smoothed": 2, "words that never came up": 1},
    forbid=NOT_ALLOWED,
)
class pmi_matrix:
    "Positive pointwise mutual information, shifted, with the contexts' frequencies smoothed."

    def inputs(generator):
        yield "words that never came up", tensors(X=[[9.0, 0.0, 0.0], [0.0, 1.0, 0.0]], K=2, power=0.5)
        for group, words, contexts, K, power, dtype in [
            ("plain", 4, 6, 1, 1.0, torch.float64),
            ("plain", 5, 5, 1, 1.0, torch.float32),
            ("shifted", 6, 4, 3, 1.0, torch.float64),
            ("shifted", 5, 7, 2, 1.0, torch.float64),
            ("smoothed", 6, 5, 1, 0.75, torch.float64),
            ("smoothed", 5, 8, 2, 0.75, torch.float32),
            ("smoothed", 7, 6, 1, 0.5, torch.float64),
            ("smoothed", 1, 6, 1, 0.75, torch.float64),  # one word: without smoothing nothing is above 0
            ("smoothed", 6, 6, 1, 0.0, torch.float64),  # every context that came up is alike
            ("words that never came up", 5, 6, 2, 0.75, torch.float64),
            ("words that never came up", 4, 5, 1, 1.0, torch.float64),
            ("words that never came up", 6, 5, 1, 0.0, torch.float64),
        ]:
            X = (normal(generator, words, contexts, scale=1.6).exp() * 3).round().to(dtype)
            X[0] += whole(generator, 0, 40, contexts).to(dtype)
            X[-1, 2] += 30
            if group == "words that never came up":
                X[2], X[:, 1] = 0, 0
            else:
                X += (X.sum(0) == 0) + (X.sum(1, keepdim=True) == 0)
            yield group, {"X": X, "K": K, "power": power}

    def reference(X, K, power):
        return associated(X, K, power)

    @mistake(
        "bits instead of nats",
        hint="Yours is larger everywhere by the same factor. Which logarithm is asked for?",
    )
    def bits(X, K, power):
        return associated(X, K, power) / math.log(2)

    @mistake(
        "the words smoothed instead of the contexts",
        hint="With a power of 1 you are right. Whose frequencies take the power: those of rows, or of columns?",
    )
    def words_smoothed(X, K, power):
        return associated(X.T, K, power).T

    @mistake(
        "both smoothed",
        hint="With a power of 1 you are right. The power is for the contexts alone.",
    )
    def both_smoothed(X, K, power):
        of_words = X.sum(1) ** power
        return associated(X, K, power, of_words=of_words / of_words.sum())

    @mistake(
        "smoothed and not brought back to a sum of 1",
        hint="With a power of 1 you are right. What is the sum of your smoothed frequencies?",
    )
    def not_normalised(X, K, power):
        of_contexts = (X.sum(0) / X.sum()) ** power
        return associated(X, K, power, of_contexts=of_contexts)

    @mistake(
        "the sum of counts instead of the sum of powers",
        hint="With a power of 1 you are right. By what do you divide X_c to the power?",
    )
    def wrong_sum(X, K, power):
        return associated(X, K, power, of_contexts=X.sum(0) ** power / X.sum())

    @mistake(
        "the table smoothed",
        hint="With a power of 1 you are right. What takes the power: every count, or the sums of the columns?",
    )
    def table_smoothed(X, K, power):
        return associated(torch.where(X > 0, X**power, 0.0), K, 1.0)

    @mistake(
        "not smoothed",
        hint="With a power of 1 you are right. What changes in yours when the power is 0.75?",
    )
    def not_smoothed(X, K, power):
        return associated(X, K, 1.0)

    @mistake(
        "a context that never came up counted as one",
        hint="0 to the power 0 is 1. How frequent is a context that never came up?",
    )
    def zero_to_the_zero(X, K, power):
        of_contexts = X.sum(0) ** power
        return associated(X, K, power, of_contexts=of_contexts / of_contexts.sum())

    @mistake(
        "the shift added",
        hint="With K = 1 you are right. More negatives make a yes less likely. Which way does log K go?",
    )
    def added(X, K, power):
        return associated(X, 1 / K, power)

    @mistake(
        "no shift",
        hint="With K = 1 you are right. What changes in yours when K is 3?",
    )
    def no_shift(X, K, power):
        return associated(X, 1, power)

    @mistake(
        "K instead of its logarithm",
        hint="With K = 1 something is off, too. What is log 1?",
    )
    def K_itself(X, K, power):
        return associated(X, math.exp(K), power)

    @mistake(
        "what is negative cut off before the shift",
        hint="With K = 1 you are right. Is there an entry below 0 in yours?",
    )
    def cut_before(X, K, power):
        return associated(X, 1, power) - math.log(K)

    @mistake(
        "the negative entries kept",
        hint="Is there an entry below 0 in yours?",
    )
    def kept(X, K, power):
        return associated(X, K, power, cut=lambda M: torch.where(torch.isfinite(M), M, 0.0))

    @mistake(
        "−∞ where a pair never came up",
        hint="Where every pair came up you are right. What is left of −∞ when only what is positive is kept?",
    )
    def infinite(X, K, power):
        return associated(X, K, power, cut=lambda M: torch.where(torch.isinf(M), M, M.clamp(min=0)))

    @mistake(
        "NaN for a word that never came up",
        hint="0 / 0 is NaN, and clamp leaves it. Choose where X > 0 before you divide.",
    )
    def not_a_number(X, K, power):
        sums = X.sum(1, keepdim=True) * X.sum(0)
        return torch.where(sums > 0, associated(X, K, power), math.nan)

    @mistake(
        "rows and columns exchanged",
        hint="X need not be square. Which sum is that of the words?",
    )
    def exchanged(X, K, power):
        of_words, of_contexts = X.sum(1), X.sum(0)
        if X.shape[0] != X.shape[1]:
            raise IndexError("sizes do not fit")
        return associated(X, K, power, of_words=of_contexts / X.sum(), of_contexts=of_words / X.sum())


def associated(X, K, power, *, of_words=None, of_contexts=None, cut=lambda M: M.clamp(min=0)):
    """Return the matrix; the keywords make the usual mistakes."""
    if of_contexts is None:
        smoothed = torch.where(X.sum(0) > 0, X.sum(0) ** power, 0.0)
        of_contexts = smoothed / smoothed.sum()
    of_words = X.sum(1) / X.sum() if of_words is None else of_words
    seen = X > 0
    ratio = torch.where(seen, X, 1.0) / X.sum() / torch.where(seen, of_words[:, None] * of_contexts, 1.0)
    return cut(torch.where(seen, ratio.log() - math.log(K), -math.inf))
