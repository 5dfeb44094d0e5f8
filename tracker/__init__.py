"""tracker follows news stories through the feeds that a person trusts."""

__version__ = "0.1.0"
