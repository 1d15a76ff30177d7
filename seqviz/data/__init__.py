"""Seeded corpora and tasks: generated, or carried by Python itself. Nothing is downloaded."""

from seqviz.data.alphabet import Alphabet
from seqviz.data.genes import BASES, GENE_TAGS, GeneGrammar, genes
from seqviz.data.hello import HelloTask, hello
from seqviz.data.memory import adding_problem, copy_memory, delayed_echo
from seqviz.data.names_grammar import TAGS, NamesGrammar, TaggedSentence, named_entities, tagged_batch, teddy_and_apple
from seqviz.data.prose import PROSE_ALPHABET, prose, tidy, windows
from seqviz.data.recorded import recorded
from seqviz.data.vocabulary import UNKNOWN, Vocabulary

__all__ = [
    "BASES",
    "GENE_TAGS",
    "PROSE_ALPHABET",
    "TAGS",
    "UNKNOWN",
    "Alphabet",
    "GeneGrammar",
    "HelloTask",
    "NamesGrammar",
    "TaggedSentence",
    "Vocabulary",
    "adding_problem",
    "copy_memory",
    "delayed_echo",
    "genes",
    "hello",
    "named_entities",
    "prose",
    "recorded",
    "tagged_batch",
    "teddy_and_apple",
    "tidy",
    "windows",
]
