"""Checks on the Transformer: its norm and the way back through it, its blocks, its learning rate, smoothed labels.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (
    *not_allowed(
        *(f"torch.{kind}_norm" for kind in ("layer", "group", "batch", "instance", "rms")),
        *(f"torch.native_{kind}_norm" for kind in ("layer", "group", "batch")),
        "torch.ops",
        autograd=False,
    ),
    "seqviz.data",
    "seqviz.plots",
)


def normalised(x, epsilon):
    """Return x with mean 0 and variance 1 along its last axis, and the deviation."""
    centred = x - x.mean(-1, keepdim=True)
    deviation = (centred.square().mean(-1, keepdim=True) + epsilon).sqrt()
    return centred / deviation, deviation


@exercise(
    returns="y: batch time size",
    groups={"a few vectors": 1, "a large ε": 1, "one number, equal numbers": 1},
    forbid=NOT_ALLOWED,
)
class layer_norm:
    "Every vector with mean 0 and variance 1, then a gain and a bias."

    def inputs(generator):
        worked = tensors(x=[[[1.0, 3.0, 5.0, 7.0]]], gain=[1.0, 1.0, 2.0, 1.0], bias=[0.0, 0.0, 0.0, 1.0])
        yield "a large ε", worked | {"epsilon": 4.0}
        for group, batch, time, size, epsilon, dtype in [
            ("a few vectors", 2, 3, 5, 1e-5, torch.float64),
            ("a few vectors", 4, 1, 2, 1e-5, torch.float64),
            ("a few vectors", 3, 3, 3, 1e-5, torch.float32),
            ("a large ε", 2, 4, 3, 0.5, torch.float64),
            ("a large ε", 1, 2, 6, 2.0, torch.float64),
            ("one number, equal numbers", 3, 2, 1, 1e-5, torch.float64),
            ("one number, equal numbers", 2, 3, 4, 1e-3, torch.float64),
        ]:
            x = 2 * normal(generator, batch, time, size, dtype=dtype) + 1
            if group == "one number, equal numbers":
                x[:, 0] = 3.0
            gain, bias = (normal(generator, size, dtype=dtype) for _ in range(2))
            yield group, {"x": x, "gain": gain, "bias": bias, "epsilon": epsilon}

    def reference(x, gain, bias, epsilon):
        return gain * normalised(x, epsilon)[0] + bias

    @mistake("divided by d − 1", hint="What does the variance divide by here, and what does torch's std?")
    def corrected(x, gain, bias, epsilon):
        variance = (x - x.mean(-1, keepdim=True)).square().sum(-1, keepdim=True) / max(x.shape[-1] - 1, 1)
        return gain * (x - x.mean(-1, keepdim=True)) / (variance + epsilon).sqrt() + bias

    @mistake("ε outside of the root", hint="With a small ε you are nearly right. To what is ε added?")
    def outside(x, gain, bias, epsilon):
        centred = x - x.mean(-1, keepdim=True)
        return gain * centred / (centred.square().mean(-1, keepdim=True).sqrt() + epsilon) + bias

    @mistake(
        "over the steps", hint="Whose mean is 0 in the end: that of a vector, or that of one number over all steps?"
    )
    def over_time(x, gain, bias, epsilon):
        return gain * normalised(x.mT, epsilon)[0].mT + bias

    @mistake("over the batch", hint="Does a sentence change what becomes of another one?")
    def over_batch(x, gain, bias, epsilon):
        return gain * normalised(x.movedim(0, -1), epsilon)[0].movedim(-1, 0) + bias

    @mistake("no gain and no bias", hint="Mean and variance are right. What are gain and bias for?")
    def plain(x, gain, bias, epsilon):
        return normalised(x, epsilon)[0]

    @mistake("the root is missing", hint="By what does the formula divide: by the variance, or by the deviation?")
    def no_root(x, gain, bias, epsilon):
        centred = x - x.mean(-1, keepdim=True)
        return gain * centred / (centred.square().mean(-1, keepdim=True) + epsilon) + bias


@exercise(
    returns=("dx: batch time size", "dgain: size", "dbias: size"),
    groups={"one vector": 1, "many vectors": 2, "a large ε": 1},
    forbid=NOT_ALLOWED,
)
class layer_norm_backward:
    "From the gradient of y to those of x, gain and bias."

    def inputs(generator):
        worked = tensors(dy=[[[1.0, 0.0]]], x=[[[-1.0, 1.0]]], gain=[2.0, 1.0])
        yield "a large ε", worked | {"epsilon": 3.0}
        for group, batch, time, size, epsilon, dtype in [
            ("one vector", 1, 1, 4, 1e-5, torch.float64),
            ("one vector", 1, 1, 3, 1e-5, torch.float64),
            ("many vectors", 2, 3, 5, 1e-5, torch.float64),
            ("many vectors", 4, 1, 3, 1e-5, torch.float32),
            ("many vectors", 3, 3, 3, 1e-3, torch.float64),
            ("a large ε", 2, 4, 3, 0.7, torch.float64),
            ("a large ε", 3, 2, 1, 0.5, torch.float64),
        ]:
            x, dy = (normal(generator, batch, time, size, dtype=dtype) for _ in range(2))
            gain = normal(generator, size, dtype=dtype)
            yield group, {"dy": dy, "x": 2 * x + 1, "gain": gain, "epsilon": epsilon}

    def reference(dy, x, gain, epsilon):
        return backward(dy, x, gain, epsilon)

    @mistake("μ and σ taken as constants", hint="x changes y directly, and by which two others as well?")
    def constants(dy, x, gain, epsilon):
        _, deviation = normalised(x, epsilon)
        return gain * dy / deviation, *backward(dy, x, gain, epsilon)[1:]

    @mistake("σ taken as a constant", hint="The mean is right. On what does σ depend?")
    def constant_deviation(dy, x, gain, epsilon):
        _, deviation = normalised(x, epsilon)
        inner = gain * dy
        return (inner - inner.mean(-1, keepdim=True)) / deviation, *backward(dy, x, gain, epsilon)[1:]

    @mistake("the gain is missing", hint="What stands between x̂ and y?")
    def without_gain(dy, x, gain, epsilon):
        return backward(dy, x, torch.ones_like(gain), epsilon)

    @mistake("not divided by σ", hint="How much does x̂ move when x moves by 1?")
    def undivided(dy, x, gain, epsilon):
        dx, dgain, dbias = backward(dy, x, gain, epsilon)
        return dx * normalised(x, epsilon)[1], dgain, dbias

    @mistake("the gain's gradient with x instead of x̂", hint="By what is the gain multiplied in the forward pass?")
    def gain_of_x(dy, x, gain, epsilon):
        dx, _, dbias = backward(dy, x, gain, epsilon)
        return dx, (dy * x).flatten(0, 1).sum(0), dbias

    @mistake(
        "a mean over the vectors", hint="With one vector you are right. Gain and bias serve all of them: what adds up?"
    )
    def averaged(dy, x, gain, epsilon):
        dx, dgain, dbias = backward(dy, x, gain, epsilon)
        many = x.shape[0] * x.shape[1]
        return dx, dgain / many, dbias / many


def backward(dy, x, gain, epsilon):
    """Return the gradients of x, gain and bias."""
    normal_x, deviation = normalised(x, epsilon)
    inner = gain * dy
    centred = inner - inner.mean(-1, keepdim=True) - normal_x * (inner * normal_x).mean(-1, keepdim=True)
    return centred / deviation, (dy * normal_x).flatten(0, 1).sum(0), dy.flatten(0, 1).sum(0)


def norm(x, gain, bias):
    """Return the layer norm with the blocks' ε."""
    return gain * normalised(x, 1e-5)[0] + bias


