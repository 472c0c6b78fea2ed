"""Which picture belongs to training, validation and test: fixed by content, so that near-duplicates never part.

Groups: a picture and its near-duplicates (64-bit difference hashes within 4 bits of another member, among web-faces,
where about 260 are known) share one split. 80 % train, 10 % val (early stopping, thresholds), 10 % test (quoted).
"""
import hashlib

import numpy as np

NEAR = 4


def groups(dhash: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """Group number per picture: [n] int. Only web-faces are compared; the other sets hold one picture per person."""
    parent = np.arange(len(dhash))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    web = np.flatnonzero(np.char.startswith(paths.astype(str), "faces-real/web-faces"))
    bits = np.unpackbits(dhash[web].astype(">u8").view(np.uint8).reshape(-1, 8), axis=1).astype(np.int16)
    for k, i in enumerate(web):
        distance = (bits[k + 1 :] != bits[k]).sum(1)
        for j in web[k + 1 :][distance <= NEAR]:
            parent[root(j)] = root(i)
    return np.array([root(i) for i in range(len(dhash))])


def split_of(name: str) -> str:
    """train, val or test, from the SHA-256 of a name."""
    share = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32
    return "train" if share < 0.8 else "val" if share < 0.9 else "test"


def splits(labels) -> np.ndarray:
    """labels: the loaded faces.npz. Returns an array of 'train' / 'val' / 'test' per picture."""
    paths = labels["paths"]
    return np.array([split_of(str(paths[g])) for g in groups(labels["dhash"], paths)])
