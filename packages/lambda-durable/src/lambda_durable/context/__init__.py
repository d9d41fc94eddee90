"""The contexts that handlers work with, one for each flavour; their words are the same."""
