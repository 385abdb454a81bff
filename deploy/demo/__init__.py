"""One job from submit to signed webhook and checked audio, told as it happens."""