def attend(z, source, allowed, W, masked=-torch.inf):
    """Return one head's output; a step that may look at nothing gets zeros. ``masked`` is the score of other steps."""
    scores = (z @ W["W_q"].T) @ (source @ W["W_k"].T).mT / math.sqrt(len(W["W_q"]))
    nobody = ~allowed.any(-1, keepdim=True)
    filled = torch.where(nobody, 0.0, torch.where(allowed, scores, masked))
    return torch.where(nobody, 0.0, filled.softmax(-1)) @ (source @ W["W_v"].T) @ W["W_o"].T


def feed(z, W):
    """Return what the network says at each step."""
    return (z @ W["W_1"].T + W["b_1"]).relu() @ W["W_2"].T + W["b_2"]


def drawn_attention(generator, size, source, key, value):
    """Draw the four matrices of one head."""
    return {
        "W_q": normal(generator, key, size, scale=0.7),
        "W_k": normal(generator, key, source, scale=0.7),
        "W_v": normal(generator, value, source, scale=0.7),
        "W_o": normal(generator, size, value, scale=0.7),
    }


def drawn_network(generator, size, inner):
    """Draw the feed-forward network."""
    return {
        "W_1": normal(generator, inner, size, scale=0.7),
        "b_1": normal(generator, inner),
        "W_2": normal(generator, size, inner, scale=0.7),
        "b_2": normal(generator, size),
    }


