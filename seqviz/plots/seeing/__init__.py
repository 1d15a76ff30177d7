"""Pictures with captions under them, and where a network looked at them."""
