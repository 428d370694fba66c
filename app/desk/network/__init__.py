"""The network of professionals: its charter, profiles, directory and conversations."""
