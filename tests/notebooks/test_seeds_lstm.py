"""What the chapter on the LSTM asserts holds for other seeds too."""

from pathlib import Path

import papermill
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_claim_of_the_chapter_on_the_lstm_holds_with_another_seed(tmp_path, seed):
    papermill.execute_notebook(
        ROOT / "notebooks" / "05_lstm.ipynb",
        tmp_path / "run.ipynb",
        parameters={"seed": seed, "cost_repeats": 2},  # times are not asserted
        kernel_name="python3",
        cwd=tmp_path,
        progress_bar=False,
    )
