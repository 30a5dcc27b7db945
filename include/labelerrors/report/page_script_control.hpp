#ifndef LABELERRORS_REPORT_PAGE_SCRIPT_CONTROL_HPP
#define LABELERRORS_REPORT_PAGE_SCRIPT_CONTROL_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// The script's last part: filters, keyboard, marks, files, and the beginning of it all.
inline constexpr std::string_view page_script_control = R"js(
// The address keeps the filters, where the browser lets it.
function writeAddress() {
    const state = new URLSearchParams();
    for (const [name, value] of Object.entries(filter))
        if (value !== unfiltered[name]) state.set(name, value);
    if (page > 0) state.set('page', page + 1);
    try {
        history.replaceState(null, '', '#' + state);
    } catch { /* the page works without */ }
}

function readAddress() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const name of Object.keys(filter)) {
        const field = byId(name);
        field.value = state.get(name) ?? unfiltered[name];
        // A select does not take what it has no option for.
        if (field.value === '' && name === 'sort') field.value = unfiltered.sort;
        filter[name] = field.value;
    }
    page = Math.max(0, (Number.parseInt(state.get('page') ?? '1', 10) || 1) - 1);
}

function refresh() {
    page = 0;
    applyFilter();
    drawPage();
}

function fillSelect(id, first, entries) {
    byId(id).replaceChildren(make('option', { value: '' }, first),
        ...entries.map(([value, text]) => make('option', { value }, text)));
}

function fillFields() {
    const byLabel = counts => [...counts].sort((a, b) => a[0] - b[0])
        .map(([label, number]) => [label, className(label) + ' (' + number + ')']);
    fillSelect('given', 'any', byLabel(givenCounts));
    fillSelect('suggested', 'any', byLabel(suggestedCounts));
    byId('crowd-field').hidden = !voted;
    if (voted) {
        const counts = new Map();
        for (const decision of run.decision) count(counts, decision);
        fillSelect('crowd', 'any', [...counts].sort((a, b) => a[0] - b[0]).map(([decision, number]) =>
            [decision, (decision < 0 ? 'not voted on' : crowdWords[decision]) + ' (' + number + ')']));
    }
    fillSelect('mark', 'any', [['none', 'none'], ...Object.entries(markWords)]);
    const possible = Object.entries(orders).filter(([name]) => name !== 'against' || (voted && !run.sets));
    byId('sort').replaceChildren(...possible.map(([value, [text]]) => make('option', { value }, text)));
    for (const name of Object.keys(filter)) {
        let waiting = 0;
        byId(name).addEventListener(byId(name).tagName === 'SELECT' ? 'change' : 'input', () => {
            filter[name] = byId(name).value;
            clearTimeout(waiting);
            waiting = setTimeout(refresh, name === 'text' ? 120 : 0);
        });
    }
    byId('filters').addEventListener('submit', event => event.preventDefault());
    byId('reset').addEventListener('click', () => {
        Object.assign(filter, unfiltered);
        for (const name of Object.keys(filter)) byId(name).value = filter[name];
        refresh();
    });
}

function choosePair(event) {
    const pair = event.target.closest('button[data-pair]');
    if (!pair) return;
    const chosen = pair.getAttribute('aria-pressed') === 'true' ? ['', ''] : pair.dataset.pair.split(',');
    [filter.given, filter.suggested] = chosen;
    byId('given').value = chosen[0];
    byId('suggested').value = chosen[1];
    refresh();
}

const cardsNow = () => [...byId('cards').querySelectorAll('.card')];

// One card of the page is a stop of the Tab key, and so are its buttons.
function makeCurrent(place) {
    const cards = cardsNow();
    const stops = 'button, a';
    cards[current]?.setAttribute('tabindex', '-1');
    for (const stop of cards[current]?.querySelectorAll(stops) ?? []) stop.tabIndex = -1;
    current = place;
    cards[current].setAttribute('tabindex', '0');
    for (const stop of cards[current].querySelectorAll(stops)) stop.tabIndex = 0;
}

function focusCard(place) {
    makeCurrent(place);
    cardsNow()[current].focus();
}

function turnTo(next, place) {
    if (next < 0 || next >= numPages()) return;
    page = next;
    drawPage();
    focusCard(place === 'last' ? cardsNow().length - 1 : 0);
}

function columns() {
    const cards = cardsNow();
    const second = cards.findIndex(card => card.offsetTop > cards[0].offsetTop);
    return second < 0 ? cards.length : second;
}

function move(step) {
    const number = cardsNow().length;
    const next = current + step;
    if (next >= 0 && next < number) focusCard(next);
    else if (next >= number && page + 1 < numPages()) turnTo(page + 1, 'first');
    else if (next < 0 && page > 0) turnTo(page - 1, 'last');
    else if (number > 0) focusCard(next < 0 ? 0 : number - 1);
}

function say(text) {
    byId('said').textContent = text;
}

function decide(card, decision) {
    const i = Number(card.dataset.place);
    if (decision === 'other') return askLabel(card);
    const mine = marks.get(i);
    const again = mine?.decision === decision && (decision !== 'relabel' || sameLabel(mine.corrected, run.suggested[i]));
    setMark(i, decision === null || again ? undefined : markOf(i, decision));
    afterMark(card);
}

function afterMark(card) {
    const i = Number(card.dataset.place);
    showMark(card, i);
    const mine = marks.get(i);
    say('row ' + run.index[i] + ': ' + (mine ? wordsOf(mine) : 'no mark'));
    drawYourTile();
    keepMarks();
}

