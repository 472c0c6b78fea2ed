"""Stand-ins for the generators of altered faces: small linear auto-encoders learnt here, and up-sampling chains.

A face that went through a generator has lost what its bottleneck does not hold and gained the traces of the decoder's
up-sampling. Both are imitated without any foreign weight: principal components of aligned faces (a linear auto-encoder of
the whole face), principal components of patches with a strided transposed convolution (a linear convolutional one), and
chains of down-sampling and up-sampling by transposed convolution, nearest neighbour + convolution, or pixel shuffle whose
filters are disturbed at random, as learnt ones are never quite even.
"""
import cv2
import numpy as np
import torch
import torch.nn.functional as F
from align import crop_transform

SIDE = 80
COMPONENTS = 600
PATCH = 8


def to_tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(image, np.float32)).permute(2, 0, 1)[None]


def to_image(tensor: torch.Tensor) -> np.ndarray:
    return tensor[0].permute(1, 2, 0).numpy()


class Decoders:
    """Principal components of training faces: `face` of [80,80,3] aligned crops, `patch` of 8 x 8 x 3 patches."""

    def __init__(self, path: str):
        stored = np.load(path)
        self.mean, self.basis = stored["mean"], stored["basis"]
        self.patch_mean, self.patch_basis = stored["patch_mean"], stored["patch_basis"]

    @staticmethod
    def fit(crops: np.ndarray, path: str, rng: np.random.Generator) -> None:
        """crops: uint8 [n,80,80,3] aligned faces of the training split."""
        flat = crops.reshape(len(crops), -1).astype(np.float32)
        mean = flat.mean(0)
        flat -= mean
        values, vectors = np.linalg.eigh(flat @ flat.T)
        order = np.argsort(values)[::-1][:COMPONENTS]
        basis = (flat.T @ vectors[:, order]) / np.sqrt(values[order])
        patches = []
        for crop in crops[:1500]:
            for _ in range(12):
                y, x = rng.integers(0, SIDE - PATCH, 2)
                patches.append(crop[y : y + PATCH, x : x + PATCH].reshape(-1))
        patches = np.asarray(patches, np.float32)
        patch_mean = patches.mean(0)
        _, _, v = np.linalg.svd(patches - patch_mean, full_matrices=False)
        np.savez(path, mean=mean, basis=basis.T.astype(np.float32), patch_mean=patch_mean, patch_basis=v)

    def face(self, image: np.ndarray, five: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The whole face through the linear auto-encoder; outside the aligned square the picture is kept, softly."""
        matrix = crop_transform(five, SIDE, 1.0)
        crop = cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REPLICATE)
        k = int(rng.choice([60, 120, 200, 350, 600]))
        code = self.basis[:k] @ (crop.reshape(-1) - self.mean)
        made = (self.basis[:k].T @ code + self.mean).reshape(SIDE, SIDE, 3)
        made += float(rng.uniform(0, 0.4)) * (crop - made)
        flags = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
        size = image.shape[1], image.shape[0]
        back = cv2.warpAffine(made.astype(np.float32), matrix, size, flags=flags,
                              borderMode=cv2.BORDER_REPLICATE)
        edge = np.zeros((SIDE, SIDE), np.float32)
        edge[5:-5, 5:-5] = 1
        weight = cv2.warpAffine(cv2.GaussianBlur(edge, (0, 0), 3), matrix, size, flags=cv2.INTER_LINEAR)[..., None]
        return image * (1 - weight) + back * weight

    def patches(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A linear convolutional auto-encoder: 8 x 8 kernels at stride 4, some components kept, decoder disturbed."""
        k = int(rng.choice([8, 12, 20, 32]))
        kernel = torch.from_numpy(self.patch_basis[:k].reshape(k, PATCH, PATCH, 3)).permute(0, 3, 1, 2).contiguous()
        x = to_tensor(image) - 128
        padded = F.pad(x, (4, 8, 4, 8), mode="replicate")
        code = F.conv2d(padded, kernel, stride=4)
        noisy = kernel * (1 + 0.06 * torch.from_numpy(rng.standard_normal(kernel.shape).astype(np.float32)))
        ramp = torch.hann_window(PATCH, periodic=True)
        window = (ramp[:, None] * ramp[None]).clamp(min=1e-3) if rng.random() < 0.5 else torch.ones(PATCH, PATCH)
        out = F.conv_transpose2d(code, noisy * window, stride=4)
        total = F.conv_transpose2d(torch.ones_like(code[:, :1]), window[None, None], stride=4)
        out = (out / total)[:, :, 4 : 4 + image.shape[0], 4 : 4 + image.shape[1]]
        return to_image(out) + 128


def upsample(x: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Doubles [1,3,h,w] as a decoder does; the filters are disturbed by some per cent."""
    kind = rng.integers(3)
    off = float(rng.uniform(0.01, 0.08))

    def disturbed(kernel: np.ndarray) -> torch.Tensor:
        noisy = kernel * (1 + off * rng.standard_normal((3, 1, *kernel.shape)))
        return torch.from_numpy((noisy / noisy.sum((2, 3), keepdims=True)).astype(np.float32))

    if kind == 0:
        line = np.array([[1, 3, 3, 1], [0.5, 3.5, 3.5, 0.5], [1, 1, 1, 1]][rng.integers(3)], float)
        weight = disturbed(np.outer(line, line)) * 4
        return F.conv_transpose2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), weight, stride=2, padding=3, groups=3)
    if kind == 1:
        line = np.array([1, rng.uniform(1, 4), 1])
        big = F.interpolate(x, scale_factor=2, mode="nearest")
        return F.conv2d(F.pad(big, (1, 1, 1, 1), mode="replicate"), disturbed(np.outer(line, line)), groups=3)
    phases = []
    for py in (0, 1):
        for px in (0, 1):
            ly = np.array([3, 5, 1][:: 1 if py == 0 else -1], float)
            lx = np.array([3, 5, 1][:: 1 if px == 0 else -1], float)
            gain = 1 + 0.3 * off * float(rng.standard_normal())
            phases.append(gain * F.conv2d(F.pad(x - 128, (1, 1, 1, 1), mode="replicate"), disturbed(np.outer(ly, lx)), groups=3))
    stacked = torch.stack(phases, 2).flatten(1, 2)
    return F.pixel_shuffle(stacked, 2) + 128


def chain(image: np.ndarray, rng: np.random.Generator, levels: int) -> np.ndarray:
    """Down by 2^levels and up again through disturbed up-sampling, sharpened between the steps as a decoder would."""
    h, w = image.shape[:2]
    small = cv2.resize(image, (max(8, w >> levels), max(8, h >> levels)), interpolation=cv2.INTER_AREA)
    x = to_tensor(small)
    for _ in range(levels):
        if rng.random() < 0.6:
            blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
            x = x + float(rng.uniform(0.2, 1.0)) * (x - blurred)
        x = upsample(x, rng)
    return cv2.resize(to_image(x), (w, h), interpolation=cv2.INTER_LINEAR)


def restore(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What face restorers leave: flat skin between edges, edges sharpened."""
    flat = cv2.bilateralFilter(np.clip(image, 0, 255).astype(np.float32), 5, float(rng.uniform(10, 30)), 3)
    blurred = cv2.GaussianBlur(flat, (0, 0), float(rng.uniform(0.8, 2)))
    return flat + float(rng.uniform(0.2, 0.9)) * (flat - blurred)


def regenerate(image: np.ndarray, five: np.ndarray, decoders: Decoders, rng: np.random.Generator) -> np.ndarray:
    """image: float32 [h,w,3], 0..255. One randomly drawn generator, then perhaps a restorer. Same shape."""
    draw = rng.random()
    if draw < 0.3:
        made = decoders.face(image, five, rng)
    elif draw < 0.5:
        made = decoders.patches(image, rng)
    else:
        scale = float(rng.uniform(0.6, 1.0))
        h, w = image.shape[:2]
        at = cv2.resize(image, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA)
        made = cv2.resize(chain(at, rng, int(rng.choice([1, 1, 2]))), (w, h), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.35:
        made = restore(made.astype(np.float32), rng)
    return np.clip(made, 0, 255).astype(np.float32)
