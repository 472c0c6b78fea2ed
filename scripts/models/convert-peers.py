#!/usr/bin/env python3
"""Turns the published weights of open detectors into ONNX with a card of ours, so that `assay models evaluate` runs them
beside our own models in the same pipeline. For comparison on this machine only: what it writes is never passed on.

    /usr/bin/python3 scripts/models/convert-peers.py --data ../shared/data --out .cache/peers
    node scripts/node24.mjs scripts/models/check-peers.ts .cache/peers    # the same numbers from the converted file?

Needs python3-torch, python3-onnx and python3-h5py. `--check SPEECH` compares the statistics kept in AASIST's normalisation
layers with what speech brings about in ours, which tells whether the parts are put together as they were in training.
"""
import argparse
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from peers import aasist, mesonet

torch.manual_seed(0)
torch.set_num_threads(1)
OPSET = 16
#: Rössler et al. (FaceForensics++, ICCV 2019) give MesoNet the detected face enlarged by this.
FACE_CONTEXT = 1.3


def write(out, name, network, example, card):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'model.onnx'
    source, target = card['inputs'][0]['name'], card['outputs'][0]['name']
    torch.onnx.export(network, example, str(path), opset_version=OPSET, input_names=[source], output_names=[target],
                      dynamic_axes={source: {0: 'batch'}, target: {0: 'batch'}})
    # Another batch than the one that was traced, so that nothing of the trace's size is left in the graph.
    probe = torch.rand(3, *example.shape[1:]) * 2 - 1 if example.dim() == 2 else torch.rand(3, *example.shape[1:])
    with torch.no_grad():
        expected = network(probe)
    probe.numpy().astype('<f4').tofile(folder / 'probe-input.f32')
    expected.numpy().astype('<f4').tofile(folder / 'probe-output.f32')
    full = {
        'format': 'assay-model-card-1', 'id': name, 'version': '1.0.0',
        'sha256': hashlib.sha256(path.read_bytes()).hexdigest(),
        **card,
        'knownFailures': ['Somebody else\'s weights, for comparison only; not checked beyond that the numbers match.'],
        'evaluation': [],
        'build': 'scripts/models/convert-peers.py',
    }
    (folder / 'card.json').write_text(json.dumps(full, indent=2) + '\n')
    (folder / 'README.md').write_text(f"# {card['title']}\n\n{card['intendedUse']}\n\nFor comparison on this machine only.\n")
    print(f'{name}: {path.stat().st_size / 1e6:.2f} MB, sha256 {full["sha256"]}')


def mesonet_card(title, trained):
    return {
        'title': title,
        'licence': 'Apache-2.0 (weights of the MesoNet authors)',
        'kind': 'face-classifier',
        'inputs': [{'name': 'face', 'dtype': 'float32', 'layout': 'NCHW', 'dims': ['batch', 3, 256, 256],
                    'meaning': 'Face crop, RGB / 255.'}],
        'outputs': [{'name': 'genuine', 'dtype': 'float32', 'layout': 'NF', 'dims': ['batch', 1],
                     'meaning': 'Sigmoid; 1 for a face that was left alone.'}],
        'intendedUse': f'Comparison: MesoNet as published (Afchar et al. 2018), trained on {trained}.',
        'classifier': {
            'takes': 'face',
            'face': {'crop': 'box', 'context': FACE_CONTEXT, 'least': 48},
            'colour': 'rgb',
            'scale': {'mean': [0], 'std': [1]},
            'output': {'name': 'genuine', 'column': 0, 'activation': 'probability', 'manipulated': 'low'},
            'aggregate': {'by': 'mean'},
            'threshold': 0.5,
        },
    }


def aasist_card(title):
    return {
        'title': title,
        'licence': 'MIT (weights of the AASIST authors)',
        'kind': 'sound-classifier',
        'inputs': [{'name': 'sound', 'dtype': 'float32', 'layout': 'NT', 'dims': ['batch', aasist.SAMPLES],
                    'meaning': '4.04 s of sound at 16 kHz.'}],
        'outputs': [{'name': 'logits', 'dtype': 'float32', 'layout': 'NF', 'dims': ['batch', 2],
                     'meaning': 'Spoofed, genuine.'}],
        'intendedUse': f'Comparison: {title} as published (Jung et al. 2022), trained on ASVspoof 2019 LA.',
        'classifier': {
            'takes': 'sound',
            'sound': {'rate': aasist.RATE, 'short': 'repeat'},
            'output': {'name': 'logits', 'column': 0, 'activation': 'softmax', 'manipulated': 'high'},
            'aggregate': {'by': 'mean'},
            'threshold': 0.5,
        },
    }


def speech(folder, count=24):
    clips = []
    for path in sorted(Path(folder).glob('*.flac'))[:count]:
        raw = subprocess.run(['ffmpeg', '-v', 'error', '-i', str(path), '-ac', '1', '-ar', '16000', '-f', 'f32le', '-'],
                             check=True, capture_output=True).stdout
        samples = np.frombuffer(raw, '<f4')
        clips.append(np.resize(samples, aasist.SAMPLES))
    return torch.tensor(np.stack(clips))


def check(network, sound):
    """Distance of the means from the kept ones, in kept standard deviations: median over each layer's channels. The layers
    in question are left out, so that both ways are judged by the same ones."""
    for use_first in (False, True):
        aasist.Block.use_first = use_first
        found = []

        def hook(module, inputs, _):
            x = inputs[0].transpose(0, 1).flatten(1)
            distance = (x.mean(1) - module.running_mean).abs() / module.running_var.sqrt()
            found.append((distance.median().item(), (x.var(1) / module.running_var).log2().abs().median().item()))
        norms = [m for name, m in network.named_modules()
                 if isinstance(m, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)) and not name.endswith('.bn1')]
        handles = [m.register_forward_hook(hook) for m in norms]
        with torch.no_grad():
            for clip in sound.split(8):
                network(clip)
        for handle in handles:
            handle.remove()
        means, spreads = zip(*found)
        print(f'  first normalisation {"used" if use_first else "unused"}: means off by {np.mean(means):.2f} standard '
              f'deviations, variances by a factor of {2 ** np.mean(spreads):.2f} (mean of {len(found)} layers)')
    aasist.Block.use_first = False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=Path, default=Path('../shared/data'))
    parser.add_argument('--out', type=Path, default=Path('.cache/peers'))
    parser.add_argument('--check', type=Path, help='folder of genuine speech in FLAC')
    options = parser.parse_args()
    weights = options.data / 'weights'
    for name in ('AASIST', 'AASIST-L'):
        network, numbers = aasist.load(weights / 'aasist' / f'{name}.pth', name)
        print(f'{name}: all {numbers} numbers of the file used')
        if options.check:
            check(network, speech(options.check))
        write(options.out, name.lower(), network, torch.rand(2, aasist.SAMPLES) * 2 - 1, aasist_card(name))
    for kind, inception in (('Meso4', False), ('MesoInception', True)):
        for data, trained in (('DF', 'Deepfake face swaps'), ('F2F', 'Face2Face reenactment')):
            network, numbers = mesonet.load(weights / 'mesonet' / f'{kind}_{data}.h5', inception)
            print(f'{kind}_{data}: all {numbers} numbers of the file used')
            example = torch.rand(2, 3, mesonet.SIDE, mesonet.SIDE)
            write(options.out, f'{kind}-{data}'.lower(), network, example, mesonet_card(f'{kind} {data}', trained))


if __name__ == '__main__':
    main()
