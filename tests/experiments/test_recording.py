"""A record says how it was made, and holds what was measured with as many seeds as were asked for."""

import json
import sys

import torch

from experiments import recording


def test_a_record_is_measured_with_the_seeds_asked_for_and_says_how_it_was_made(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(recording, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tried", "--seeds", "3"])
    recording.record("tried", "Try.", lambda seeds: [seed**2 for seed in range(seeds)], sizes={"steps": 7})
    kept = json.loads((tmp_path / "tried.json").read_text(encoding="utf-8"))
    assert kept["command"] == "python -m experiments.tried"
    assert (kept["sizes"], kept["seeds"], kept["results"]) == ({"steps": 7}, 3, [0, 1, 4])
    assert kept["environment"]["torch"] == torch.__version__
    assert str(tmp_path / "tried.json") in capsys.readouterr().out