// Shows the marks that this tab did not make, too.
function showMarks() {
    for (const card of cardsNow()) showMark(card, Number(card.dataset.place));
    drawYourTile();
}

function keepMarks() {
    clearTimeout(storing);
    storing = setTimeout(() => {
        writeMarks();
        showMarks();
    }, 200);
}

function showHelp() {
    byId('help-dialog').showModal();
    // The button that closes it, which would have the focus, may be beyond what a small screen shows.
    byId('help-heading').focus();
}

let asked = null;
function askLabel(card) {
    if (run.sets) return;
    asked = card;
    const to = byId('relabel-to');
    if (to.options.length === 0)
        for (let label = 0; label < run.k; ++label) to.append(make('option', { value: label }, className(label)));
    const i = Number(card.dataset.place);
    to.value = String(marks.get(i)?.corrected ?? run.suggested[i]);
    byId('relabel-dialog').returnValue = 'cancel';
    byId('relabel-dialog').showModal();
}

function answerLabel() {
    const card = asked;
    asked = null;
    if (byId('relabel-dialog').returnValue === 'relabel' && card) {
        const i = Number(card.dataset.place);
        setMark(i, markOf(i, 'relabel', Number(byId('relabel-to').value)));
        afterMark(card);
    }
    card?.focus();
}

function download() {
    const address = URL.createObjectURL(new Blob([exportText()], { type: 'application/x-ndjson' }));
    const link = make('a', { href: address, download: 'decisions.jsonl' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    say('exported ' + plural(marks.size, 'decision'));
}

async function takeFile() {
    const [file] = byId('file').files;
    if (!file) return;
    const result = readLines(await file.text(), setMark);
    byId('file').value = '';
    applyFilter();
    drawPage();
    drawYourTile();
    keepMarks();
    byId('count').textContent = 'Imported ' + plural(result.taken, 'decision') +
        (result.refused > 0 ? '; ' + plural(result.refused, 'line') + ' did not belong to this run' : '');
}

const keyDecisions = { 1: 'keep', 2: 'relabel', 3: 'drop', 4: 'other', 0: null };
function pressed(event) {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === 'Escape' && event.target.id === 'text' && cardsNow().length > 0) return focusCard(current);
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping || document.querySelector('dialog[open]')) return;
    if (event.target.closest('.heat') && moveInHeatMap(event)) return;
    // A card has to be chosen: what is not on the screen must not be marked.
    const card = event.target.closest('.card');
    const inScroll = event.target.closest('.scroll, .text');
    const actions = {
        '/': () => { byId('text').focus(); byId('text').select(); },
        '?': showHelp,
        n: () => turnTo(page + 1, 'first'),
        p: () => turnTo(page - 1, 'first'),
        ...(inScroll || cardsNow().length === 0 ? {} : {
            ArrowRight: () => move(1), ArrowLeft: () => move(-1),
            ArrowDown: () => move(columns()), ArrowUp: () => move(-columns()),
            Home: () => focusCard(0), End: () => focusCard(cardsNow().length - 1),
        }),
    };
    // Arrows scroll as ever until a card has been chosen.
    const isMove = event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End';
    if (isMove && !event.target.closest('#gallery')) return;
    if (card && Object.hasOwn(keyDecisions, event.key)) decide(card, keyDecisions[event.key]);
    else if (Object.hasOwn(actions, event.key)) actions[event.key]();
    else return;
    event.preventDefault();
}

document.title = oneLine(run.title);
document.querySelector('h1').textContent = oneLine(run.title);
drawTiles();
fillFields();
takeStored();
readAddress();
isWholeMap ? drawHeatMap() : drawPairList();
drawHealth(20);
drawFigures();
applyFilter();
drawPage();
drawYourTile();

for (const hint of document.querySelectorAll('.one-label')) hint.hidden = run.sets;
for (const box of document.querySelectorAll('.scroll')) {
    const show = () => showEdges(box);
    new ResizeObserver(show).observe(box);
    // A click may have shown more.
    for (const event of ['scroll', 'click']) box.addEventListener(event, show);
}
byId('pairs').addEventListener('click', choosePair);
byId('cards').addEventListener('click', event => {
    const card = event.target.closest('.card');
    if (!card) return;
    makeCurrent(cardsNow().indexOf(card));
    const button = event.target.closest('[data-decision]');
    if (button) decide(card, button.dataset.decision);
});
byId('cards').addEventListener('focusin', event => {
    const place = cardsNow().indexOf(event.target.closest('.card'));
    if (place >= 0 && place !== current) makeCurrent(place);
});
for (const button of document.querySelectorAll('.previous')) button.addEventListener('click', () => turnTo(page - 1));
for (const button of document.querySelectorAll('.next')) button.addEventListener('click', () => turnTo(page + 1));
byId('export').addEventListener('click', download);
byId('import').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', takeFile);
byId('help').addEventListener('click', showHelp);
byId('relabel-dialog').addEventListener('close', answerLabel);
document.addEventListener('keydown', pressed);
addEventListener('pagehide', writeMarks);
const showStored = () => { takeStored(); showMarks(); };
addEventListener('storage', event => [storeKey, null].includes(event.key) && showStored());
// A page that the browser kept aside was told nothing meanwhile.
addEventListener('pageshow', event => event.persisted && showStored());
})();
)js";

}  // namespace labelerrors::report::detail

#endif
