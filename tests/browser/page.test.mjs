// The page of errors in a browser: node page.test.mjs PROGRAM. Prints "skipped: ..." where there is no browser.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { directory, file, labelerrors, makePage, makeRun, npy, readLabels, removeDirectory, write } from './runs.mjs';

function skip(reason) {
    console.log(`skipped: browser/page: ${reason}`);
    removeDirectory();
    process.exit(0);
}

let chromium;
try {
    // require, and not import, since it looks in NODE_PATH too.
    ({ chromium } = createRequire(import.meta.url)('playwright-core'));
} catch {
    skip('no playwright-core; run npm install in tests/browser, or set NODE_PATH');
}
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome'].find(path => path && existsSync(path));
if (!executablePath) skip('no chromium; set CHROMIUM to its path');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

// Opens a page and writes down all that it says and asks for. Each case closes those that it opened.
const contexts = [];
async function open(path, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.said = [];
    page.asked = [];
    page.on('console', message => page.said.push(message.text()));
    page.on('pageerror', error => page.said.push(String(error)));
    page.on('dialog', dialog => { page.said.push('dialog: ' + dialog.message()); dialog.dismiss(); });
    page.on('request', request => page.asked.push(request.url()));
    await page.goto('file://' + path);
    return page;
}

// A choice filters by a timer that is due at once: what is asked for later comes after it.
const settled = page => page.evaluate(() => new Promise(resolve => setTimeout(resolve)));
const rowsShown = async page => {
    await settled(page);
    return page.$$eval('.card', cards => cards.map(card =>
        Number(/row (\d+)/.exec(card.querySelector('.facts').textContent)[1])));
};
const focused = page => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.id);
const count = async page => {
    await settled(page);
    return page.textContent('#count');
};

async function exported(page, name) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export')]);
    await download.saveAs(file(name));
    return readFileSync(file(name), 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line));
}

// Every 5th of 400 examples of 4 classes has a wrong label: 80 errors, the most certain at the end.
const run = makeRun('small', 400, 4, i => i % 5 === 0);
const wrong = [...Array(400).keys()].filter(i => i % 5 === 0);
const images = npy('images.npy', '|u1', [400, 6, 8, 3], Uint8Array.from({ length: 400 * 144 }, (_, i) => i * 7 % 256));
const figure = write('figure.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">' +
    '<title>Accuracy and prevalence</title><script>window.ran = 1; console.log("figure ran")</script>' +
    '<rect width="40" height="20" fill="#0072b2"/></svg>');
const small = makePage('small.html', run, '--images', images, '--figure', figure, '--class-names',
    write('names.txt', 'cat\ndog\nship\ntruck\n'));

// The page at `path` as it would be were its run another: `change` is called with it.
function changedRun(path, name, change) {
    return write(name, readFileSync(path, 'utf8').replace(/(<script[^>]* id="run"[^>]*>)(.*?)(<\/script>)/s,
        (_, begin, text, end) => {
            const data = JSON.parse(text);
            change(data);
            return begin + JSON.stringify(data) + end;
        }));
}

const cases = [];
const test = (name, body) => cases.push([name, body]);

test('the page opens without a word on the console and without a request', async () => {
    const page = await open(small);
    assert.deepEqual(page.said, []);
    assert.deepEqual(page.asked.filter(address => !address.startsWith('data:')), ['file://' + small]);
    assert.equal(await count(page), '80 errors');
    assert.equal(await page.title(), 'Label errors');
    assert.match(await page.textContent('#tiles'), /Examples400.*Classes4.*Found errors80/);
    assert.equal((await rowsShown(page)).length, 60);
    // The most severe first: the lowest probability of the given label.
    assert.equal((await rowsShown(page))[0], 395);
});

test('its policy lets no other script run and nothing be loaded', async () => {
    const page = await open(small);
    const result = await page.evaluate(async () => {
        const violations = [];
        document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        const image = new Image();
        image.src = 'https://example.com/a.png';
        await new Promise(done => { image.onerror = done; });
        await new Promise(done => setTimeout(done, 50));
        return { ran: window.ran, violations };
    });
    assert.equal(result.ran, undefined);
    assert.deepEqual(result.violations.sort(), ['img-src', 'script-src-elem']);
});

