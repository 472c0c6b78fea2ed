"""Half precision only where the processor computes in it: elsewhere it is emulated, several times slower than single precision."""
import torch


def _computes_bfloat16() -> bool:
    try:
        with open("/proc/cpuinfo") as file:
            flags = next((line for line in file if line.startswith("flags")), "")
    except OSError:
        return False
    return any(flag in flags.split() for flag in ("avx512_bf16", "amx_bf16"))


BFLOAT16 = _computes_bfloat16()


def autocast() -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16)
