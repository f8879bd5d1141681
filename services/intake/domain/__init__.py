"""What a conversation is and what may happen to it; pure."""
