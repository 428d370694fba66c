"""What a service must say of itself: its legal pages, and what robots may read."""
