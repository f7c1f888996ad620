"""Keeps Presswatch running and lets people look."""
