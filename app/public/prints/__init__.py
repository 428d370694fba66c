"""Sheets for paper: a search on the office wall, and one actor to hand over. See print.md."""
