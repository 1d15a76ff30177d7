"""The text is source that Python can read, in the alphabet that is promised."""

import ast

import pytest

from seqviz.data.language import python_source as module
from seqviz.data.language.python_source import SOURCE_ALPHABET, python_source


def test_the_text_is_in_its_alphabet_and_long_enough():
    text = python_source()
    assert set(text) <= set(SOURCE_ALPHABET.tokens)
    assert 150_000 < len(text) < 1_000_000
    assert SOURCE_ALPHABET.decode(SOURCE_ALPHABET.encode(text[:500])) == text[:500]


def test_it_is_source():
    functions = [node for node in ast.walk(ast.parse(python_source())) if isinstance(node, ast.FunctionDef)]
    assert len(functions) > 100


def test_a_module_that_is_not_there_is_said_so():
    with pytest.raises(FileNotFoundError, match="expected the source of no_such_module to come with this Python"):
        module._text_of("no_such_module")
