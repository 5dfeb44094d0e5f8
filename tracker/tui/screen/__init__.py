"""The main screen and the program around it."""
