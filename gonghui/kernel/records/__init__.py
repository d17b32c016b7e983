"""What every record has: columns, history, links, sealed fields, numbering."""
