"""The agenda at the desk: proposed, published, cancelled."""
