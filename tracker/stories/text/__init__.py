"""Text analysis: from strings to tokens, stems and languages; knows no query and no lexicon."""
