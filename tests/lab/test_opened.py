"""What JupyterLab gets of a saved notebook: still forms, and the kernel as JupyterLab would describe it."""

import copy

import plotly.graph_objects as go

import seqviz as sv
from seqviz.lab.opened import PLOTLY, WIDGET, has_widgets, introduce, still


def output(data, kind="display_data", **more):
    return {"output_type": kind, "metadata": {}, "data": data, **more}


def notebook(*outputs):
    return {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": list(outputs)}]}


def stilled(*outputs):
    made = notebook(*copy.deepcopy(outputs))
    still(made)
    return made["cells"][1]["outputs"]


def test_of_a_figure_its_picture_and_its_words_stay():
    shown = output(sv.show(go.Figure(go.Scatter(y=[1, 2])), "A line.")._repr_mimebundle_()[0], "execute_result")
    picture, words = stilled(shown | {"execution_count": 3})
    assert picture == output({PLOTLY: shown["data"][PLOTLY]})
    assert words == output(
        {"text/plain": "A line.", "text/html": "<p>A line.</p>"}, "execute_result", execution_count=3
    )


def test_of_an_explorer_stays_what_to_do_to_move_it():
    _, words = stilled(output(sv.explore.unrolled()._repr_mimebundle_()[0]))
    assert words["data"]["text/html"].endswith("<p>Run → Run All Cells to move this.</p>")


def test_symbols_of_a_sentence_are_set_low_but_not_those_that_were_read():
    shown = sv.show(go.Figure(), "W_hh h_t−1 after “x_1”, not snake_case.")
    (words,) = stilled(output({kind: value for kind, value in shown._repr_mimebundle_()[0].items() if kind != PLOTLY}))
    assert words["data"]["text/html"] == ("<p>W<sub>hh</sub> h<sub>t−1</sub> after “x_1”, not snake_case.</p>")


def test_of_a_quiz_its_question_stays():
    asked = sv.quiz("Is 1 < 2?", {"yes": "It is.", "no": "Count."}, right="yes")
    (words,) = stilled(output(asked._repr_mimebundle_()[0]))
    assert words["data"]["text/html"] == (
        "<p>Is 1 &lt; 2?</p><p>( ) yes</p><p>( ) no</p><p>Run → Run All Cells to answer this.</p>"
    )


def test_of_a_progress_bar_nothing_stays_and_of_another_widget_its_text():
    bar = output({WIDGET: {"model_id": "a"}, "text/plain": "training:   0%|          | 0/80 [00:00<?, ?step/s]"})
    slider = output({WIDGET: {"model_id": "b"}, "text/plain": "IntSlider(value=0)"})
    assert stilled(bar, slider) == [output({"text/plain": "IntSlider(value=0)"})]


def test_what_the_kernel_still_has_stays_a_widget():
    old, new = (output({WIDGET: {"model_id": name}, "text/plain": "IntSlider(value=0)"}) for name in ("old", "new"))
    made = notebook(copy.deepcopy(old), copy.deepcopy(new))
    assert has_widgets(made)
    still(made, {"new"})
    assert made["cells"][1]["outputs"] == [output({"text/plain": "IntSlider(value=0)"}), new]
    still(made)
    assert not has_widgets(made)


def test_every_other_output_stays_as_it_is():
    others = [
        {"output_type": "stream", "name": "stdout", "text": "100%|"},
        output({PLOTLY: {"data": []}, "text/html": "<p>kept together</p>"}),
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
    ]
    assert stilled(*others) == others


def test_a_notebook_is_introduced_to_the_kernel_that_it_asks_for_alone():
    kernelspec, language = (
        {"name": "python3", "display_name": "P", "language": "python"},
        {"name": "python", "version": "3"},
    )
    ours = {"metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "tags": []}}
    introduce(ours, kernelspec, language)
    assert ours == {"metadata": {"kernelspec": kernelspec, "language_info": language, "tags": []}}
    for others in ({"metadata": {"kernelspec": {"name": "julia"}}}, {"metadata": {}}):
        before = copy.deepcopy(others)
        introduce(others, kernelspec, language)
        assert others == before
