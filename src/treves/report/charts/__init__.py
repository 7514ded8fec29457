"""Charts beside the page: one file each, drawn with Altair from the summary, same look."""
