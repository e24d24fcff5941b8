"""One module for each thing that is estimated; each has one PART."""