def in_float32(given):
    """Return inputs with their real numbers in float32, in dicts as well."""
    if isinstance(given, dict):
        return {name: in_float32(value) for name, value in given.items()}
    return given.float() if isinstance(given, torch.Tensor) and given.is_floating_point() else given


def sharpened(weights):
    """Return one head with scores in the hundreds, of either sign."""
    return weights | {name: 15 * weights[name] for name in ("W_q", "W_k")}


def mask_of(kind, batch, time):
    """Return which steps may be looked at: where padding stands, and whether whole rows or the whole batch is padding.

    Every row has something to look at, but for "a row" and "the batch".
    """
    place, row = torch.arange(time), torch.arange(batch)[:, None]
    lengths = torch.tensor([max(time - 1, 1), 1, time])[row % 3]
    real = {
        "none": place >= 0,
        "behind": place < lengths,
        "in front": place >= time - lengths,
        "holes": (place + row) % 3 != 1,
        "a row": (place < lengths) & (row > 0),
        "the batch": place < 0,
    }[kind]
    return real.expand(batch, time).clone()


def nothing(size):
    """Return weights by which no sublayer adds anything."""
    zero = {name: torch.zeros(size, size).double() for name in ("W_q", "W_k", "W_v", "W_o", "W_1", "W_2")}
    return zero | {name: torch.zeros(size).double() for name in ("b_1", "b_2")}


def encode(x, real, attention, network, gains, biases, norm_first, masked=-torch.inf):
    """Return what leaves an encoder block."""
    allowed = real[:, None]
    for i, f in enumerate((lambda z: attend(z, z, allowed, attention, masked), lambda z: feed(z, network))):
        x = x + f(norm(x, gains[i], biases[i])) if norm_first else norm(x + f(x), gains[i], biases[i])
    return x


