"""Seeded corpora and tasks: generated, or carried by Python itself. Nothing is downloaded."""

from seqviz.data.agreement import AGREEMENT_VOCABULARY, meals, people, story_windows, subject_verb_batch
from seqviz.data.alphabet import Alphabet
from seqviz.data.genes import BASES, GENE_TAGS, GeneGrammar, genes
from seqviz.data.hello import HelloTask, hello
from seqviz.data.measured import Series, country, share_prices
from seqviz.data.melody import ODE_TO_JOY, Note, note_name, tones
from seqviz.data.memory import adding_problem, copy_memory, delayed_echo
from seqviz.data.moving_digit import digit_picture, moving_digit
from seqviz.data.names_grammar import TAGS, NamesGrammar, TaggedSentence, named_entities, tagged_batch, teddy_and_apple
from seqviz.data.prose import PROSE_ALPHABET, prose, tidy, windows
from seqviz.data.recorded import recorded
from seqviz.data.sentences import LANGUAGES, SAME_BAG, Gap, grown_up
from seqviz.data.shifted_pattern import RAMP, RAMPS, place_ramps, ramp_positions, shifted_pattern
from seqviz.data.speech import glide
from seqviz.data.tasks import TASKS, Task
from seqviz.data.vocabulary import UNKNOWN, Vocabulary

__all__ = [
    "AGREEMENT_VOCABULARY",
    "BASES",
    "GENE_TAGS",
    "LANGUAGES",
    "ODE_TO_JOY",
    "PROSE_ALPHABET",
    "RAMP",
    "RAMPS",
    "SAME_BAG",
    "TAGS",
    "TASKS",
    "UNKNOWN",
    "Alphabet",
    "Gap",
    "GeneGrammar",
    "HelloTask",
    "NamesGrammar",
    "Note",
    "Series",
    "TaggedSentence",
    "Task",
    "Vocabulary",
    "adding_problem",
    "copy_memory",
    "country",
    "delayed_echo",
    "digit_picture",
    "genes",
    "glide",
    "grown_up",
    "hello",
    "meals",
    "moving_digit",
    "named_entities",
    "note_name",
    "people",
    "place_ramps",
    "prose",
    "ramp_positions",
    "recorded",
    "share_prices",
    "shifted_pattern",
    "story_windows",
    "subject_verb_batch",
    "tagged_batch",
    "teddy_and_apple",
    "tidy",
    "tones",
    "windows",
]
