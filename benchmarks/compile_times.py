#!/usr/bin/env python3
"""Times what including each umbrella costs, beside the headers of the dependencies that it includes, and what one call of
the library's main function costs: where it is compiled, and in the other files of a project that compiles it once.

    compile_times.py [--compilers g++ clang++] [--flags="-O2"] [--runs 3] [--include DIR ...]

Run from the root of a clone. Each figure is the fastest of several compilations of a file that includes one header and
does nothing with it, or what is said, in seconds of a processor, so that other work on the machine counts for little. A
header that is precompiled is so before, and not timed.
"""

import argparse
import re
import resource
import subprocess
import tempfile
from pathlib import Path


def standard_headers(name, seen):
    """The standard headers that a header of the library includes, itself or through others of the library."""
    if not name.startswith("labelerrors/"):
        return {name} if "." not in name else set()
    if name in seen:
        return set()
    seen.add(name)
    lines = (Path("include") / name).read_text()
    return set().union(*(standard_headers(other, seen) for other in re.findall(r"^#include <(.+)>$", lines, re.M)))


XTENSOR = "#include <xtensor/xtensor.hpp>\n#include <xtensor/xadapt.hpp>\n"
CORE = "#include <labelerrors/core/core.hpp>\n"
CALL = """auto find(const std::vector<int>& labels, const xt::xtensor<double, 2>& pred_probs)
{ return labelerrors::find_label_issues(labels, pred_probs); }
"""
# As README's "In a project of many files" has it.
DECLARED = """extern template labelerrors::label_issues labelerrors::find_label_issues(
    const std::vector<int>&, const xt::xtensor<double, 2>&, const labelerrors::find_label_issues_options&);
"""
FILES = {
    "nothing": "",
    "xtensor: xtensor.hpp, xadapt.hpp": XTENSOR,
    "xtensor, and the standard headers that core includes": XTENSOR
    + "".join(f"#include <{name}>\n" for name in sorted(standard_headers("labelerrors/core/core.hpp", set()))),
    "rows": "#include <labelerrors/rows/rows.hpp>\n",
    "core/find_label_issues.hpp": "#include <labelerrors/core/find_label_issues.hpp>\n",
    "core": CORE,
    "core, find_label_issues of doubles": CORE + CALL,
    "core, find_label_issues of doubles that another file compiles": CORE + DECLARED + CALL,
    "the same, its header precompiled": CALL,
    "core/latent.hpp": "#include <labelerrors/core/latent.hpp>\n",
    "core/multilabel.hpp": "#include <labelerrors/core/multilabel.hpp>\n",
    "core/annotators.hpp": "#include <labelerrors/core/annotators.hpp>\n",
    "model": "#include <labelerrors/model/model.hpp>\n",
    "io": "#include <labelerrors/io/io.hpp>\n",
    "nlohmann/json.hpp": "#include <nlohmann/json.hpp>\n",
    "consensus, corrections": "#include <labelerrors/corrections/corrections.hpp>\n",
    "evaluation": "#include <labelerrors/evaluation/evaluation.hpp>\n",
    "datasets": "#include <labelerrors/datasets/datasets.hpp>\n",
    "report": "#include <labelerrors/report/report.hpp>\n",
    "labelerrors": "#include <labelerrors/labelerrors.hpp>\n",
}
# What is included in some of them from a precompiled header.
PRECOMPILED = {"the same, its header precompiled": CORE + DECLARED}


def seconds_of(command):
    """How many seconds of a processor a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compilers", nargs="+", default=["g++", "clang++"])
    parser.add_argument("--flags", default="-O2")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--include", nargs="+", default=["include"])
    options = parser.parse_args()
    print("| seconds, " + options.flags + " | " + " | ".join(options.compilers) + " |")
    print("|---|" + "---|" * len(options.compilers))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "umbrella.cpp"
        header = Path(folder) / "precompiled.hpp"
        for name, lines in FILES.items():
            source.write_text(lines + "int main() {}\n")
            cells = []
            for compiler in options.compilers:
                command = [compiler, "-std=c++20", *options.flags.split(), *(f"-I{path}" for path in options.include)]
                if name in PRECOMPILED:
                    # Both compilers look for a precompiled header beside the one that it is made of.
                    header.write_text(PRECOMPILED[name])
                    subprocess.run([*command, "-x", "c++-header", str(header), "-o", f"{header}.gch"], check=True)
                    command += ["-include", str(header)]
                command += ["-c", str(source), "-o", str(Path(folder) / "umbrella.o")]
                cells.append(f"{min(seconds_of(command) for _ in range(options.runs)):.2f}")
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
