"""Reads what Rob Northen's ProPack wrote with method 1 (1991), the packing of one adventure game's speech.

A stream of 16-bit little-endian words gives bits, lowest first; literal bytes stand between the words, where the next one would.
"""
import struct


class Bits:
    def __init__(self, data: bytes):
        self.data, self.at, self.held, self.count = data, 0, 0, 0

    def peek(self) -> int:
        """At least 16 bits; the word after those that are held is not taken yet."""
        return self.held | int.from_bytes(self.data[self.at : self.at + 2], "little") << self.count

    def take(self, n: int) -> int:
        if n > self.count:
            self.held = self.peek()
            self.at += 2
            self.count += 16
        value = self.held & ((1 << n) - 1)
        self.held >>= n
        self.count -= n
        return value


def table(bits: Bits) -> list[tuple[int, int, int]]:
    """(mask, code with its first bit lowest, symbol) of a canonical Huffman code, short codes first."""
    lengths = [bits.take(4) for _ in range(bits.take(5))]
    found, code = [], 0
    for length in range(1, 17):
        for symbol, own in enumerate(lengths):
            if own == length:
                found.append(((1 << length) - 1, int(f"{code >> (16 - length):0{length}b}"[::-1], 2), length << 8 | symbol))
                code += 1 << (16 - length)
    return found


def value(bits: Bits, codes) -> int:
    ahead = bits.peek()
    for mask, code, packed in codes:
        if ahead & mask == code:
            bits.take(packed >> 8)
            symbol = packed & 255
            return symbol if symbol < 2 else bits.take(symbol - 1) | 1 << (symbol - 1)
    raise ValueError("no such code")


def unpack(packed: bytes) -> bytes:
    """The data behind a header of 18 bytes; ValueError where it is no such data."""
    if packed[:4] != b"RNC\1":
        raise ValueError("not packed by method 1")
    size, blocks = struct.unpack(">I", packed[4:8])[0], packed[17]
    bits, out = Bits(packed[18:]), bytearray()
    bits.take(2)
    for _ in range(blocks):
        literals, distances, lengths = table(bits), table(bits), table(bits)
        for left in range(bits.take(16), 0, -1):
            n = value(bits, literals)
            out += bits.data[bits.at : bits.at + n]
            bits.at += n
            if left > 1:
                back, n = value(bits, distances) + 1, value(bits, lengths) + 2
                for _ in range(n):
                    out.append(out[-back])
    if len(out) != size:
        raise ValueError(f"{len(out)} bytes in place of {size}")
    return bytes(out)
