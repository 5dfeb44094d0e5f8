"""Messages to the user: when they are sent, what they say, and the channels that take them."""
