"""Grading: submissions → sandboxed kernels through papermill → gradebook and feedback."""
