"""What an archive needs to be kept for long: its files, whether they are as they were, and all of it in a bag."""
