"""Pictures of language models: what they expect, what is drawn from it, and how good they are."""
