"""What operators edit, and the only code that reads it."""
