"""The encoder family's training side: a pretrained encoder with a head per task, layer and stance (needs torch)."""
