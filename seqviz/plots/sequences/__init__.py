"""Pictures of sequences: their shapes, and what reads them without a state."""
