"""Drawn genes obey the rules of genes, and come as the numbers say."""

import re

import pytest
import torch

from seqviz.data.stacked.genes import BASES, START, STOPS, genes

GRAMMAR = genes()


@pytest.fixture(scope="module")
def drawn():
    bases, tags = GRAMMAR.sample(300, 150, torch.Generator().manual_seed(3))
    rows = zip(bases.tolist(), tags.tolist(), strict=True)  # tags as letters: between, start, codon, end
    return [("".join(BASES[i] for i in row), "".join("bsce"[i] for i in tag)) for row, tag in rows]


def test_every_gene_is_a_start_codons_and_the_first_stop_in_frame(drawn):
    whole = 0
    for bases, tags in drawn:
        for gene in re.finditer("s+c*e*", tags):
            text = bases[gene.start() : gene.end()]
            if gene.end() == len(bases):  # cut off by the end
                assert START.startswith(text[:3])
                continue
            whole += 1
            codons = [text[i : i + 3] for i in range(0, len(text), 3)]
            assert codons[0] == START
            assert codons[-1] in STOPS
            assert not set(codons[1:-1]) & set(STOPS)
            assert len(codons) >= 3
            assert gene.group() == "sss" + "c" * (len(text) - 6) + "eee"
    assert whole > 300


def test_shares_are_those_asked_for(drawn):
    outside = "".join(base for bases, tags in drawn for base, tag in zip(bases, tags, strict=True) if tag == "b")
    inside = "".join(base for bases, tags in drawn for base, tag in zip(bases, tags, strict=True) if tag == "c")
    assert sum(base in "GC" for base in outside) / len(outside) == pytest.approx(0.3, abs=0.015)
    assert sum(base in "GC" for base in inside) / len(inside) == pytest.approx(0.6, abs=0.04)  # no stop codons
    starts = sum(len(re.findall("[be]s", tags)) for _, tags in drawn)
    free = sum(len(re.findall("b|(?<=ee)e", tags[:-1])) for _, tags in drawn)
    assert starts / free == pytest.approx(0.04, abs=0.006)
    codons = [len(gene.group()) / 3 for _, tags in drawn for gene in re.finditer("(?<=sss)c+(?=e)", tags)]
    assert 6 < sum(codons) / len(codons) < 10.5  # 10 on average, fewer where the longest are cut off


def test_the_numbers_are_probabilities():
    torch.testing.assert_close(GRAMMAR.transitions.sum(1), torch.ones(len(GRAMMAR.bases), dtype=torch.float64))
    assert float(GRAMMAR.initial.sum()) == pytest.approx(1)
    assert set(GRAMMAR.tags.tolist()) == {0, 1, 2, 3}
