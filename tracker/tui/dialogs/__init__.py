"""Screens above the main one, and the line of a filter."""
