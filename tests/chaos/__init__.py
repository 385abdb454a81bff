"""Kills: whatever dies in the middle of many jobs, each is submitted, ended, paid and told as if nothing had."""
