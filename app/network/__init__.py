"""The network of professionals: its members, what they say of themselves, who writes to whom."""
