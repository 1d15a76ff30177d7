"""Pages from disk: chapters as HTML whose explorers move without a kernel and without a network."""
