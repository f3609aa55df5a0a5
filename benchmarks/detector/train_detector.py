#!/usr/bin/env python3
"""Train the confidence of the surface detector, see how well its ranker does, and try to train that, too.

    detector_candidates procedural 1 220 > procedural.csv      (and folder DIR, folder DIR wall, folder DIR art)
    train_detector.py --write ../../src/detect/quad_model.h procedural.csv shared.csv wall.csv art.csv

Needs numpy. Prints the share of scenes whose best ranked candidate is right. The ranker is a linear score of features;
its weights, below, were learned on some three hundred scenes of other sources, and learning on from them (--retrain:
listwise softmax, the gain grows from overlap 0.8 to 0.95) has brought nothing on sources that were left out. What is
written is that score and a logistic confidence, trained on these scenes.
"""
import argparse
import csv
import re

import numpy as np

RANKER = {
    'skew': -0.92686, 'elongation': -0.59924, 'off_centre': -2.8303, 'agreement_mean': 0.2987,
    'framing_trust': -2.1556, 'inside_chroma': 1.0564, 'inside_dark': 1.103, 'inside_flat': 0.62932,
    'inside_calm': -0.86588, 'inside_gradient': -0.40724, 'inside_residual': -1.0271, 'inside_spread': -0.94398,
    'level': 0.2687, 'low': -4.0385, 'opening_trust': 3.9042, 'opening_width': 2.1222, 'opposite_ratio': -0.69789,
    'samples_outside': -1.9443, 'beyond_max': -1.9771, 'beyond_mean': -3.6563, 'rim_inside': 0.61952,
    'ring_contrast': 0.67566, 'ring_outside': -1.2452, 'smallness': -1.7742, 'significance_mean': 0.93786,
    'step_spread': -0.24681, 'support_second': 0.69721, 'support_mean': 1.5238, 'support_min': -0.48014,
    'certainty_mean': 3.0063,
}
RIGHT = 0.9


class Scene:
    def __init__(self, name, source, target):
        self.name, self.source, self.target = name, source, target
        self.rows = []

    def close(self, used):
        table = np.array(self.rows, float)
        self.overlap, self.sure, self.features = table[:, 0], table[:, 2] > 0, table[:, 11:]
        self.quads = table[:, 3:11].reshape(-1, 4, 2)
        self.x = self.features[:, used]
        self.gain = np.clip((self.overlap - 0.8) / 0.15, 0, 1) ** 2
        self.weight = 0.6 if self.source == 'procedural' else 1.0


def read_scenes(paths):
    scenes, names = {}, None
    for path in paths:
        with open(path, encoding='utf-8') as file:
            rows = csv.reader(file)
            names = next(rows)[14:]
            for row in rows:
                if len(row) != len(names) + 14:
                    continue  # cut short
                scene = scenes.setdefault(row[0], Scene(*row[:3]))
                scene.rows.append([float(value) for value in row[3:]])
    used = [i for i, name in enumerate(names) if name in RANKER]
    for scene in scenes.values():
        scene.close(used)
    return list(scenes.values()), names, used


class Batch:
    """Scenes laid end to end, so that one matrix product scores them all."""

    def __init__(self, scenes):
        self.x = np.concatenate([s.x for s in scenes])
        self.gain = np.concatenate([s.gain for s in scenes])
        sizes = [len(s.x) for s in scenes]
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.owner = np.repeat(np.arange(len(scenes)), sizes)
        self.weight = np.array([s.weight for s in scenes])

    def loss_gradient(self, score):
        """Minus the log of the expected gain, weighted; and its derivative by the scores."""
        top = np.maximum.reduceat(score, self.starts)
        p = np.exp(score - top[self.owner])
        p /= np.add.reduceat(p, self.starts)[self.owner]
        hit = np.add.reduceat(p * self.gain, self.starts) + 1e-6
        gradient = p * (1 - self.gain / hit[self.owner]) * self.weight[self.owner]
        return -(self.weight * np.log(hit)).sum(), gradient


def train(scenes, prior, rounds=400, pull=0.03):
    """Weights of the features: Adam on standardised ones, pulled towards the prior."""
    scenes = [s for s in scenes if s.gain.max() > 0.25 and not s.sure.any()]
    batch = Batch(scenes)
    scale = batch.x.std(0) + 1e-6
    x = (batch.x - batch.x.mean(0)) / scale
    start = prior * scale
    w = start.copy()
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, rounds + 1):
        _, by_score = batch.loss_gradient(x @ w)
        gradient = x.T @ by_score / batch.weight.sum() + pull * (w - start)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient ** 2
        rate = 0.03 * min(1, 2 * (1 - step / (rounds + 1)))
        w -= rate * (first / (1 - 0.9 ** step)) / (np.sqrt(second / (1 - 0.99 ** step)) + 1e-8)
    return w / scale


def best(scene, w):
    return int(np.argmax(scene.x @ w + 1e3 * scene.sure))


def show(title, scenes, weights_of):
    print(title)
    groups = {}
    for scene in scenes:
        if scene.target != 'none':
            kind = 'procedural ' if scene.source == 'procedural' else ''
            groups.setdefault(kind + scene.target, []).append(scene.overlap[best(scene, weights_of(scene))])
    for name, tops in sorted(groups.items()):
        tops = np.array(tops)
        print(f'  {name:<20} n={len(tops):3}  >=.75 {np.mean(tops >= .75):4.0%}  >=.9 {np.mean(tops >= RIGHT):4.0%}')


