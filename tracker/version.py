"""The version of tracker."""

__version__ = "0.1.0"
