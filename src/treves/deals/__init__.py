"""Which packages nobody has to refuse."""
