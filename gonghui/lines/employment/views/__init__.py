"""The pages of the line that no register gives."""
