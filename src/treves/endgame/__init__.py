"""What happens when the deadline comes."""

from treves.endgame.game import OUTCOMES, Endgame, Play, orders, play, precision_draws

__all__ = ["OUTCOMES", "Endgame", "Play", "orders", "play", "precision_draws"]
