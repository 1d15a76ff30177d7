"""Captions of drawn scenes, with and without attention: ``python -m experiments.scene_captions``.

As in the chapter: a network of convolutions is taught to name single things, then frozen; what it sees of every scene
is computed once; two decoders learn captions from it, five seeds each. One gets the picture once, the other looks at it
before every word. The first is also given two and a half times the steps. Last, a network of convolutions and a decoder
that looks learn together, end to end, from captions alone: for as many steps as naming and captions took, and for a
quarter of them, which takes about as many seconds. Scenes that were never seen are captioned, and counted is which
captions are true, what is wrong with the others, BLEU, the processor seconds of the training, and how much weight lies
on the thing that is being named. The result is a record of the package, which the chapter shows:
``sv.data.recorded("scene_captions")``.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.seeing.captions import CAPTION_VOCABULARY, FAULTS, caption, fault
from seqviz.data.seeing.scenes import COLOURS, CROP, SHAPES, Scene, cells_of, pictures, scenes, single_things
from seqviz.data.tokenizer import BOS, EOS
from seqviz.data.translation.parallel import padded
from seqviz.models.seeing.captioner import Captioner, ShowAndTell, ShowAttendAndTell, with_places
from seqviz.models.seeing.conv2d import ConvNet, ThingNamer
from seqviz.models.translation.bleu import bleu
from seqviz.models.translation.encoder_decoder import sequence_loss, shift_right
from seqviz.training import train

CELLS = 8  # rows and columns of what the network of convolutions returns
LONGEST = 9  # words of a caption, with the end


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    things: int = 4000
    scenes: int = 6000
    held_out: int = 500
    channels: tuple[int, ...] = (16, 32, 32)
    naming_steps: int = 450
    embedding: int = 24
    hidden: int = 64
    attention: int = 48
    batch: int = 64
    steps: int = 400
    warm_up: int = 40


KINDS = {"attention": 1.0, "once": 1.0, "once, longer": 2.5}  # and how many times the steps
END_TO_END = {"end to end": 1.0, "end to end, shorter": 0.25}  # and which part of the steps of naming and captions
RATES = {"attention": 1e-2, "once": 6e-3, "once, longer": 6e-3}  # each the best of those that were tried


def facts(things: Sequence[Scene]) -> Tensor:
    """Return which colour and which shape each single thing has."""
    return torch.tensor([[COLOURS.index(one.colour), SHAPES.index(one.shape)] for (one,) in things])


def taught_namer(sizes: Sizes, seed: int) -> tuple[ThingNamer, float]:
    """Teach a network single things; return it, and the share of others that it names right, colour and shape."""
    torch.manual_seed(seed)
    draws = torch.Generator().manual_seed(seed)
    things = single_things(sizes.things + sizes.held_out, draws)
    crops, right = pictures(things, draws, CROP), facts(things)
    namer = ThingNamer(sizes.channels, len(COLOURS) + len(SHAPES))

    def loss_of(_step: int) -> Tensor:
        rows = torch.randint(sizes.things, (sizes.batch,))
        return naming_loss(namer(crops[rows]), right[rows])

    schedule = rising_then_falling(sizes.warm_up, sizes.naming_steps)
    train(namer, loss_of, steps=sizes.naming_steps, learning_rate=1.5e-2, schedule=schedule, clip_norm=1.0)
    with torch.no_grad():
        logits = namer(crops[sizes.things :])
    named = torch.stack([part.argmax(-1) for part in logits.split([len(COLOURS), len(SHAPES)], -1)], 1)
    return namer, (named == right[sizes.things :]).all(1).double().mean().item()


def naming_loss(logits: Tensor, right: Tensor) -> Tensor:
    """Return the cross-entropy of the colour plus that of the shape."""
    colours, shapes = logits.split([len(COLOURS), len(SHAPES)], -1)
    cross_entropy = torch.nn.functional.cross_entropy
    return cross_entropy(colours, right[:, 0]) + cross_entropy(shapes, right[:, 1])


@torch.no_grad()
def seen_by(namer: ThingNamer, drawn: Tensor) -> Tensor:
    """Return what each cell of every picture sees, in units of its standard deviation, and where the cell is."""
    cells = torch.cat([namer.net(some) for some in drawn.split(250)])
    return with_places(cells / cells.std(), CELLS)


def drawn_pictures(sizes: Sizes, seed: int) -> tuple[list[Scene], Tensor]:
    """Return scenes, the last of them held out, and their pictures."""
    draws = torch.Generator().manual_seed(1000 + seed)
    drawn = scenes(sizes.scenes + sizes.held_out, draws)
    return drawn, pictures(drawn, draws)


def drawn_scenes(namer: ThingNamer, sizes: Sizes, seed: int) -> tuple[list[Scene], Tensor]:
    """Return scenes, the last of them held out, and what is seen of them."""
    drawn, shown = drawn_pictures(sizes, seed)
    return drawn, seen_by(namer, shown)


def targets(drawn: Sequence[Scene]) -> tuple[Tensor, Tensor]:
    """Return the caption of every scene with its end token, padded, and its length."""
    end = torch.tensor([EOS])
    return padded([torch.cat([CAPTION_VOCABULARY.encode(caption(scene)), end]) for scene in drawn])


def learn(kind: str, sizes: Sizes, seed: int, drawn: Sequence[Scene], annotations: Tensor) -> Captioner:
    """Return a decoder of one kind, trained on all scenes but the last."""
    torch.manual_seed(seed)
    shape = (len(CAPTION_VOCABULARY), sizes.embedding, sizes.hidden)
    if kind == "attention":
        model: Captioner = ShowAttendAndTell(*shape, annotations.shape[2], sizes.attention)
    else:
        model = ShowAndTell(*shape, annotations.shape[1], annotations.shape[2])
    target, lengths = targets(drawn)

    def loss_of(_step: int) -> Tensor:
        rows = torch.randint(sizes.scenes, (sizes.batch,))
        logits, _ = model(annotations[rows], shift_right(target[rows], BOS))
        return sequence_loss(logits, target[rows], lengths[rows])

    steps = round(sizes.steps * KINDS[kind])
    schedule = rising_then_falling(sizes.warm_up, steps)
    train(model, loss_of, steps=steps, learning_rate=RATES[kind], schedule=schedule, clip_norm=1.0)
    return model


class FromPictures(nn.Module):
    """A network of convolutions and a decoder that looks at its cells, to be trained together.

    where what the cells see is divided by its standard deviation before the first step.
    """

    def __init__(self, sizes: Sizes, shown: Tensor) -> None:
        super().__init__()
        self.net = ConvNet(3, sizes.channels)
        annotation = sizes.channels[-1] + 2  # and the place of the cell
        shape = (len(CAPTION_VOCABULARY), sizes.embedding, sizes.hidden, annotation, sizes.attention)
        self.decoder = ShowAttendAndTell(*shape)
        with torch.no_grad():
            self.scale = self.net(shown).std().item()

    def annotations(self, shown: Tensor) -> Tensor:
        """Return what each cell of every picture sees, and where the cell is."""
        return with_places(self.net(shown) / self.scale, CELLS)


def learn_end_to_end(kind: str, sizes: Sizes, seed: int, drawn: Sequence[Scene], shown: Tensor) -> FromPictures:
    """Return a network that has learned to see from captions alone, of all scenes but the last."""
    torch.manual_seed(seed)
    model = FromPictures(sizes, shown[: min(sizes.batch, sizes.scenes)])
    target, lengths = targets(drawn)

    def loss_of(_step: int) -> Tensor:
        rows = torch.randint(sizes.scenes, (sizes.batch,))
        logits, _ = model.decoder(model.annotations(shown[rows]), shift_right(target[rows], BOS))
        return sequence_loss(logits, target[rows], lengths[rows])

    steps = round((sizes.naming_steps + sizes.steps) * END_TO_END[kind])
    schedule = rising_then_falling(sizes.warm_up, steps)
    train(model, loss_of, steps=steps, learning_rate=RATES["attention"], schedule=schedule, clip_norm=1.0)
    return model


def written(model: Captioner, annotations: Tensor) -> tuple[list[str], Tensor | None]:
    """Return a caption for every picture, and where it looked for each of its words."""
    tokens, looked = model.write(annotations, BOS, LONGEST)
    rows = [row[: row.index(EOS)] if EOS in row else row for row in tokens.tolist()]
    return [" ".join(CAPTION_VOCABULARY.tokens[token] for token in row) for row in rows], looked


def on_the_named(texts: Sequence[str], looked: Tensor, drawn: Sequence[Scene]) -> dict[str, float]:
    """Return, of all true captions, the mean weight inside the thing being named, and the mean share of its cells."""
    found: dict[str, list[float]] = {"colour": [], "shape": [], "area": []}
    for row, (text, scene) in enumerate(zip(texts, drawn, strict=True)):
        words = text.split()
        for place in (1, len(words) - 2) if fault(text, scene) is None else ():
            (thing,) = (one for one in scene if one.name == " ".join(words[place : place + 2]))
            (inside,) = cells_of([thing], CELLS)
            found["colour"].append(looked[row, place, inside].sum().item())
            found["shape"].append(looked[row, place + 1, inside].sum().item())
            found["area"].append(inside.double().mean().item())
    return {name: sum(values) / len(values) for name, values in found.items() if values}


def scored(model: Captioner, annotations: Tensor, tested: Sequence[Scene]) -> dict[str, object]:
    """Return which captions of scenes are true, what is wrong with the others, BLEU, and where was looked."""
    texts, looked = written(model, annotations)
    faults = Counter(fault(text, scene) for text, scene in zip(texts, tested, strict=True))
    references = [[caption(scene).split()] for scene in tested]
    scores: dict[str, object] = {
        "true": faults[None] / len(tested),
        "faults": {name: faults[name] / len(tested) for name in FAULTS},
        "BLEU": bleu([text.split() for text in texts], references).score,
    }
    if looked is not None:
        scores["weight inside"] = on_the_named(texts, looked, tested)
    return scores


def run(sizes: Sizes, seed: int) -> dict[str, object]:
    """Train once; return what came of it."""
    torch.set_num_threads(1)
    start = time.process_time()
    namer, named = taught_namer(sizes, seed)
    result: dict[str, object] = {"named": named, "naming seconds": since(start)}
    drawn, shown = drawn_pictures(sizes, seed)
    annotations, tested = seen_by(namer, shown), drawn[sizes.scenes :]
    for kind in KINDS:
        start = time.process_time()
        model = learn(kind, sizes, seed, drawn, annotations)
        seconds = since(start)
        result[kind] = scored(model, annotations[sizes.scenes :], tested) | {"seconds": seconds}
        print(seed, kind, result[kind], flush=True)
    for kind in END_TO_END:
        start = time.process_time()
        together = learn_end_to_end(kind, sizes, seed, drawn, shown)
        seconds = since(start)
        with torch.no_grad():
            seen = torch.cat([together.annotations(some) for some in shown[sizes.scenes :].split(250)])
        result[kind] = scored(together.decoder, seen, tested) | {"seconds": seconds}
        print(seed, kind, result[kind], flush=True)
    return result


def since(start: float) -> float:
    """Return how many processor seconds have gone by."""
    return round(time.process_time() - start, 2)


def main() -> None:
    sizes = Sizes()
    record("scene_captions", __doc__, lambda seeds: [run(sizes, seed) for seed in range(seeds)], sizes=asdict(sizes))


if __name__ == "__main__":
    main()
