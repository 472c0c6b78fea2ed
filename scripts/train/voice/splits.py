"""Which speaker belongs to training, validation and test: by a hash of the name, so a speaker never parts."""
import hashlib


def part_of(speaker: str) -> str:
    """train (70 %), val (12 %) or test. The professional Italian and Russian prompt voices are always held out."""
    if speaker in ("asterisk-it", "klettres-it", "ktuberling-it"):
        return "val"
    if speaker in ("asterisk-ru", "asterisk-prompt-es-co", "horizons-fr", "horizons-de"):
        return "test"
    share = int(hashlib.sha256(speaker.encode()).hexdigest()[:8], 16) / 2**32
    return "train" if share < 0.72 else "val" if share < 0.84 else "test"