test('images are drawn, and a figure is there but does not run', async () => {
    const page = await open(small);
    await page.waitForFunction(() => [...document.images].every(image => image.complete));
    const [width, height] = await page.$eval('.card img', image => [image.naturalWidth, image.naturalHeight]);
    assert.deepEqual([width, height], [8, 6]);
    assert.equal(await page.$eval('.card img', image => getComputedStyle(image).imageRendering), 'pixelated');
    const title = await page.$eval('#figure-list img', image => image.naturalWidth > 0 && image.alt);
    assert.equal(title, 'Accuracy and prevalence');
    assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('a cell of the heat map filters, and filters again when it is clicked again', async () => {
    const page = await open(small);
    const cell = page.locator('.heat button').first();
    const number = Number(await cell.textContent());
    const [given, suggested] = (await cell.getAttribute('data-pair')).split(',').map(Number);
    await cell.click();
    assert.equal(await count(page), `${number} of 80 errors`);
    assert.equal(await cell.getAttribute('aria-pressed'), 'true');
    assert.equal(await page.inputValue('#given'), String(given));
    const rows = await rowsShown(page);
    assert.ok(rows.every(row => run.labels[row] === given && row % 4 === suggested));
    assert.equal(number, wrong.filter(row => run.labels[row] === given && row % 4 === suggested).length);
    await cell.click();
    assert.equal(await count(page), '80 errors');
});

test('search, labels, scores and marks filter; what is filtered survives a reload', async () => {
    const page = await open(small);
    await page.fill('#text', 'images.npy:395');
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 1);
    assert.deepEqual(await rowsShown(page), [395]);
    await page.click('#reset');
    await page.selectOption('#given', '2');
    assert.deepEqual((await rowsShown(page)).sort((a, b) => a - b), wrong.filter(row => run.labels[row] === 2));
    await page.click('#reset');
    await page.fill('#high', '0.01');
    await page.waitForFunction(() => document.querySelector('#count').textContent.includes(' of '));
    const scores = await page.$$eval('.facts', facts => facts.map(one => Number(/score ([\d.e-]+)/.exec(one.textContent)[1])));
    assert.ok(scores.length > 0 && scores.every(score => score <= 0.01));
    await page.click('#reset');
    await page.focus('.card');
    await page.keyboard.press('3');
    await page.selectOption('#mark', 'drop');
    assert.deepEqual(await rowsShown(page), [395]);
    await page.waitForTimeout(300);
    await page.reload();
    assert.deepEqual(await rowsShown(page), [395]);
    assert.equal(await page.inputValue('#mark'), 'drop');
});

test('errors can be sorted, and pages turned', async () => {
    const page = await open(small);
    await page.selectOption('#sort', 'row');
    assert.deepEqual(await rowsShown(page), wrong.slice(0, 60));
    await page.click('.pager .next');
    assert.deepEqual(await rowsShown(page), wrong.slice(60));
    assert.equal(await page.textContent('.pager .place'), 'page 2 of 2');
    await page.selectOption('#sort', 'high');
    assert.equal((await rowsShown(page))[0], 0);
});

test('errors with empty sets of labels are sorted, the empty ones first', async () => {
    const path = changedRun(small, 'empty.html', data => {
        data.sets = true;
        data.given = data.given.map((label, i) => i % 3 === 0 ? [] : [label]);
        data.suggested = data.suggested.map((label, i) => i % 4 === 0 ? [] : [label]);
    });
    const page = await open(path);
    const data = JSON.parse(await page.textContent('#run'));
    for (const name of ['given', 'suggested']) {
        await page.selectOption('#sort', name);
        const first = i => data[name][i][0] ?? -1;
        const expected = data.index.map((_, i) => i).sort((a, b) => first(a) - first(b) || a - b);
        assert.deepEqual(await rowsShown(page), expected.slice(0, 60).map(i => data.index[i]));
    }
    assert.deepEqual(page.said, []);
});

test('only votes for another label, or for none, are votes against the given label', async () => {
    // Given, suggested, both, neither, another, neutral, off topic.
    const votes = [[0, 0, 5, 0, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0], [1, 0, 0, 4, 0, 0, 0], [0, 0, 0, 0, 0, 2, 3],
        [4, 0, 0, 0, 1, 0, 0]];
    const path = changedRun(small, 'voted.html', data => {
        data.votes = data.index.map((_, i) => votes[i] ?? null);
        data.decision = data.index.map((_, i) => i < votes.length ? 0 : -1);
    });
    const page = await open(path);
    const rows = JSON.parse(await page.textContent('#run')).index;
    await page.selectOption('#sort', 'against');
    assert.deepEqual((await rowsShown(page)).slice(0, 6), [2, 1, 4, 0, 3, 5].map(i => rows[i]));
    assert.deepEqual(page.said, []);
});

test('the keyboard moves, searches, turns pages and marks', async () => {
    const page = await open(small);
    await page.selectOption('#sort', 'row');
    await page.focus('.card');
    await page.keyboard.press('ArrowRight');
    assert.match(await focused(page), /^Row 5,/);
    await page.keyboard.press('2');
    assert.match(await focused(page), /^Row 5, given \w+, suggested dog, your decision: relabel to dog$/);
    assert.equal(await page.textContent('#said'), 'row 5: relabel to dog');
    const inRow = await page.$$eval('.card', cards =>
        cards.filter(card => card.offsetTop === cards[0].offsetTop).length);
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), new RegExp(`^Row ${5 * (1 + inRow)},`));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    assert.match(await focused(page), /^Row 0,/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    assert.match(await focused(page), new RegExp(`^Row ${wrong[60]},`));
    await page.keyboard.press('p');
    assert.match(await focused(page), /^Row 0,/);
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
    await page.keyboard.type('123');
    assert.equal(await page.inputValue('#text'), '123');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 60);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.keyboard.press('0');
    assert.doesNotMatch(await focused(page), /your decision/);
    await page.keyboard.press('?');
    assert.ok(await page.isVisible('#help-dialog'));
    await page.keyboard.press('Escape');
    assert.match(await page.textContent('#your-tile'), /1.*1 relabel/);
    const first = page.locator('.heat button[tabindex="0"]');
    await first.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.closest('.heat') !== null), true);
    await page.keyboard.press('?');
    assert.ok(await page.isVisible('#help-dialog'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
});

test('the bar covers no error that the keyboard comes to, on narrow and on low screens', async () => {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 700, height: 740 }, { width: 320, height: 740 },
        { width: 700, height: 300 }]) {
        const page = await open(small, { viewport });
        await page.focus('.card');
        await page.keyboard.press('1');
        await page.keyboard.press('End');
        for (let i = 0; i < 12; ++i) await page.keyboard.press('ArrowUp');
        const [card, bar] = await page.evaluate(() => [document.activeElement.getBoundingClientRect().top,
            document.querySelector('.bar').getBoundingClientRect().bottom]);
        assert.ok(card >= Math.max(0, bar), `${viewport.width} x ${viewport.height}: ${card} ${bar}`);
    }
});

