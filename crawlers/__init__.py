"""Outlets become raw pages: discovery, politeness, fetching (the Scrapy project)."""
