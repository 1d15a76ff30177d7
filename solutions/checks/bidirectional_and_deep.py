"""Checks on directions and depth: windows, a short look ahead, names scored whole, layers that read the input as well.

For instructors only.
"""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors, weights

NOT_ALLOWED = not_allowed("torch.rnn_tanh", "torch.rnn_tanh_cell", autograd=True)


@exercise(
    returns=("highest", "sure: batch time"),
    groups={"the word alone": 1, "the past": 1, "past and future": 2},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # a share made of whole numbers may come from float32
)
class window_ceiling:
    "The highest share of words that a reader of a window can tag rightly, and the words at which it is sure."

    def inputs(generator):
        yield (
            "the past",
            {
                "x": torch.tensor([[0, 1], [0, 2], [2, 0]]),
                "y": torch.tensor([[1, 1], [0, 0], [0, 1]]),
                "lengths": torch.tensor([2, 2, 1]),
                "past": 1,
                "future": 0,
            },
        )
        for group, x, y, lengths, past, future in [
            # words of two digits, words like the number that stands for an edge, as many different words as a word says
            (
                "past and future",
                [[1, 11], [11, 1], [1, 12], [11, 2], [2, 1]],
                [[0, 1], [1, 2], [2, 0], [0, 3], [3, 3]],
                [2] * 5,
                0,
                1,
            ),
            (
                "past and future",
                [[7, word] for word in (2, 3, 9, 10, 99, 100, 999, 1000, 0)],
                [[tag, 0] for tag in range(9)],
                [2] * 8 + [1],
                0,
                1,
            ),
            ("past and future", [[7, 3], [5, 7], [7, 7]], [[0, 0], [0, 2], [2, 0]], [2, 2, 1], 0, 1),
            # a window that leaves its sentence on both sides; padding that is no word, more than ten tags
            (
                "past and future",
                [[4, 6, 0], [6, 4, 4], [4, 0, 0]],
                [[0, 1, 0], [1, 0, 2], [2, 0, 0]],
                [2, 3, 1],
                2,
                2,
            ),
            (
                "past and future",
                [[5, -1, -1], [5, 6, -1], [5, 6, 7]],
                [[3, -1, -1], [12, 0, -1], [12, 3, 1]],
                [1, 2, 3],
                1,
                1,
            ),
            # the third word decides, behind or before; the order of two decides; the same sentence comes again
            ("past and future", [[0, 1, 1, 2], [0, 1, 1, 3]], [[0, 5, 6, 7], [1, 5, 6, 7]], [4, 4], 0, 3),
            ("the past", [[2, 1, 1, 0], [3, 1, 1, 0]], [[0, 5, 6, 7], [1, 5, 6, 8]], [4, 4], 3, 0),
            ("the past", [[0, 1, 2, 0, 1], [1, 0, 2, 1, 0]], [[0, 0, 1, 0, 0], [0, 0, 2, 0, 0]], [5, 5], 2, 0),
            ("past and future", [[2, 0, 1], [2, 1, 0]], [[0, 0, 0], [1, 0, 0]], [3, 3], 0, 2),
            ("the past", [[1, 2]] * 4, [[0, 1], [0, 1], [0, 1], [1, 1]], [2] * 4, 1, 0),
        ]:
            numbers = {"x": torch.tensor(x), "y": torch.tensor(y), "lengths": torch.tensor(lengths)}
            yield group, numbers | {"past": past, "future": future}
        for group, batch, time, words, past, future in [
            ("the word alone", 4, 5, 3, 0, 0),
            ("the word alone", 3, 6, 2, 0, 0),
            ("the past", 6, 5, 2, 1, 0),
            ("the past", 5, 4, 2, 3, 0),
            ("past and future", 6, 5, 2, 1, 1),
            ("past and future", 7, 6, 2, 0, 2),
            ("past and future", 5, 4, 2, 2, 1),
            ("past and future", 3, 1, 2, 2, 4),
        ]:
            x = torch.randint(0, words, (batch, time), generator=generator)
            lengths = torch.randint(1, time + 1, (batch,), generator=generator)
            lengths[0], lengths[1] = time, max(1, time - 2)
            # what is right depends on both neighbours, mostly
            y = (x + x.roll(1, 1) + 2 * x.roll(-1, 1)) % 3
            y = torch.where(torch.rand(batch, time, generator=generator) < 0.2, (y + 1) % 3, y)
            yield group, {"x": x, "y": y, "lengths": lengths, "past": past, "future": future}

    def reference(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future)

    @mistake(
        "padding tagged as well",
        hint="How many words are in your sum, and how many words do the sentences have?",
    )
    def tags_padding(x, y, lengths, past, future):
        return of_windows(x, y, torch.full_like(lengths, x.shape[1]), past, future)

    @mistake(
        "padding read behind a sentence",
        hint="With future = 0 you are right. What does a reader see where the sentence is over?",
    )
    def reads_padding(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, reads_padding=True)

    @mistake(
        "past and future exchanged",
        hint="With past = 1 and future = 0, which neighbour does your reader see?",
    )
    def exchanged(x, y, lengths, past, future):
        return of_windows(x, y, lengths, future, past)

    @mistake(
        "windows cut at the edge without a sign",
        hint="A window holds two words only: is the first the past of the second, or the second its future?",
    )
    def without_edges(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, seen=lambda window: tuple(w for w in window if w != EDGE))

    @mistake(
        "the beginning reads the end",
        hint="In Python, index −1 is the last. What does your reader see in front of the first word?",
    )
    def wraps(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, wraps=True)

    @mistake(
        "the order of the window lost",
        hint="Your reader knows which words are near, but not in which order they stand.",
    )
    def bag(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, seen=lambda window: tuple(sorted(window)))

    @mistake(
        "the word itself not read",
        hint="With past = 0 and future = 0 the reader still reads one word.",
    )
    def without_the_word(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, seen=lambda window: window[:past] + window[past + 1 :])

    @mistake(
        "one word too far ahead",
        hint="With future = 0 the reader stops at the word itself. Where does yours stop?",
    )
    def one_too_many(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future + 1)

    @mistake(
        "every window with the same weight",
        hint="sure is right. Some windows are seen often, some once. Which of them count more in a share of words?",
    )
    def mean_of_shares(x, y, lengths, past, future):
        shares = [max(tags) / sum(tags) for tags in counted(x, y, lengths, past, future).values()]
        return sum(shares) / len(shares), of_windows(x, y, lengths, past, future)[1]

    @mistake(
        "a table for every sentence",
        hint="A reader answers the same wherever it sees the same. What does it know of the other sentences in yours?",
    )
    def by_sentence(x, y, lengths, past, future):
        rows = [of_windows(x[n : n + 1], y[n : n + 1], lengths[n : n + 1], past, future) for n in range(len(x))]
        right = sum(highest * int(length) for (highest, _), length in zip(rows, lengths, strict=True))
        return right / int(lengths.sum()), torch.cat([sure for _, sure in rows])

    @mistake(
        "sure where the best answer is right",
        hint="highest is right. A reader that is right by luck is not sure. When has it nothing to choose from?",
    )
    def right_by_luck(x, y, lengths, past, future):
        return of_windows(x, y, lengths, past, future, is_sure=lambda tags, tag: tags[tag] == max(tags))

    @mistake(
        "doubtful where it is sure",
        hint="highest is right. What does True mean in sure?",
    )
    def inverted(x, y, lengths, past, future):
        highest, sure = of_windows(x, y, lengths, past, future)
        return highest, ~sure & (torch.arange(x.shape[1]) < lengths[:, None])

    @mistake(
        "wrong answers counted",
        hint="sure is right. Is your share that of the words the reader gets right?",
    )
    def complement(x, y, lengths, past, future):
        highest, sure = of_windows(x, y, lengths, past, future)
        return 1 - highest, sure