test('the arrows scroll a long text that has the focus', async () => {
    const page = await open(changedRun(small, 'scrolled.html', data => {
        data.kind.fill('text');
        data.content.fill('a line\n'.repeat(100) + '\u{1f600}'.repeat(300));
        data.content[1] = 'x'.repeat(599) + '\u{1f600}'.repeat(2);
    }));
    assert.equal(await page.textContent('.card:nth-child(2) .text'), 'x'.repeat(599) + '\u2026');
    await page.click('.card [aria-expanded]');
    await page.focus('.card');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'text');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement.scrollTop > 0);
    await page.keyboard.press('3');
    assert.match(await page.textContent('#said'), /drop$/);
});

test('a label that the reader chose is said, and is in the name of its button', async () => {
    const page = await open(small);
    const other = page.locator('.card:nth-child(2) [data-decision=other]');
    assert.equal(await other.getAttribute('aria-label'), 'Give another label');
    const chosen = await page.textContent('.card:nth-child(2) .suggested') === 'truck' ? 'cat' : 'truck';
    await other.click();
    await page.selectOption('#relabel-to', { label: chosen });
    await page.click('#relabel-dialog button.main');
    assert.equal(await other.textContent(), chosen);
    assert.equal(await other.getAttribute('aria-label'), 'Another label: ' + chosen);
    assert.match(await page.textContent('#said'), new RegExp(`^row \\d+: relabel to ${chosen}$`));
    await page.click('.card:nth-child(2) [data-decision=drop]');
    assert.equal(await other.getAttribute('aria-label'), 'Give another label');
    assert.match(await page.textContent('#said'), /^row \d+: drop$/);
});

test('the buttons that show more pairs and classes hand the focus to the first that they show', async () => {
    const page = await open(makePage('broad.html', makeRun('broad', 4000, 50, i => i % 5 === 0)));
    const pairs = page.locator('#pairs button[data-pair]');
    assert.equal(await pairs.count(), 40);
    await page.getByText('Show more pairs').focus();
    await page.keyboard.press('Enter');
    assert.ok(await pairs.count() > 40);
    assert.ok(await pairs.nth(40).evaluate(pair => document.activeElement === pair));
    await page.getByText('Show all 50 classes').focus();
    await page.keyboard.press('Enter');
    const classes = page.locator('#classes tbody th');
    assert.equal(await classes.count(), 50);
    assert.ok(await classes.nth(20).evaluate(heading => document.activeElement === heading));
    assert.deepEqual(page.said, []);
});

// Where the parts of a text that `pattern` finds stand, from the left, as they are seen.
const placesOf = (page, selector, pattern) => page.$eval(selector, (element, source) => {
    const nodes = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes.flatMap(node => [...node.data.matchAll(new RegExp(source, 'gu'))].map(({ 0: part, index }) => {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + part.length);
        return [part, range.getBoundingClientRect().left];
    })).sort((a, b) => a[1] - b[1]).map(([part]) => part);
}, pattern);

test('an arrow points from the given to the suggested label in names that run from right to left too', async () => {
    const path = changedRun(file('broad.html'), 'leftwards.html', data => {
        data.names = [...Array(50).keys()].map(label => '\u05d0\u05d1\u05d2 ' + label);
        data.sets = true;
        for (const name of ['given', 'suggested']) data[name] = data[name].map(label => [label]);
        data.decision = data.index.map(() => 1);
        data.votes = data.index.map(() => [[3, 40], [2, 50]]);
    });
    const page = await open(path);
    const [given, suggested] = (await page.getAttribute('#pairs button', 'data-pair')).split(',');
    assert.deepEqual(await placesOf(page, '#pairs button span', '\\d+|\u2192'), [given, '\u2192', suggested]);
    assert.deepEqual(await placesOf(page, '.card .votes', '\\d+'), ['3', '40', '2', '50']);
    assert.deepEqual(page.said, []);
});

