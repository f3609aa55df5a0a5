#!/usr/bin/env python3
"""Score the surface detector on a folder of real scenes with known corners.

    bench_detect.py [--scenes DIR] [--command vitrine] [--each] [--by target] [--list]

Runs `vitrine detect --json FILE...` and hands its answer to the folder's own score.py. The scenes are no part of this
repository: $VITRINE_SCENES names their folder, else ../shared/scenes beside the repository is tried; without one there
is nothing to score, which is no error. Standard library only.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTHING_FOUND = 4  # the command line's exit code: an answer, too


def scenes_folder():
    """The folder of scenes, from the environment or beside the repository."""
    return Path(os.environ.get('VITRINE_SCENES') or ROOT.parent / 'shared' / 'scenes')


def own_command():
    """The command line of the environment that runs this, else the one on the path."""
    beside = Path(sys.executable).with_name('vitrine')
    return shlex.quote(str(beside)) if beside.exists() else 'vitrine'


def detect(command, files):
    """What `vitrine detect --json` says of `files`, as the list of its scenes, with the mean time where it gives none."""
    start = time.monotonic()
    run = subprocess.run([*command, 'detect', '--json', *map(str, files)], stdout=subprocess.PIPE, text=True, check=False)
    mean = (time.monotonic() - start) / len(files)
    if run.returncode not in (0, NOTHING_FOUND):
        sys.exit(f'{shlex.join(command)} detect ended with exit code {run.returncode}; its message stands above.')
    scenes = json.loads(run.stdout)['scenes']
    for scene in scenes:
        scene.setdefault('seconds', mean)
    return scenes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--scenes', type=Path, default=scenes_folder(), help='folder with index.json and score.py')
    parser.add_argument('--command', default=own_command(), help='how to call the command line')
    parser.add_argument('--each', action='store_true', help='one process a scene: times include its start')
    parser.add_argument('--by', default='target', help='what to group by: target, kind, source, exact')
    parser.add_argument('--list', action='store_true', help='one line a scene as well, worst first')
    arguments = parser.parse_args()
    index = arguments.scenes / 'index.json'
    if not index.is_file():
        print(f'No scenes to score: {index} does not exist. Set VITRINE_SCENES to a folder of scenes.')
        return 0
    files = [arguments.scenes / entry['file'] for entry in json.loads(index.read_text(encoding='utf-8'))]
    command = shlex.split(arguments.command)
    scenes = [scene for part in ([[f] for f in files] if arguments.each else [files]) for scene in detect(command, part)]
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / 'answers.json'
        answers.write_text(json.dumps({'scenes': scenes}), encoding='utf-8')
        scorer = [sys.executable, str(arguments.scenes / 'score.py'), str(answers), '--by', arguments.by]
        return subprocess.run(scorer + (['--list'] if arguments.list else []), check=False).returncode


if __name__ == '__main__':
    sys.exit(main())
