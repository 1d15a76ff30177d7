"""What is stored in the checks does not hang on the processor that worked it out."""

import os
import subprocess
import sys

import pytest

from tests.exercises.course import ROOT

pytestmark = pytest.mark.slow
# torch's plainest loops, and those of MKL that are the same everywhere: both round otherwise than the fast ones
ANOTHER = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}


@pytest.mark.parametrize("environment", [{}, ANOTHER], ids=["this", "another"])
def test_the_checks_follow_from_the_solutions_on_a_processor_that_rounds_otherwise(environment: dict[str, str]):
    command = [sys.executable, "-m", "seqviz.cli", "release", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_other_processor_does_round_otherwise():
    code = "import torch; torch.manual_seed(0); x = torch.randn(99, 99).double(); print((x.sigmoid() @ x).sum().item())"
    sums = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
        ).stdout
        for environment in ({}, ANOTHER)
    }
    assert len(sums) == 2
