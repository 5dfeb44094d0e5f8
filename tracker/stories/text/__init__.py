"""Text analysis: from strings to tokens, stems and languages, without queries and lexicon."""
