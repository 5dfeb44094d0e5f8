"""A half year of invented outlets, and a server that plays it on the loopback interface."""
