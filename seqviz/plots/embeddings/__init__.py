"""Pictures of vectors of words."""
