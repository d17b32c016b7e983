"""Campaigns (专项活动), in whose window several lines count."""
