"""What people write into their letters, interview packs and career paths."""
