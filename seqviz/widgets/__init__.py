"""Controls around plots: the light figure, the explorers, the quiz. The only room that knows ipywidgets."""

from seqviz.widgets import explorers as explore
from seqviz.widgets.light import LightFigure, show
from seqviz.widgets.quizzes import Quiz, quiz

__all__ = ["LightFigure", "Quiz", "explore", "quiz", "show"]