@exercise(
    returns="x: batch time size",
    groups={"norm first": 1, "norm last": 1, "padding": 1, "nothing to look at": 1},
    forbid=NOT_ALLOWED,
)
class encoder_block:
    "Self-attention and the feed-forward network, each with the way around it; the norm first or last."

    def inputs(generator):
        for group, first in (("norm first", True), ("norm last", False)):
            none = nothing(2)
            worked = {"x": tensors(x=[[[3.0, 5.0]]])["x"], "real": torch.tensor([[True]]), "attention": none}
            worked |= {"network": none, "gains": torch.ones(2, 2).double(), "biases": torch.zeros(2, 2).double()}
            yield group, worked | {"norm_first": first}
        for group, mask, batch, time, size, key, value, inner, first in [
            ("norm first", "none", 2, 3, 4, 5, 6, 7, True),
            ("norm first", "none", 3, 1, 2, 1, 3, 5, True),
            ("norm first", "none", 2, 4, 1, 3, 2, 5, True),
            ("norm last", "none", 2, 4, 3, 2, 5, 6, False),
            ("norm last", "none", 1, 1, 4, 2, 3, 1, False),
            ("padding", "behind", 3, 4, 5, 2, 6, 7, True),
            ("padding", "behind", 2, 5, 3, 4, 2, 6, False),
            ("padding", "in front", 3, 4, 5, 2, 3, 6, True),
            ("padding", "holes", 2, 6, 4, 3, 5, 2, False),
            ("large scores", "holes", 3, 6, 4, 5, 3, 2, True),
            ("large scores", "in front", 3, 5, 6, 4, 2, 3, False),
            ("nothing to look at", "a row", 3, 3, 4, 5, 2, 6, True),
            ("nothing to look at", "a row", 3, 2, 5, 1, 4, 3, False),
            ("nothing to look at", "the batch", 2, 3, 4, 2, 5, 3, True),
            ("nothing to look at", "the batch", 2, 1, 3, 2, 4, 5, False),
        ]:
            attention = drawn_attention(generator, size, size, key, value)
            given = {
                "x": normal(generator, batch, time, size),
                "real": mask_of(mask, batch, time),
                "attention": sharpened(attention) if group == "large scores" else attention,
                "network": drawn_network(generator, size, inner),
                "gains": normal(generator, 2, size),
                "biases": normal(generator, 2, size),
                "norm_first": first,
            }
            yield ("padding" if group == "large scores" else group), in_float32(given) if key == 1 else given

    def reference(x, real, attention, network, gains, biases, norm_first):
        return encode(x, real, attention, network, gains, biases, norm_first)

    @mistake(
        "the norm on what the sublayer returns",
        hint="With the norm first: what is normed, what goes in or what comes out?",
    )
    def on_the_output(x, real, attention, network, gains, biases, norm_first):
        x = x + norm(attend(x, x, real[:, None], attention), gains[0], biases[0])
        return x + norm(feed(x, network), gains[1], biases[1])

    @mistake("the way around starts at the normed x", hint="To what is a sublayer's output added: x, or norm(x)?")
    def from_the_normed(x, real, attention, network, gains, biases, norm_first):
        z = norm(x, gains[0], biases[0])
        x = z + attend(z, z, real[:, None], attention)
        z = norm(x, gains[1], biases[1])
        return z + feed(z, network)

    @mistake("one norm for both", hint="How many gains are there, and which belongs to the second sublayer?")
    def one_norm(x, real, attention, network, gains, biases, norm_first):
        return encode(x, real, attention, network, gains[[0, 0]], biases[[0, 0]], norm_first)

    @mistake("always the norm first", hint="You are right where norm_first is True. And where it is not?")
    def always_first(x, real, attention, network, gains, biases, norm_first):
        return encode(x, real, attention, network, gains, biases, True)

    @mistake("always the norm last", hint="You are right where norm_first is False. And where it is not?")
    def always_last(x, real, attention, network, gains, biases, norm_first):
        return encode(x, real, attention, network, gains, biases, False)

    @mistake("no way around", hint="Is x still in what comes out, or only what the sublayers made of it?")
    def replaced(x, real, attention, network, gains, biases, norm_first):
        z = norm(x, gains[0], biases[0])
        z = attend(z, z, real[:, None], attention)
        return feed(norm(z, gains[1], biases[1]), network)

    @mistake("padding is looked at", hint="Without padding you are right. Which keys may be looked at?")
    def unmasked(x, real, attention, network, gains, biases, norm_first):
        return encode(x, torch.ones_like(real), attention, network, gains, biases, norm_first)

    @mistake(
        "NaN where nothing may be looked at", hint="What is the softmax of a row of −∞, and what should be added there?"
    )
    def empty_is_nan(x, real, attention, network, gains, biases, norm_first):
        found = encode(x, real, attention, network, gains, biases, norm_first)
        return torch.where(real.any(1)[:, None, None], found, math.nan)

    @mistake(
        "masked with a number that is not low enough",
        hint="How low may a real score be? What is lower than every score that there is?",
    )
    def not_low_enough(x, real, attention, network, gains, biases, norm_first):
        return encode(x, real, attention, network, gains, biases, norm_first, masked=-100.0)

    @mistake("not scaled", hint="By what is a score divided before the softmax?")
    def unscaled(x, real, attention, network, gains, biases, norm_first):
        larger = attention | {"W_q": attention["W_q"] * math.sqrt(len(attention["W_q"]))}
        return encode(x, real, larger, network, gains, biases, norm_first)


def decode(y, memory, real, own, cross, network, gains, biases, masked=-torch.inf):
    """Return what leaves a decoder block, the norm first."""
    causal = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()[None]
    z = norm(y, gains[0], biases[0])
    y = y + attend(z, z, causal, own, masked)
    y = y + attend(norm(y, gains[1], biases[1]), memory, real[:, None], cross, masked)
    return y + feed(norm(y, gains[2], biases[2]), network)


