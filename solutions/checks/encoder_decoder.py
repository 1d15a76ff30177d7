"""Checks on encoder and decoder: targets moved, losses and gradients, the first state, beams, BLEU of a corpus.

For instructors only.
"""

import math
import operator
from collections import Counter

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=False), "seqviz.data", "seqviz.plots")
PAD, BOS, EOS = 0, 1, 2  # in the examples; the cases give others, too


@exercise(
    returns=("reads: batch step", "says: batch step"),
    groups={"one length": 1, "padded": 2},
    forbid=NOT_ALLOWED,
)
class shift_right:
    "What a decoder reads and what it should say, of sentences without marks."

    def inputs(generator):
        yield (
            "padded",
            {
                "words": torch.tensor([[7, 5, 9], [8, 0, 0]]),
                "lengths": torch.tensor([3, 1]),
                "pad": 0,
                "bos": 1,
                "eos": 2,
            },
        )
        for group, lengths, pad, bos, eos in [
            ("one length", [4, 4, 4], 0, 1, 2),
            ("one length", [1, 1], 0, 1, 2),
            ("one length", [2], 3, 0, 1),
            ("padded", [2, 5, 3], 0, 1, 2),
            ("padded", [1, 2, 3, 4], 2, 0, 1),
            ("padded", [3, 1, 4], 1, 2, 0),
            ("padded", [4, 1], 3, 2, 1),
        ]:
            lengths = torch.tensor(lengths)
            words = torch.randint(4, 12, (len(lengths), int(lengths.max())), generator=generator)
            words[torch.arange(words.shape[1]) >= lengths[:, None]] = pad
            yield group, {"words": words, "lengths": lengths, "pad": pad, "bos": bos, "eos": eos}

    def reference(words, lengths, pad, bos, eos):
        return marked(words, lengths, pad, bos, eos)

    @mistake("the end behind the padding", hint="Where does a short sentence end? What does your decoder say there?")
    def end_last(words, lengths, pad, bos, eos):
        time = torch.full_like(lengths, words.shape[1])
        return marked(words, lengths, pad, bos, eos, end_at=time)

    @mistake(
        "the longest sentence loses its end",
        hint="How many steps does the longest sentence have, with its end? And your result?",
    )
    def cut_off(words, lengths, pad, bos, eos):
        reads, says = marked(words, lengths, pad, bos, eos)
        return reads[:, :-1], says[:, :-1]

    @mistake("not moved", hint="At the first step it has said nothing yet. What does it read there?")
    def not_moved(words, lengths, pad, bos, eos):
        says = marked(words, lengths, pad, bos, eos)[1]
        return says, says

    @mistake("moved to the left", hint="Which of the two begins with <bos>, and which ends with <eos>?")
    def exchanged(words, lengths, pad, bos, eos):
        return marked(words, lengths, pad, bos, eos)[::-1]

    @mistake(
        "<bos> is said, too",
        hint="Nobody has to say <bos>: it is given. What should be said at the first step?",
    )
    def start_said(words, lengths, pad, bos, eos):
        reads, says = marked(words, lengths, pad, bos, eos)
        start = reads[:, :1]
        return torch.cat([reads, torch.full_like(start, pad)], 1), torch.cat([start, says], 1)

    @mistake("no end", hint="After the last word the decoder has to stop. Who tells it?")
    def no_end(words, lengths, pad, bos, eos):
        return marked(words, lengths, pad, bos, pad)

    @mistake(
        "the end is read, too",
        hint="After <eos> nothing is said. At which step would a short sentence read it?",
    )
    def end_read(words, lengths, pad, bos, eos):
        says = marked(words, lengths, pad, bos, eos)[1]
        return torch.cat([torch.full_like(says[:, :1], bos), says[:, :-1]], 1), says

    @mistake(
        "marks 0, 1 and 2 whatever was given",
        hint="Look up which numbers pad, bos and eos have in this case.",
    )
    def fixed_marks(words, lengths, pad, bos, eos):
        words = torch.where(torch.arange(words.shape[1]) < lengths[:, None], words, PAD)
        return marked(words, lengths, PAD, BOS, EOS)


