"""What words may denote: concepts, names, dictionary entries, in seven languages."""
