"""Films of moving digits, by frame, by clip and as a caption: ``python -m experiments.moving_digits``.

Five seeds. One reader sees single frames and its logits are averaged over a film; one sees the whole film in order. The
same second reader then gets the frames of each film in another order. A third one writes a caption, looking at the
states after the frames. Last, the next frame is predicted, beside two guesses: the last frame once more, and the mean
of all frames, which is the same for every film. Frames carry noise; what is predicted does not. The result is a record
of the package, which the chapter shows: ``sv.data.recorded("moving_digits")``.
"""

import copy
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.seeing.films import FILM_VOCABULARY, FRAMES, PACES, WAYS, Film, film_caption, films, frames
from seqviz.data.tokenizer import BOS, EOS
from seqviz.models.gated.lstm import LSTM
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.film_reader import ClipReader, FrameReader
from seqviz.models.translation.encoder_decoder import shift_right
from seqviz.training import train

PARTS = {"digit": 10, "way": len(WAYS), "pace": len(PACES)}


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    films: int = 6000
    held_out: int = 500
    noise: float = 0.15
    features: int = 128
    hidden: int = 64
    attention: int = 32
    embedding: int = 16
    batch: int = 64
    frame_steps: int = 600
    clip_steps: int = 400
    caption_steps: int = 400
    next_steps: int = 1200


@dataclass(frozen=True)
class Films:
    """Films as facts, as noisy frames, as clean ones, and as captions."""

    facts: Tensor  # film, part
    seen: Tensor  # film, time, pixel
    clean: Tensor
    captions: Tensor


def drawn_films(sizes: Sizes, seed: int) -> Films:
    """Return films, the last of them held out."""
    draws = torch.Generator().manual_seed(seed)
    drawn = films(sizes.films + sizes.held_out, draws)
    clean = frames(drawn).flatten(2)
    seen = clean + sizes.noise * torch.randn(clean.shape, generator=draws)
    captions = torch.stack(
        [torch.cat([FILM_VOCABULARY.encode(film_caption(one)), torch.tensor([EOS])]) for one in drawn]
    )
    return Films(torch.tensor([facts_of(one) for one in drawn]), seen, clean, captions)


def facts_of(film: Film) -> list[int]:
    """Return the numbers of a film's digit, way and pace."""
    return [film.digit, list(WAYS).index(film.way), list(PACES).index(film.pace)]


def parts_loss(logits: Tensor, facts: Tensor) -> Tensor:
    """Return the cross-entropies of digit, way and pace, added."""
    parts = zip(logits.split(list(PARTS.values()), -1), facts.unbind(-1), strict=True)
    return torch.stack([nn.functional.cross_entropy(one, right) for one, right in parts]).sum()


def right_parts(logits: Tensor, facts: Tensor) -> dict[str, float]:
    """Return for digit, way and pace the share that is right."""
    parts = zip(PARTS, logits.split(list(PARTS.values()), -1), facts.unbind(-1), strict=True)
    return {name: (one.argmax(-1) == right).double().mean().item() for name, one, right in parts}


def shuffled(seen: Tensor, draws: torch.Generator) -> Tensor:
    """Return the frames of every film in another order, drawn for each."""
    order = torch.rand(seen.shape[:2], generator=draws).argsort(1)
    return seen.gather(1, order[..., None].expand_as(seen))


def fit(model: nn.Module, loss_of, steps: int) -> None:
    """Train; the rate rises for 40 steps, then falls."""
    train(model, loss_of, steps=steps, learning_rate=5e-3, schedule=rising_then_falling(40, steps), clip_norm=1.0)


class FilmCaptioner(nn.Module):
    """A reader of films, and a decoder that looks at its states."""

    def __init__(self, reader: ClipReader, sizes: Sizes) -> None:
        super().__init__()
        self.reader = reader
        self.decoder = ShowAttendAndTell(
            len(FILM_VOCABULARY), sizes.embedding, sizes.hidden, sizes.hidden, sizes.attention
        )


def learn(sizes: Sizes, seed: int, known: Films) -> tuple[FrameReader, ClipReader, FilmCaptioner, LSTM]:
    """Return a reader of frames, one of films, one that writes, and a network that predicts the next frame."""
    torch.manual_seed(seed)
    pixels, outputs = known.seen.shape[2], sum(PARTS.values())

    def rows() -> Tensor:
        return torch.randint(len(known.seen) - sizes.held_out, (sizes.batch,))

    def frame_loss(_step: int) -> Tensor:
        some, frame = rows(), torch.randint(FRAMES, (sizes.batch,))
        return parts_loss(by_frame(known.seen[some, frame]), known.facts[some])

    def clip_loss(_step: int) -> Tensor:
        some = rows()
        return parts_loss(by_clip(known.seen[some]), known.facts[some])

    def caption_loss(_step: int) -> Tensor:
        some = rows()
        target = known.captions[some]
        logits, _ = writer.decoder(writer.reader.states(known.seen[some]), shift_right(target, BOS))
        return nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten())

    def next_loss(_step: int) -> Tensor:
        some = rows()
        logits, _ = forward(known.seen[some, :-1])
        return nn.functional.binary_cross_entropy_with_logits(logits, known.clean[some, 1:])

    by_frame = FrameReader(pixels, sizes.features, outputs)
    fit(by_frame, frame_loss, sizes.frame_steps)
    by_clip = ClipReader(copy.deepcopy(by_frame), sizes.hidden, outputs)
    fit(by_clip, clip_loss, sizes.clip_steps)
    writer = FilmCaptioner(ClipReader(copy.deepcopy(by_frame), sizes.hidden, 1), sizes)
    fit(writer, caption_loss, sizes.caption_steps)
    forward = LSTM(pixels, 2 * sizes.hidden, pixels)
    fit(forward, next_loss, sizes.next_steps)
    return by_frame, by_clip, writer, forward


def squared_errors(forward: LSTM, known: Films, cut: int) -> dict[str, list[float]]:
    """Return the mean squared error of a pixel for frames 2, 3 …, of the network and of two guesses."""
    right = known.clean[cut:, 1:]
    guesses = {
        "network": torch.sigmoid(forward(known.seen[cut:, :-1])[0]),
        "last frame again": known.clean[cut:, :-1],
        "mean of all frames": known.clean[:cut].mean((0, 1)).expand_as(right),
    }
    return {name: (guess - right).square().mean((0, 2)).tolist() for name, guess in guesses.items()}


@torch.no_grad()
def run(sizes: Sizes, seed: int) -> dict[str, object]:
    """Train once; return what came of it."""
    torch.set_num_threads(1)
    known = drawn_films(sizes, seed)
    with torch.enable_grad():
        by_frame, by_clip, writer, forward = learn(sizes, seed, known)
    cut = sizes.films
    seen, facts, captions = known.seen[cut:], known.facts[cut:], known.captions[cut:]
    mixed = shuffled(seen, torch.Generator().manual_seed(seed))
    written, _ = writer.decoder.write(writer.reader.states(seen), BOS, captions.shape[1])
    result = {
        "by frame": right_parts(by_frame(seen).mean(1), facts),
        "by clip": right_parts(by_clip(seen), facts),
        "by clip, frames shuffled": right_parts(by_clip(mixed), facts),
        "true captions": (written == captions).all(1).double().mean().item(),
        "next frame": squared_errors(forward, known, cut),
    }
    print(seed, result, flush=True)
    return result


def main() -> None:
    sizes = Sizes()
    record("moving_digits", __doc__, lambda seeds: [run(sizes, seed) for seed in range(seeds)], sizes=asdict(sizes))


if __name__ == "__main__":
    main()
