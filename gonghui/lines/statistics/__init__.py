"""Statistics (统计): periods, what the unions certify, what is sealed, and what is checked."""
