"""Which speaker belongs to training, validation and test: by a hash of the name, so a speaker never parts."""
import hashlib

"""Always held out: professional Italian and Russian prompt voices and some of each kind of source."""
VALIDATION = ("asterisk-it", "klettres-it", "ktuberling-it", "fillets-nl-m", "fillets-nl-v", "fillets-nl-others", "tuxpaint-el")
TEST = ("asterisk-ru", "asterisk-prompt-es-co", "horizons-fr", "horizons-de", "tuxpaint-ro", "pocketsphinx-librivox")
"""Always trained on: actors appear in several groups of these, so they cannot be parted."""
TRAINING = ("steel-sky", "amazon-queen", "fillets-cs", "festvox-ru", "warzone", "nexuiz")


def part_of(speaker: str) -> str:
    """train (72 %), val (12 %) or test."""
    if speaker in VALIDATION:
        return "val"
    if speaker in TEST:
        return "test"
    if speaker.startswith(TRAINING):
        return "train"
    share = int(hashlib.sha256(speaker.encode()).hexdigest()[:8], 16) / 2**32
    return "train" if share < 0.72 else "val" if share < 0.84 else "test"
