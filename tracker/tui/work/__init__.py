"""What is read and changed in threads, and the order in which news are walked."""
