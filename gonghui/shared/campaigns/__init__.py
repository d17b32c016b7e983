"""Campaigns (专项活动), whose window several lines count in."""
