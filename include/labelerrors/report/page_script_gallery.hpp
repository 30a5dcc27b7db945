#ifndef LABELERRORS_REPORT_PAGE_SCRIPT_GALLERY_HPP
#define LABELERRORS_REPORT_PAGE_SCRIPT_GALLERY_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// The script's third part: which errors are shown, in what order, and how one looks. Only the errors of one page are
/// in the document.
inline constexpr std::string_view page_script_gallery = R"js(
const unfiltered = { text: '', given: '', suggested: '', crowd: '', mark: '', low: '', high: '', sort: 'order' };
const filter = { ...unfiltered };
let shown = [];
let page = 0;
let current = 0;

let haystacks = null;
function haystackOf(i) {
    haystacks ??= new Array(size);
    return haystacks[i] ??= [run.index[i], run.item[i], labelText(run.given[i]), labelText(run.suggested[i]),
        run.kind[i] === 'text' ? run.content[i] : ''].join('\n').toLowerCase();
}

// The number of a field; nothing where it holds none.
const numberIn = text => text === '' || Number.isNaN(Number(text)) ? null : Number(text);

function matches(i, words, low, high) {
    if (filter.given !== '' || filter.suggested !== '') {
        const fits = ([given, suggested]) => (filter.given === '' || given === Number(filter.given)) &&
            (filter.suggested === '' || suggested === Number(filter.suggested));
        if (!pairsOf(i).some(fits)) return false;
    }
    if (filter.crowd !== '' && run.decision[i] !== Number(filter.crowd)) return false;
    if (filter.mark !== '' && (marks.get(i)?.decision ?? 'none') !== filter.mark) return false;
    const score = run.score[i];
    if ((low !== null && !(score !== null && score >= low)) || (high !== null && !(score !== null && score <= high)))
        return false;
    return words.every(word => haystackOf(i).includes(word));
}

const scoreOr = (i, other) => run.score[i] ?? other;
// An empty set comes before all labels.
const firstLabel = label => setOf(label)[0] ?? none;
// Who sees both labels, or speaks for none, is not against the given one.
function against(i) {
    if (!run.votes?.[i] || run.sets) return -1;
    const [, guessed, , neither, other] = run.votes[i];
    return guessed + neither + other;
}
const orders = {
    order: [run.score.some(score => score !== null) ? 'most severe first' : 'as listed', null],
    low: ['lowest score', (a, b) => scoreOr(a, Infinity) - scoreOr(b, Infinity)],
    high: ['highest score', (a, b) => scoreOr(b, -Infinity) - scoreOr(a, -Infinity)],
    row: ['row', (a, b) => run.index[a] - run.index[b]],
    given: ['given label', (a, b) => firstLabel(run.given[a]) - firstLabel(run.given[b])],
    suggested: ['suggested label', (a, b) => firstLabel(run.suggested[a]) - firstLabel(run.suggested[b])],
    against: ['votes against the given label', (a, b) => against(b) - against(a)],
};

function applyFilter() {
    const words = filter.text.toLowerCase().split(/\s+/).filter(word => word !== '');
    const low = numberIn(filter.low);
    const high = numberIn(filter.high);
    shown = [];
    for (let i = 0; i < size; ++i)
        if (matches(i, words, low, high)) shown.push(i);
    const compare = orders[filter.sort][1];
    if (compare) shown.sort((a, b) => compare(a, b) || a - b);
    page = Math.min(page, Math.max(0, numPages() - 1));
    showPressedPair();
}
const numPages = () => Math.ceil(shown.length / perPage);

function votesOf(i) {
    const votes = run.votes?.[i];
    if (!votes) return null;
    if (run.sets)
        return make('p', { class: 'votes' }, 'heard: ', ...votes.flatMap(([label, number], place) =>
            [place > 0 ? ', ' : '', make('bdi', {}, className(label)), ' ' + number]), make('br'), 'crowd: ',
            make('b', {}, crowdWords[run.decision[i]]));
    const stack = make('div', { class: 'stack', 'aria-hidden': 'true' });
    const kinds = ['given', 'guessed', 'both', 'other', 'other', 'other', 'other'];
    votes.forEach((number, kind) => {
        for (let vote = 0; vote < number; ++vote) stack.append(make('span', { class: kinds[kind] }));
    });
    const words = votes.map((number, kind) => number > 0 ? number + ' ' + voteWords[kind] : '').filter(text => text);
    return make('div', {}, stack, make('p', { class: 'votes' }, 'votes: ' + (words.join(', ') || 'none') + '; crowd: ',
        make('b', {}, crowdWords[run.decision[i]])));
}

// A line may end behind a sign that joins words, as in comp.sys.ibm.pc.hardware, rather than within one of them. What is
// longer than any name is not worth an element a word.
const broken = text => text.length > 500 ? [text] :
    (text.match(/[^._/?&=:-]+[._/?&=:-]*|[._/?&=:-]+/g) ?? []).flatMap(part => [part, make('wbr')]);

const isAddress = text => /^https?:\/\/[^\s]+$/i.test(text);
function placeOf(text) {
    const words = broken(oneLine(text));
    return isAddress(text) ? make('a', { href: text, rel: 'noopener noreferrer', target: '_blank' }, ...words) :
        make('bdi', {}, ...words);
}