@exercise(
    returns="y: batch time size",
    groups={"one step": 1, "many steps": 2, "padding": 1},
    forbid=NOT_ALLOWED,
)
class decoder_block:
    "Masked self-attention, attention to the memory, the feed-forward network; the norm first."

    def inputs(generator):
        none, same = nothing(2), torch.eye(2).double()
        worked = tensors(y=[[[1.0, 1.0]]], memory=[[[2.0, 0.0], [4.0, 2.0], [9.0, 9.0]]])
        worked |= {"real": torch.tensor([[True, True, False]]), "own": none}
        worked |= {"cross": none | {"W_v": same, "W_o": same}, "network": none}
        yield "padding", worked | {"gains": torch.ones(3, 2).double(), "biases": torch.zeros(3, 2).double()}
        for group, mask, batch, time, source, size, width, key, value, inner in [
            ("one step", "none", 2, 1, 3, 4, 5, 6, 7, 8),
            ("one step", "none", 1, 1, 1, 2, 3, 1, 4, 5),
            ("many steps", "none", 2, 3, 4, 5, 6, 7, 8, 9),
            ("many steps", "none", 3, 4, 2, 5, 3, 1, 6, 7),
            ("many steps", "none", 2, 4, 4, 3, 3, 2, 5, 6),
            ("many steps", "none", 1, 12, 5, 4, 3, 2, 3, 5),
            ("many steps", "none", 2, 7, 7, 1, 2, 3, 4, 2),
            ("large scores", "none", 2, 6, 5, 4, 3, 5, 2, 3),
            ("padding", "behind", 3, 2, 4, 5, 6, 3, 7, 8),
            ("padding", "behind", 2, 4, 4, 3, 3, 2, 5, 6),
            ("padding", "in front", 3, 3, 4, 4, 5, 2, 3, 6),
            ("padding", "holes", 3, 6, 6, 4, 4, 3, 2, 5),
            ("large scores", "holes", 3, 4, 6, 5, 4, 3, 2, 7),
        ]:
            own, cross = (drawn_attention(generator, size, *sizes, value) for sizes in ((size, key), (width, key + 1)))
            if group == "large scores":
                group, own, cross = "many steps" if mask == "none" else "padding", sharpened(own), sharpened(cross)
            given = {
                "y": normal(generator, batch, time, size),
                "memory": normal(generator, batch, source, width),
                "real": mask_of(mask, batch, source),
                "own": own,
                "cross": cross,
                "network": drawn_network(generator, size, inner),
                "gains": normal(generator, 3, size),
                "biases": normal(generator, 3, size),
            }
            yield group, in_float32(given) if key == 1 else given

    def reference(y, memory, real, own, cross, network, gains, biases):
        return decode(y, memory, real, own, cross, network, gains, biases)

    @mistake("looks ahead", hint="With one step you are right. What may step τ of the decoder look at?")
    def looks_ahead(y, memory, real, own, cross, network, gains, biases):
        z = norm(y, gains[0], biases[0])
        y = y + attend(z, z, torch.ones(1, y.shape[1], y.shape[1], dtype=torch.bool), own)
        y = y + attend(norm(y, gains[1], biases[1]), memory, real[:, None], cross)
        return y + feed(norm(y, gains[2], biases[2]), network)

    @mistake("does not look at itself", hint="Which keys may the first step look at?")
    def not_itself(y, memory, real, own, cross, network, gains, biases):
        z = norm(y, gains[0], biases[0])
        earlier = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril(-1)[None]
        y = y + attend(z, z, earlier, own)
        y = y + attend(norm(y, gains[1], biases[1]), memory, real[:, None], cross)
        return y + feed(norm(y, gains[2], biases[2]), network)

    @mistake("the memory masked causally", hint="How much of the source may the first step of the output look at?")
    def causal_memory(y, memory, real, own, cross, network, gains, biases):
        z = norm(y, gains[0], biases[0])
        causal = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()[None]
        y = y + attend(z, z, causal, own)
        seen = torch.ones(y.shape[1], memory.shape[1], dtype=torch.bool).tril() & real[:, None]
        y = y + attend(norm(y, gains[1], biases[1]), memory, seen, cross)
        return y + feed(norm(y, gains[2], biases[2]), network)

    @mistake(
        "keys and values from the decoder",
        hint="What does the block know of the source, if keys and values come from y?",
    )
    def from_the_decoder(y, memory, real, own, cross, network, gains, biases):
        if y.shape[2] != memory.shape[2]:
            return decode(y, memory * 0, real, own, cross, network, gains, biases)
        causal = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()[None]
        z = norm(y, gains[0], biases[0])
        y = y + attend(z, z, causal, own)
        z = norm(y, gains[1], biases[1])
        y = y + attend(z, z, causal, cross)
        return y + feed(norm(y, gains[2], biases[2]), network)

    @mistake("the two attentions exchanged", hint="Which comes first: what was written, or the source?")
    def exchanged(y, memory, real, own, cross, network, gains, biases):
        y = y + attend(norm(y, gains[0], biases[0]), memory, real[:, None], cross)
        z = norm(y, gains[1], biases[1])
        causal = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()[None]
        y = y + attend(z, z, causal, own)
        return y + feed(norm(y, gains[2], biases[2]), network)

    @mistake("padding of the memory is looked at", hint="Without padding you are right. What does real say?")
    def unmasked(y, memory, real, own, cross, network, gains, biases):
        return decode(y, memory, torch.ones_like(real), own, cross, network, gains, biases)

    @mistake(
        "masked with a number that is not low enough",
        hint="How low may a real score be? What is lower than every score that there is?",
    )
    def not_low_enough(y, memory, real, own, cross, network, gains, biases):
        return decode(y, memory, real, own, cross, network, gains, biases, masked=-100.0)

    @mistake("both attentions read the y that came in", hint="From which y does the second sublayer ask?")
    def side_by_side(y, memory, real, own, cross, network, gains, biases):
        z = norm(y, gains[0], biases[0])
        causal = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()[None]
        read = attend(z, z, causal, own) + attend(norm(y, gains[1], biases[1]), memory, real[:, None], cross)
        y = y + read
        return y + feed(norm(y, gains[2], biases[2]), network)


