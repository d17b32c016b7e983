"""What happens to money: posting, checking, claiming, paying."""