test('exported decisions, applied by correct, give the expected labels', async () => {
    const page = await open(small);
    await page.selectOption('#sort', 'row');
    await page.focus('.card');
    await page.keyboard.press('1');                       // row 0: keep
    await page.click('.card:nth-child(2) [data-decision=relabel]');  // row 5
    await page.click('.card:nth-child(3) [data-decision=drop]');     // row 10
    await page.click('.card:nth-child(4) [data-decision=other]');    // row 15
    await page.selectOption('#relabel-to', '3');
    await page.click('#relabel-dialog button.main');
    await page.click('.card:nth-child(5) [data-decision=other]');    // row 20, thought better of
    await page.keyboard.press('Escape');
    const lines = await exported(page, 'decisions.jsonl');
    const line = (index, decision, corrected_label) => ({ index, item: `images.npy:${index}`,
        given_label: run.labels[index], decision, corrected_label });
    assert.deepEqual(lines, [line(0, 'keep', run.labels[0]), line(5, 'relabel', 1), line(10, 'drop', null),
        line(15, 'relabel', 3)]);

    const summary = JSON.parse(labelerrors('correct', '--labels', run.labelsFile, '--decisions-from',
        file('decisions.jsonl'), '--output', file('corrected.npy')));
    assert.deepEqual(summary.decisions, { keep: 1, relabel: 2, drop: 1 });
    const expected = [...run.labels];
    expected[5] = 1;
    expected[15] = 3;
    assert.deepEqual(readLabels('corrected.npy'), expected);
    labelerrors('correct', '--labels', run.labelsFile, '--decisions-from', file('decisions.jsonl'), '--output',
        file('corrected.npy'), '--drop', '--kept', file('kept.npy'));
    assert.deepEqual(readLabels('corrected.npy'), expected.filter((_, row) => row !== 10));
    assert.equal(readLabels('kept.npy')[10], 11);

    // And back: what was exported is imported where the page is new, lines that are not of this run are left out.
    const other = await open(small);
    await other.setInputFiles('#file', { name: 'own.jsonl', mimeType: 'text/plain', buffer: Buffer.from(
        lines.map(one => JSON.stringify(one)).join('\n') + '\n{"index":1,"given_label":1,"decision":"keep"}\nnonsense\n' +
        '{"index":5,"given_label":0,"decision":"relabel","corrected_label":99}\n') });
    await other.waitForFunction(() => document.querySelector('#count').textContent.startsWith('Imported'));
    assert.match(await count(other), /Imported 4 decisions; 3 lines did not belong/);
    assert.deepEqual(await exported(other, 'again.jsonl'), lines);

    // What a filter by marks shows is of the marks that came, too.
    const filtered = await open(small);
    await filtered.selectOption('#mark', 'drop');
    assert.equal(await count(filtered), '0 of 80 errors');
    await filtered.setInputFiles('#file', file('decisions.jsonl'));
    await filtered.waitForFunction(() => document.querySelector('#count').textContent.startsWith('Imported'));
    assert.deepEqual(await rowsShown(filtered), [10]);
});

test('a key marks no error that has not been chosen', async () => {
    const page = await open(small);
    for (const key of ['1', '2', '3', '4', '0']) await page.keyboard.press(key);
    await page.focus('#reset');
    await page.keyboard.press('3');
    assert.equal(await page.isVisible('#relabel-dialog'), false);
    assert.match(await page.textContent('#your-tile'), /none yet/);
    await page.click('.card:nth-child(2) .facts');
    await page.keyboard.press('3');
    assert.deepEqual((await exported(page, 'chosen.jsonl')).map(line => line.decision), ['drop']);
    assert.deepEqual(page.said, []);
});

test('tabs that show the same run keep and show the marks of each other', async () => {
    const first = await open(small);
    const second = await first.context().newPage();
    await second.goto('file://' + small);
    const marks = () => [...document.querySelectorAll('.card')].slice(0, 4).map(card => card.dataset.mark ?? '').join();
    const shows = async (page, expected) => {
        for (let i = 0; i < 50 && await page.evaluate(marks) !== expected; ++i) await page.waitForTimeout(50);
        assert.equal(await page.evaluate(marks), expected);
    };
    const decide = (page, place, decision) => page.click(`.card:nth-child(${place}) [data-decision=${decision}]`);
    await decide(first, 1, 'keep');
    await decide(first, 2, 'drop');
    await shows(second, 'keep,drop,,');
    assert.match(await second.textContent('#your-tile'), /2.*1 keep, 1 drop/);
    // What one takes away stays away, what it changes is changed.
    await decide(second, 1, 'keep');
    await decide(second, 2, 'relabel');
    await decide(second, 3, 'keep');
    await shows(first, ',relabel,keep,');
    // Both at once, before either hears of the other, and one closes at once.
    await decide(first, 4, 'drop');
    await decide(second, 1, 'drop');
    await second.close({ runBeforeUnload: true });
    await shows(first, 'drop,relabel,keep,drop');
    // A tab in which nothing was marked leaves all as it is.
    const third = await first.context().newPage();
    await third.goto('file://' + small);
    assert.equal(await third.evaluate(marks), 'drop,relabel,keep,drop');
    await decide(first, 1, 'drop');
    await first.close({ runBeforeUnload: true });
    await shows(third, ',relabel,keep,drop');
    await third.reload();
    assert.equal(await third.evaluate(marks), ',relabel,keep,drop');
    // Where the store is emptied from outside, the marks that are shown are stored again.
    const fourth = await third.context().newPage();
    await fourth.goto('file://' + small);
    await fourth.evaluate(() => localStorage.clear());
    await third.waitForTimeout(100);
    assert.equal(await third.evaluate(marks), ',relabel,keep,drop');
    await decide(third, 1, 'keep');
    await third.waitForTimeout(300);
    await third.reload();
    assert.equal(await third.evaluate(marks), 'keep,relabel,keep,drop');
});

