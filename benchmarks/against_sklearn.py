#!/usr/bin/env python3
"""Fits scikit-learn's LogisticRegression to the split and noisy labels that benchmarks/cross_validation made, and prints
it beside what that program says, as a table.

    against_sklearn.py PROGRAM FOLDER [--max-iter N]

PROGRAM: the built benchmarks/cross_validation, which is run first. FOLDER: where it leaves the split. Needs numpy and
scikit-learn (Debian: python3-sklearn). scikit-learn's lbfgs is stopped after N iterations (default: 100, its own
default), as its own tolerance takes many times as long; the table says whether it had converged. Both see the same
features and labels; StandardScaler is timed with the fit, as labelerrors' scaling is.
"""

import argparse
import json
import os
import subprocess
import time
import warnings
from pathlib import Path


def fit_sklearn(folder, standardize, c, max_iter):
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    train, test = (np.load(folder / f"{part}_features.npy").astype(np.float32) / 255 for part in ("train", "test"))
    labels, test_labels = np.load(folder / "train_labels.npy"), np.load(folder / "test_labels.npy")
    start = time.perf_counter()
    if standardize:
        scaler = StandardScaler().fit(train)
        train, test = scaler.transform(train), scaler.transform(test)
    model = LogisticRegression(C=c, max_iter=max_iter).fit(train, labels)
    seconds = time.perf_counter() - start
    return {
        "accuracy": model.score(test, test_labels),
        "seconds": seconds,
        "iterations": int(max(model.n_iter_)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--max-iter", type=int, default=100)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    import sklearn

    print(f"{os.cpu_count()} cores, scikit-learn {sklearn.__version__}, at most {options.max_iter} iterations")
    header = ["classifier", "planted", "found", "precision", "recall", "AUROC", "accuracy before", "after",
              "fit, s", "5 folds, find, fit again, s", "scikit-learn: accuracy", "fit, s", "iterations"]
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header), flush=True)
    lines = subprocess.run([options.program, options.folder], check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in lines.splitlines():
        ours = json.loads(line)
        cells = [ours["classifier"], f"{ours['planted']:,}", f"{ours['found']:,}", f"{ours['precision']:.3f}",
                 f"{ours['recall']:.3f}", f"{ours['auroc']:.3f}", f"{100 * ours['accuracy_before']:.2f} %",
                 f"{100 * ours['accuracy_after']:.2f} %", f"{ours['fit_seconds']:.1f}",
                 f"{ours['learn_seconds']:.1f}"]
        if "C = " in ours["classifier"]:
            c = float(ours["classifier"].split("C = ")[1])
            theirs = fit_sklearn(options.folder, ours["classifier"].startswith("standardized"), c, options.max_iter)
            stopped = theirs["iterations"] >= options.max_iter
            cells += [f"{100 * theirs['accuracy']:.2f} %", f"{theirs['seconds']:.1f}",
                      f"{theirs['iterations']}{', not converged' if stopped else ''}"]
        else:
            cells += ["-"] * 3
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
