"""A small newspaper on loopback, for the demo and the tests."""
