"""Starts the four programs, keeps them running, and prints what a user of scripts/thumbline reads."""
