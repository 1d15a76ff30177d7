"""Trace → figure, and trace → a sentence that says the same. Pure functions: no torch, no widgets, no model."""

from seqviz.plots.ceilings import Reached, describe_ceilings, plot_ceilings
from seqviz.plots.cell_jacobians import describe_cell_jacobians, plot_cell_jacobians
from seqviz.plots.cliff import describe_cliff, plot_cliff
from seqviz.plots.computation_graph import (
    SEQUENCE_SHAPES,
    computation_graph,
    describe_computation_graph,
    plot_computation_graph,
)
from seqviz.plots.costs import Cost, cost_rows, describe_costs, plot_costs
from seqviz.plots.difference_error import describe_difference_error, plot_difference_error
from seqviz.plots.directions import describe_directions, plot_directions
from seqviz.plots.film import describe_film, plot_film
from seqviz.plots.gates import Brush, describe_clamp, describe_gates, plot_clamp, plot_gates
from seqviz.plots.gradient_path import describe_gradient_path, plot_gradient_path
from seqviz.plots.gradients import (
    describe_gradient_ribbon,
    describe_terms,
    plot_gradient_ribbon,
    plot_terms,
)
from seqviz.plots.heat_table import describe_heat_table, plot_heat_table
from seqviz.plots.interpolation import describe_interpolation, plot_interpolation
from seqviz.plots.jacobians import describe_jacobian_sweep, describe_jacobians, plot_jacobian_sweep, plot_jacobians
from seqviz.plots.lags import describe_lags, plot_lags
from seqviz.plots.longest_lag import describe_longest_lag, plot_longest_lag
from seqviz.plots.losses import describe_losses, plot_losses
from seqviz.plots.melody import describe_melody, plot_melody
from seqviz.plots.missing_share import describe_missing_share, plot_missing_share, steps_needed
from seqviz.plots.one_hot import describe_one_hot, plot_one_hot
from seqviz.plots.reach import describe_reach, plot_reach
from seqviz.plots.receptive_field import describe_receptive_field, plot_receptive_field
from seqviz.plots.regimes import describe_regime, plot_regime
from seqviz.plots.run import describe_run, plot_run
from seqviz.plots.shift import describe_shift, plot_shift
from seqviz.plots.signals import describe_series, describe_sound, plot_series, plot_sound
from seqviz.plots.spread import describe_spread, plot_spread
from seqviz.plots.task import TaskExample, describe_task, plot_task
from seqviz.plots.track import describe_track, plot_track
from seqviz.plots.truncation import describe_truncation, plot_truncation
from seqviz.plots.unit import describe_unit, plot_unit, unit_over_text
from seqviz.plots.unrolled import Unrolled, describe_unrolled, plot_unrolled

__all__ = [
    "SEQUENCE_SHAPES",
    "Brush",
    "Cost",
    "Reached",
    "TaskExample",
    "Unrolled",
    "computation_graph",
    "cost_rows",
    "describe_ceilings",
    "describe_cell_jacobians",
    "describe_clamp",
    "describe_cliff",
    "describe_computation_graph",
    "describe_costs",
    "describe_difference_error",
    "describe_directions",
    "describe_film",
    "describe_gates",
    "describe_gradient_path",
    "describe_gradient_ribbon",
    "describe_heat_table",
    "describe_interpolation",
    "describe_jacobian_sweep",
    "describe_jacobians",
    "describe_lags",
    "describe_longest_lag",
    "describe_losses",
    "describe_melody",
    "describe_missing_share",
    "describe_one_hot",
    "describe_reach",
    "describe_receptive_field",
    "describe_regime",
    "describe_run",
    "describe_series",
    "describe_shift",
    "describe_sound",
    "describe_spread",
    "describe_task",
    "describe_terms",
    "describe_track",
    "describe_truncation",
    "describe_unit",
    "describe_unrolled",
    "plot_ceilings",
    "plot_cell_jacobians",
    "plot_clamp",
    "plot_cliff",
    "plot_computation_graph",
    "plot_costs",
    "plot_difference_error",
    "plot_directions",
    "plot_film",
    "plot_gates",
    "plot_gradient_path",
    "plot_gradient_ribbon",
    "plot_heat_table",
    "plot_interpolation",
    "plot_jacobian_sweep",
    "plot_jacobians",
    "plot_lags",
    "plot_longest_lag",
    "plot_losses",
    "plot_melody",
    "plot_missing_share",
    "plot_one_hot",
    "plot_reach",
    "plot_receptive_field",
    "plot_regime",
    "plot_run",
    "plot_series",
    "plot_shift",
    "plot_sound",
    "plot_spread",
    "plot_task",
    "plot_terms",
    "plot_track",
    "plot_truncation",
    "plot_unit",
    "plot_unrolled",
    "steps_needed",
    "unit_over_text",
]
