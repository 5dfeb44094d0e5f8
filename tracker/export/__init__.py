"""A story as a file: page, Markdown, CSV and Atom. Every function is pure: a model in, text out."""
