// Runs for the page's test: labels, probabilities and items as files, and pages that the program makes of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const directory = mkdtempSync(join(tmpdir(), 'labelerrors-browser-'));
export const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
export const file = name => join(directory, name);

export function write(name, content) {
    writeFileSync(file(name), content);
    return file(name);
}

// An array as a .npy, version 1.
export function npy(name, descr, shape, values) {
    let header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
    header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
    const size = Buffer.alloc(2);
    size.writeUInt16LE(header.length);
    return write(name, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), size, Buffer.from(header, 'latin1'),
        Buffer.from(values.buffer)]));
}

export function readLabels(name) {
    const bytes = readFileSync(file(name));
    const begin = 10 + bytes.readUInt16LE(8);
    return Array.from(new BigInt64Array(Uint8Array.from(bytes.subarray(begin)).buffer), Number);
}

// n examples of k classes, which the labels go round; `wrong(i)` gives an example another label than the one that its
// probabilities speak for.
export function makeRun(name, n, k, wrong) {
    const labels = new BigInt64Array(n);
    const probs = new Float32Array(n * k);
    for (let i = 0; i < n; ++i) {
        const truth = i % k;
        labels[i] = BigInt(wrong(i) ? (truth + 1 + Math.floor(i / k) % (k - 1)) % k : truth);
        // The more certain, the higher the row.
        const sure = 0.9 + 0.09 * i / n;
        for (let c = 0; c < k; ++c) probs[i * k + c] = c === truth ? sure : (1 - sure) / (k - 1);
    }
    return {
        n, k, labels: Array.from(labels, Number), labelsFile: npy(`${name}-labels.npy`, '<i8', [n], labels),
        arguments: ['--labels', file(`${name}-labels.npy`), '--pred-probs',
            npy(`${name}-probs.npy`, '<f4', [n, k], probs), '--filter-by', 'predicted_neq_given'],
    };
}

const program = process.argv[2];
export function labelerrors(...given) {
    return execFileSync(program, given, { encoding: 'utf8' });
}

export function makePage(name, run, ...more) {
    labelerrors('report', ...run.arguments, '--output', file(name), ...more);
    return file(name);
}
