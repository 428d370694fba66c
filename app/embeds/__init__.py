"""What an embed is: its look, its code, and of a registered one its lock, its origins, its logo."""