test('a page of sets of labels speaks of no key that it has not', async () => {
    const n = 200;
    const given = new Uint8Array(n * 4);
    const probs = new Float32Array(n * 4);
    for (let i = 0; i < n * 4; ++i) {
        const has = (i * 7 + (i >> 2)) % 3 === 0;
        given[i] = has !== (i % 41 === 0) ? 1 : 0;
        probs[i] = has ? 0.97 : 0.02;
    }
    const path = file('sets.html');
    labelerrors('report', '--multi-label', '--labels', npy('sets.npy', '|u1', [n, 4], given), '--pred-probs',
        npy('sets-probs.npy', '<f4', [n, 4], probs), '--output', path);
    const page = await open(path);
    assert.doesNotMatch(await page.innerText('.hints'), /4|another label/);
    await page.focus('.card');
    await page.keyboard.press('4');
    assert.equal(await page.isVisible('#relabel-dialog'), false);
    await page.keyboard.press('?');
    assert.doesNotMatch(await page.innerText('#help-dialog dl'), /another label/);
    const other = await open(small);
    assert.match(await other.innerText('.hints'), /4 another label/);
    assert.deepEqual(page.said, []);
    // A set may come back in any order, but with no label twice.
    await page.keyboard.press('Escape');
    const run = JSON.parse(await page.textContent('#run'));
    const place = run.given.findIndex(labels => labels.length > 1);
    assert.notEqual(place, -1);
    const decided = more => JSON.stringify({ index: run.index[place], given_label: [...run.given[place]].reverse(),
        decision: 'relabel', ...more }) + '\n';
    await page.setInputFiles('#file', { name: 'own.jsonl', mimeType: 'text/plain', buffer: Buffer.from(
        decided({ corrected_label: [3, 0] }) + decided({ corrected_label: [1, 1] })) });
    await page.waitForFunction(() => document.querySelector('#count').textContent.startsWith('Imported'));
    assert.match(await count(page), /Imported 1 decision; 1 line did not belong/);
    assert.deepEqual((await exported(page, 'sets.jsonl'))[0].corrected_label, [3, 0]);
});

test('hostile labels, names and texts are shown as they are and never run', async () => {
    const evil = '<script>window.ran = 1</script><img src=x onerror="window.ran = 2">';
    const texts = Array.from({ length: 40 }, () => 'a plain text');
    texts[0] = `</script><script>window.ran = 3</script> & "quoted" 'single' \u0001\u0007\u007f \u202eturned\u061c\u00ad\u{e0041}`;
    texts[5] = 'x'.repeat(1500) + ' the end';
    const bytes = Buffer.concat([Buffer.from(texts.slice(0, 10).join('\n') + '\n'),
        Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x62, 0x0a]), Buffer.from(texts.slice(11).join('\n') + '\n')]);
    const path = makePage('hostile.html', makeRun('hostile', 40, 4, i => i % 5 === 0), '--texts',
        write('texts.txt', bytes), '--title', evil, '--class-names',
        write('evil.txt', `${evil}\n"><svg onload=alert(1)>\n__proto__\n]]>--><!-- javascript:alert(2)\n`));
    const page = await open(path);
    await page.selectOption('#sort', 'row');
    assert.deepEqual(page.said, []);
    assert.deepEqual(page.asked, ['file://' + path]);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.equal(await page.textContent('h1'), evil);
    assert.equal(await page.title(), evil);
    assert.equal(await page.textContent('.card .text'),
        `</script><script>window.ran = 3</script> & "quoted" 'single' \u2401\u2407\u2421 <U+202E>turned<U+061C><U+00AD><U+E0041>`);
    assert.equal(await page.textContent('.card:nth-child(3) .text'), 'a\ufffd\ufffd\ufffd(\u2400b');
    const labels = await page.$$eval('.labels dd', all => all.map(one => one.textContent));
    assert.ok(labels.includes(evil) && labels.includes('"><svg onload=alert(1)>') && labels.includes('__proto__'));
    assert.equal(await page.$$eval('main svg, main script, .labels img', all => all.length), 0);
    const long = page.locator('.card:nth-child(2)');
    assert.equal((await long.locator('.text').textContent()).length, 601);
    await long.locator('[aria-expanded]').click();
    assert.match(await long.locator('.text').textContent(), / the end$/);
    await page.focus('.card');
    await page.keyboard.press('2');
    assert.equal((await exported(page, 'hostile.jsonl'))[0].item, 'texts.txt:0');
    assert.deepEqual(page.said, []);
});

test('image files can be linked to, and what is absent says so', async () => {
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
        'base64');
    write('a picture #1.png', png);
    const list = Array.from({ length: 40 }, (_, i) => i === 0 ? file('a picture #1.png') : i === 5 ?
        'https://example.com/?a=1' : 'javascript:alert(1)');
    const page = await open(makePage('linked.html', makeRun('linked', 40, 4, i => i % 5 === 0), '--items',
        write('list.txt', list.join('\n') + '\n'), '--images-as', 'link'));
    await page.selectOption('#sort', 'row');
    await page.waitForFunction(() => document.querySelector('.card img')?.naturalWidth === 1);
    assert.ok(statSync(file('linked.html')).size < 100000);
    assert.equal(await page.getAttribute('.card:nth-child(2) .item a', 'href'), 'https://example.com/?a=1');
    assert.match(await page.textContent('.card:nth-child(3) .item'), /Not shown: there is no such file/);
    assert.equal(await page.$$eval('a[href^="javascript"]', all => all.length), 0);
    assert.ok(page.asked.every(address => address.startsWith('file:')));
});

// The lowest contrast of the texts that are seen, with the text that has it.
const lowestContrast = page => page.evaluate(() => {
    const channels = colour => colour.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c =>
        c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const background = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    let lowest = [Infinity, ''];
    let number = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (walker.currentNode.data.trim() === '' || !element.checkVisibility() || element.closest('script, .unseen, noscript'))
            continue;
        const [light, dark] = [luminance(channels(getComputedStyle(element).color)), luminance(background(element))]
            .sort((a, b) => b - a);
        const contrast = (light + 0.05) / (dark + 0.05);
        ++number;
        if (contrast < lowest[0]) lowest = [contrast, element.className + ': ' + walker.currentNode.data];
    }
    for (const field of document.querySelectorAll('input[placeholder]')) {
        const [light, dark] = [luminance(channels(getComputedStyle(field, '::placeholder').color)),
            luminance(background(field))].sort((a, b) => b - a);
        const contrast = (light + 0.05) / (dark + 0.05);
        if (contrast < lowest[0]) lowest = [contrast, 'placeholder: ' + field.placeholder];
    }
    return { lowest, number };
});

