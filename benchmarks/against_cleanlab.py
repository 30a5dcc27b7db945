#!/usr/bin/env python3
"""Times labelerrors against cleanlab on the same made files, in one run, and prints the ratios as a table.

    against_cleanlab.py PROGRAM [--process LABELERRORS] [--cleanlab DIR] [--shapes N,K,TYPE ...] [--keep DIR]

PROGRAM: the built benchmarks/find_label_issues. --process: the built program labelerrors, which is then timed too, the
whole process from its start to its written JSON, with its files in the system's cache. Needs numpy and cleanlab in this
Python; --cleanlab names a checkout of its sources where it is not installed. Without cleanlab only labelerrors is
timed.
cleanlab is called as its documentation says, find_label_issues(labels, pred_probs,
return_indices_ranked_by="self_confidence"), with one job and with as many as the machine has cores, on arrays in memory,
and its best run counts; so does labelerrors', with one thread and with two. A row says so where cleanlab finds another
number of issues, which may be for its sort, that leaves the order of ties open.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

DEFAULT_SHAPES = [
    "10000,10,f8",
    "50000,100,f8",
    "50000,1000,f8",
    "50000,1000,f4",
    "50000,1000,f2",
    "10000000,3,f8",
    "500000,345,f2",
    "2000000,345,f2",
]


def best_seconds(work, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def time_process(program, labels, pred_probs, runs):
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "issues.json"
        command = [program, "find", "--labels", labels, "--pred-probs", pred_probs, "--output", output]
        return best_seconds(lambda: subprocess.run(command, check=True), runs)[0]


def time_cleanlab(labels_path, pred_probs_path, runs):
    import numpy as np
    from cleanlab.filter import find_label_issues

    labels, pred_probs = np.load(labels_path), np.load(pred_probs_path)
    seconds, found = {}, None
    for jobs in sorted({1, os.cpu_count()}):
        seconds[jobs], found = best_seconds(
            lambda: find_label_issues(
                labels, pred_probs, return_indices_ranked_by="self_confidence", n_jobs=jobs
            ),
            runs,
        )
    return seconds, len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cleanlab", help="a checkout of cleanlab's sources")
    parser.add_argument("--shapes", nargs="+", default=DEFAULT_SHAPES)
    parser.add_argument("--keep", help="keep the made files in this folder, and use those that are there")
    parser.add_argument("--process", help="the built program labelerrors")
    parser.add_argument("--runs", type=int, default=3, help="runs of cleanlab a shape")
    options = parser.parse_args()
    if options.cleanlab:
        sys.path.insert(0, options.cleanlab)
    warnings.filterwarnings("ignore")
    try:
        import cleanlab

        peer = f"cleanlab {cleanlab.__version__}"
    except ImportError as error:
        if options.cleanlab:
            sys.exit(f"against_cleanlab.py: error: cleanlab of {options.cleanlab} cannot be imported: {error}")
        peer = None
    processor = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?"
    ) if Path("/proc/cpuinfo").exists() else platform.processor()
    print(f"{processor}, {os.cpu_count()} cores; Python {platform.python_version()}; peer: {peer or 'none found'}")
    header = ["shape", "issues", "labelerrors 1T", "2T", "memory limit 1T", "2T"]
    header += ["whole process"] if options.process else []
    header += ["cleanlab 1 job", "all jobs", "ratio 1T", "ratio 2T"] if peer else []
    header += ["ratio of the process"] if peer and options.process else []
    print(" | ".join(header))
    with tempfile.TemporaryDirectory() as removed:
        folder = Path(options.keep or removed)
        folder.mkdir(parents=True, exist_ok=True)
        for shape in options.shapes:
            n, k, dtype = shape.split(",")
            labels, pred_probs = folder / f"labels_{n}x{k}.npy", folder / f"pred_probs_{n}x{k}_{dtype}.npy"
            if not (labels.exists() and pred_probs.exists()):
                subprocess.run([options.program, "make", n, k, dtype, labels, pred_probs], check=True)
            ours = json.loads(subprocess.run([options.program, "run", labels, pred_probs], check=True,
                                             stdout=subprocess.PIPE, text=True).stdout)
            one, two = ours["threads_1"], ours["threads_2"]
            cells = [f"{n} x {k} {dtype}", str(one["issues"]), f"{one['find_ms']:.2f} ms", f"{two['find_ms']:.2f} ms",
                     f"{one['memory_limit_ms']:.2f} ms", f"{two['memory_limit_ms']:.2f} ms"]
            process = time_process(options.process, labels, pred_probs, 5) * 1e3 if options.process else None
            if process:
                cells.append(f"{process:.0f} ms")
            if peer:
                seconds, found = time_cleanlab(labels, pred_probs, options.runs)
                fastest = min(seconds.values()) * 1e3
                cells += [f"{seconds[1] * 1e3:.0f} ms", f"{seconds[max(seconds)] * 1e3:.0f} ms",
                          f"{fastest / one['find_ms']:.0f}", f"{fastest / two['find_ms']:.0f}"]
                if process:
                    cells.append(f"{fastest / process:.0f}")
                if found != one["issues"]:
                    cells.append(f"cleanlab found {found}")
            print(" | ".join(cells), flush=True)
            if not options.keep:
                labels.unlink()
                pred_probs.unlink()


if __name__ == "__main__":
    main()
