"""Which reports tell one development: fingerprints and single-pass clustering."""
