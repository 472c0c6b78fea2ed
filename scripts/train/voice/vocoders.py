"""Analysis-synthesis chains without learnt weights: each takes speech and gives a generated copy of the same words.

Every function takes x [T] float32 at `rate` Hz and a random generator, and returns [T] float32.
"""
import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import firwin, lfilter, resample_poly, upfirdn

from neural import mel_matrix

FRAME_S = 0.005
"""Pitch range searched, Hz: speech."""
PITCH = (65.0, 400.0)


def stft(x: np.ndarray, fft: int, hop: int) -> np.ndarray:
    """[frames, fft / 2 + 1] complex, Hann window, centred frames."""
    padded = np.pad(x, fft // 2, mode="reflect")
    n = 1 + (len(padded) - fft) // hop
    frames = np.lib.stride_tricks.sliding_window_view(padded, fft)[::hop][:n]
    return np.fft.rfft(frames * np.hanning(fft + 1)[:-1], axis=1).astype(np.complex64)


def istft(spectrum: np.ndarray, fft: int, hop: int, length: int) -> np.ndarray:
    window = np.hanning(fft + 1)[:-1]
    frames = np.fft.irfft(spectrum, fft, axis=1) * window
    out = np.zeros(len(spectrum) * hop + fft)
    norm = np.zeros(len(out))
    if fft % hop == 0:
        for phase in range(fft // hop):
            rows = frames[phase :: fft // hop]
            out[phase * hop : phase * hop + rows.size] += rows.ravel()
            norm[phase * hop : phase * hop + rows.size] += np.tile(window**2, len(rows))
    else:
        for i, frame in enumerate(frames):
            out[i * hop : i * hop + fft] += frame
            norm[i * hop : i * hop + fft] += window**2
    out = (out / np.maximum(norm, 1e-3))[fft // 2 : fft // 2 + length].astype(np.float32)
    return np.pad(out, (0, length - len(out)))


def griffin_lim(x, rate, rng, use_mel=True):
    """Phase from magnitudes (Griffin & Lim 1984; with momentum: Perraudin 2013), through a mel spectrogram or not."""
    fft = int(rng.choice([512, 1024, 1024, 2048]))
    hop = fft // 4
    size = np.abs(stft(x, fft, hop))
    if use_mel:
        bands = int(rng.choice([40, 64, 80, 80, 100]))
        matrix = mel_matrix(rate, fft, bands).numpy()
        matrix = matrix[matrix.sum(1) > 0]
        size = np.maximum(size @ matrix.T @ np.linalg.pinv(matrix).T.astype(np.float32), 1e-5)
    phase = np.exp(2j * np.pi * rng.random(size.shape)).astype(np.complex64)
    momentum = float(rng.choice([0, 0.99]))
    before = 0
    for _ in range(int(rng.choice([6, 12]))):
        now = stft(istft(size * phase, fft, hop, len(x)), fft, hop)[: len(size)]
        if len(now) < len(size):
            now = np.pad(now, ((0, len(size) - len(now)), (0, 0)))
        ahead = now - momentum / (1 + momentum) * before
        phase = ahead / np.maximum(np.abs(ahead), 1e-9)
        before = now
    return istft(size * phase, fft, hop, len(x))


def phase_noise(x, rate, rng):
    """True magnitudes; phases disturbed, more so the higher the frequency, as where a vocoder has to guess them."""
    fft = int(rng.choice([512, 1024, 2048]))
    spectrum = stft(x, fft, fft // 4)
    bins = np.linspace(0, 1, spectrum.shape[1])
    amount = rng.uniform(0.6, 3.0) * np.clip(bins / rng.uniform(0.15, 0.8), 0.1, 1)
    spectrum *= np.exp(1j * amount * rng.standard_normal(spectrum.shape))
    return istft(spectrum, fft, fft // 4, len(x))


def pitch_track(x, rate):
    """Per 5 ms: pitch [n] Hz and periodicity [n] 0 to 1, by normalised autocorrelation of 40 ms."""
    hop, size = int(FRAME_S * rate), int(0.04 * rate)
    padded = np.pad(x, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    frames = frames - frames.mean(1, keepdims=True)
    power = np.abs(np.fft.rfft(frames * np.hanning(size), 2 * size, axis=1)) ** 2
    auto = np.fft.irfft(power, axis=1)[:, :size]
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 2 * size)) ** 2)[:size]
    auto = auto / (auto[:, :1] + 1e-9) / np.maximum(window / window[0], 0.05)
    low, high = int(rate / PITCH[1]), min(int(rate / PITCH[0]), size * 3 // 4)
    best = auto[:, low:high].argmax(1) + low
    height = np.clip(auto[np.arange(len(best)), best], 0, 1)
    return uniform_filter1d(rate / best, 3), uniform_filter1d(height, 3)


def envelope(x, rate, fft, cutoff_s):
    """Log-magnitude envelopes [frames, fft / 2 + 1] per 5 ms, by cepstral smoothing (quefrencies under cutoff_s)."""
    hop = int(FRAME_S * rate)
    log = np.log(np.abs(stft(x, fft, hop)) + 1e-5)
    cepstrum = np.fft.irfft(log, axis=1)
    keep = int(cutoff_s * rate)
    cepstrum[:, keep:-keep] = 0
    return np.fft.rfft(cepstrum, axis=1).real


def source_filter(x, rate, rng, frames=1):
    """Pulses through minimum-phase envelopes, noise where the speech is aperiodic (after WORLD, Morise 2016); pitch and
    envelopes are averaged over so many frames."""
    fft = 1024
    hop = int(FRAME_S * rate)
    pitch, periodic = pitch_track(x, rate)
    log = envelope(x, rate, fft, rng.uniform(0.0012, 0.0026))
    n = min(len(log), len(pitch))
    log, pitch = uniform_filter1d(log[:n], frames, axis=0), uniform_filter1d(pitch[:n], frames)
    cepstrum = np.fft.irfft(log[:n], axis=1)
    cepstrum[:, 1 : fft // 2] *= 2
    cepstrum[:, fft // 2 + 1 :] = 0
    minimum = np.fft.irfft(np.exp(np.fft.rfft(cepstrum, axis=1)), axis=1)[:, : fft // 2]
    bins = np.linspace(0, rate / 2, fft // 2 + 1)
    edge = rng.uniform(2500, 6500)
    share = 1 / (1 + np.exp(-(bins - edge) / rng.uniform(300, 1200)))
    noisy = np.clip(share[None] + (periodic[:n, None] < 0.45), 0.02, 1)
    noise = stft(rng.standard_normal(n * hop).astype(np.float32), fft, hop)[:n]
    out = np.zeros(n * hop + fft)
    out[: n * hop] += istft(noise * np.exp(log[:n]) * np.sqrt(noisy) / np.sqrt(fft * 0.375), fft, hop, n * hop)
    position = 0.0
    voiced = np.fft.rfft(minimum, fft, axis=1) * np.sqrt(1 - noisy + 1e-4)
    pulses = np.fft.irfft(voiced, axis=1)
    while position < n * hop - 1:
        frame = min(n - 1, int(position / hop))
        f0 = pitch[frame]
        if periodic[frame] >= 0.45:
            start = int(position)
            out[start : start + fft] += pulses[frame] * np.sqrt(rate / f0) / np.sqrt(fft * 0.375)
            position += rate / f0
        else:
            position += hop
    return match(out[: len(x)], x)


def statistical(x, rate, rng):
    """As parameters that a model predicts come out: too smooth in time (Toda & Tokuda 2007)."""
    return source_filter(x, rate, rng, frames=int(rng.integers(5, 20)))


def harmonics(x, rate, rng):
    """A sum of harmonics with the amplitudes of the envelope, and noise above an edge (after McAulay & Quatieri 1986)."""
    hop = int(FRAME_S * rate)
    pitch, periodic = pitch_track(x, rate)
    log = envelope(x, rate, 1024, 0.002)
    n = min(len(log), len(pitch), len(x) // hop)
    times = np.arange(n * hop) / hop
    f0 = np.interp(times, np.arange(n), pitch[:n])
    phase = 2 * np.pi * np.cumsum(f0) / rate
    voiced = np.interp(times, np.arange(n), (periodic[:n] > 0.45).astype(float))
    edge = rng.uniform(3000, 7500)
    frame = np.minimum(times.astype(int), n - 1)
    out = np.zeros(n * hop)
    for k in range(1, int(edge / 70)):
        f = k * f0
        live = (f < edge) & (voiced > 0.1)
        if live.sum() < hop:
            continue
        where = np.flatnonzero(live)
        amplitude = np.exp(log[frame[where], np.minimum((f[where] / rate * 1024).astype(int), 512)])
        out[where] += amplitude * np.cos(k * phase[where] + rng.uniform(0, 6.28)) * voiced[where]
    out /= 200
    noise = stft(rng.standard_normal(n * hop).astype(np.float32), 1024, hop)[:n] * np.exp(log[:n])
    bins = np.linspace(0, rate / 2, 513)
    mask = np.where((periodic[:n, None] > 0.45) & (bins[None] < edge), 0.05, 1.0)
    hiss = istft(noise * mask, 1024, hop, n * hop)
    out = match(out, x) * 1.0 + match(hiss, x) * 0.25
    return match(np.pad(out, (0, max(0, len(x) - len(out))))[: len(x)], x)


def linear_prediction(x, rate, rng):
    """Excitation of pulses and noise through 20 ms all-pole filters (Atal & Hanauer 1971), order 16 to 28."""
    order = int(rng.integers(16, 29))
    size, hop = int(0.03 * rate), int(0.01 * rate)
    pitch, periodic = pitch_track(x, rate)
    window = np.hanning(size)
    out = np.zeros(len(x) + size)
    to_next = 0.0
    state = np.zeros(order)
    for i in range(0, len(x) - size, hop):
        frame = x[i : i + size] * window
        auto = np.correlate(frame, frame, "full")[size - 1 : size + order]
        auto[0] = auto[0] * 1.0001 + 1e-9
        a, error = np.array([1.0]), auto[0]
        for k in range(1, order + 1):
            reflection = -(a @ auto[k:0:-1]) / error
            a = np.append(a, 0) + reflection * np.append(a, 0)[::-1]
            error *= 1 - reflection**2
        gain = np.sqrt(max(error, 1e-12) / (window**2).sum())
        f = min(len(pitch) - 1, int((i + size / 2) / rate / FRAME_S))
        excitation = np.zeros(hop)
        if periodic[f] > 0.45:
            while to_next < hop:
                excitation[int(to_next)] = np.sqrt(rate / pitch[f])
                to_next += rate / pitch[f]
            to_next -= hop
            excitation += 0.2 * rng.standard_normal(hop)
        else:
            excitation = rng.standard_normal(hop)
            to_next = 0.0
        out[i + size // 2 : i + size // 2 + hop], state = lfilter([gain], a, excitation, zi=state)
    return match(out[: len(x)], x)


def match(y, x):
    """y at the loudness of x."""
    return (y * np.sqrt((x**2).mean() + 1e-12) / np.sqrt((y**2).mean() + 1e-12)).astype(np.float32)


def upsampler_traces(x, rate, rng):
    """What strided upsampling leaves: images of a decimated copy, and a gain that repeats with the stride."""
    y = x.astype(np.float64)
    for stride in rng.choice([2, 4, 8], size=int(rng.integers(1, 3)), replace=False):
        low = resample_poly(y, 1, int(stride))
        kernel = firwin(2 * int(stride) + 1, 1 / float(stride)) * stride if rng.random() < 0.5 else np.ones(int(stride))
        images = upfirdn(kernel, low, int(stride))[: len(y)]
        images = np.pad(images, (0, len(y) - len(images))) - y
        edge = firwin(101, min(0.95, 1 / float(stride)), pass_zero=False)
        y = y + lfilter(edge, [1], images) * 10 ** (rng.uniform(-26, -6) / 20)
    period = int(rng.choice([4, 8, 16, 32, 64, 256]))
    pattern = np.tile(rng.standard_normal(period), len(y) // period + 1)[: len(y)]
    floor = np.sqrt((y**2).mean()) * 10 ** (rng.uniform(-70, -48) / 20)
    return (y * (1 + pattern * 10 ** (rng.uniform(-50, -30) / 20)) + pattern * floor).astype(np.float32)


CHAINS = {
    "mel-griffin-lim": griffin_lim,
    "griffin-lim": lambda x, rate, rng: griffin_lim(x, rate, rng, use_mel=False),
    "phase-noise": phase_noise,
    "source-filter": source_filter,
    "statistical": statistical,
    "harmonics": harmonics,
    "linear-prediction": linear_prediction,
    "upsampler-traces": upsampler_traces,
}
