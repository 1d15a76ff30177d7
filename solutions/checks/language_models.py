"""Checks on language models: a padded batch scored, words that are spelt, counts that are handed down, a draw.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


@exercise(
    returns=("log_P: batch", "perplexity"),
    groups={"one length": 1, "lengths differ": 2, "anything in the padding": 1},
    forbid=NOT_ALLOWED,
)
class perplexity:
    "The log-probability of every sequence of a padded batch, and the perplexity of all their tokens."

    def inputs(generator):
        after_bos, after_ha, after_ho = [0.6, 0.4, 0.0], [0.5, 0.2, 0.3], [0.1, 0.3, 0.6]
        nothing = [math.nan] * 3
        rows = [[after_bos, after_ha, after_ha, after_ho], [after_bos, after_ho, nothing, nothing]]
        log_p = tensors(one=rows)["one"].log()
        targets = torch.tensor([[0, 0, 1, 2], [1, 2, 0, 0]])
        yield (
            "anything in the padding",
            {"log_probabilities": log_p, "targets": targets, "lengths": torch.tensor([4, 2])},
        )
        for group, lengths, V, dtype in [
            ("one length", [4, 4, 4], 6, torch.float64),
            ("one length", [1, 1], 4, torch.float32),
            ("one length", [3], 5, torch.float64),
            ("one length", [3, 3], 4, torch.float64),  # and one token that the model held to be impossible
            ("lengths differ", [2, 6, 3, 5], 7, torch.float64),  # and one that it was sure of
            ("lengths differ", [4, 1], 3, torch.float32),
            ("lengths differ", [1, 5, 1], 6, torch.float64),
            ("anything in the padding", [5, 2, 3], 4, torch.float64),
            ("anything in the padding", [1, 3], 6, torch.float32),
            ("anything in the padding", [2, 4, 1], 3, torch.float64),
        ]:
            log_p = normal(generator, len(lengths), max(lengths), V, scale=1.5).log_softmax(-1).to(dtype)
            targets = torch.randint(V, log_p.shape[:2], generator=generator)
            padding = ~real_steps(targets, torch.tensor(lengths))
            if group == "anything in the padding":
                log_p[padding] = -math.inf
                log_p[padding & (targets > 0)] = math.nan
                # the last two batches are filled up with numbers that are no tokens
                targets[padding] = {5: 0, 3: V, 4: -100}[max(lengths)]
            if lengths == [3, 3]:
                log_p[1, 1, targets[1, 1]] = -math.inf
            if lengths == [2, 6, 3, 5]:
                log_p[1, 2] = -math.inf
                log_p[1, 2, targets[1, 2]] = 0.0
            yield group, {"log_probabilities": log_p, "targets": targets, "lengths": torch.tensor(lengths)}

    def reference(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths)

    @mistake(
        "the mean of exponentials",
        hint="log_P is right. A single surprise decides nearly everything in your perplexity. Where is the mean taken?",
    )
    def mean_of_exponentials(log_probabilities, targets, lengths):
        log_p, real = of_targets(log_probabilities, targets, lengths), real_steps(targets, lengths)
        return log_p.sum(1), (-log_p).exp()[real].mean()

    @mistake(
        "padding counted as tokens",
        hint="log_P is right. By how many tokens do you divide, and how many are real?",
    )
    def padding_counted(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths, cost=lambda log_P, _: -log_P.sum() / targets.numel())

    @mistake(
        "the mean of each sequence's mean",
        hint="With equal lengths you are right. Does a token weigh the same in a short sequence and in a long one?",
    )
    def mean_of_means(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths, cost=lambda log_P, lengths: (-log_P / lengths).mean())

    @mistake(
        "the mean of each sequence's perplexity",
        hint="With one sequence you are right. Is the mean taken before or after the exponential?",
    )
    def mean_of_perplexities(log_probabilities, targets, lengths):
        log_P, _ = scored(log_probabilities, targets, lengths)
        return log_P, (-log_P / lengths).exp().mean()

    @mistake(
        "2 to the power of nats",
        hint="log_P is right. Which power undoes the logarithm that you were given?",
    )
    def base_two(log_probabilities, targets, lengths):
        log_P, all_tokens = scored(log_probabilities, targets, lengths)
        return log_P, 2 ** all_tokens.log()

    @mistake(
        "for each sequence instead of each token",
        hint="log_P is right. Guess among K equal tokens, in sequences of 3 and of 5: what should come, and what does?",
    )
    def by_sequence(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths, cost=lambda log_P, _: -log_P.mean())

    @mistake(
        "nothing divided",
        hint="log_P is right. Guess among K equal tokens: the perplexity is K, however many tokens there are.",
    )
    def not_divided(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths, cost=lambda log_P, _: -log_P.sum())

    @mistake(
        "upside down",
        hint="log_P is right. Can a model be as unsure as among less than one token?",
    )
    def upside_down(log_probabilities, targets, lengths):
        log_P, all_tokens = scored(log_probabilities, targets, lengths)
        return log_P, 1 / all_tokens

    @mistake(
        "the last token not scored",
        hint="How many factors has the product for a sequence of one token? That the end comes is a prediction, too.",
    )
    def last_left_out(log_probabilities, targets, lengths):
        return scored(log_probabilities, targets, lengths - 1)

    @mistake(
        "padding scored as well",
        hint="With equal lengths you are right. What stands in a short row behind its last token, and do you add it?",
    )
    def padding_scored(log_probabilities, targets, lengths):
        log_p = log_probabilities.gather(2, targets[..., None])[..., 0]
        return log_p.sum(1), (-log_p.mean()).exp()

    @mistake(
        "padding multiplied by zero",
        hint="Where the padding holds numbers you are right. What is 0 · NaN, and 0 · (−∞)?",
    )
    def times_zero(log_probabilities, targets, lengths):
        real = real_steps(targets, lengths)
        log_p = log_probabilities.gather(2, torch.where(real, targets, 0)[..., None])[..., 0]
        log_P = (log_p * real).sum(1)
        return log_P, (-log_P.sum() / lengths.sum()).exp()

    @mistake(
        "padding recognised by its numbers",
        hint="A real token may have −∞, and padding may hold ordinary numbers. What do you know besides the numbers?",
    )
    def from_values(log_probabilities, targets, lengths):
        tokens = torch.where(real_steps(targets, lengths), targets, 0)
        log_p = log_probabilities.gather(2, tokens[..., None])[..., 0]
        real = log_p.isfinite()
        log_p = torch.where(real, log_p, 0.0)
        return log_p.sum(1), (-log_p.sum() / real.sum()).exp()

    @mistake(
        "the other tokens multiplied by zero",
        hint="A token that cannot come has −∞. What is 0 · (−∞), and can you fetch the number that you need directly?",
    )
    def one_hot_product(log_probabilities, targets, lengths):
        came = targets[..., None] == torch.arange(log_probabilities.shape[2])
        log_p = torch.where(real_steps(targets, lengths), (log_probabilities * came).sum(-1), 0.0)
        return log_p.sum(1), (-log_p.sum() / lengths.sum()).exp()

    @mistake(
        "the likeliest token instead of the one that came",
        hint="Your text is more probable than the one in targets. Which tokens does it consist of?",
    )
    def likeliest(log_probabilities, targets, lengths):
        return scored(log_probabilities, log_probabilities.argmax(-1), lengths)

    @mistake(
        "each prediction compared with the token after",
        hint="log_probabilities[:, t] is what was said of targets[:, t]. With which token do you compare it?",
    )
    def one_late(log_probabilities, targets, lengths):
        return scored(log_probabilities[:, :-1], targets[:, 1:], lengths - 1)

    @mistake(
        "P instead of log P",
        hint="perplexity is right. Is the first output a probability or its logarithm?",
    )
    def without_log(log_probabilities, targets, lengths):
        log_P, all_tokens = scored(log_probabilities, targets, lengths)
        return log_P.exp(), all_tokens


def real_steps(targets, lengths):
    return torch.arange(targets.shape[1]) < lengths[:, None]


def of_targets(log_probabilities, targets, lengths):
    """Return the log-probability of every token that came, 0 in the padding."""
    real = real_steps(targets, lengths)
    found = torch.zeros(targets.shape, dtype=log_probabilities.dtype)
    found[real] = log_probabilities[real].gather(1, targets[real][:, None])[:, 0]
    return found


def scored(log_probabilities, targets, lengths, *, cost=lambda log_P, lengths: -log_P.sum() / lengths.sum()):
    """Return both outputs; the keyword makes the usual mistakes."""
    log_P = of_targets(log_probabilities, targets, lengths).sum(1)
    return log_P, cost(log_P, lengths).exp()


@exercise(
    returns="bits",
    groups={"all words known": 1, "some words spelt": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # log 2 may come from float32
)
class bits_per_character:
    "The bits that a text costs for each character, by a model of words that spells those it does not know."

    def inputs(generator):
        yield (
            "some words spelt",
            tensors(log_probabilities=[math.log(0.5), math.log(0.125)], spelt=[0.0, math.log(1 / 64)])
            | {"words": ["the", "quokka"]},
        )
        for group, text, unknown, dtype in [
            ("all words known", "in the course of time", [], torch.float64),
            ("all words known", "a", [], torch.float64),
            ("all words known", "it isn't so", [], torch.float32),
            ("some words spelt", "the naïve café owner", [1, 2], torch.float64),
            ("some words spelt", "kookaburra", [0], torch.float64),
            ("some words spelt", "a wombat met a numbat", [1, 4], torch.float32),
            ("some words spelt", "the wombat and the wombat", [1, 4], torch.float64),
        ]:
            words = text.split()
            log_p = -1 - 2 * torch.rand(len(words), generator=generator, dtype=torch.float64)
            spelt = torch.zeros_like(log_p)
            spelt[unknown] = -5 - 5 * torch.rand(len(unknown), generator=generator, dtype=torch.float64)
            yield group, {"log_probabilities": log_p.to(dtype), "spelt": spelt.to(dtype), "words": words}

    def reference(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words)

    @mistake(
        "nats instead of bits",
        hint="A word with probability 1/2 costs one bit. What does it cost in the unit of your result?",
    )
    def nats(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words) * math.log(2)

    @mistake(
        "multiplied by log 2",
        hint="A word with probability 1/2 is log 2 nats, or one bit. Which way do you turn one into the other?",
    )
    def wrong_way(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words) * math.log(2) ** 2

    @mistake(
        "divided by the number of words",
        hint="Yours is right for a model of characters. How many characters does the text have?",
    )
    def by_words(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words, characters=len(words))

    @mistake(
        "spelling left out",
        hint="With known words you are right. After <unk>, does anybody know which word it was?",
    )
    def not_spelt(log_probabilities, spelt, words):
        return shared_out(log_probabilities, words)

    @mistake(
        "<unk> itself not paid",
        hint="With known words you are right. Before a word is spelt, the model has to say that it will be.",
    )
    def unknown_for_free(log_probabilities, spelt, words):
        return shared_out(torch.where(spelt == 0, log_probabilities, spelt), words)

    @mistake(
        "spaces not counted",
        hint="Write the text out. How many characters stand there that belong to no word?",
    )
    def no_spaces(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words, characters=sum(map(len, words)))

    @mistake(
        "the last space not counted",
        hint="Count the spaces in your text, and the words. How many spaces does the exercise give each word?",
    )
    def no_last_space(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words, characters=len(" ".join(words)))

    @mistake(
        "unknown words not counted",
        hint="With known words you are right. An unknown word is part of the text. Does its length count in yours?",
    )
    def known_characters(log_probabilities, spelt, words):
        known = [word for word, cost in zip(words, spelt.tolist(), strict=True) if cost == 0]
        return shared_out(log_probabilities + spelt, words, characters=max(sum(len(word) + 1 for word in known), 1))

    @mistake(
        "<unk> counted by the length of its name",
        hint="Which characters does the model say: those of the word, or those of the token that stands for it?",
    )
    def length_of_unk(log_probabilities, spelt, words):
        said = [word if cost == 0 else "<unk>" for word, cost in zip(words, spelt.tolist(), strict=True)]
        return shared_out(log_probabilities + spelt, said)

    @mistake(
        "bytes counted",
        hint="How many characters does naïve have? How many bytes it takes on disk is another number.",
    )
    def in_bytes(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words, characters=sum(len(word.encode()) + 1 for word in words))

    @mistake(
        "the mean of each word's bits per character",
        hint="With one word you are right. Does a character weigh the same in a short word and in a long one?",
    )
    def mean_of_words(log_probabilities, spelt, words):
        characters = torch.tensor([len(word) + 1 for word in words])
        return (-(log_probabilities + spelt) / characters).mean() / math.log(2)

    @mistake(
        "the mean of exponentials",
        hint="With one word you are right. With several, one surprising word decides everything. Where is the mean?",
    )
    def mean_of_exponentials(log_probabilities, spelt, words):
        characters = sum(len(word) + 1 for word in words)
        return (-(log_probabilities + spelt)).exp().mean().log2() * len(words) / characters

    @mistake(
        "each word counted once",
        hint="Where no word comes twice you are right. Is the second one free, and has it no length?",
    )
    def once(log_probabilities, spelt, words):
        return shared_out(log_probabilities + spelt, words, characters=sum(len(word) + 1 for word in set(words)))


def shared_out(nats, words, *, characters=None):
    """Return the bits for each character; by default all characters of the words and a space after each."""
    if characters is None:
        characters = sum(len(word) + 1 for word in words)
    return -nats.sum() / (characters * math.log(2))


@exercise(
    returns="P: token",
    groups={"seen contexts": 2, "unseen contexts": 1, "short and long contexts": 1},
    forbid=NOT_ALLOWED,
)
class witten_bell:
    "How probable every token is after a context, by counts that are handed down to shorter and shorter contexts."

    def inputs(generator):
        def text(length, V):
            return torch.randint(V, (length,), generator=generator).tolist()

        yield "seen contexts", {"tokens": [0, 1, 0, 0, 1, 2], "context": [2, 0], "V": 3, "order": 2}
        tokens = text(40, 3)
        yield "seen contexts", {"tokens": tokens, "context": tokens[10:12], "V": 5, "order": 3}
        tokens = text(60, 3)
        yield "seen contexts", {"tokens": tokens, "context": tokens[7:8], "V": 3, "order": 2}
        tokens = text(50, 2)
        yield "seen contexts", {"tokens": tokens, "context": tokens[-3:], "V": 4, "order": 4}  # ends the text, too
        tokens = text(60, 2)
        yield "seen contexts", {"tokens": tokens, "context": tokens[20:25], "V": 3, "order": 6}
        yield "seen contexts", {"tokens": [10, 1, 0, 1, 10, 3, 1, 0, 11, 0], "context": [1, 0], "V": 12, "order": 3}
        yield (
            "seen contexts",
            {"tokens": [1, 1, 1, 0, 1, 1, 1, 1, 0], "context": [1, 1], "V": 2, "order": 3},
        )  # overlaps
        yield "unseen contexts", {"tokens": text(30, 3), "context": [1, 3], "V": 4, "order": 3}
        yield "unseen contexts", {"tokens": text(30, 3), "context": [3, 1], "V": 4, "order": 3}
        # comes up only where the text ends: nothing followed
        yield "unseen contexts", {"tokens": [*text(20, 3), 4], "context": [4], "V": 6, "order": 2}
        yield "unseen contexts", {"tokens": [2], "context": [2, 2], "V": 3, "order": 3}
        yield "short and long contexts", {"tokens": text(20, 3), "context": [], "V": 5, "order": 3}
        yield "short and long contexts", {"tokens": text(20, 3), "context": [0, 2, 1], "V": 4, "order": 1}
        yield "short and long contexts", {"tokens": text(60, 2), "context": [0, 1, 1], "V": 3, "order": 5}
        tokens = text(40, 3)
        yield "short and long contexts", {"tokens": tokens, "context": tokens[5:11], "V": 3, "order": 3}
        yield "short and long contexts", {"tokens": [0, 1, 0], "context": [0, 1, 0, 1, 0, 1], "V": 2, "order": 9}
        yield "short and long contexts", {"tokens": [0, 0], "context": [0], "V": 1, "order": 2}

    def reference(tokens, context, V, order):
        return handed_down(tokens, context, V, order)

    @mistake(
        "different tokens counted for all of them",
        hint="After a context that came three times, always before the same token: what is N(c), and what is T(c)?",
    )
    def types_for_tokens(tokens, context, V, order):
        return handed_down(tokens, context, V, order, mix=lambda N, _N_c, T, lower: (N + T * lower) / (T + T))

    @mistake(
        "all tokens counted for the different ones",
        hint="After a context that came three times, always before the same token: what is T(c)?",
    )
    def tokens_for_types(tokens, context, V, order):
        return handed_down(tokens, context, V, order, types=lambda N: N.sum())

    @mistake(
        "T(c) of the whole text",
        hint="T(c) counts the different tokens that came after c. Does yours depend on c?",
    )
    def types_of_the_text(tokens, context, V, order):
        return handed_down(tokens, context, V, order, types=lambda _N: len(set(tokens)))

    @mistake(
        "what was taken away is not handed down",
        hint="Add up all of P. What is missing, and to whom does it go?",
    )
    def not_handed_down(tokens, context, V, order):
        return handed_down(tokens, context, V, order, mix=lambda N, N_c, T, _lower: N / (N_c + T))

    @mistake(
        "the shorter context asked for new tokens only",
        hint="Add up all of P. Does a token that was seen after c get its share of T(c), too?",
    )
    def for_new_tokens(tokens, context, V, order):
        def mix(N, N_c, T, lower):
            return torch.where(N > 0, N, T * lower) / (N_c + T)

        return handed_down(tokens, context, V, order, mix=mix)

    @mistake(
        "zero after an unseen context",
        hint="With seen contexts you are right. What should the model say when it has never seen the context?",
    )
    def zero_if_unseen(tokens, context, V, order):
        return handed_down(tokens, context, V, order, unseen=torch.zeros_like)

    @mistake(
        "uniform after an unseen context",
        hint="With seen contexts you are right. Before all tokens become alike, is there not somebody else to ask?",
    )
    def uniform_if_unseen(tokens, context, V, order):
        return handed_down(tokens, context, V, order, unseen=lambda lower: torch.full_like(lower, 1 / V))

    @mistake(
        "the last token dropped instead of the first",
        hint="Which token of the context stands nearest to the next one, and which one should be forgotten first?",
    )
    def wrong_end(tokens, context, V, order):
        return handed_down(tokens, context, V, order, shorter=lambda c, length: c[:length])

    @mistake(
        "a long context cut at the wrong end",
        hint="Where the context has at most order − 1 tokens you are right. Which ones do you keep of a longer one?",
    )
    def first_tokens(tokens, context, V, order):
        return handed_down(tokens, context[: order - 1], V, order)

    @mistake(
        "one token too many in the context",
        hint="The order counts the next token, too. How many tokens before it does a model of order 2 look at?",
    )
    def order_plus_one(tokens, context, V, order):
        return handed_down(tokens, context, V, order + 1)

    @mistake(
        "one token too few in the context",
        hint="A model of order 2 looks at one token. At how many does yours?",
    )
    def order_minus_one(tokens, context, V, order):
        return handed_down(tokens, context, V, max(order - 1, 1))

    @mistake(
        "a long context not cut",
        hint="Where the context has at most order − 1 tokens you are right. How many may a model of this order see?",
    )
    def whole_context(tokens, context, V, order):
        return handed_down(tokens, context, V, len(context) + 1)

    @mistake(
        "order 1 reads the whole context",
        hint="In Python, a slice that starts at −0 starts at 0. What does a model of order 1 look at?",
    )
    def minus_zero(tokens, context, V, order):
        return handed_down(tokens, context, V, len(context) + 1 if order == 1 else order)

    @mistake(
        "a start before the beginning",
        hint="For a short context, its length − (order − 1) is negative. What does a slice that starts there hold?",
    )
    def negative_start(tokens, context, V, order):
        return handed_down(tokens, context[len(context) - (order - 1) :], V, order)

    @mistake(
        "the end of the text counted",
        hint="Where the context does not end the text you are right. N(c) counts how often *something* came after it.",
    )
    def end_counted(tokens, context, V, order):
        return handed_down(tokens, context, V, order, end_counts=True)

    @mistake(
        "no uniform part",
        hint="What does your model say of a token that is nowhere in the text?",
    )
    def no_uniform(tokens, context, V, order):
        def mix(N, N_c, T, lower):
            return N / N_c if N_c == len(tokens) else (N + T * lower) / (N_c + T)

        return handed_down(tokens, context, V, order, mix=mix)

    @mistake(
        "add one at the bottom",
        hint="Where nothing is left of the context, T is the number of different tokens in the text. Is it V?",
    )
    def add_one_below(tokens, context, V, order):
        def mix(N, N_c, T, lower):
            return (N + 1) / (N_c + V) if N_c == len(tokens) else (N + T * lower) / (N_c + T)

        return handed_down(tokens, context, V, order, mix=mix)

    @mistake(
        "the beginning follows the end",
        hint="In Python, index −1 is the last. What stands in front of the first token of the text in yours?",
    )
    def wraps(tokens, context, V, order):
        return handed_down(tokens, context, V, order, wraps=True)

    @mistake(
        "the last occurrence left out",
        hint="Count by hand in the worked example. Does the last token of the text count as what came after?",
    )
    def last_left_out(tokens, context, V, order):
        return handed_down(tokens[:-1], context, V, order)


def handed_down(
    tokens,
    context,
    V,
    order,
    *,
    mix=lambda N, N_c, T, lower: (N + T * lower) / (N_c + T),
    types=lambda N: (N > 0).sum(),
    unseen=lambda lower: lower,
    shorter=lambda c, length: c[len(c) - length :],
    end_counts=False,
    wraps=False,
):
    """Return P of all tokens; the keywords make the usual mistakes."""
    context = context[max(len(context) - (order - 1), 0) :]
    P = torch.full((V,), 1 / V, dtype=torch.float64)
    for length in range(len(context) + 1):
        c = shorter(context, length)
        places = range(0 if wraps else length, len(tokens))
        after = [tokens[t] for t in places if [tokens[(t - k) % len(tokens)] for k in range(length, 0, -1)] == c]
        N = torch.bincount(torch.tensor(after, dtype=torch.int64), minlength=V).double()
        N_c = len(after) + (end_counts and length > 0 and tokens[-length:] == c)
        P = mix(N, N_c, types(N), P) if N_c else unseen(P)
    return P


@exercise(
    returns="drawn: batch",
    groups={"everything kept": 1, "the unlikely cut": 2, "ties": 1},
    forbid=NOT_ALLOWED,
)
class sample_top_p:
    "The token on which a given number falls, after a temperature and with the unlikely tokens cut away."

    def inputs(generator):
        log_p = tensors(one=[[0.05, 0.4, 0.25, 0.3]] * 2)["one"].log()
        u = tensors(one=[0.5, 0.7])["one"]
        yield "the unlikely cut", {"log_probabilities": log_p, "temperature": 0.5, "top_p": 0.6, "u": u}
        for group, batch, V, temperature, top_p, dtype in [
            ("everything kept", 12, 7, 1.0, 1.0, torch.float64),
            ("everything kept", 9, 5, 0.6, 1.0, torch.float64),
            ("everything kept", 10, 6, 2.5, 1.0, torch.float32),
            ("everything kept", 8, 6, 0.0005, 1.0, torch.float64),  # so cold that P^(1/τ) is 0 for every token
            ("the unlikely cut", 16, 8, 1.0, 0.7, torch.float64),
            ("the unlikely cut", 16, 9, 0.5, 0.8, torch.float64),
            ("the unlikely cut", 16, 7, 2.0, 0.6, torch.float32),
            ("the unlikely cut", 10, 6, 1.0, 0.02, torch.float64),  # less than any likeliest token has
            ("ties", 16, 8, 1.5, 0.6, torch.float64),
            ("ties", 16, 7, 0.7, 0.9, torch.float64),
            ("ties", 9, 3, 1.0, 1.0, torch.float32),
        ]:
            rows = [row(generator, V, temperature, top_p, ties=group == "ties") for _ in range(batch)]
            log_p, u = (torch.stack(column).to(dtype) for column in zip(*rows, strict=True))
            yield group, {"log_probabilities": log_p, "temperature": temperature, "top_p": top_p, "u": u}
        # two of four reach top_p exactly; u = 0.5 stands exactly where the second one begins
        log_p, u = tensors(one=[[0.25] * 4] * 4)["one"].log(), tensors(one=[0.5, 0.75, 0.25, 0.0])["one"]
        yield "ties", {"log_probabilities": log_p, "temperature": 1.0, "top_p": 0.5, "u": u}
        log_p, u = row(generator, 4, 1.0, 0.8, ties=False)
        # one token has everything; u = 0 is a number, too
        certain = tensors(one=[0.0, 0.0, 1.0, 0.0])["one"].log()
        both = torch.stack([certain, certain, log_p, log_p])
        u = torch.stack([torch.zeros_like(u), torch.full_like(u, 0.98), torch.zeros_like(u), u])
        yield "the unlikely cut", {"log_probabilities": both, "temperature": 1.0, "top_p": 0.8, "u": u}

    def reference(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u)

    @mistake(
        "the token that crosses the line dropped",
        hint="Add up what your nucleus has. Does it reach top_p?",
    )
    def crossing_dropped(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, kept=lambda P: max(full(P, top_p) - 1, 1))

    @mistake(
        "nothing kept when the likeliest has more than top_p",
        hint="With top_p = 0.02, how many tokens does your nucleus hold?",
    )
    def empty_nucleus(log_probabilities, temperature, top_p, u):
        def kept(P):
            count = full(P, top_p) - 1 if top_p < 1 else len(P)
            if not count:
                raise IndexError("no token left")
            return count

        return drawn(log_probabilities, temperature, top_p, u, kept=kept)

    @mistake(
        "one more kept when top_p is reached exactly",
        hint="Two of four equally likely tokens have 0.5 together. Is a third one needed to reach 0.5?",
    )
    def beyond_top_p(log_probabilities, temperature, top_p, u):
        def kept(P):
            return min(int((P.cumsum(0) <= top_p).sum()) + 1, len(P))

        return drawn(log_probabilities, temperature, top_p, u, kept=kept)

    @mistake(
        "a number on the border given to the token before",
        hint="A stretch begins with its first number, as the first one does with 0. Where the first ends, who begins?",
    )
    def border(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, before=torch.lt)

    @mistake(
        "one token too many kept",
        hint="In the worked example, two tokens have 0.79 together. Is a third one needed to reach 0.6?",
    )
    def one_more(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, kept=lambda P: full(P, top_p) + 1)

    @mistake(
        "the unlikely kept and the likely cut",
        hint="From which end do you lay the tokens out: whose stretch begins at 0?",
    )
    def ascending(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, order_of=lambda P: P.argsort(stable=True))

    @mistake(
        "the likely kept, but laid out from the unlikely up",
        hint="The right tokens are kept. Whose stretch begins at 0?",
    )
    def laid_out_ascending(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, laid_out=lambda order, P: order.flip(0))

    @mistake(
        "laid out in the order of the vocabulary",
        hint="The right tokens are kept. In which order do you lay them end to end?",
    )
    def unsorted(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, laid_out=lambda order, P: order.sort().values)

    @mistake(
        "what is left not stretched, the rest falls on the last one kept",
        hint="With top_p = 1 you are right. How long are all stretches that are left together, and how far does u go?",
    )
    def not_renormalised(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, whole=lambda _left: 1.0)

    @mistake(
        "what is left not stretched, the rest falls on the likeliest",
        hint="With top_p = 1 you are right. Where does u = 0.9 fall when the stretches that are left end at 0.7?",
    )
    def back_to_the_first(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, whole=lambda _left: 1.0, beyond=0)

    @mistake(
        "stretched to top_p instead of to what is left",
        hint="With top_p = 1 you are right. The nucleus reaches top_p. Does it end exactly there?",
    )
    def by_top_p(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, whole=lambda _left: top_p)

    @mistake(
        "nothing cut",
        hint="With top_p = 1 you are right. Which tokens can your function never return?",
    )
    def not_cut(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, 1.0, u)

    @mistake(
        "the cut before the temperature",
        hint="At temperature 1 you are right. Which tokens have top_p together: by P, or by P with the temperature?",
    )
    def temperature_last(log_probabilities, temperature, top_p, u):
        before = log_probabilities.softmax(-1)
        rows = zip(log_probabilities, before, u, strict=True)
        found = []
        for log_p, P, number in rows:
            place = kept_tokens(P, top_p)
            found.append(place[drawn(log_p[place][None], temperature, 1.0, number[None])])
        return torch.cat(found)

    @mistake(
        "the temperature left out",
        hint="At temperature 1 you are right. What changes in your function when it is 2?",
    )
    def no_temperature(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, 1.0, top_p, u)

    @mistake(
        "multiplied by the temperature",
        hint="At temperature 1 you are right. Cold should make the likely likelier. What does 0.5 do in yours?",
    )
    def upside_down(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, 1 / temperature, top_p, u)

    @mistake(
        "softmax of probabilities",
        hint="softmax takes the exponential. You are given logarithms: is one exponential enough?",
    )
    def softmax_twice(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities.softmax(-1), temperature, top_p, u)

    @mistake(
        "nothing left when it is cold",
        hint="At a temperature of 0.0005 your probabilities are all 0, or NaN. Can you subtract something before exp?",
    )
    def underflow(log_probabilities, temperature, top_p, u):
        powers = log_probabilities.exp() ** (1 / temperature)
        lost = powers.sum(-1) == 0
        found = drawn(log_probabilities, temperature, top_p, u)
        return torch.where(lost, 0, found)

    @mistake(
        "the place instead of the token",
        hint="Yours counts from the likeliest down. Which token stands at this place?",
    )
    def place_returned(log_probabilities, temperature, top_p, u):
        P = (log_probabilities / temperature).softmax(-1)
        order = torch.stack([one.argsort(descending=True, stable=True) for one in P])
        return (order == drawn(log_probabilities, temperature, top_p, u)[:, None]).int().argmax(-1)

    @mistake(
        "of equally likely tokens the later one first",
        hint="Without ties you are right. Turning an ascending order round turns the equal ones round, too.",
    )
    def later_first(log_probabilities, temperature, top_p, u):
        return drawn(log_probabilities, temperature, top_p, u, order_of=lambda P: P.argsort(stable=True).flip(0))


def full(P, top_p):
    """Return how many of the sorted probabilities it takes to reach top_p: by rounding, all may be just below 1."""
    return min(int((P.cumsum(0) < top_p).sum()) + 1, len(P))


def kept_tokens(P, top_p):
    order = P.argsort(descending=True, stable=True)
    return order[: full(P[order], top_p)].sort().values  # in the order of the vocabulary: ties stay as they are


def drawn(
    log_probabilities,
    temperature,
    top_p,
    u,
    *,
    order_of=lambda P: P.argsort(descending=True, stable=True),
    kept=None,
    laid_out=lambda order, P: order,
    whole=lambda left: left,
    before=torch.le,
    beyond=-1,
):
    """Return a token for each row, one row after the other; the keywords make the usual mistakes."""
    found = []
    for P, number in zip((log_probabilities / temperature).softmax(-1), u, strict=True):
        order = order_of(P)
        order = laid_out(order[: (kept or (lambda P: full(P, top_p)))(P[order])], P)
        ends = P[order].cumsum(0)
        place = int(before(ends, number * whole(ends[-1])).sum())
        found.append(order[place if place < len(order) else beyond])
    return torch.stack(found)


def row(generator, V, temperature, top_p, *, ties):
    """Draw log-probabilities and a number; both are drawn again where rounding might decide."""
    while True:
        logits = normal(generator, V, scale=1.2)
        if ties:
            logits = logits.round()
        elif top_p == 1:
            logits[int(torch.randint(1, V, (), generator=generator))] = -math.inf
        log_p, u = logits.log_softmax(0), 0.98 * torch.rand((), generator=generator, dtype=torch.float64)
        ends = (log_p / temperature).softmax(0).sort(descending=True).values.cumsum(0)
        left = ends[full(ends.diff(prepend=ends.new_zeros(1)), top_p) - 1]
        if top_p < 1 and (ends - top_p).abs().min() < 1e-3:
            continue
        if (ends / left - u).abs().min() > 1e-3:
            return log_p, u
