#ifndef LABELERRORS_REPORT_PAGE_SCRIPT_SUMMARY_HPP
#define LABELERRORS_REPORT_PAGE_SCRIPT_SUMMARY_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// The script's second part: tiles, the confusion of labels, the health of the classes, figures.
inline constexpr std::string_view page_script_summary = R"js(
function tile(name, value, more) {
    return make('div', {}, make('dt', {}, name), make('dd', {}, value, more ? make('small', {}, more) : null));
}

function drawTiles() {
    const tiles = byId('tiles');
    tiles.append(tile('Examples', whole.format(run.n)), tile('Classes', whole.format(run.k)));
    tiles.append(tile(run.found_name, whole.format(run.found), percent(run.found / Math.max(1, run.n)) +
        ' of the examples' + (size < run.found ? '; shown here: ' + whole.format(size) : '')));
    if (run.health && run.health.score !== null)
        tiles.append(tile('Estimated error rate', percent(1 - run.health.score),
            'label health ' + run.health.score.toFixed(4)));
    for (const [name, value, more] of run.facts)
        tiles.append(tile(oneLine(name), /^\d+$/.test(value) ? whole.format(value) : oneLine(value), more ? oneLine(more) : null));
    tiles.append(tile('Your decisions', '0', 'none yet'));
    tiles.lastChild.id = 'your-tile';
    // Where a number has millions, which a line of a narrow tile has no room for.
    tiles.classList.toggle('broad', [...tiles.querySelectorAll('dd')].some(one => one.firstChild.data.length > 8));
}

function drawYourTile() {
    const totals = { keep: 0, relabel: 0, drop: 0 };
    for (const { decision } of marks.values()) ++totals[decision];
    const [number, more] = byId('your-tile').querySelector('dd').childNodes;
    number.textContent = whole.format(marks.size);
    more.textContent = marks.size === 0 ? 'none yet' :
        Object.entries(totals).filter(entry => entry[1] > 0).map(entry => entry[1] + ' ' + entry[0]).join(', ');
    byId('export').textContent = marks.size === 0 ? 'Export decisions' : 'Export ' + plural(marks.size, 'decision');
    byId('export').disabled = marks.size === 0;
    byId('kept-note').textContent = stored ?
        'Marks are kept in this browser until you take them away; export them to be safe.' :
        'This browser does not keep marks for this page: export them before you close it.';
}

const mostInHeatMap = 40;
let mostPairs = 40;
const isWholeMap = run.k <= mostInHeatMap && !run.sets;

function level(number, largest) {
    return 'l' + (largest === 1 ? 2 : 1 + Math.floor(5 * Math.log(number) / Math.log(largest) + 1e-9));
}

function pairButton(given, suggested, number, largest) {
    const words = 'given ' + className(given) + ', suggested ' + className(suggested) + ': ' + plural(number, 'error');
    const button = make('button', { type: 'button', class: level(number, largest), 'aria-label': words, title: words,
        tabindex: '-1' }, String(number));
    button.dataset.pair = pairKey(given, suggested);
    return button;
}

function drawHeatMap() {
    const largest = Math.max(1, ...pairCounts.values());
    const short = run.names === null || run.names.every(name => name.length <= 2);
    const table = make('table', { class: 'heat' + (run.k > 14 ? ' large' : '') + (short ? ' short' : '') });
    table.append(make('caption', { class: 'unseen' }, 'Errors by given label (rows) and suggested label (columns)'));
    const labels = [...Array(run.k).keys()];
    table.append(make('thead', {}, make('tr', {}, make('td', {}), ...labels.map(label =>
        make('th', { scope: 'col', class: 'column', title: className(label) }, make('span', {}, className(label)))))));
    const body = make('tbody');
    for (const given of labels) {
        const row = make('tr', {}, make('th', { scope: 'row', title: className(given) }, className(given)));
        for (const suggested of labels) {
            const number = pairCounts.get(pairKey(given, suggested));
            row.append(make('td', given === suggested ? { class: 'same' } : {},
                number ? pairButton(given, suggested, number, largest) : null));
        }
        body.append(row);
    }
    table.append(body);
    byId('pairs').replaceChildren(table);
    byId('pairs').parentNode.classList.add('map');
    byId('pairs-note').textContent = 'Rows: given, columns: suggested. A number filters the errors below.';
    (table.querySelector('button') ?? table).tabIndex = 0;
}