def rates(counted, size, warm_up):
    """Return the rate of updates that are counted from 0."""
    t = counted.double() + 1
    return size**-0.5 * torch.minimum(t**-0.5, t * warm_up**-1.5)


@exercise(
    returns="rates: steps",
    groups={"from the start": 1, "later": 1, "a warm-up of one step": 1},
    forbid=NOT_ALLOWED,
)
class noam_schedule:
    "The learning rate of each update, which a scheduler counts from 0."

    def inputs(generator):
        yield "from the start", {"steps": torch.tensor([0, 1, 3, 15]), "size": 16, "warm_up": 4}
        for group, first, last, size, warm_up in [
            ("from the start", 0, 12, 64, 5),
            ("from the start", 0, 1, 9, 3),
            ("later", 3, 9, 32, 6),
            ("later", 400, 412, 512, 400),
            ("a warm-up of one step", 0, 6, 7, 1),
        ]:
            yield group, {"steps": torch.arange(first, last), "size": size, "warm_up": warm_up}
        for group, steps, size, warm_up in [
            ("from the start", [5, 0, 9, 2, 2, 7], 24, 4),
            ("later", [100_000, 3, 4_000, 39, 1_500, 40], 48, 40),
        ]:
            yield group, {"steps": torch.tensor(steps), "size": size, "warm_up": warm_up}

    def reference(steps, size, warm_up):
        return rates(steps, size, warm_up)

    @mistake("steps counted from 0", hint="The equation counts from 1. What does a scheduler call the first update?")
    def from_zero(steps, size, warm_up):
        t = steps.double()
        return size**-0.5 * torch.minimum(t**-0.5, t * warm_up**-1.5)

    @mistake("the larger of both", hint="At the first step one part is large and the other small. Which one is wanted?")
    def larger(steps, size, warm_up):
        t = steps.double() + 1
        return size**-0.5 * torch.maximum(t**-0.5, t * warm_up**-1.5)

    @mistake("multiplied by the root of d", hint="Does a wider network get a larger rate, or a smaller one?")
    def wider_is_faster(steps, size, warm_up):
        return rates(steps, size, warm_up) * size

    @mistake("falls in a line", hint="While it rises you are right. With which power of the step does it fall?")
    def line(steps, size, warm_up):
        t = steps.double() + 1
        return size**-0.5 * torch.minimum(warm_up**0.5 / t, t * warm_up**-1.5)

    @mistake("the warm-up starts again", hint="What does the rate do after the warm-up: does it ever rise again?")
    def again(steps, size, warm_up):
        return rates(steps % warm_up, size, warm_up)

    @mistake("no warm-up", hint="After the warm-up you are right. And before it?")
    def none(steps, size, warm_up):
        return size**-0.5 * (steps.double() + 1) ** -0.5