def marked(words, lengths, pad, bos, eos, *, end_at=None):
    """Return what is read and what is said, row by row; the end may be put elsewhere."""
    batch, time = words.shape
    reads, says = words.new_full((batch, time + 1), pad), words.new_full((batch, time + 1), pad)
    for i, length in enumerate(lengths.tolist()):
        reads[i, 0] = bos
        reads[i, 1 : length + 1] = words[i, :length]
        says[i, :length] = words[i, :length]
        says[i, length if end_at is None else int(end_at[i])] = eos
    return reads, says


@exercise(
    returns=("loss", "gradient: batch step token"),
    groups={"one length": 1, "padded": 2, "anything in the padding": 1},
    forbid=NOT_ALLOWED,
)
class sequence_loss:
    "The mean loss of all real words, and its gradient with respect to the logits."

    def inputs(generator):
        yield (
            "padded",
            {
                "logits": tensors(a=[[[0.0, 0.0], [0.0, math.log(3)]], [[math.log(3), 0.0], [math.log(5)] * 2]])["a"],
                "target": torch.tensor([[0, 1], [1, 0]]),
                "lengths": torch.tensor([2, 1]),
            },
        )
        for group, lengths, tokens, dtype in [
            ("one length", [3, 3], 4, torch.float64),
            ("one length", [5], 3, torch.float32),
            ("padded", [2, 5, 1], 4, torch.float64),
            ("padded", [1, 4], 3, torch.float32),
            ("padded", [3, 1, 1, 2], 5, torch.float64),
            ("anything in the padding", [1, 3], 4, torch.float64),
            ("anything in the padding", [4, 2, 1], 3, torch.float64),
        ]:
            lengths = torch.tensor(lengths)
            shape = len(lengths), int(lengths.max())
            logits = normal(generator, *shape, tokens, scale=2.0, dtype=dtype)
            target = torch.randint(tokens, shape, generator=generator)
            if group == "anything in the padding":
                behind = torch.arange(shape[1]) >= lengths[:, None]
                logits[behind] = math.nan
                target[behind] = -100
            if len(lengths) == 4:
                logits[0] += 2000.0
            yield group, {"logits": logits, "target": target, "lengths": lengths}

    def reference(logits, target, lengths):
        return loss_of(logits, target, lengths)

    @mistake("the mean over the padding, too", hint="By how many words do you divide, and how many are real?")
    def over_padding(logits, target, lengths):
        return loss_of(logits, target, lengths, share=lambda lengths, i: 1 / (len(lengths) * int(lengths.max())))

    @mistake(
        "the mean of the means of the sentences",
        hint="Where all lengths are equal you are right. Does a word of a short sentence count more in yours?",
    )
    def mean_of_means(logits, target, lengths):
        return loss_of(logits, target, lengths, share=lambda lengths, i: 1 / (len(lengths) * int(lengths[i])))

    @mistake("the sum", hint="Twice the batch would give twice the loss. What is asked for?")
    def not_divided(logits, target, lengths):
        return loss_of(logits, target, lengths, share=lambda lengths, i: 1.0)

    @mistake("the sum of the sentences' means", hint="By what do you divide in the end?")
    def divided_by_batch(logits, target, lengths):
        return loss_of(logits, target, lengths, share=lambda lengths, i: 1 / len(lengths))

    @mistake("the padding scored", hint="What stands behind the end of a short sentence, and does it count in yours?")
    def padding_scored(logits, target, lengths):
        logits.log_softmax(-1).gather(-1, target[..., None])  # fails where there is no such token
        return loss_of(logits, target, torch.full_like(lengths, target.shape[1]))

    @mistake(
        "token 0 taken for padding", hint="May 0 be a word? What says where a sentence ends: its tokens, or `lengths`?"
    )
    def no_token_0(logits, target, lengths):
        real = target > 0
        log_p = torch.where(real[..., None], logits, 0.0).log_softmax(-1)
        tokens = torch.where(real, target, 0)[..., None]
        losses = torch.where(real, -log_p.gather(-1, tokens)[..., 0], 0.0)
        difference = log_p.exp() - torch.zeros_like(log_p).scatter(-1, tokens, 1.0)
        return losses.sum() / real.sum(), torch.where(real[..., None], difference, 0.0) / real.sum()

    @mistake("multiplied by zero", hint="What is 0 · NaN? Choose instead of multiplying.")
    def times_zero(logits, target, lengths):
        loss, gradient = loss_of(logits, target, lengths)
        behind = torch.arange(target.shape[1]) >= lengths[:, None]
        return loss + 0.0 * logits[behind].sum(), gradient + 0.0 * torch.where(behind[..., None], logits, 0.0)

    @mistake("the target not taken off", hint="The loss is right. At the right word the gradient is below 0.")
    def no_target(logits, target, lengths):
        loss, _ = loss_of(logits, target, lengths)
        return loss, loss_of(logits, target, lengths, taken=0.0)[1]

    @mistake("the gradient not divided", hint="The loss is right, and a mean. Its gradient is a mean, too.")
    def gradient_of_sum(logits, target, lengths):
        return loss_of(logits, target, lengths)[0], loss_of(logits, target, lengths, share=lambda *_: 1.0)[1]

    @mistake("the gradient turned round", hint="The loss is right. Which logit would you raise to make it smaller?")
    def ascending(logits, target, lengths):
        loss, gradient = loss_of(logits, target, lengths)
        return loss, -gradient

    @mistake("exp of large logits", hint="One row of logits is near 2000. What is exp(2000)?")
    def overflow(logits, target, lengths):
        loss, gradient = loss_of(logits, target, lengths)
        real = torch.arange(target.shape[1]) < lengths[:, None]
        lost = real & (logits.exp().sum(-1) == math.inf)
        return torch.where(lost.any(), math.nan, loss), torch.where(lost[..., None], math.nan, gradient)


