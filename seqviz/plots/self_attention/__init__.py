"""Pictures of self-attention: the stages of a look, heads side by side, edges cut."""