const types = { i: 'image/png', '/': 'image/jpeg', R: 'image/gif', U: 'image/webp' };
const folded = 600;
function textOf(text) {
    const all = visible(text);
    // No half of a character that takes two places is left at the end.
    const start = all.length <= folded ? all : all.slice(0, folded).replace(/[\ud800-\udbff]$/, '') + '\u2026';
    const block = make('p', { class: 'text', dir: 'auto' }, start);
    if (start === all) return [block];
    const button = make('button', { type: 'button', 'aria-expanded': 'false', tabindex: '-1' },
        'Show all ' + plural(all.length, 'character'));
    button.addEventListener('click', () => {
        const open = button.getAttribute('aria-expanded') === 'false';
        button.setAttribute('aria-expanded', String(open));
        block.textContent = open ? all : start;
        button.textContent = open ? 'Show less' : 'Show all ' + plural(all.length, 'character');
    });
    return [block, button];
}

function itemOf(i) {
    const box = make('div', { class: 'item' });
    const alt = 'The image of row ' + run.index[i];
    const note = run.notes[run.note[i]];
    switch (run.kind[i]) {
    case 'image':
        box.append(make('img', { src: 'data:' + types[run.content[i][0]] + ';base64,' + run.content[i], alt }));
        break;
    case 'link':
        box.append(make('img', { src: run.content[i], alt, loading: 'lazy' }));
        break;
    case 'text':
        box.append(...textOf(run.content[i]));
        break;
    case 'address':
        box.append(make('p', { class: 'absent' }, placeOf(run.content[i])));
        break;
    }
    // Few pixels are shown as such; photographs are not.
    box.querySelector('img')?.addEventListener('load', event =>
        event.target.classList.toggle('pixels', event.target.naturalWidth <= 96));
    if (note !== '') box.append(make('p', { class: 'absent' }, oneLine(note)));
    if (run.location[i] !== '') box.append(make('p', { class: 'absent' }, placeOf(run.location[i])));
    return box;
}

const markButtons = [['keep', 'Keep', '1'], ['relabel', 'Relabel', '2'], ['drop', 'Drop', '3']];
function cardOf(i) {
    const buttons = markButtons.map(([decision, word, key]) => make('button', { type: 'button', 'data-decision': decision,
        'aria-keyshortcuts': key, tabindex: '-1' }, word));
    buttons.push(make('button', { type: 'button', 'data-decision': 'other', 'aria-keyshortcuts': '4',
        tabindex: '-1' }));
    const card = make('li', { class: 'card', tabindex: '-1' }, itemOf(i),
        make('dl', { class: 'labels' }, make('dt', {}, 'given'),
            make('dd', { class: 'given' }, make('bdi', {}, ...broken(labelText(run.given[i])))),
            make('dt', {}, 'suggested'),
            make('dd', { class: 'suggested' }, make('bdi', {}, ...broken(labelText(run.suggested[i]))))),
        make('p', { class: 'facts' }, make('span', {}, 'row ' + run.index[i]),
            run.score[i] === null ? null : make('span', {}, 'score ' + scoreText(run.score[i])),
            ['', run.content[i], run.location[i]].includes(run.item[i]) ? null :
                make('bdi', { class: 'name' }, ...broken(oneLine(run.item[i])))),
        votesOf(i), make('div', { class: 'marks', role: 'group', 'aria-label': 'Your decision, row ' + run.index[i] },
            ...buttons));
    card.dataset.place = i;
    showMark(card, i);
    return card;
}

const wordsOf = ({ decision, corrected }) =>
    markWords[decision] + (decision === 'relabel' ? ' to ' + labelText(corrected) : '');
function showMark(card, i) {
    const mine = marks.get(i);
    if (mine) card.dataset.mark = mine.decision;
    else delete card.dataset.mark;
    const isOther = mine?.decision === 'relabel' && !sameLabel(mine.corrected, run.suggested[i]);
    for (const button of card.querySelectorAll('[data-decision]')) {
        const decision = button.dataset.decision;
        button.setAttribute('aria-pressed', String(decision === 'other' ? isOther :
            mine?.decision === decision && !isOther));
        if (decision === 'other') {
            const label = isOther ? labelText(mine.corrected) : '';
            button.textContent = isOther ? label : '\u2026';
            button.setAttribute('aria-label', isOther ? 'Another label: ' + label : 'Give another label');
            button.hidden = run.sets;
        }
    }
    const what = mine ? ', your decision: ' + wordsOf(mine) : '';
    card.setAttribute('aria-label', 'Row ' + run.index[i] + ', given ' + labelText(run.given[i]) + ', suggested ' +
        labelText(run.suggested[i]) + what);
}

function drawPage() {
    const first = page * perPage;
    const cards = shown.slice(first, first + perPage).map(cardOf);
    const list = byId('cards');
    list.classList.toggle('wide', run.kind.includes('text'));
    list.replaceChildren(...cards);
    current = 0;
    if (cards.length === 0)
        list.append(make('li', { class: 'nothing' }, size > 0 ? 'No error fits the filters.' :
            run.found > 0 ? 'None of the errors are shown here.' : 'No errors were found.'));
    else makeCurrent(0);
    byId('count').textContent = shown.length === size ? plural(size, 'error') :
        whole.format(shown.length) + ' of ' + plural(size, 'error');
    for (const pager of document.querySelectorAll('.pager')) {
        pager.hidden = numPages() <= 1;
        pager.querySelector('.previous').disabled = page === 0;
        pager.querySelector('.next').disabled = page + 1 >= numPages();
        pager.querySelector('.place').textContent = 'page ' + (page + 1) + ' of ' + whole.format(numPages());
    }
    writeAddress();
}
)js";

}  // namespace labelerrors::report::detail

#endif
