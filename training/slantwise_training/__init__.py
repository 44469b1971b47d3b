"""Corpora in, a model folder and its evaluation out. Needs the `[train]` extra."""
