"""From sound to symbols: frames of a spectrum, CTC and its search."""