def smoothed(targets, classes, epsilon, convention, padding):
    """Return the distributions of one convention."""
    right = (targets[..., None] == torch.arange(classes)).double()
    if convention == "all":
        return (1 - epsilon) * right + epsilon / classes
    if convention == "others":
        return (1 - epsilon) * right + epsilon / (classes - 1) * (1 - right)
    found = (1 - epsilon) * right + epsilon / (classes - 2) * (1 - right)
    found[..., padding] = 0.0
    found[targets == padding] = 0.0
    return found


@exercise(
    returns="distribution: batch time class",
    groups={"all": 1, "others": 1, "real others": 2},
    forbid=NOT_ALLOWED,
)
class smooth_labels:
    "The distribution that stands for a target, in three conventions."

    def inputs(generator):
        worked = {"targets": torch.tensor([[2, 0]]), "classes": 5, "epsilon": 0.3, "convention": "real others"}
        yield "real others", worked | {"padding": 0}
        for convention, batch, time, classes, epsilon, padding in [
            ("all", 2, 3, 5, 0.1, 0),
            ("all", 3, 1, 2, 0.4, 0),
            ("all", 2, 3, 4, 0.0, 2),
            ("others", 2, 3, 5, 0.1, 0),
            ("others", 1, 4, 2, 0.25, 1),
            ("others", 2, 2, 3, 0.0, 0),
            ("real others", 2, 4, 6, 0.1, 0),
            ("real others", 3, 3, 4, 0.2, 3),
            ("real others", 2, 3, 3, 0.5, 1),
            ("real others", 2, 3, 5, 0.0, 2),
        ]:
            targets = torch.randint(classes, (batch, time), generator=generator)
            targets[0, 0], targets[-1, -1] = padding, (padding + 1) % classes
            given = {"classes": classes, "epsilon": epsilon, "convention": convention, "padding": padding}
            yield convention, {"targets": targets, **given}

    def reference(targets, classes, epsilon, convention, padding):
        return smoothed(targets, classes, epsilon, convention, padding)

    @mistake("always ε / V", hint="Over how many tokens is ε shared out in each convention?")
    def always_all(targets, classes, epsilon, convention, padding):
        return smoothed(targets, classes, epsilon, "all", padding)

    @mistake("always ε / (V − 1)", hint="Does the right token get a part of ε, too, and does the padding?")
    def always_others(targets, classes, epsilon, convention, padding):
        return smoothed(targets, classes, epsilon, "others", padding)

    @mistake("the padding gets a share", hint="Which tokens are the V − 2 that share ε?")
    def padding_gets_some(targets, classes, epsilon, convention, padding):
        found = smoothed(targets, classes, epsilon, convention, padding)
        if convention == "real others":
            found[..., padding] = epsilon / (classes - 2)
            found[targets == padding] = 0.0
        return found

    @mistake("padding is a target like others", hint="What should be learned at a step that is padding itself?")
    def padding_is_learned(targets, classes, epsilon, convention, padding):
        found = smoothed(targets, classes, epsilon, convention, padding)
        if convention == "real others":
            right = (targets[..., None] == torch.arange(classes)).double()
            own = (1 - epsilon) * right + epsilon / (classes - 2) * (1 - right)
            found = torch.where((targets == padding)[..., None], own, found)
        return found

    @mistake("the right token keeps 1", hint="What do the probabilities of one target sum to?")
    def keeps_one(targets, classes, epsilon, convention, padding):
        right = (targets[..., None] == torch.arange(classes)) & (
            (targets != padding)[..., None] | (convention != "real others")
        )
        return smoothed(targets, classes, epsilon, convention, padding) + epsilon * right

    @mistake(
        "the padding is always token 0", hint="Where padding is 0 you are right. Which argument says which token it is?"
    )
    def padding_is_zero(targets, classes, epsilon, convention, padding):
        return smoothed(targets, classes, epsilon, convention, 0)
