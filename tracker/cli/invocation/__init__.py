"""What one invocation of a command needs: options, dates, files, a clock, the terminal."""