test('text has a contrast of at least 4.5 in both schemes, and headings, landmarks and names are there', async () => {
    // Every pair of classes, so that the heat map has cells of all levels.
    const many = makeRun('many', 4000, 5, i => i % 7 === 0 || (i % 5 === 0 && i > 500));
    const path = makePage('many.html', many, '--images', npy('many.npy', '|u1', [4000, 2, 2], new Uint8Array(16000)));
    for (const colorScheme of ['light', 'dark']) {
        const page = await open(path, { colorScheme, reducedMotion: 'reduce' });
        await page.focus('.card');
        for (const key of ['1', 'ArrowRight', '2', 'ArrowRight', '3']) await page.keyboard.press(key);
        await page.click('.heat button[tabindex="0"]');
        for (const dialog of [null, '#help-dialog', '#relabel-dialog']) {
            if (dialog) await page.$eval(dialog, one => one.showModal());
            const { lowest, number } = await lowestContrast(page);
            assert.ok(number > 100);
            assert.ok(lowest[0] >= 4.5, `${colorScheme}: ${lowest}`);
            if (dialog) await page.$eval(dialog, one => one.close());
        }
        const levels = await page.$$eval('.heat button', all => [...new Set(all.map(one => one.className))]);
        assert.ok(levels.length >= 3, levels.join());
        for (const role of ['banner', 'main', 'contentinfo', 'search', 'table'])
            assert.ok(await page.getByRole(role).count() > 0, role);
        assert.equal(await page.$$eval('h1', all => all.length), 1);
        const landmarks = await page.$$eval('section, nav, [role=region]', all => all.filter(one => one.checkVisibility())
            .map(one => one.ariaLabel ?? document.getElementById(one.getAttribute('aria-labelledby')).textContent));
        assert.deepEqual(landmarks, [...new Set(landmarks)]);
        assert.ok(landmarks.length >= 4);
        const nameless = await page.$$eval('button, input, select, img', all => all.filter(one =>
            one.checkVisibility() && !(one.ariaLabel || one.alt || one.textContent.trim() && one.tagName === 'BUTTON' ||
            one.labels?.length)).map(one => one.outerHTML));
        assert.deepEqual(nameless, []);
        const names = await page.$$eval('#filters label', all => all.filter(one => one.checkVisibility()).map(one =>
            one.control.ariaLabel ?? one.firstChild.data.trim()));
        assert.ok(names.every(name => name.length > 3), names.join());
    }
});

test('a mark that was just made can be read under the pointer', async () => {
    for (const colorScheme of ['light', 'dark']) {
        const page = await open(small);
        await page.emulateMedia({ colorScheme });
        await page.click('.card:nth-child(2) .marks button');
        await page.hover('.card:nth-child(2) .marks button');
        assert.equal(await page.getAttribute('.card:nth-child(2) .marks button', 'aria-pressed'), 'true');
        const { lowest } = await lowestContrast(page);
        assert.ok(lowest[0] >= 4.5, `${lowest[1]}: ${lowest[0]}`);
    }
});

test('the page fits a phone', async () => {
    for (const path of [small, file('hostile.html'), file('many.html')]) {
        const page = await open(path, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 360, `${path}: ${width}`);
    }
});

test('long names of classes leave room for the heat map', async () => {
    const names = Array.from({ length: 4 }, (_, i) => `a name of a class that has ${'many words '.repeat(15)}${i}\n`);
    const path = makePage('names.html', makeRun('long', 400, 4, i => i % 5 === 0), '--class-names',
        write('long.txt', names.join('')));
    for (const [viewport, most] of [[{ width: 360, height: 740 }, 120], [{ width: 1300, height: 900 }, 200]]) {
        const page = await open(path, { viewport });
        const heading = page.locator('.heat tbody th').first();
        assert.ok((await heading.boundingBox()).width <= most);
        assert.match(await heading.getAttribute('title'), /^a name .* 0$/);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= viewport.width);
    }
});

