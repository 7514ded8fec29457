"""Published models of what will be decided, one file each."""
