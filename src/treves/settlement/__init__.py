"""What each published model predicts will be decided, per issue; see :mod:`.catalogue`."""