def clipped(polygon, window):
    """The part of one convex polygon inside another, both clockwise (Sutherland and Hodgman)."""
    for a, b in zip(window, np.roll(window, -1, 0)):
        side = (b[0] - a[0]) * (polygon[:, 1] - a[1]) - (b[1] - a[1]) * (polygon[:, 0] - a[0])
        kept = []
        for i in range(len(polygon)):
            j = (i + 1) % len(polygon)
            if side[i] >= 0:
                kept.append(polygon[i])
            if (side[i] < 0) != (side[j] < 0):
                t = side[i] / (side[i] - side[j])
                kept.append(polygon[i] + t * (polygon[j] - polygon[i]))
        if len(kept) < 3:
            return np.zeros((0, 2))
        polygon = np.array(kept)
    return polygon


def area(polygon):
    x, y = polygon[:, 0], polygon[:, 1]
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2 if len(polygon) > 2 else 0.0


def overlap(a, b):
    if (a.max(0) < b.min(0)).any() or (b.max(0) < a.min(0)).any():
        return 0.0
    shared = area(clipped(a, b))
    return shared / (area(a) + area(b) - shared)


def confidence_inputs(scene, score, names):
    """What quad_ranker.cpp takes for the best candidate, in its order."""
    i = int(np.argmax(score))
    shared = np.array([overlap(scene.quads[i], q) for q in scene.quads])
    gap = score[i] - score
    others = np.arange(len(score)) != i
    apart = gap[others & (shared < 0.5)]
    nested = gap[others & (shared >= 0.35) & (shared < 0.9)]
    f = dict(zip(names, scene.features[i]))
    return [score[i], min([6.0, *apart]), min([6.0, *nested]), f['support_min'], f['support_mean'],
            f['certainty_mean'], f['beyond_mean'], f['sharpness_min'], f['sharpness_mean']]


def logistic(inputs, right, weight, pull=0.02, rounds=3000):
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    x = np.column_stack([(inputs - mean) / scale, np.ones(len(inputs))])
    w = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ w))
        w -= 0.5 * (x.T @ ((p - right) * weight) / weight.sum() + pull * np.append(w[:-1], 0) / 10)
    return np.append(w[:-1] / scale, w[-1] - np.dot(w[:-1], mean / scale))


def folds_of(scenes):
    """Real sources are left out one by one, procedural scenes in thirds."""
    return np.array([f'{s.source} {int(s.name.split("_")[1]) % 3}' if s.source == 'procedural' else s.source
                     for s in scenes])


def train_confidence(scenes, weights_of, names):
    """A right answer overlaps by 0.75 or more: between those and the wrong ones lies a person's choice."""
    voted = [s for s in scenes if not s.sure.any()]
    inputs = np.array([confidence_inputs(s, s.x @ weights_of(s), names) for s in voted])
    right = np.array([s.overlap[best(s, weights_of(s))] >= 0.75 for s in voted], float)
    weight = np.array([s.weight for s in voted])
    said = np.zeros(len(voted))
    folds = folds_of(voted)
    for fold in set(folds):
        out = folds == fold
        fitted = logistic(inputs[~out], right[~out], weight[~out])
        said[out] = 1 / (1 + np.exp(-(inputs[out] @ fitted[:-1] + fitted[-1])))
    print('confidence, each source left out')
    show_confidence(voted, said, right)
    return logistic(inputs, right, weight)


def show_confidence(scenes, said, right):
    for name in ('shared', 'procedural'):
        mine = np.array([(s.source == 'procedural') == (name == 'procedural') for s in scenes])
        bins = np.minimum((said[mine] * 5).astype(int), 4)
        error = sum(abs(said[mine][bins == b].sum() - right[mine][bins == b].sum()) for b in range(5)) / mine.sum()
        empty = np.array([s.target == 'none' for s in scenes])[mine]
        print(f'  {name}: calibration error {error:.3f}, empty scenes answered {int((said[mine][empty] >= .5).sum())} of '
              f'{int(empty.sum())}, right ones kept {np.mean(said[mine][right[mine] > 0] >= .5):.0%}, '
              f'sure and wrong {int(((said[mine] >= .8) & (right[mine] == 0)).sum())} of {mine.sum()}')


def with_weights(header, second_pass, confidence):
    entries = ''.join(f'    {{Feature::{name}, {value:.5g}}},\n' for name, value in second_pass)
    header = re.sub(r'(kSecondPass\{\{\n).*?(\}\};)', lambda m: m[1] + entries + m[2], header, flags=re.S)
    header = re.sub(r'std::array<FeatureWeight, \d+> kSecondPass', f'std::array<FeatureWeight, {len(second_pass)}> kSecondPass', header)
    numbers = ', '.join(f'{value:.5g}' for value in confidence)
    return re.sub(r'(kConfidence\{)[^}]*(\})', lambda m: m[1] + numbers + m[2], header)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('tables', nargs='+')
    parser.add_argument('--write', help='the header to put the weights into')
    parser.add_argument('--retrain', action='store_true', help='see what learning the ranker on these scenes brings')
    arguments = parser.parse_args()
    scenes, names, used = read_scenes(arguments.tables)
    prior = np.array([RANKER[names[i]] for i in used])
    show('the ranker', scenes, lambda s: prior)
    if arguments.retrain:
        without = {left: train([s for s in scenes if s.source != left], prior) for left in {s.source for s in scenes}}
        show('retrained, each source left out', scenes, lambda s: without[s.source])
    confidence = train_confidence(scenes, lambda s: prior, names)
    if arguments.write:
        with open(arguments.write, encoding='utf-8') as file:
            header = file.read()
        with open(arguments.write, 'w', encoding='utf-8') as file:
            file.write(with_weights(header, [(names[i], value) for i, value in zip(used, prior)], confidence))


if __name__ == '__main__':
    main()
