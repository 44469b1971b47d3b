"""How does this article lean, and who is speaking? Article in; author's voice and quoted voices out."""

__version__ = "0.1.0"