EDGE = -1


def windows(x, lengths, past, future, *, reads_padding=False, wraps=False):
    """Yield row, step and what is seen there, for every real word."""
    for row, (words, length) in enumerate(zip(x.tolist(), lengths.tolist(), strict=True)):
        for t in range(length):
            places = range(t - past, t + future + 1)
            end = len(words) if reads_padding else length
            inside = [0 <= place < end or (wraps and -length <= place < 0) for place in places]
            real = words if reads_padding else words[:length]
            yield row, t, tuple(real[p] if ok else EDGE for p, ok in zip(places, inside, strict=True))


def counted(x, y, lengths, past, future, *, seen=lambda window: window, **mistakes):
    """Return how often each tag, numbered from 0, is right where a window is seen."""
    table = {}
    for row, t, window in windows(x, lengths, past, future, **mistakes):
        tags = table.setdefault(seen(window), [0] * (int(y.max()) + 1))
        tags[int(y[row, t])] += 1
    return table


def of_windows(
    x,
    y,
    lengths,
    past,
    future,
    *,
    seen=lambda window: window,
    is_sure=lambda tags, tag: tags[tag] == sum(tags),
    **mistakes,
):
    """Return the ceiling and where the reader is sure; the keywords make the usual mistakes."""
    table = counted(x, y, lengths, past, future, seen=seen, **mistakes)
    sure = torch.zeros(x.shape, dtype=torch.bool)
    for row, t, window in windows(x, lengths, past, future, **mistakes):
        sure[row, t] = is_sure(table[seen(window)], int(y[row, t]))
    return sum(max(tags) for tags in table.values()) / int(lengths.sum()), sure