def loss_of(logits, target, lengths, *, share=lambda lengths, i: 1 / int(lengths.sum()), taken=1.0):
    """Return loss and gradient, sentence by sentence; the keywords make the usual mistakes."""
    loss, gradient = logits.new_zeros(()), torch.zeros_like(logits)
    for i, length in enumerate(lengths.tolist()):
        for t in range(length):
            log_p = logits[i, t].log_softmax(-1)
            loss = loss - share(lengths, i) * log_p[target[i, t]]
            gradient[i, t] = log_p.exp()
            gradient[i, t, target[i, t]] -= taken
        gradient[i] *= share(lengths, i)
    return loss, gradient


@exercise(returns="s_0: layer batch unit", groups={"one layer": 1, "several layers": 2}, forbid=NOT_ALLOWED)
class state_for_decoder:
    "The first states of a layered decoder, from an encoder of both directions."

    def inputs(generator):
        yield (
            "several layers",
            tensors(
                h_n=[[[1.0]], [[2.0]], [[3.0]], [[4.0]]],
                W=[[[1.0, 0.0], [0.0, 1.0]], [[0.1, 0.0], [0.0, 0.1]]],
                b=[[0.0, 0.0], [0.0, 1.0]],
            ),
        )
        for layers, batch, hidden, unit, dtype in [
            (1, 3, 2, 5, torch.float64),
            (1, 1, 3, 4, torch.float32),
            (2, 3, 4, 5, torch.float64),
            (3, 2, 2, 3, torch.float64),
            (2, 2, 2, 4, torch.float32),
            (4, 3, 1, 2, torch.float64),
        ]:
            group = "one layer" if layers == 1 else "several layers"
            h_n = normal(generator, 2 * layers, batch, hidden, scale=0.8, dtype=dtype)
            W = normal(generator, layers, unit, 2 * hidden, scale=0.6, dtype=dtype)
            yield group, {"h_n": h_n, "W": W, "b": normal(generator, layers, unit, scale=0.5, dtype=dtype)}

    def reference(h_n, W, b):
        return first_states(h_n, W, b)

    @mistake(
        "all forward states taken first",
        hint="With one layer you are right. In which order does torch stack layers and directions in h_n?",
    )
    def halves(h_n, W, b):
        L = len(W)
        return first_states(h_n, W, b, pair=lambda layer: (layer, L + layer))

    @mistake("the backward state first", hint="Which half of the joined state do the first columns of W read?")
    def backward_first(h_n, W, b):
        return first_states(h_n, W, b, pair=lambda layer: (2 * layer + 1, 2 * layer))

    @mistake("the top layer everywhere", hint="With one layer you are right. Each layer has an end of its own.")
    def top_only(h_n, W, b):
        return first_states(h_n, W, b, pair=lambda layer: (len(h_n) - 2, len(h_n) - 1))

    @mistake("the layers turned round", hint="With one layer you are right. Which layer does h_n begin with?")
    def reversed_layers(h_n, W, b):
        return first_states(h_n, W, b, pair=lambda layer: (len(h_n) - 2 - 2 * layer, len(h_n) - 1 - 2 * layer))

    @mistake("the forward state twice", hint="What has the network that read from the end to tell?")
    def forward_twice(h_n, W, b):
        return first_states(h_n, W, b, pair=lambda layer: (2 * layer, 2 * layer))

    @mistake(
        "rows of the batch mixed",
        hint="With a batch of 1 you are right. A reshape keeps the numbers in their order: whose are side by side?",
    )
    def reshaped(h_n, W, b):
        layers, batch = len(W), h_n.shape[1]
        joined = h_n.reshape(layers, batch, -1)
        return torch.stack([torch.tanh(joined[layer] @ W[layer].T + b[layer]) for layer in range(layers)])

    @mistake("no tanh", hint="A state of the decoder lies between −1 and 1. Does yours?")
    def no_tanh(h_n, W, b):
        return first_states(h_n, W, b, squash=lambda a: a)

    @mistake("the bias left out", hint="What is s_0 where all states are 0?")
    def no_bias(h_n, W, b):
        return first_states(h_n, W, torch.zeros_like(b))

    @mistake("one matrix for all layers", hint="With one layer you are right. How many matrices are there in W?")
    def first_matrix(h_n, W, b):
        return first_states(h_n, W[:1].expand_as(W), b[:1].expand_as(b))


