"""Checks on BERT: words hidden, pairs packed, the loss of hidden words, what reads <cls>, a gap as a classifier.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


def uniforms(generator, *shape, dtype=torch.float64):
    """Draw numbers between 0 and 1."""
    return torch.rand(shape, generator=generator, dtype=torch.float64).to(dtype)


@exercise(
    returns=("shown: batch step", "chosen: batch step"),
    groups={"who is chosen": 1, "what becomes of it": 2},
    forbid=NOT_ALLOWED,
)
class mask_tokens:
    "Words hidden as BERT does it, with the random numbers given."

    def inputs(generator):
        same = {"share": 0.5, "special": 3, "mask": 1}
        worked = tensors(
            tokens=[[2, 7, 8, 9, 5]],
            u_chosen=[[0.1, 0.2, 0.4, 0.3, 0.7]],
            u_kind=[[0.2, 0.3, 0.85, 0.95, 0.1]],
            words=[[4, 6, 3, 6, 6]],
        )
        yield "what becomes of it", worked | same
        for group, batch, time, share, special, mask, kinds, dtype in [
            ("who is chosen", 3, 4, 0.5, 4, 2, (0.0, 0.79), torch.float64),
            ("who is chosen", 2, 6, 1.0, 5, 4, (0.0, 0.79), torch.float32),
            ("who is chosen", 2, 3, 0.0, 2, 1, (0.0, 0.79), torch.float64),
            ("who is chosen", 4, 1, 0.3, 7, 0, (0.0, 0.79), torch.float64),
            ("what becomes of it", 3, 8, 0.6, 4, 2, (0.0, 1.0), torch.float32),
            ("what becomes of it", 5, 7, 0.4, 1, 0, (0.7, 1.0), torch.float64),
            ("what becomes of it", 3, 5, 0.9, 6, 5, (0.75, 1.0), torch.float64),
        ]:
            drawn = given(generator, batch, time, special, kinds, dtype)
            # where two numbers are equal, and at the ends
            drawn["u_chosen"][0, 0], drawn["u_chosen"][-1, -1] = share, 0.0
            drawn["tokens"][0, 0], drawn["tokens"][-1, -1] = special, special + 3
            if group == "what becomes of it":
                drawn["u_chosen"][1, :3] = share / 2
                drawn["tokens"][1, :3] = special + 4
                drawn["words"][1, :3] = special + 5
                # at the edges, which float32 does not have exactly
                edges = [0.8, 0.9, 0.0] if dtype == torch.float64 else [0.85, 0.95, 0.0]
                drawn["u_kind"][1, :3] = torch.tensor(edges, dtype=dtype)
            yield group, drawn | {"share": share, "special": special, "mask": mask}

    def reference(tokens, u_chosen, u_kind, words, share, special, mask):
        return hidden(tokens, u_kind, words, (u_chosen < share) & (tokens >= special), mask)

    @mistake("special tokens are chosen", hint="Which tokens may never be chosen, whatever their number says?")
    def special_too(tokens, u_chosen, u_kind, words, share, special, mask):
        return hidden(tokens, u_kind, words, u_chosen < share, mask)

    @mistake("the last special token is chosen", hint="With three special tokens, which is the first word: 2 or 3?")
    def last_special(tokens, u_chosen, u_kind, words, share, special, mask):
        return hidden(tokens, u_kind, words, (u_chosen < share) & (tokens >= special - 1), mask)

    @mistake("one number for both decisions", hint="Two decisions, two numbers. Which one says what becomes of a word?")
    def one_number(tokens, u_chosen, u_kind, words, share, special, mask):
        return hidden(tokens, u_chosen, words, (u_chosen < share) & (tokens >= special), mask)

    @mistake(
        "the kept words are not chosen",
        hint="A word that stays as it is: is it asked for? Then it belongs to `chosen`.",
    )
    def kept_left_out(tokens, u_chosen, u_kind, words, share, special, mask):
        shown, chosen = hidden(tokens, u_kind, words, (u_chosen < share) & (tokens >= special), mask)
        return shown, chosen & (u_kind < 0.9)

    @mistake("all chosen are hidden", hint="Do all the chosen words become the mask?")
    def all_hidden(tokens, u_chosen, u_kind, words, share, special, mask):
        chosen = (u_chosen < share) & (tokens >= special)
        return torch.where(chosen, mask, tokens), chosen

    @mistake("nobody stays", hint="Three things can become of a chosen word. What are the last 10 %?")
    def nobody_stays(tokens, u_chosen, u_kind, words, share, special, mask):
        chosen = (u_chosen < share) & (tokens >= special)
        return torch.where(chosen & (u_kind < 0.8), mask, torch.where(chosen, words, tokens)), chosen

    @mistake("words that were not chosen are replaced", hint="May a word change that was not chosen?")
    def others_replaced(tokens, u_chosen, u_kind, words, share, special, mask):
        chosen = (u_chosen < share) & (tokens >= special)
        shown = torch.where(chosen & (u_kind < 0.8), mask, tokens)
        return torch.where((u_kind >= 0.8) & (u_kind < 0.9), words, shown), chosen

    @mistake(
        "kept and replaced exchanged",
        hint="Between 0.8 and 0.9 another word stands there, and from 0.9 on the same one.",
    )
    def exchanged(tokens, u_chosen, u_kind, words, share, special, mask):
        chosen = (u_chosen < share) & (tokens >= special)
        shown = torch.where(chosen & (u_kind < 0.8), mask, tokens)
        return torch.where(chosen & (u_kind >= 0.9), words, shown), chosen

    @mistake("chosen are those at or above the share", hint="With a share of 0, how many words may be chosen?")
    def above(tokens, u_chosen, u_kind, words, share, special, mask):
        return hidden(tokens, u_kind, words, (u_chosen >= share) & (tokens >= special), mask)


def given(generator, batch, time, special, kinds, dtype):
    """Draw tokens, some of them special, and the numbers that decide about them."""
    low, high = kinds
    return {
        "tokens": torch.randint(0, special + 9, (batch, time), generator=generator),
        "u_chosen": uniforms(generator, batch, time, dtype=dtype),
        "u_kind": low + (high - low) * uniforms(generator, batch, time, dtype=dtype),
        "words": torch.randint(special, special + 9, (batch, time), generator=generator),
    }


def hidden(tokens, u_kind, words, chosen, mask):
    """Return what is shown where some are chosen."""
    replaced = chosen & (u_kind >= 0.8) & (u_kind < 0.9)
    return torch.where(replaced, words, torch.where(chosen & (u_kind < 0.8), mask, tokens)), chosen


@exercise(
    returns=("tokens: step", "segments: step"),
    groups={"room to spare": 1, "too long": 2, "one sentence": 1},
    forbid=NOT_ALLOWED,
)
class pack_pair:
    "Two sentences as one sequence, the longer one cut where they are too long."

    def inputs(generator):
        ends = {"cls": 1, "sep": 2, "pad": 0}
        yield "room to spare", tensors(first=[5, 6, 7], second=[8, 9]) | {"length": 9} | ends
        for group, first, second, length, cls, sep, pad in [
            ("room to spare", 2, 5, 12, 3, 1, 2),
            ("room to spare", 4, 3, 10, 0, 1, 2),
            ("too long", 6, 3, 9, 1, 2, 0),
            ("too long", 3, 7, 10, 2, 0, 1),
            ("too long", 4, 4, 8, 1, 2, 0),
            ("too long", 5, 4, 5, 3, 2, 1),
            # one of them so short that it is not cut
            ("too long", 8, 1, 9, 1, 0, 2),
            ("too long", 8, 2, 10, 2, 1, 0),
            ("too long", 1, 7, 8, 0, 2, 1),
            ("one sentence", 4, 0, 9, 1, 2, 0),
            ("one sentence", 7, 0, 6, 2, 3, 1),
            ("one sentence", 3, 0, 5, 1, 2, 0),
            ("one sentence", 1, 0, 4, 3, 1, 0),
        ]:
            sentences = {
                name: torch.randint(10, 40, (count,), generator=generator)
                for name, count in (("first", first), ("second", second))
            }
            yield group, sentences | {"length": length, "cls": cls, "sep": sep, "pad": pad}

    def reference(first, second, length, cls, sep, pad):
        return laid_out(*cut(first, second, length), length, cls, sep, pad)

    @mistake("the first <sep> has the segment of the second sentence", hint="Which sentence does the first <sep> end?")
    def sep_of_the_second(first, second, length, cls, sep, pad):
        tokens, segments = laid_out(*cut(first, second, length), length, cls, sep, pad)
        if len(second):
            segments[len(cut(first, second, length)[0]) + 1] = 1
        return tokens, segments

    @mistake("the last <sep> has the segment 0", hint="Which sentence does the last <sep> end?")
    def last_sep_of_the_first(first, second, length, cls, sep, pad):
        tokens, segments = laid_out(*cut(first, second, length), length, cls, sep, pad)
        if len(second):
            segments[sum(len(one) for one in cut(first, second, length)) + 2] = 0
        return tokens, segments

    @mistake("the padding has the segment 1", hint="What segment does the padding have in the worked example?")
    def padding_of_the_second(first, second, length, cls, sep, pad):
        tokens, segments = laid_out(*cut(first, second, length), length, cls, sep, pad)
        end = sum(len(one) + 1 for one in cut(first, second, length) if len(one)) + 1
        segments[end:] = int(len(second) > 0)
        return tokens, segments

    @mistake(
        "only the second sentence is cut", hint="Which of the two sentences loses a word, when the pair is too long?"
    )
    def second_cut(first, second, length, cls, sep, pad):
        room = length - 2 - (len(second) > 0)
        if len(second):
            second = second[: max(room - len(first), 1)]
        return laid_out(first[: room - len(second)], second, length, cls, sep, pad)

    @mistake("cut at the end, <sep> and all", hint="What is the last token of a pair that was too long?")
    def sequence_cut(first, second, length, cls, sep, pad):
        whole = len(first) + len(second) + 3
        tokens, segments = laid_out(first, second, max(length, whole), cls, sep, pad)
        return tokens[:length], segments[:length]

    @mistake("cut at the beginning of a sentence", hint="Which words of a sentence that is too long are kept?")
    def beginning_cut(first, second, length, cls, sep, pad):
        kept = (sentence.flip(0) for sentence in cut(first.flip(0), second.flip(0), length))
        return laid_out(*kept, length, cls, sep, pad)

    @mistake("of equal sentences the first is cut", hint="Two sentences are equally long. Which one loses a word?")
    def first_of_equals(first, second, length, cls, sep, pad):
        other, one = cut(second, first, length) if len(second) else cut(first, second, length)[::-1]
        return laid_out(one, other, length, cls, sep, pad)

    @mistake("two <sep> after one sentence", hint="One sentence alone: how many <sep> are there?")
    def two_seps(first, second, length, cls, sep, pad):
        first, second = cut(first, second, length)
        tokens, segments = laid_out(first, second, length, cls, sep, pad)
        end = len(first) + 2
        if not len(second) and end < length:
            tokens[end] = sep
        return tokens, segments


def cut(first, second, length):
    """Return both sentences, the longer one without its last word for as long as there is no room."""
    room = length - 2 - (len(second) > 0)
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    return first, second


def laid_out(first, second, length, cls, sep, pad):
    """Return tokens and segments of sentences that fit."""
    tokens = [cls, *first.tolist(), sep]
    segments = [0] * len(tokens)
    if len(second):
        tokens += [*second.tolist(), sep]
        segments += [1] * (len(second) + 1)
    rest = length - len(tokens)
    return torch.tensor(tokens + [pad] * rest), torch.tensor(segments + [0] * rest)


@exercise(
    returns="loss",
    groups={"chosen places": 2, "large logits": 1, "nothing chosen": 1},
    forbid=(*NOT_ALLOWED, "torch.nn.functional"),
)
class mlm_loss:
    "The mean loss of the words that are asked for."

    def inputs(generator):
        worked = tensors(logits=[[[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]]], tokens=[[0, 0, 1]])
        yield "chosen places", worked | {"chosen": torch.tensor([[True, False, True]])}
        for group, batch, time, classes, scale, added, dtype in [
            ("chosen places", 3, 4, 5, 1.0, 0.0, torch.float64),
            ("chosen places", 2, 6, 3, 2.0, 0.0, torch.float32),
            ("chosen places", 4, 2, 7, 1.0, 0.0, torch.float64),
            ("chosen places", 3, 1, 6, 1.0, 0.0, torch.float64),  # one place in all
            ("large logits", 2, 5, 4, 1000.0, 0.0, torch.float64),
            ("large logits", 3, 2, 6, 400.0, 0.0, torch.float32),
            ("large logits", 2, 3, 5, 1.0, -2000.0, torch.float64),
            ("large logits", 3, 4, 6, 1e5, 0.0, torch.float64),
            ("nothing chosen", 2, 3, 4, 1.0, 0.0, torch.float64),
            ("nothing chosen", 3, 1, 5, 1.0, 0.0, torch.float32),
        ]:
            logits = normal(generator, batch, time, classes, scale=scale, dtype=dtype) + added
            tokens = torch.randint(classes, (batch, time), generator=generator)
            chosen = torch.rand(batch, time, generator=generator) < 0.5
            # rows differ in how many are asked for; the last one is asked at its first step too, if it has several
            chosen[0], chosen[1:, 0] = True, False
            if time > 1:
                chosen[-1, 0], chosen[-1, 1] = True, False
            if group == "nothing chosen":
                chosen[:] = False
            yield group, {"logits": logits, "tokens": tokens, "chosen": chosen}

    def reference(logits, tokens, chosen):
        return mean_of(costs(logits, tokens), chosen)

    @mistake("every token counts", hint="What of the words that were not chosen: are they asked for?")
    def every_token(logits, tokens, chosen):
        return costs(logits, tokens).mean() if chosen.any() else costs(logits, tokens).sum() * 0

    @mistake("divided by all tokens", hint="You sum over the chosen ones. How many terms does this sum have?")
    def divided_by_all(logits, tokens, chosen):
        return costs(logits, tokens)[chosen].sum() / chosen.numel()

    @mistake(
        "the mean of the rows' means",
        hint="A row with many chosen words and one with few: how much does each word weigh?",
    )
    def mean_of_rows(logits, tokens, chosen):
        rows = [mean_of(*one) for one in zip(costs(logits, tokens), chosen, strict=True) if one[1].any()]
        return torch.stack(rows).mean() if rows else costs(logits, tokens).sum() * 0

    @mistake("a sum", hint="Twice as many chosen words: should the loss be twice as large?")
    def a_sum(logits, tokens, chosen):
        return costs(logits, tokens)[chosen].sum()

    @mistake("NaN where nothing was chosen", hint="A batch in which nothing was chosen: what is your loss then?")
    def nothing_is_nan(logits, tokens, chosen):
        return costs(logits, tokens)[chosen].mean()

    @mistake("the softmax overflows", hint="What is exp(1000)? And the logarithm of a probability that became 0?")
    def overflows(logits, tokens, chosen):
        probability = logits.exp() / logits.exp().sum(-1, keepdim=True)
        return mean_of(-probability.gather(-1, tokens[..., None])[..., 0].log(), chosen)

    @mistake("in bits", hint="Which logarithm has the loss of this course?")
    def in_bits(logits, tokens, chosen):
        return mean_of(costs(logits, tokens), chosen) / math.log(2)

    @mistake("the words that were not chosen", hint="True says that a word is asked for. Which ones do you sum over?")
    def the_others(logits, tokens, chosen):
        return mean_of(costs(logits, tokens), ~chosen)


def costs(logits, tokens):
    """Return the loss of every place."""
    return -logits.log_softmax(-1).gather(-1, tokens[..., None])[..., 0]


def mean_of(losses, chosen):
    """Return the mean of the chosen ones, 0 of none."""
    return torch.where(chosen, losses, 0.0).sum() / max(int(chosen.sum()), 1)


HEAD_GROUPS = {"first": 1, "padded at the left": 2}


@exercise(returns="logits: batch class", groups=HEAD_GROUPS, forbid=NOT_ALLOWED)
class cls_head:
    "Classes from the vector of <cls>, wherever it stands."

    def inputs(generator):
        worked = tensors(
            states=[[[[9.0, 9.0], [9.0, 9.0]]], [[[1.0, -1.0], [5.0, 5.0]]]],
            tokens=[[4, 7]],
            W_p=[[1.0, 0.0], [1.0, 1.0]],
            b_p=[0.0, 0.5],
            W=[[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]],
            b=[0.0, 0.0, 1.0],
        )
        yield "first", worked | {"cls": 4}
        for group, layer, batch, time, model, classes, cls, dtype in [
            ("first", 2, 3, 5, 4, 2, 1, torch.float64),
            ("first", 3, 1, 4, 5, 6, 0, torch.float32),
            ("padded at the left", 2, 4, 6, 3, 5, 5, torch.float64),
            ("padded at the left", 3, 2, 5, 4, 3, 0, torch.float32),
            ("padded at the left", 1, 5, 4, 2, 3, 8, torch.float64),
        ]:
            places = torch.zeros(batch, dtype=torch.long)
            if group != "first":
                places = at_both_ends(generator, batch, time)
            tokens = with_one(generator, cls, places, time)
            yield (
                group,
                {
                    "states": normal(generator, layer, batch, time, model, dtype=dtype),
                    "tokens": tokens,
                    "W_p": normal(generator, model, model, dtype=dtype),
                    "b_p": normal(generator, model, dtype=dtype),
                    "W": normal(generator, classes, model, dtype=dtype),
                    "b": normal(generator, classes, dtype=dtype),
                    "cls": cls,
                },
            )

    def reference(states, tokens, W_p, b_p, W, b, cls):
        return head(at_cls(states[-1], tokens, cls), W_p, b_p, W, b)

    @mistake("the first step", hint="Where <cls> stands first, you are right. Does it always?")
    def first_step(states, tokens, W_p, b_p, W, b, cls):
        return head(states[-1][:, 0], W_p, b_p, W, b)

    @mistake("the lowest layer", hint="Which of the layers has looked at the whole sentence?")
    def lowest_layer(states, tokens, W_p, b_p, W, b, cls):
        return head(at_cls(states[0], tokens, cls) + 0 * states[-1][:, 0], W_p, b_p, W, b)

    @mistake("the mean of all steps", hint="Which one vector is to answer for the sentence?")
    def mean_of_steps(states, tokens, W_p, b_p, W, b, cls):
        return head(states[-1].mean(1), W_p, b_p, W, b)

    @mistake("the last step", hint="At which end of the sentence does <cls> stand?")
    def last_step(states, tokens, W_p, b_p, W, b, cls):
        return head(states[-1][:, -1], W_p, b_p, W, b)

    @mistake("no tanh", hint="Two layers without anything between them are one. What stands between them here?")
    def no_tanh(states, tokens, W_p, b_p, W, b, cls):
        return (at_cls(states[-1], tokens, cls) @ W_p.T + b_p) @ W.T + b

    @mistake("tanh before the first layer", hint="What does the equation take the tanh of?")
    def tanh_first(states, tokens, W_p, b_p, W, b, cls):
        return (at_cls(states[-1], tokens, cls).tanh() @ W_p.T + b_p) @ W.T + b

    @mistake("tanh of the logits", hint="Can your logits be larger than 1? May logits be?")
    def tanh_last(states, tokens, W_p, b_p, W, b, cls):
        return head(at_cls(states[-1], tokens, cls), W_p, b_p, W, b).tanh()

    @mistake(
        "the first matrix transposed", hint="Rows of a batch are vectors: is it W_p or its transpose on the right?"
    )
    def transposed(states, tokens, W_p, b_p, W, b, cls):
        return (at_cls(states[-1], tokens, cls) @ W_p + b_p).tanh() @ W.T + b


def at_both_ends(generator, batch, time):
    """Draw a place of every row: the first one of the first row, the last one of the last."""
    places = torch.randint(time, (batch,), generator=generator)
    places[0] = 0
    places[-1] = time - 1
    return places


def with_one(generator, token, places, time):
    """Draw tokens, smaller and larger ones, among which the given one stands at the given place of every row alone."""
    tokens = torch.randint(8, (len(places), time), generator=generator)
    tokens += tokens >= token
    tokens[torch.arange(len(places)), places] = token
    return tokens


def at_cls(states, tokens, cls):
    """Return the vector where the token stands, of every row."""
    return states[torch.arange(len(tokens)), (tokens == cls).long().argmax(1)]


def head(z, W_p, b_p, W, b):
    """Return the logits of one vector of every row."""
    return (z @ W_p.T + b_p).tanh() @ W.T + b


@exercise(
    returns="P: batch class",
    groups={"as many words": 1, "different numbers of words": 2, "large logits": 1},
    forbid=NOT_ALLOWED,
)
class cloze_classify:
    "Classes from the words that are expected at a gap."

    def inputs(generator):
        worked = tensors(logits=[[[9.0, 0.0, 0.0, 0.0], [0.0, math.log(2), math.log(4), 0.0]]], tokens=[[5, 3]])
        yield "different numbers of words", worked | {"mask": 3, "words": [[2], [1, 3]]}
        for group, batch, time, vocabulary, words, mask, scale, dtype in [
            ("as many words", 3, 5, 7, [[1, 2], [6, 4]], 3, 1.0, torch.float64),
            ("as many words", 2, 4, 9, [[8], [0], [3]], 0, 2.0, torch.float32),
            ("different numbers of words", 4, 3, 8, [[1, 2, 5], [6, 4]], 5, 1.0, torch.float64),
            ("different numbers of words", 2, 6, 9, [[3], [1, 2, 0, 7], [8, 5]], 2, 1.5, torch.float32),
            ("different numbers of words", 1, 3, 6, [[0, 1], [2, 3, 4, 5]], 8, 1.0, torch.float64),
            ("large logits", 3, 4, 6, [[1], [2, 3]], 4, 2.0, torch.float64),
            ("large logits", 2, 5, 8, [[1, 0], [2]], 6, 3.0, torch.float32),
        ]:
            logits = normal(generator, batch, time, vocabulary, scale=scale, dtype=dtype)
            places = at_both_ends(generator, batch, time)
            if group == "large logits":
                logits = made_large(logits, places, words)
            yield (
                group,
                {
                    "logits": logits,
                    "tokens": with_one(generator, mask, places, time),
                    "mask": mask,
                    "words": words,
                },
            )

    def reference(logits, tokens, mask, words):
        return shared_out(of_words(at_cls(logits, tokens, mask).softmax(-1), words, lambda one: one.mean(-1)))

    @mistake("words summed, not averaged", hint="A class of four words against one of one word: who has the advantage?")
    def summed(logits, tokens, mask, words):
        return shared_out(of_words(at_cls(logits, tokens, mask).softmax(-1), words, lambda one: one.sum(-1)))

    @mistake("the likeliest word alone", hint="Do the other words of a class count as well?")
    def likeliest(logits, tokens, mask, words):
        return shared_out(of_words(at_cls(logits, tokens, mask).softmax(-1), words, lambda one: one.amax(-1)))

    @mistake("logits averaged, not probabilities", hint="What do you average: logits or probabilities?")
    def of_logits(logits, tokens, mask, words):
        return of_words(at_cls(logits, tokens, mask), words, lambda one: one.mean(-1)).softmax(-1)

    @mistake("not shared out among the classes", hint="What should the probabilities of all classes sum to?")
    def not_shared(logits, tokens, mask, words):
        return of_words(at_cls(logits, tokens, mask).softmax(-1), words, lambda one: one.mean(-1))

    @mistake("read at the first step", hint="Which token do the words stand in the place of?")
    def first_place(logits, tokens, mask, words):
        return shared_out(of_words(logits[:, 0].softmax(-1), words, lambda one: one.mean(-1)))

    @mistake("the mean of all steps", hint="One step is asked. Which one?")
    def all_places(logits, tokens, mask, words):
        return shared_out(of_words(logits.softmax(-1).mean(1), words, lambda one: one.mean(-1)))

    @mistake("the softmax overflows", hint="What is exp(2000)? And what does a softmax do with a number added to all?")
    def overflows(logits, tokens, mask, words):
        return shared_out(of_words(at_cls(logits, tokens, mask).exp(), words, lambda one: one.mean(-1)))

    @mistake(
        "a softmax of probabilities", hint="They are probabilities already. What makes them sum to 1, and no more?"
    )
    def softmax_twice(logits, tokens, mask, words):
        return of_words(at_cls(logits, tokens, mask).softmax(-1), words, lambda one: one.mean(-1)).softmax(-1)


def made_large(logits, places, words):
    """Return logits that overflow, or vanish, unless each row's largest one at the gap is subtracted.

    2000 more in one row and 2000 less in the next, and 4000 more beside the gap, are the same to a softmax at the gap;
    and the words of no class are so unlikely that they do not count.
    """
    rows = torch.arange(len(logits))
    large = logits + 2000.0 * (1 - 2 * (rows % 2)).to(logits.dtype)[:, None, None]
    others = sorted({*range(logits.shape[-1])}.difference(*words))
    large[:, :, others] -= 1800.0
    large[rows, (places + 1) % logits.shape[1]] += 4000.0
    return large


def of_words(numbers, words, together):
    """Return one number of every row for each class."""
    return torch.stack([together(numbers[:, one]) for one in words], 1)


def shared_out(numbers):
    """Return every row by its sum."""
    return numbers / numbers.sum(1, keepdim=True)
