"""The commands of `mesure23`: each file is named as its command is typed."""
