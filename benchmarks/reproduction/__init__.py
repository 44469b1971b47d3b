"""The rows of docs/results.md: which numbers are computed, by which models, on which records, and the page itself."""
