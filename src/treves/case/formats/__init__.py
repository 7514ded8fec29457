"""One file per format: how a case is read from and written to it."""
