#ifndef LABELERRORS_REPORT_PAGE_SCRIPT_DATA_HPP
#define LABELERRORS_REPORT_PAGE_SCRIPT_DATA_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// The script's first part: the run, its words, and the reader's marks. What comes from outside reaches the document as
/// text and in no other way.
inline constexpr std::string_view page_script_data = R"js('use strict';
(() => {
const byId = id => document.getElementById(id);
const run = JSON.parse(byId('run').textContent);
const size = run.index.length;
const voted = run.decision !== null;
const perPage = 60;

const crowdWords = ['keep', 'relabel', 'both', 'neither', 'no agreement'];
const voteWords = ['given', 'suggested', 'both', 'neither', 'another', 'neutral', 'off topic'];
const markWords = { keep: 'keep', relabel: 'relabel', drop: 'drop' };

// Characters that show nothing, or turn the text around them, are shown by a sign of their own.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u115f\u1160\u3164\uffa0\p{Cf}\p{Zl}\p{Zp}]/gu;
function visible(text) {
    return text.replace(/\r\n/g, '\n').replace(hidden, c => {
        const code = c.codePointAt(0);
        if (code < 0x20) return String.fromCharCode(0x2400 + code);
        return code === 0x7f ? '\u2421' : '<U+' + code.toString(16).toUpperCase().padStart(4, '0') + '>';
    });
}
const oneLine = text => visible(text.replace(/[\t\n]/g, ' '));

function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        if (value !== null && value !== false && value !== undefined)
            element.setAttribute(name, value === true ? '' : value);
    element.append(...children.filter(child => child !== null));
    return element;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tiny = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
function percent(share) {
    const number = 100 * share;
    // What two decimals would make nothing of keeps the digits that it has.
    const isTiny = number > 0 && number < 0.005;
    return (isTiny ? tiny.format(number) : number.toFixed(number < 9.995 ? 2 : 1)) + '\u00a0%';
}
function scoreText(score) {
    if (score === null) return '';
    const size = Math.abs(score);
    if (size === 0) return '0';
    return size < 0.001 ? score.toExponential(1) : score.toFixed(4);
}
const decimals = share => share === null ? '-' : share.toFixed(4);
const plural = (count, word) => whole.format(count) + ' ' + word + (count === 1 ? '' : 's');

// A label is a number; where examples have sets of labels, a list of them.
const none = -1;
const setOf = label => Array.isArray(label) ? label : [label];
const className = label => label === none ? '(none)' : run.names ? oneLine(run.names[label]) : String(label);
const labelText = label => setOf(label).map(className).join(' + ') || '(none)';

// The pairs of a given and a suggested label that an example stands for: one, or with sets each label that is taken
// away with each that is added.
function pairsOf(i) {
    if (!run.sets) return [[run.given[i], run.suggested[i]]];
    const away = run.given[i].filter(label => !run.suggested[i].includes(label));
    const added = run.suggested[i].filter(label => !run.given[i].includes(label));
    if (away.length === 0) away.push(none);
    if (added.length === 0) added.push(none);
    return away.flatMap(given => added.map(suggested => [given, suggested]));
}
const pairKey = (given, suggested) => given + ',' + suggested;

const pairCounts = new Map();
const givenCounts = new Map();
const suggestedCounts = new Map();
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
for (let i = 0; i < size; ++i) {
    const pairs = pairsOf(i);
    for (const [given, suggested] of pairs) count(pairCounts, pairKey(given, suggested));
    for (const given of new Set(pairs.map(pair => pair[0]))) count(givenCounts, given);
    for (const suggested of new Set(pairs.map(pair => pair[1]))) count(suggestedCounts, suggested);
}

// Marks: by place in the run. A browser may refuse to store them; then they last as long as the page is open. Other
// tabs may show the same run, so what changed in this one since it last stored is all that it brings into the store.
const marks = new Map();
const changed = new Set();
const placeOfRow = new Map();
for (let i = 0; i < size; ++i) placeOfRow.set(run.index[i], i);
const storeKey = 'labelerrors:' + run.key;
let storing = 0;
let stored = true;

const isLabel = label => Number.isInteger(label) && label >= 0 && label < run.k;
const isSet = label => Array.isArray(label) && label.every(isLabel) && new Set(label).size === label.length;
const isLabelOrSet = label => run.sets ? isSet(label) : isLabel(label);
// Sets may come in any order.
const inOrder = label => Array.isArray(label) ? [...label].sort((a, b) => a - b) : label;
const sameLabel = (a, b) => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

// What a mark makes of a label; undefined where the mark makes no sense.
function correctedBy(i, decision, label) {
    if (decision === 'keep') return run.given[i];
    if (decision === 'drop') return null;
    return decision === 'relabel' && isLabelOrSet(label) ? label : undefined;
}

// The mark that a decision makes; nothing where it makes no sense.
function markOf(i, decision, label = run.suggested[i]) {
    const corrected = correctedBy(i, decision, label);
    return corrected === undefined ? undefined : { decision, corrected };
}

function put(i, mine) {
    if (mine) marks.set(i, mine);
    else marks.delete(i);
}

function setMark(i, mine) {
    put(i, mine);
    changed.add(i);
}

// Takes what is stored by now, and over it what changed here.
function takeStored() {
    try {
        const text = localStorage.getItem(storeKey);
        // An empty text is stored where the last mark was taken away; without any, the reader's marks would be lost.
        if (text === null) {
            for (const i of marks.keys()) changed.add(i);
            return;
        }
        const mine = [...changed].map(i => [i, marks.get(i)]);
        marks.clear();
        readLines(text, put);
        for (const one of mine) put(...one);
    } catch {
        stored = false;
    }
}

function writeMarks() {
    clearTimeout(storing);
    if (changed.size === 0) return;
    takeStored();
    try {
        localStorage.setItem(storeKey, exportText());
        changed.clear();
        stored = true;
    } catch {
        stored = false;
    }
}

// One line of JSON for each mark, by row: what `labelerrors correct --decisions-from` reads.
function exportText() {
    const places = [...marks.keys()].sort((a, b) => run.index[a] - run.index[b]);
    return places.map(i => JSON.stringify({
        index: run.index[i],
        item: run.item[i],
        given_label: run.given[i],
        decision: marks.get(i).decision,
        corrected_label: marks.get(i).corrected,
    }) + '\n').join('');
}

// Calls `take` with the place and the mark of each line that belongs to this run, and tells how many did and how many
// did not.
function readLines(text, take) {
    const result = { taken: 0, refused: 0 };
    for (const line of text.split('\n')) {
        if (line.trim() === '') continue;
        let mine;
        try {
            const read = JSON.parse(line);
            const i = placeOfRow.get(read.index);
            if (i !== undefined && sameLabel(read.given_label, run.given[i]))
                mine = markOf(i, read.decision, read.corrected_label);
            if (mine) take(i, mine);
        } catch { /* it is no line of this run */ }
        ++result[mine ? 'taken' : 'refused'];
    }
    return result;
}
)js";

}  // namespace labelerrors::report::detail

#endif
