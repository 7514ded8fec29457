"""What happens when the deadline comes."""

from treves.endgame.calibration import recalibrate, recalibrations
from treves.endgame.game import OUTCOMES, Endgame, Play, orders, play, precision_draws
from treves.endgame.menu import choose_menu
from treves.endgame.power import PowerTable, power_of

__all__ = [
    "OUTCOMES",
    "Endgame",
    "Play",
    "PowerTable",
    "choose_menu",
    "orders",
    "play",
    "power_of",
    "precision_draws",
    "recalibrate",
    "recalibrations",
]
