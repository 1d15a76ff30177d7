"""Pictures of paths that collapse, of forward sums and of calls."""
