"""Case files in the formats of the field, one file per format."""
