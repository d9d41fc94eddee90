"""The sessions of nox, a module for each purpose; the noxfile imports them all."""