function drawPairList() {
    const pairs = [...pairCounts].sort((a, b) => b[1] - a[1]);
    const largest = pairs.length > 0 ? pairs[0][1] : 1;
    const list = make('ul', { class: 'pairs' });
    for (const [key, number] of pairs.slice(0, mostPairs)) {
        const [given, suggested] = key.split(',').map(Number);
        const button = make('button', { type: 'button' },
            make('span', {}, make('bdi', {}, className(given)), ' \u2192 ', make('bdi', {}, className(suggested))),
            make('meter', { min: 0, max: largest, value: number, 'aria-hidden': 'true' }),
            make('span', { class: 'number' }, whole.format(number)));
        button.dataset.pair = key;
        list.append(make('li', {}, button));
    }
    byId('pairs').replaceChildren(list);
    byId('pairs-note').textContent = 'Given \u2192 suggested, ' + (pairs.length > mostPairs ?
        'the most frequent ' + mostPairs + ' of ' + whole.format(pairs.length) + ' pairs. ' : 'all pairs. ') +
        'A pair filters the errors below.';
    if (pairs.length <= mostPairs) return;
    const more = make('button', { type: 'button' }, 'Show more pairs');
    more.addEventListener('click', () => {
        const before = mostPairs;
        mostPairs += 100;
        drawPairList();
        showPressedPair();
        // The button that had the focus is gone.
        byId('pairs').querySelectorAll('button[data-pair]')[before].focus();
    });
    byId('pairs').append(more);
}

function showPressedPair() {
    const chosen = filter.given !== '' && filter.suggested !== '' ? pairKey(filter.given, filter.suggested) : '';
    for (const button of byId('pairs').querySelectorAll('button[data-pair]'))
        button.setAttribute('aria-pressed', String(button.dataset.pair === chosen));
}

// Arrows go to the next cell of the map that has a number, in their direction. Returns whether the key is an arrow.
function moveInHeatMap(event) {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = steps[event.key];
    const cell = event.target.closest('td');
    if (!step || !cell) return false;
    const rows = [...cell.closest('tbody').rows];
    let row = rows.indexOf(cell.parentNode) + step[0];
    let column = cell.cellIndex + step[1];
    for (; rows[row]?.cells[column]; row += step[0], column += step[1]) {
        const button = rows[row].cells[column].querySelector('button');
        if (!button) continue;
        event.target.tabIndex = -1;
        button.tabIndex = 0;
        button.focus();
        break;
    }
    event.preventDefault();
    return true;
}

function drawHealth(most) {
    if (!run.health || run.health.classes.length === 0) return;
    byId('health').hidden = false;
    const head = ['class', 'quality', '', 'wrong labels', 'missing', 'noise', 'inverse noise'];
    const rows = run.health.classes.slice(0, most).map(([label, issues, inverse, noise, inverseNoise, quality]) =>
        make('tr', {}, make('th', { scope: 'row', title: className(label) }, className(label)),
            make('td', {}, decimals(quality)),
            make('td', {}, make('meter', { min: 0, max: 1, value: quality, 'aria-hidden': 'true' })),
            make('td', {}, whole.format(issues)), make('td', {}, whole.format(inverse)),
            make('td', {}, decimals(noise)), make('td', {}, decimals(inverseNoise))));
    byId('classes').replaceChildren(make('table', { class: 'numbers' },
        make('thead', {}, make('tr', {}, ...head.map(word =>
            word === '' ? make('td', {}) : make('th', { scope: 'col' }, word)))), make('tbody', {}, ...rows)));
    if (run.health.classes.length <= most) return;
    const more = make('button', { type: 'button' }, 'Show all ' + whole.format(run.health.classes.length) + ' classes');
    more.addEventListener('click', () => {
        drawHealth(run.health.classes.length);
        // The button that had the focus is gone: the first class that it showed gets it.
        const first = byId('classes').querySelectorAll('tbody th')[most];
        first.tabIndex = -1;
        first.focus();
    });
    byId('classes').append(more);
}

// What a scrollbar shows that takes room; others are not seen until one scrolls, and where a panel goes on it fades.
function showEdges(box) {
    const more = [];
    if (box.offsetHeight === box.clientHeight && box.scrollLeft + box.clientWidth < box.scrollWidth - 1)
        more.push('right');
    if (box.offsetWidth === box.clientWidth && box.scrollTop + box.clientHeight < box.scrollHeight - 1)
        more.push('below');
    if (more.length > 0) box.dataset.more = more.join(' ');
    else delete box.dataset.more;
}

function drawFigures() {
    byId('figures').hidden = run.figures.length === 0;
    for (const [title, address] of run.figures)
        byId('figure-list').append(make('figure', {}, make('img', { src: address, alt: oneLine(title) }),
            make('figcaption', { class: 'soft' }, oneLine(title))));
}
)js";

}  // namespace labelerrors::report::detail

#endif
