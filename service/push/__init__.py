"""Texts sent on to those who don't come for them: each a consumer like any other.

A push leases from its own subscription, delivers, acknowledges; what fails comes back
after the queue's own delays, and is dead after the queue's own number of attempts.
"""