def first_states(h_n, W, b, *, pair=lambda layer: (2 * layer, 2 * layer + 1), squash=torch.tanh):
    """Return the states, layer by layer; the keywords make the usual mistakes."""
    states = []
    for layer in range(len(W)):
        forward, backward = (h_n[place] for place in pair(layer))
        states.append(squash(torch.cat([forward, backward], -1) @ W[layer].T + b[layer]))
    return torch.stack(states)


@exercise(
    returns=("output", "score"),
    groups={"greedy": 1, "a wider beam": 2, "divided by the length": 2},
    forbid=NOT_ALLOWED,
    tolerance=1e-5,  # in float32, scores are sums of rounded numbers
)
class beam_search:
    "The best output that a beam finds, and its score."

    def inputs(generator):
        # the table of the worked example: a network whose state does not matter, 0 a, 1 b, 2 the end, 3 the start
        rows = torch.tensor([[0.2, 0.2, 0.6], [0.025, 0.025, 0.95], [1 / 3, 1 / 3, 1 / 3], [0.6, 0.4, 0.0]]).double()
        table = rows.log().clamp(min=-50.0)
        one_hot = torch.eye(4, dtype=torch.float64)
        yield (
            "a wider beam",
            {
                "E": 50 * one_hot,
                "W": torch.zeros(4, 4, dtype=torch.float64),
                "V": torch.cat([table.T, torch.full((1, 4), -50.0, dtype=torch.float64)]),
                "s_0": torch.zeros(4, dtype=torch.float64),
                "start": 3,
                "end": 2,
                "width": 2,
                "max_length": 3,
                "alpha": 0.0,
            },
        )
        for group in ("greedy", "a wider beam", "divided by the length"):
            for number in range(6 if group == "greedy" else 12):
                yield group, searchable(generator, group, number)
            for edge in ("one token", "ended at once") if group == "greedy" else ("many kept", "ended at once"):
                yield group, searchable(generator, group, 1, edge)

    def reference(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha)

    @mistake(
        "the state not taken along",
        hint="With a width of 1 you are right. Beam 1 may be a continuation of beam 2: whose state does it have?",
    )
    def state_stays(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(
            E, W, V, s_0, start, end, width, max_length, alpha, state_of=lambda parent, place, n: min(place, n - 1)
        )

    @mistake(
        "an output keeps its place in the beam",
        hint="With a width of 1 you are right. An output leaves the beam: how many beginnings go on beside it?",
    )
    def shrinking(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, shrinks=True)

    @mistake(
        "what has ended is continued",
        hint="What can follow the end token? And what may your beam append to it?",
    )
    def extended(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, ends=False)

    @mistake(
        "stopped at the first output",
        hint="With a width of 1 you are right. May an output that ends later be better?",
    )
    def first_output(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, stop_after=1)

    @mistake(
        "stopped at as many outputs as the width",
        hint="With a width of 1 you are right. When is the search over: may a beginning that is left still win?",
    )
    def enough_outputs(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, stop_after=width)

    @mistake(
        "the best of each beam instead of the best of all",
        hint="With a width of 1 you are right. May both survivors be continuations of the same beam?",
    )
    def each_beam(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, per_beam=True)

    @mistake(
        "more kept than there are",
        hint="A beginning has as many continuations as there are tokens. What if `width` is larger?",
    )
    def too_many(E, W, V, s_0, start, end, width, max_length, alpha):
        (V @ s_0).topk(width)  # fails where there are fewer
        return found(E, W, V, s_0, start, end, width, max_length, alpha)

    @mistake("greedy at every width", hint="With a width of 1 you are right. How many beginnings do you keep?")
    def only_greedy(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, 1, max_length, alpha)

    @mistake("not divided by the length", hint="With α = 0 you are right. What does α do?")
    def no_alpha(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, 0.0)

    @mistake("the score not divided", hint="The output is right. Its score is what was compared in the end.")
    def plain_score(E, W, V, s_0, start, end, width, max_length, alpha):
        output, score = found(E, W, V, s_0, start, end, width, max_length, alpha)
        return output, score * len(output) ** alpha

    @mistake(
        "outputs and beginnings compared in the beam",
        hint="An output leaves the beam. Do yours take places from beginnings, and can they be pushed out?",
    )
    def stays(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, stays=True)

    @mistake("the start counted", hint="With α = 0 you are right. Which tokens does |y| count?")
    def start_counted(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, size=lambda tokens: len(tokens) + 1)

    @mistake("the end not counted", hint="With α = 0 you are right. Which tokens does |y| count?")
    def end_not_counted(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(
            E,
            W,
            V,
            s_0,
            start,
            end,
            width,
            max_length,
            alpha,
            size=lambda tokens: max(len(tokens) - (tokens[-1] == end), 1),
        )

    @mistake("α times the length", hint="With α = 0 and α = 1 you are right. Is α a factor or a power?")
    def not_a_power(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(
            E, W, V, s_0, start, end, width, max_length, alpha, divisor=lambda n, alpha: n * alpha if alpha else 1.0
        )

    @mistake(
        "what is cut off at the longest length forgotten",
        hint="A beginning that is as long as allowed is an output, too, without an end.",
    )
    def unfinished_lost(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, keep_unfinished=False)

    @mistake(
        "probabilities added",
        hint="Log-probabilities are added, probabilities are multiplied. What do you add?",
    )
    def added(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, said=lambda logits: logits.softmax(-1))

    @mistake(
        "logits added", hint="The scores of one step are no log-probabilities yet. Do their exponentials sum to 1?"
    )
    def logits_added(E, W, V, s_0, start, end, width, max_length, alpha):
        return found(E, W, V, s_0, start, end, width, max_length, alpha, said=lambda logits: logits)

    @mistake("the start handed back", hint="The output is what was said. Was the start said?")
    def with_start(E, W, V, s_0, start, end, width, max_length, alpha):
        output, score = found(E, W, V, s_0, start, end, width, max_length, alpha)
        return [start, *output], score


def found(
    E,
    W,
    V,
    s_0,
    start,
    end,
    width,
    max_length,
    alpha,
    *,
    said=lambda logits: logits.log_softmax(-1),
    state_of=lambda parent, place, n: parent,
    size=len,
    divisor=lambda n, alpha: n**alpha,
    ends=True,
    stop_after=math.inf,
    per_beam=False,
    keep_unfinished=True,
    shrinks=False,
    stays=False,
):
    """Return the best output and its score; the keywords make the usual mistakes."""
    alive, outputs = [((), 0.0, s_0)], []
    for length in range(1, max_length + 1):
        states, longer = [], []
        for parent, (tokens, log_P, s) in enumerate(alive):
            states.append(torch.tanh(E[tokens[-1] if tokens else start] + W @ s))
            values = said(V @ states[-1]).tolist()
            own = sorted(
                ((log_P + value, (*tokens, k), parent) for k, value in enumerate(values)), key=lambda one: -one[0]
            )
            longer += own[: max(width // len(alive), 1)] if per_beam else own
        room = width - len(outputs) if shrinks else width
        if stays:  # what has ended takes part in the next cut
            longer += [(log_P, tokens, None) for tokens, log_P in outputs]
            outputs = []
        longer = sorted(longer, key=lambda one: -one[0])[:room]
        alive = []
        for place, (log_P, tokens, parent) in enumerate(longer):
            ended = tokens[-1] == end
            if (ended and ends) or (length == max_length and (keep_unfinished or ended)):
                outputs.append((tokens, log_P))
            else:
                alive.append((tokens, log_P, states[state_of(parent, place, len(states))]))
        if not alive or len(outputs) >= stop_after:
            break
    if not outputs:
        return [], -math.inf
    scores = [log_P / divisor(size(tokens), alpha) for tokens, log_P in outputs]
    best = max(range(len(outputs)), key=lambda i: scores[i])
    return list(outputs[best][0]), scores[best]


def searchable(generator, group, number, edge=""):
    """Draw a small decoder whose search is clear, and in which the usual mistakes show, or one at an edge."""
    while True:
        tokens, hidden = 4 + number % 3, 3 + number % 2
        start, end = (number % 2, 2) if number % 3 else (tokens - 1, 0)
        dtype = torch.float32 if number % 5 == 4 else torch.float64
        case = {
            "E": normal(generator, tokens, hidden, scale=1.2, dtype=dtype),
            "W": normal(generator, hidden, hidden, scale=1.2, dtype=dtype),
            "V": normal(generator, tokens, hidden, scale=1.5, dtype=dtype),
            "s_0": normal(generator, hidden, dtype=dtype),
            "start": start,
            "end": end,
            "width": 1 if group == "greedy" else 2 + number % 3,
            "max_length": 3 + number % 4,
            "alpha": [0.5, 1.0, 0.7, 1.3][number % 4] if group == "divided by the length" else 0.0,
        }
        if edge == "one token":
            case["max_length"] = 1
        if edge == "many kept":
            case["width"] = tokens + 2  # more than there are continuations of the start
        output, _ = found(**case)
        if edge:
            fits = (output == [end]) == (edge == "ended at once")
        else:
            early = output[-1] == end and 1 < len(output) < case["max_length"]
            fits = early == (number % 2 == 0) and (group == "greedy" or tells(number % 4, case, output))
        if fits and clear(**case):
            return case


def tells(what, case, output):
    """Whether the best output is another one with a place more or less, or where outputs end the search or fill it."""
    width = case["width"]
    changes = [{"width": width + 1}, {"stop_after": width}, {"width": width - 1}, {"shrinks": True}]
    return found(**case | changes[what])[0] != output


def clear(E, W, V, s_0, start, end, width, max_length, alpha):
    """Whether a change of rounding changes nothing: the search with numbers a little apart finds the same."""
    first = found(E, W, V, s_0, start, end, width, max_length, alpha)
    return all(
        found(E * (1 + e), W * (1 - e), V * (1 + e), s_0, start, end, width, max_length, alpha)[0] == first[0]
        for e in (1e-5, -1e-5)
    )


@exercise(
    returns="score",
    groups={"one reference": 1, "several references": 2, "short translations": 1},
    forbid=NOT_ALLOWED,
)
class bleu:
    "BLEU of a corpus, each translation with one reference or several."

    def inputs(generator):
        yield (
            "several references",
            {
                "candidates": ["und und drei und vierzig", "fünf"],
                "references": [["drei und vierzig", "ein und drei und vierzig"], ["fünf", "die fünf"]],
            },
        )
        for group, sentences, references, changes in [
            ("one reference", 1, 1, 1),
            ("one reference", 4, 1, 2),
            ("one reference", 3, 1, 3),
            ("several references", 1, 2, 2),
            ("several references", 4, 3, 2),
            ("several references", 5, 2, 3),
            ("several references", 3, 3, 1),
            ("short translations", 4, 2, -2),
            ("short translations", 2, 1, -3),
            ("short translations", 3, 3, -1),
        ]:
            yield group, corpus(generator, sentences, references, changes)
        lost = {"candidates": ["a b c x d e"], "references": [["a b c d e f"]]}
        yield "one reference", lost  # no run of four: 0
        # no run of four anywhere: 0
        yield "short translations", {"candidates": ["a b", "c"], "references": [["a b"], ["c d"]]}
        yield "several references", {"candidates": ["a b c d"], "references": [["a b c d e", "a b c"]]}
        # one word short of the reference is short already
        yield "one reference", {"candidates": ["a b c d"], "references": [["a b c d e"]]}
        # lengths are compared once, of the corpus: what is too long here makes up for what is too short there
        balanced = {"candidates": ["a b c d e f", "a b c"], "references": [["a b c d"], ["a b c d e"]]}
        yield "one reference", balanced
        yield "several references", {"candidates": ["b a", "a b c d e"], "references": [["a b"], ["a b c d e", "e"]]}

    def reference(candidates, references):
        return score_of(candidates, references)

    @mistake("not clipped", hint="Translate everything by “und und und und”. What is your p_1?")
    def not_clipped(candidates, references):
        return score_of(
            candidates,
            references,
            clip=lambda own, others: sum(n for run, n in own.items() if any(run in one for one in others)),
        )

    @mistake(
        "clipped by each reference and added up",
        hint="With one reference you are right. A word stands once in each of two references: how often may it count?",
    )
    def summed(candidates, references):
        return score_of(candidates, references, clip=lambda own, others: (own & sum(others, Counter())).total())

    @mistake("only the first reference read", hint="With one reference you are right. What are the others for?")
    def first_only(candidates, references):
        return score_of(candidates, [one[:1] for one in references])

    @mistake(
        "the mean of the sentences",
        hint="With one sentence you are right. When do you divide, and what is added up first?",
    )
    def mean_of_sentences(candidates, references):
        scores = [score_of([a], [b]) for a, b in zip(candidates, references, strict=True)]
        return sum(scores) / len(scores)

    @mistake("the mean of the precisions", hint="Which mean is asked for? If one p_n is 0, what should the score be?")
    def arithmetic(candidates, references):
        return score_of(candidates, references, mean=lambda p: sum(p) / 4)

    @mistake("an order without a match left out", hint="If one p_n is 0, what should the score be?")
    def left_out(candidates, references):
        return score_of(candidates, references, mean=lambda p: math.prod(one for one in p if one) ** 0.25)

    @mistake(
        "fewer than no runs",
        hint="A sentence of one word: how many runs of four words does it have, and what does yours add to the total?",
    )
    def below_zero(candidates, references):
        return score_of(candidates, references, count=lambda words, n: len(words) - n + 1, share=operator.truediv)

    @mistake("weights ½ⁿ", hint="Are p_1 and p_4 worth the same in yours? Do your weights sum to 1?")
    def halved(candidates, references):
        return score_of(candidates, references, mean=lambda p: math.prod(one**0.5**n for n, one in enumerate(p, 1)))

    @mistake(
        "brevity punished sentence by sentence",
        hint="With one sentence you are right. May a long translation make up for a short one?",
    )
    def penalty_each(candidates, references):
        return score_of(candidates, references, each=max)

    @mistake("no brevity penalty", hint="How short may a translation be in yours, if all it says is right?")
    def no_penalty(candidates, references):
        return score_of(candidates, references, penalty=lambda c, r: 1.0)

    @mistake(
        "long translations rewarded",
        hint="What does the penalty do where the translation is longer than the reference?",
    )
    def rewarded(candidates, references):
        return score_of(candidates, references, penalty=lambda c, r: math.exp(1 - r / c))

    @mistake("the penalty of long translations", hint="Which of c and r is that of the translations?")
    def turned_round(candidates, references):
        return score_of(candidates, references, penalty=lambda c, r: min(1.0, math.exp(1 - c / r)))

    @mistake(
        "the shortest reference for the length",
        hint="With one reference you are right. The length of which reference is compared?",
    )
    def shortest(candidates, references):
        return score_of(candidates, references, length=lambda c, lengths: min(lengths))

    @mistake(
        "the longest reference for the length",
        hint="With one reference you are right. The length of which reference is compared?",
    )
    def longest(candidates, references):
        return score_of(candidates, references, length=lambda c, lengths: max(lengths))

    @mistake(
        "the mean length of the references",
        hint="With one reference you are right. The length of which reference is compared?",
    )
    def mean_length(candidates, references):
        return score_of(candidates, references, length=lambda c, lengths: sum(lengths) / len(lengths))

    @mistake(
        "of two equally close references the longer one",
        hint="A translation of 4 words, references of 3 and 5: both are one word away. Which length counts?",
    )
    def longer_of_two(candidates, references):
        return score_of(candidates, references, length=lambda c, lengths: min(lengths, key=lambda n: (abs(n - c), -n)))

    @mistake("letters instead of words", hint="A translation is a string. What are its tokens?")
    def letters(candidates, references):
        return score_of(candidates, references, split=list)

    @mistake("only up to pairs", hint="Up to which n do the runs go?")
    def pairs_only(candidates, references):
        return score_of(candidates, references, mean=lambda p: math.sqrt(p[0] * p[1]))


def score_of(
    candidates,
    references,
    *,
    clip=None,
    split=str.split,
    length=lambda c, lengths: min(lengths, key=lambda n: (abs(n - c), n)),
    penalty=lambda c, r: min(1.0, math.exp(1 - r / c)),
    mean=lambda p: math.prod(p) ** 0.25,
    count=lambda words, n: max(len(words) - n + 1, 0),
    share=lambda matches, total: matches / total if total else 0.0,
    each=lambda closest, c: closest,
):
    """Return the score; the keywords make the usual mistakes."""
    pairs = [(split(a), [split(one) for one in b]) for a, b in zip(candidates, references, strict=True)]
    p = []
    for n in range(1, 5):
        matches = total = 0
        for words, others in pairs:
            own, counts = runs(words, n), [runs(one, n) for one in others]
            total += count(words, n)
            matches += clip(own, counts) if clip else clipped(own, counts)
        p.append(share(matches, total))
    c = sum(len(words) for words, _ in pairs)
    r = sum(each(length(len(words), [len(one) for one in others]), len(words)) for words, others in pairs)
    return penalty(c, r) * mean(p)


def runs(words, n):
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def clipped(own, others):
    return sum(min(count, max(one[run] for one in others)) for run, count in own.items())


def corpus(generator, sentences, references, changes):
    """Draw references, one long and one short, and translations that differ from the first: by words, or shorter."""

    def drawn(count, high):
        return torch.randint(high, (count,), generator=generator).tolist()

    while True:
        candidates, truths = [], []
        for _ in range(sentences):
            own = ["abcde"[k] for k in drawn(7 + drawn(1, 3)[0], 5)]
            candidates.append(" ".join(altered(own, changes, drawn)))
            others = [[*altered(own, 1, drawn), "f", "f"], altered(own, 2, drawn)[:3]][: references - 1]
            truths.append([" ".join(one) for one in [own, *others]])
        if score_of(candidates, truths) > 0.05:
            return {"candidates": candidates, "references": truths}


def altered(words, changes, drawn):
    """Return the words with so many exchanged for the word at another place, or with so many left out at the end."""
    if changes < 0:
        return words[:changes]
    changed = list(words)
    for _ in range(changes):
        here, there = drawn(2, len(words))
        changed[here] = words[there]
    return changed
