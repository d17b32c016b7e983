"""Women workers: lectures, posts, inspections, screening, facilities."""