test('a panel that goes on beyond its edge fades there, where no scrollbar shows it', async () => {
    const names = [...Array(10).keys()].map(i => `a name of a class, number ${i}\n`);
    const path = makePage('fading.html', makeRun('fading', 400, 10, i => i % 3 === 0), '--class-names',
        write('fading.txt', names.join('')));
    const page = await open(path, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const looks = selector => page.$eval(selector, box => [box.dataset.more ?? '', getComputedStyle(box).maskImage === 'none']);
    const scrolled = (selector, more) => page.$eval(selector, async (box, expected) => {
        box.scrollTo(box.scrollWidth, box.scrollHeight);
        for (let i = 0; i < 50 && (box.dataset.more ?? '') !== expected; ++i)
            await new Promise(done => setTimeout(done, 20));
        return box.dataset.more ?? '';
    }, more);
    assert.deepEqual(await looks('#pairs'), ['right', false]);
    assert.deepEqual(await looks('#classes'), ['right', false]);
    assert.equal(await scrolled('#classes', ''), '');
    assert.deepEqual(await looks('#classes'), ['', true]);
    await page.emulateMedia({ media: 'print' });
    assert.equal((await looks('#pairs'))[1], true);
    await page.emulateMedia({ media: 'screen' });
    // Neither the edge nor the names cover the cell that has the focus.
    await page.focus('.heat button[tabindex="0"]');
    const keys = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'];
    for (let i = 0; i < 40; ++i) {
        await page.keyboard.press(keys[Math.floor(i / 10)]);
        const [left, right] = await page.evaluate(() => {
            const cell = document.activeElement.getBoundingClientRect();
            const heading = document.activeElement.closest('tr').cells[0].getBoundingClientRect();
            return [cell.left - heading.right, document.querySelector('#pairs').getBoundingClientRect().right - cell.right];
        });
        assert.ok(left >= 0 && right >= 0, `${i}: ${left} ${right}`);
    }
    // What a button shows more of may be beyond the edge.
    const broad = await open(file('broad.html'), { viewport: { width: 1280, height: 740 } });
    assert.equal(await broad.$eval('#classes', box => box.dataset.more), undefined);
    await broad.getByText('Show all 50 classes').click();
    assert.equal(await broad.$eval('#classes', box => box.dataset.more), 'below');
});

test('the dialogs fit a phone, begin with their headings and give the focus back', async () => {
    const page = await open(file('names.html'), { viewport: { width: 360, height: 500 } });
    await page.focus('.card');
    const card = await focused(page);
    await page.keyboard.press('?');
    const [dialog, heading] = [await page.locator('#help-dialog').boundingBox(), await page.locator('#help-heading').boundingBox()];
    assert.ok(heading.y >= dialog.y && heading.y < dialog.y + 60, `${heading.y} ${dialog.y}`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Close');
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), card);
    await page.keyboard.press('4');
    const [around, choice] = [await page.locator('#relabel-dialog').boundingBox(), await page.locator('#relabel-to').boundingBox()];
    assert.ok(choice.x + choice.width < around.x + around.width, `${choice.x + choice.width} ${around.x + around.width}`);
    assert.equal(await focused(page), 'relabel-to');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), card);
});

// The parts of the texts of `selector` that no line should break within, and that one does.
const tornWords = (page, selector) => page.$$eval(selector, elements => elements.flatMap(element => {
    const torn = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        for (const { 0: word, index } of walker.currentNode.data.matchAll(/\p{L}+/gu)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, index);
            range.setEnd(walker.currentNode, index + word.length);
            if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) torn.push(word);
        }
    return torn;
}));

