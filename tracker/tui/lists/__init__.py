"""The rows of the three panes, and the list that shows them."""
