"""Coverage as the desk sees it: who is protected, when a list came, who looks after a territory."""