def placed(x, mask):
    """Turn the steps where the mask is True."""
    turned = x.clone()
    for row, real in enumerate(mask):
        turned[row, real] = x[row, real].flip(0)
    return turned


@exercise(
    returns="states: batch time both",
    groups={"the whole future": 2, "lengths differ": 2, "a short look ahead": 2},
    forbid=NOT_ALLOWED,
)
class birnn:
    "Both directions; at each step the backward network starts afresh, at most `look_ahead` steps further on."

    def inputs(generator):
        ahead = {"W_xh": [[1.0]], "W_hh": [[0.5]], "b_h": [0.0]}
        back = {"V_xh": [[1.0]], "V_hh": [[0.5]], "c_h": [0.0]}
        yield "a short look ahead", tensors(x=[[[0.5], [-0.5], [1.0]]], lengths=[3], **ahead, **back, look_ahead=1)
        for group, lengths, feature, unit, other, look_ahead, dtype in [
            ("the whole future", [1, 1], 3, 2, 4, 0, torch.float64),
            ("a short look ahead", [4, 3, 1], 2, 3, 5, 2, torch.float64),  # ends just where a row does
            ("the whole future", [4, 4], 3, 5, 2, 9, torch.float64),
            ("the whole future", [5, 5, 5], 2, 4, 4, 4, torch.float32),
            ("lengths differ", [3, 6, 1, 5], 2, 3, 5, 9, torch.float64),
            ("lengths differ", [2, 4, 1], 5, 3, 3, 4, torch.float64),
            ("a short look ahead", [6, 3, 5], 2, 4, 3, 2, torch.float64),
            ("a short look ahead", [2, 5], 3, 4, 4, 1, torch.float64),
            ("a short look ahead", [4, 2, 1], 2, 3, 3, 0, torch.float32),
        ]:
            x = normal(generator, len(lengths), max(lengths), feature, dtype=dtype)
            ahead, back = weights(generator, feature, unit, dtype), weights(generator, feature, other, dtype)
            yield (
                group,
                {
                    "x": x,
                    "lengths": torch.tensor(lengths),
                    **ahead,
                    "V_xh": back["W_xh"],
                    "V_hh": back["W_hh"],
                    "c_h": back["b_h"],
                    "look_ahead": look_ahead,
                },
            )

    def reference(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead)

    @mistake(
        "the padding read first",
        hint="With equal lengths you are right. What does the backward network read before a short row's last word?",
    )
    def padding_first(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead, skip_padding=False)

    @mistake(
        "backward states not turned back",
        hint="What has your backward state at step 1 read: the whole row, or its last step alone?",
    )
    def not_turned_back(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        states = joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead)
        back = placed(states[..., len(b_h) :], torch.arange(x.shape[1]) < lengths[:, None])
        return torch.cat([states[..., : len(b_h)], back], dim=-1)

    @mistake(
        "the same weights in both directions",
        hint="How many matrices are you given, and how many do you use?",
    )
    def shared(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (W_xh, W_hh, b_h), look_ahead)

    @mistake(
        "looking ahead without end",
        hint="Where look_ahead covers the whole row you are right. Which steps may step 1 see when it is 1?",
    )
    def without_end(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), x.shape[1])

    @mistake(
        "the step itself counted as one ahead",
        hint="With look_ahead = 0 the backward state at step t has read one step, x_t. How many has yours?",
    )
    def one_too_few(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead - 1)

    @mistake(
        "one step too far ahead",
        hint="With look_ahead = 0 the backward state at step t has read one step, x_t. How many has yours?",
    )
    def one_too_many(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead + 1)

    @mistake(
        "one step of padding read",
        hint="With equal lengths you are right. Steps count from 0: what is the index of a row's last real step?",
    )
    def reads_one_more(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead, padding_read=1)

    @mistake(
        "padding set to zero and read",
        hint="With equal lengths you are right. A step with x_s = 0 gives tanh(V_hh g + c_h). Is that g?",
    )
    def reads_zeros(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        cleared = x * (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
        return joined(cleared, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead, skip_padding=False)

    @mistake(
        "the backward states in reverse order",
        hint="The forward half is right. To which t does the first backward state that you collect belong?",
    )
    def list_reversed(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        states = joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead, clear=False)
        unit = len(b_h)
        states = torch.cat([states[..., :unit], states[..., unit:].flip(1)], dim=-1)
        return torch.where((torch.arange(x.shape[1]) < lengths[:, None])[..., None], states, 0.0)

    @mistake(
        "states left in the padding",
        hint="All real steps are right. What should stand past the end of a row?",
    )
    def not_cleared(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        return joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead, clear=False)

    @mistake(
        "backward first",
        hint="In h_t = [→; ←], which of the two stands on top?",
    )
    def exchanged(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        states = joined(x, lengths, (W_xh, W_hh, b_h), (V_xh, V_hh, c_h), look_ahead)
        return states.roll(len(c_h), dims=-1)

    @mistake(
        "both directions forward",
        hint="The second network has read x_1 … x_t in yours. At which end does it begin, and which way does it walk?",
    )
    def twice_forward(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
        states = torch.cat([walk(x, W_xh, W_hh, b_h), walk(x, V_xh, V_hh, c_h)], dim=-1)
        return states * (torch.arange(x.shape[1]) < lengths[:, None])[..., None]


def walk(x, W_xh, W_hh, b_h):
    """Return all states from left to right, from a state of zero."""
    h, states = x.new_zeros(len(x), len(b_h)), []
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
        states.append(h)
    return torch.stack(states, dim=1)


def joined(x, lengths, ahead, back, look_ahead, *, skip_padding=True, padding_read=0, clear=True):
    """Return the states of both directions; the keywords make the usual mistakes."""
    time, V_hh = x.shape[1], back[1]
    found = []
    for row, length in zip(x, lengths.tolist(), strict=True):
        of_row = []
        for t in range(time):
            end = min(t + look_ahead + 1, length + padding_read if skip_padding else time)
            read = row[t:end].flip(0)
            of_row.append(walk(read[None], *back)[0, -1] if len(read) else row.new_zeros(len(V_hh)))
        found.append(torch.stack(of_row))
    states = torch.cat([walk(x, *ahead), torch.stack(found)], dim=-1)
    if not clear:
        return states
    return torch.where((torch.arange(time) < lengths[:, None])[..., None], states, 0.0)


@exercise(
    returns=("by_kind", "together"),
    groups={"whole names": 2, "where a name begins": 2, "padding": 1, "nothing to divide by": 1},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # a share made of whole numbers may come from float32
)
class name_f1:
    "F1 of whole names: of every kind by itself, and of all names together."

    def inputs(generator):
        yield "whole names", tagged([[1, 2, 0, 3], [1, 1, 3, 4]], [[1, 0, 0, 3], [1, 1, 3, 4]], [4, 2], 2)
        for batch, time, kinds in [(3, 9, 2), (4, 12, 3)]:
            rows = [apart(generator, time, kinds) for _ in range(batch)]
            rows.append(rows[0])  # the same names in two sentences
            yield "whole names", tagged(rows, [spoilt(row, kinds) for row in rows], [time] * (batch + 1), kinds)
        yield (
            "whole names",
            tagged([[1, 0, 0, 3], [0, 0, 1, 2]], [[1, 0, 0, 3], [0, 0, 1, 2]], [4, 4], 2),
        )  # at the ends
        for expected, predicted, kinds in [
            ([[1, 1, 2, 0, 3, 3]], [[1, 2, 2, 0, 3, 3]], 2),  # B after B, of one kind
            ([[1, 2, 3, 4, 1, 0]], [[1, 2, 3, 4, 1, 2]], 2),  # names of two kinds side by side
            ([[1, 2, 0, 3, 4, 4]], [[2, 2, 0, 4, 4, 4]], 2),  # I without B, at the beginning and after O
            ([[1, 2, 3, 0, 5, 6]], [[1, 2, 4, 0, 5, 4]], 3),  # I of another kind
            ([[1, 0, 1, 2]], [[1, 0, 2, 2]], 1),  # a gap
            ([[0, 1, 2], [1, 0, 0]], [[0, 1, 2], [2, 0, 0]], 1),  # a sentence that ends as the next begins
            ([[0, 1, 2, 0]], [[1, 2, 2, 2]], 1),  # first and last word make the same sum
            ([[1, 2, 2, 2, 2, 2]], [[1, 2, 2, 2, 2, 0]], 1),  # a long name
            ([[1] + [2] * 11], [[0, 1] + [0] * 10], 1),  # beyond the tenth word
            ([[0] * 10 + [1, 0], [0] * 12], [[0] * 12, [1] + [0] * 11], 1),
            ([[11, 12, 0, 9, 10, 10, 1]], [[11, 12, 0, 9, 10, 0, 1]], 6),  # tags of two digits
        ]:
            yield "where a name begins", tagged(expected, predicted, [len(expected[0])] * len(expected), kinds)
        for batch, time, kinds in [(5, 8, 2), (6, 10, 3)]:
            expected = torch.randint(0, 2 * kinds + 1, (batch, time), generator=generator)
            other = torch.randint(0, 2 * kinds + 1, (batch, time), generator=generator)
            predicted = torch.where(torch.rand(batch, time, generator=generator) < 0.2, other, expected)
            yield "where a name begins", tagged(expected, predicted, [time] * batch, kinds)
        yield "padding", tagged([[1, 2, 2, 3], [1, 0, 0, 0]], [[1, 2, 1, 3], [1, 0, 1, 2]], [2, 3], 2)
        rows = [apart(generator, 7, 2) for _ in range(4)]
        yield "padding", tagged(rows, [spoilt(row, 2) for row in rows], [7, 1, 4, 6], 2)
        yield "nothing to divide by", tagged([[1, 2, 0, 3]], [[0, 0, 0, 0]], [4], 3)
        yield "nothing to divide by", tagged([[0, 0, 0]], [[1, 2, 0]], [3], 1)
        yield "nothing to divide by", tagged([[0, 0], [0, 0]], [[0, 0], [0, 0]], [2, 1], 2)

    def reference(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds)

    @mistake(
        "words counted, not names",
        hint="A name of three words is one name. How often is it counted in your sums?",
    )
    def words(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, read=lambda tags: [(k, t, t) for k, t, _ in pieces(tags)])

    @mistake(
        "tags counted, not names",
        hint="A name of three words is one name. How often is it counted in your sums?",
    )
    def tags_one_by_one(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, read=lambda tags: list(pieces(tags)))

    @mistake(
        "the share of right tags",
        hint="by_kind is right. A reader that answers O everywhere finds no name. What is your number for it?",
    )
    def accuracy(expected, predicted, lengths, kinds):
        real = torch.arange(expected.shape[1]) < lengths[:, None]
        right = (expected == predicted)[real].double().mean().item()
        return scored(expected, predicted, lengths, kinds)[0], right

    @mistake(
        "a name right by its first word",
        hint="The tagger finds a name and misses its last word. Is that name right in your count?",
    )
    def by_start(expected, predicted, lengths, kinds):
        return scored(
            expected, predicted, lengths, kinds, read=lambda tags: [(kind, start, 0) for kind, start, _ in names(tags)]
        )

    @mistake(
        "a name right if one word of it is found",
        hint="The tagger finds a name and misses its last word. Is that name right in your count?",
    )
    def overlapping(expected, predicted, lengths, kinds):
        def overlap(one, other):
            return one[:2] == other[:2] and one[2] < other[3] and other[2] < one[3]

        return scored(expected, predicted, lengths, kinds, equal=overlap)

    @mistake(
        "a name right whatever its kind",
        hint="The tagger finds the words of a place and calls it a person. Is that name right in your count?",
    )
    def any_kind(expected, predicted, lengths, kinds):
        def equal_words(one, other):
            return (one[0], *one[2:]) == (other[0], *other[2:])

        return scored(expected, predicted, lengths, kinds, equal=equal_words)

    @mistake(
        "names side by side merged",
        hint="Two names of one kind can follow each other without a word between. How does the second one show?",
    )
    def merged(expected, predicted, lengths, kinds):
        return scored(
            expected,
            predicted,
            lengths,
            kinds,
            read=lambda tags: names(tags, goes_on=lambda inside, kind, t, last: last[0] == kind and last[2] == t),
        )

    @mistake(
        "an I without a B left out",
        hint="Names with a B at their beginning are right. What is an I that no name stands before?",
    )
    def strict(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, read=lambda tags: names(tags, begins_at_i=False))

    @mistake(
        "an I of another kind taken into the name",
        hint="B of one kind, then I of another: how many names are these?",
    )
    def kinds_joined(expected, predicted, lengths, kinds):
        return scored(
            expected,
            predicted,
            lengths,
            kinds,
            read=lambda tags: names(tags, goes_on=lambda inside, kind, t, last: inside and last[2] == t),
        )

    @mistake(
        "a gap inside a name",
        hint="B, O, I of one kind: how many names are these?",
    )
    def bridged(expected, predicted, lengths, kinds):
        return scored(
            expected,
            predicted,
            lengths,
            kinds,
            read=lambda tags: names(tags, goes_on=lambda inside, kind, t, last: inside and last[0] == kind),
        )

    @mistake(
        "the last name of a sentence lost",
        hint="A name may reach to the last word. When does your loop notice that a name has ended?",
    )
    def last_lost(expected, predicted, lengths, kinds):
        return scored(
            expected,
            predicted,
            lengths,
            kinds,
            read=lambda tags: [one for one in names(tags) if one[2] < len(tags)],
        )

    @mistake(
        "sentences run together",
        hint="One sentence ends with a name, and the next begins with an I of its kind. Is that one name?",
    )
    def joined_rows(expected, predicted, lengths, kinds):
        real = torch.arange(expected.shape[1]) < lengths[:, None]
        return scored(expected[real][None], predicted[real][None], lengths.sum()[None], kinds)

    @mistake(
        "the same place in two sentences counted once",
        hint="One sentence is right. Two sentences have a name of one kind at the same steps: one name, or two?",
    )
    def sentence_forgotten(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, with_row=False)

    @mistake(
        "padding scored as well",
        hint="Rows without padding are right. What may stand behind the end of a row?",
    )
    def padding(expected, predicted, lengths, kinds):
        return scored(expected, predicted, torch.full_like(lengths, expected.shape[1]), kinds)

    @mistake(
        "one tag of padding scored",
        hint="Rows without padding are right. Steps count from 0: what is the index of a row's last real word?",
    )
    def one_more(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths + 1, kinds)

    @mistake(
        "the mean over the kinds",
        hint="by_kind is right. A kind with one name counts as much as a kind with a hundred in your number. "
        "What are the sums in the equation over?",
    )
    def macro(expected, predicted, lengths, kinds):
        by_kind, _ = scored(expected, predicted, lengths, kinds)
        return by_kind, sum(by_kind) / kinds

    @mistake(
        "the mean over the sentences",
        hint="One sentence is right. Do you add up the names of all sentences first, or their F1?",
    )
    def by_sentence(expected, predicted, lengths, kinds):
        rows = [
            scored(expected[n : n + 1], predicted[n : n + 1], lengths[n : n + 1], kinds) for n in range(len(expected))
        ]
        by_kind = [sum(row[0][kind] for row in rows) / len(rows) for kind in range(kinds)]
        return by_kind, sum(row[1] for row in rows) / len(rows)

    @mistake(
        "precision in the place of F1",
        hint="A tagger that claims one name only, and a right one, gets 1 from you. What of the names it misses?",
    )
    def precision(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, score=lambda right, found, there: right / max(found, 1))

    @mistake(
        "recall in the place of F1",
        hint="A tagger that claims every name there could be gets 1 from you. What of those that are no names?",
    )
    def recall(expected, predicted, lengths, kinds):
        return scored(expected, predicted, lengths, kinds, score=lambda right, found, there: right / max(there, 1))

    @mistake(
        "the arithmetic mean of precision and recall",
        hint="With P = 1 and R = 0.1 the F1 that is asked for is 0.18. What is yours?",
    )
    def arithmetic(expected, predicted, lengths, kinds):
        def mean(right, found, there):
            return (right / max(found, 1) + right / max(there, 1)) / 2

        return scored(expected, predicted, lengths, kinds, score=mean)

    @mistake(
        "0 / 0 is NaN",
        hint="Where there is something to divide by you are right. What does the text ask for where there is nothing?",
    )
    def not_a_number(expected, predicted, lengths, kinds):
        def divided(right, found, there):
            return 2 * right / (found + there) if found + there else float("nan")

        return scored(expected, predicted, lengths, kinds, score=divided)

    @mistake(
        "a division by zero",
        hint="Where there is something to divide by you are right. Which of your denominators can be 0?",
    )
    def divides_by_zero(expected, predicted, lengths, kinds):
        def divided(right, found, there):
            P, R = right / found, right / there
            return 2 * P * R / (P + R)

        return scored(expected, predicted, lengths, kinds, score=divided)

    @mistake(
        "1 where there is no name",
        hint="Where there is something to divide by you are right. What does the text ask for where nothing is right?",
    )
    def one_for_nothing(expected, predicted, lengths, kinds):
        def divided(right, found, there):
            return 2 * right / (found + there) if found + there else 1.0

        return scored(expected, predicted, lengths, kinds, score=divided)


def tagged(expected, predicted, lengths, kinds):
    """Return the arguments of a case: tags as whole numbers, 0 for O, 2k + 1 for B and 2k + 2 for I of kind k."""
    return {
        "expected": torch.as_tensor(expected),
        "predicted": torch.as_tensor(predicted),
        "lengths": torch.tensor(lengths),
        "kinds": kinds,
    }


def apart(generator, time, kinds):
    """Draw a sentence whose names begin with B and stand apart."""
    tags = []
    while len(tags) < time:
        kind, size = (int(torch.randint(0, high, (), generator=generator)) for high in (kinds, 3))
        tags += [2 * kind + 1] + size * [2 * kind + 2] + [0]
    return tags[:time]


def spoilt(tags, kinds):
    """Return what a tagger could make of it: names kept, of another kind, cut short, forgotten, in turn."""
    found = [0] * len(tags)
    for number, (kind, start, stop) in enumerate(names(tags)):
        do = ("keep", "other kind", "keep", "cut", "forget")[number % 5]
        if do == "forget":
            continue
        kind = (kind + (do == "other kind")) % kinds
        stop = max(start + 1, stop - (do == "cut"))
        found[start:stop] = [2 * kind + 1] + [2 * kind + 2] * (stop - start - 1)
    return found


def pieces(tags):
    """Yield the kind of every word that belongs to a name, its step, and whether it is an I."""
    for t, tag in enumerate(tags):
        if tag:
            yield (tag - 1) // 2, t, tag % 2 == 0


def names(tags, *, goes_on=lambda inside, kind, t, last: inside and last[0] == kind and last[2] == t, begins_at_i=True):
    """Return the names of a sentence, each as kind, first step and the step after its last."""
    found = []
    for kind, t, inside in pieces(tags):
        if found and goes_on(inside, kind, t, found[-1]):
            found[-1] = (found[-1][0], found[-1][1], t + 1)
        elif begins_at_i or not inside:
            found.append((kind, t, t + 1))
    return found


def f1(right, found, there):
    return 2 * right / max(found + there, 1)


def scored(expected, predicted, lengths, kinds, *, read=names, score=f1, equal=tuple.__eq__, with_row=True):
    """Return F1 by kind and of all names; the keywords make the usual mistakes."""
    there, found = (
        {(row * with_row, *name) for row, n in enumerate(lengths.tolist()) for name in read(tags[row, :n].tolist())}
        for tags in (expected, predicted)
    )
    right = {one for one in found if any(equal(one, name) for name in there)}
    sums = [[sum(name[1] == kind for name in some) for some in (right, found, there)] for kind in range(kinds)]
    return [float(score(*one)) for one in sums], float(score(len(right), len(found), len(there)))


@exercise(
    returns="states: layer batch time unit",
    groups={"one layer": 1, "nothing dropped": 1, "dropout": 3},
    forbid=NOT_ALLOWED,
)
class stacked_rnn:
    "Layers of which each reads the input, the thinned states of the layer below, and itself one step earlier."

    def inputs(generator):
        one_unit = {"W_xh": [[[1.0]], [[1.0]]], "W_up": [[[-1.0]]], "W_hh": [[[1.0]], [[1.0]]], "b_h": [[0.0], [0.0]]}
        yield "dropout", tensors(x=[[[0.5]]], **one_unit, masks=[[[[True]]]], p=0.5)
        for group, layers, batch, time, feature, unit, p, dtype in [
            ("one layer", 1, 2, 4, 3, 5, 0.5, torch.float64),
            ("one layer", 1, 3, 5, 4, 4, 0.25, torch.float32),
            ("nothing dropped", 3, 2, 4, 5, 6, 0.0, torch.float64),
            ("nothing dropped", 2, 3, 4, 4, 4, 0.0, torch.float64),
            ("dropout", 3, 2, 5, 4, 6, 0.25, torch.float64),
            ("dropout", 2, 4, 3, 5, 5, 0.4, torch.float64),
            ("dropout", 4, 2, 3, 6, 5, 0.3, torch.float32),
        ]:
            shapes = {
                "W_xh": (layers, unit, feature),
                "W_up": (layers - 1, unit, unit),
                "W_hh": (layers, unit, unit),
                "b_h": (layers, unit),
            }
            drawn = {name: normal(generator, *shape, scale=0.7, dtype=dtype) for name, shape in shapes.items()}
            masks = torch.rand(layers - 1, batch, time, unit, generator=generator) >= p
            if p and layers > 1:  # some of each
                masks[:, 0, 0, 0], masks[:, 0, 0, 1] = False, True
            x = normal(generator, batch, time, feature, dtype=dtype)
            yield group, {"x": x, **drawn, "masks": masks, "p": p}

    def reference(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, p)

    @mistake(
        "the layer below read one step late",
        hint="One layer is right. Which step of the layer below does a layer read at step t: t, or t − 1?",
    )
    def late(x, W_xh, W_up, W_hh, b_h, masks, p):
        def one_late(given):
            return torch.cat([torch.zeros_like(given[:, :1]), given[:, :-1]], dim=1)

        return stack(x, W_xh, W_up, W_hh, b_h, masks, p, read_below=one_late)

    @mistake(
        "a layer begins where the one below has ended",
        hint="One layer is right. What is the state of the second layer before its first step?",
    )
    def carried(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, p, start_afresh=False)

    @mistake(
        "the input at the bottom only",
        hint="One layer is right. How many layers read x_t in the equation?",
    )
    def bottom_only(x, W_xh, W_up, W_hh, b_h, masks, p):
        only_first = torch.cat([W_xh[:1], torch.zeros_like(W_xh[1:])])
        return stack(x, only_first, W_up, W_hh, b_h, masks, p)

    @mistake(
        "the layers above read only the input",
        hint="One layer is right. What does W_up multiply?",
    )
    def not_stacked(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, torch.zeros_like(W_up), W_hh, b_h, masks, p)

    @mistake(
        "dropout on the way through time",
        hint="With nothing dropped you are right. Which of a layer's inputs is thinned: what comes from below, "
        "or its own state one step earlier?",
    )
    def through_time(x, W_xh, W_up, W_hh, b_h, masks, p):
        def thin_own(h, layer, t):
            return thinned(h, masks[layer - 1][:, t], p) if layer else h

        return stack(x, W_xh, W_up, W_hh, b_h, torch.ones_like(masks), 0.0, in_time=thin_own)

    @mistake(
        "a layer reads its own state as thinned as it hands it up",
        hint="With nothing dropped you are right. The mask is for the layer above. What does the layer itself read?",
    )
    def as_handed_up(x, W_xh, W_up, W_hh, b_h, masks, p):
        def thin_own(h, layer, t):
            return thinned(h, masks[layer][:, t - 1], p) if t and layer < len(masks) else h

        return stack(x, W_xh, W_up, W_hh, b_h, masks, p, in_time=thin_own)

    @mistake(
        "what is left not enlarged",
        hint="With nothing dropped you are right. What is the expected value of a number that is 0 with probability p?",
    )
    def not_enlarged(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, 0.0)

    @mistake(
        "what is left made smaller",
        hint="With nothing dropped you are right. Is the expected value of your number that of the number itself?",
    )
    def made_smaller(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, 1 - 1 / (1 - p))

    @mistake(
        "enlarged by 1/p",
        hint="When p = 0 nothing is dropped, and nothing may be enlarged. What is your factor there?",
    )
    def by_p(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, 1 - p)

    @mistake(
        "the masks not used",
        hint="With nothing dropped you are right. What do masks and p change in your code?",
    )
    def without_dropout(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, torch.ones_like(masks), 0.0)

    @mistake(
        "dropped and kept exchanged",
        hint="Where masks is True, is the number kept or dropped?",
    )
    def complement(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, ~masks, p)

    @mistake(
        "the masks of another layer",
        hint="With two layers you are right. To which way up does the first entry of masks belong?",
    )
    def other_masks(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks.roll(-1, 0), p)

    @mistake(
        "the masks of another step",
        hint="With nothing dropped you are right. Steps count from 0 in the code: which mask belongs to step t?",
    )
    def other_steps(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks.roll(1, 2), p)

    @mistake(
        "the matrices of another layer on the way up",
        hint="With two layers you are right. To which way up does the first entry of W_up belong?",
    )
    def other_matrices(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up.roll(-1, 0), W_hh, b_h, masks, p)

    @mistake(
        "the thinned states returned",
        hint="What a layer hands up is thinned. Is what it hands to its own next step, and to you?",
    )
    def thinned_returned(x, W_xh, W_up, W_hh, b_h, masks, p):
        states = stack(x, W_xh, W_up, W_hh, b_h, masks, p)
        return torch.cat([thinned(states[:-1], masks, p), states[-1:]])

    @mistake(
        "the weights of the first layer in every layer",
        hint="One layer is right. What is the first axis of W_hh?",
    )
    def first_weights(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh[:1].expand_as(W_hh), b_h, masks, p)

    @mistake(
        "the top layer alone",
        hint="How many axes does the answer have, and what is the first?",
    )
    def top(x, W_xh, W_up, W_hh, b_h, masks, p):
        return stack(x, W_xh, W_up, W_hh, b_h, masks, p)[-1]


def thinned(states, mask, p):
    return torch.where(mask, states / (1 - p), 0.0)


def stack(
    x,
    W_xh,
    W_up,
    W_hh,
    b_h,
    masks,
    p,
    *,
    read_below=lambda given: given,
    start_afresh=True,
    in_time=lambda h, layer, t: h,
):
    """Return the states of every layer; the keywords make the usual mistakes."""
    states, h = [], x.new_zeros(len(x), W_hh.shape[1])
    for layer in range(len(W_hh)):
        if start_afresh:
            h = torch.zeros_like(h)
        of_layer = []
        for t in range(x.shape[1]):
            a = x[:, t] @ W_xh[layer].T + b_h[layer]
            if layer:
                a = a + read_below(thinned(states[-1], masks[layer - 1], p))[:, t] @ W_up[layer - 1].T
            h = torch.tanh(a + in_time(h, layer, t) @ W_hh[layer].T)
            of_layer.append(h)
        states.append(torch.stack(of_layer, dim=1))
    return torch.stack(states)
