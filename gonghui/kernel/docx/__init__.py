"""Word documents: the tags that users type, the figures behind them, the official page format."""
