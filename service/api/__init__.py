"""The HTTP side of the service: queue, articles and standing for other programs."""
