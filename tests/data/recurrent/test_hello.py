"""The four-letter task."""

from seqviz.data.recurrent.hello import hello


def test_each_letter_is_asked_for_the_next():
    task = hello()
    assert task.alphabet.decode(task.x[0].argmax(-1)) == "hell"
    assert task.alphabet.decode(task.y[0]) == "ello"
