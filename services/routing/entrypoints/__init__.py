"""Where messages, requests and the clock come in."""