test('on a phone lines break between the words of names, not within them', async () => {
    const names = ['comp.sys.ibm.pc.hardware', 'loggerhead sea turtle', 'Wind instrument, woodwind instrument',
        'animal_migration/elephants'];
    const items = Array.from({ length: 400 }, (_, i) => `https://labelerrors.example/static/quickdraw/page?row=${i}&end=1\n`);
    const path = makePage('words.html', makeRun('words', 400, 4, i => i % 5 === 0), '--class-names',
        write('words.txt', names.join('\n') + '\n'), '--items', write('addresses.txt', items.join('')));
    const page = await open(path, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    assert.deepEqual(await tornWords(page, '.labels dd, .item'), []);
    assert.equal(await page.textContent('.card .given'), names[run.labels[395]]);
    assert.equal(await page.getAttribute('.card .item a', 'href'), items[395].trim());
    assert.equal(await page.textContent('.card .item a'), items[395].trim());
});

test('numbers of many millions stand on one line', async () => {
    const path = changedRun(small, 'millions.html', data => {
        data.n = 50426266;
        data.found = 6825383;
        data.facts.push(['Checked', '2500', ''], ['Rate', '10.12 %', ''], ['Wrong', '123456789', '']);
    });
    for (const width of [360, 700, 800, 1000, 1280]) {
        const page = await open(path, { viewport: { width, height: 900 } });
        for (const media of ['screen', 'print']) {
            await page.emulateMedia({ media });
            const torn = await page.$$eval('.tiles dd', all => all.map(one => one.firstChild).filter(text => {
                const range = document.createRange();
                range.selectNodeContents(text);
                return range.getClientRects().length > 1;
            }).map(text => text.data));
            assert.deepEqual(torn, [], `${media} ${width}`);
        }
    }
});

test('where an item is stands on its card once', async () => {
    const address = 'https://example.com/static/1.png';
    const path = changedRun(small, 'located.html', data => {
        data.kind.fill('absent');
        data.item[0] = data.location[0] = data.location[1] = address;
    });
    const page = await open(path);
    const occurrences = (await page.$$eval('.card', cards => cards.map(card => card.textContent)))
        .map(text => text.split(address).length - 1);
    assert.deepEqual(occurrences.slice(0, 3), [1, 1, 0]);
    assert.match(await page.textContent('.card:nth-child(2) .facts'), /images\.npy:/);
});

test('a name of a million characters is a name like any other', async () => {
    const name = 'a.'.repeat(500000);
    const page = await open(changedRun(small, 'endless.html', data => { data.item[0] = name; }));
    assert.equal(await page.textContent('.card .name'), name);
    assert.equal((await rowsShown(page)).length, 60);
    assert.deepEqual(page.said, []);
});

test('the button that exports nothing does not look like one that does', async () => {
    const page = await open(small);
    const look = () => page.$eval('#export', button => [button.disabled, getComputedStyle(button).backgroundColor]);
    const [isDisabled, before] = await look();
    assert.ok(isDisabled);
    await page.click('.card .marks button');
    await page.mouse.move(0, 0);
    await page.waitForFunction(colour => getComputedStyle(document.querySelector('#export')).backgroundColor !== colour, before);
    assert.equal((await look())[0], false);
});

test('on paper headings stay above their tables, votes keep their colours and panels their distance', async () => {
    for (const colorScheme of ['light', 'dark']) {
        const page = await open(file('voted.html'), { colorScheme });
        await page.emulateMedia({ media: 'print', colorScheme });
        await page.evaluate(() => scrollTo(0, 2000));
        const [heading, first] = await page.$$eval('.numbers tr', rows => rows.slice(0, 2).map(row =>
            row.cells[0].getBoundingClientRect().bottom));
        assert.ok(heading < first);
        const bars = await page.$$eval('.stack .given, .stack .guessed', all =>
            [...new Set(all.map(one => one.className + ' ' + getComputedStyle(one).backgroundColor))].sort());
        assert.deepEqual(bars, ['given rgb(143, 67, 0)', 'guessed rgb(11, 85, 159)']);
        const [upper, lower] = await page.$$eval('.halves > .panel', panels => panels.map(panel => panel.getBoundingClientRect()));
        assert.ok(lower.top - upper.bottom >= 10);
    }
});

test('the health of classes with long names fits beside the map', async () => {
    for (const width of [1280, 1400]) {
        const page = await open(file('names.html'), { viewport: { width, height: 900 } });
        assert.ok(await page.$eval('#classes', region => region.scrollWidth <= region.clientWidth), String(width));
    }
});

test('a large map with long names fits the paper, and no row of panels is half empty', async () => {
    const names = write('forty.txt', [...Array(40).keys()].map(i => 'hot-air balloon ' + i).join('\n') + '\n');
    const path = makePage('forty.html', makeRun('forty', 2000, 40, i => i % 5 === 0), '--class-names', names);
    const page = await open(path, { viewport: { width: 1280, height: 900 } });
    const [map, health] = await page.$$eval('.halves > .panel', panels => panels.map(panel => panel.offsetWidth));
    assert.equal(map, health);
    // A4 without 1 cm on either side.
    await page.setViewportSize({ width: 718, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    const [width, paper] = await page.$eval('.heat', table => [table.getBoundingClientRect().right,
        table.closest('.panel').getBoundingClientRect().right]);
    assert.ok(width <= paper && paper <= 718, `${width} ${paper}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 718);
});

test('on paper no part that is kept together is long enough to leave much of a sheet empty', async () => {
    // A4 without 1 cm on either side.
    const page = await open(file('broad.html'), { viewport: { width: 718, height: 1047 } });
    await page.emulateMedia({ media: 'print' });
    const heights = await page.$$eval('body *', all => all.filter(one =>
        getComputedStyle(one).breakInside === 'avoid').map(one => one.getBoundingClientRect().height));
    assert.ok(heights.length > 100);
    assert.ok(Math.max(...heights) < 500, String(Math.max(...heights)));
    const alone = await page.$$eval('h2, .panel > p, .bar', all => all.filter(one =>
        one.checkVisibility() && getComputedStyle(one).breakAfter !== 'avoid').map(one => one.outerHTML));
    assert.deepEqual(alone, []);
    assert.equal(await page.isVisible('#pairs > button'), false);
});

test('50,000 errors leave the document small', async () => {
    const large = makeRun('large', 60000, 10, i => i % 6 !== 0);
    const bytes = Uint8Array.from({ length: 60000 * 49 }, (_, i) => i % 97);
    const path = makePage('large.html', large, '--images', npy('large.npy', '|u1', [60000, 7, 7], bytes));
    const begin = performance.now();
    const page = await open(path);
    const opened = performance.now() - begin;
    assert.equal(await count(page), '50,000 errors');
    const elements = () => page.evaluate(() => document.getElementsByTagName('*').length);
    assert.ok(await elements() < 3000, String(await elements()));
    const timed = await page.evaluate(() => {
        const time = change => {
            const start = performance.now();
            change();
            return performance.now() - start;
        };
        const field = document.querySelector('#given');
        return { filter: time(() => document.querySelector('.heat button').click()), field: field.value };
    });
    assert.match(await count(page), /^[\d,]+ of 50,000 errors$/);
    await page.click('#reset');
    const searching = performance.now();
    await page.fill('#text', 'large.npy:5999');
    await page.waitForFunction(() => document.querySelector('#count').textContent.includes(' of 50,000'));
    const searched = performance.now() - searching;
    await page.click('#reset');
    await page.selectOption('#sort', 'row');
    for (let i = 0; i < 5; ++i) await page.click('.pager .next');
    assert.ok(await elements() < 3000, String(await elements()));
    console.log(`50,000 errors: ${(statSync(path).size / 1e6).toFixed(1)} MB, opened in ${opened.toFixed(0)} ms, ` +
        `filtered in ${timed.filter.toFixed(0)} ms, searched in ${searched.toFixed(0)} ms`);
});

let failures = 0;
for (const [name, body] of cases) {
    try {
        await body();
        console.log('ok: ' + name);
    } catch (error) {
        ++failures;
        console.log('FAILED: ' + name + '\n' + error.stack);
    }
    for (const context of contexts.splice(0)) await context.close();
}
await browser.close();
removeDirectory();
console.log(`${cases.length - failures} of ${cases.length} cases passed in ${directory}`);
process.exit(failures === 0 ? 0 : 1);
