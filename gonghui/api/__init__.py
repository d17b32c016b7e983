"""The REST interface made from registers; it knows no line."""
