#ifndef LABELERRORS_REPORT_PAGE_STYLE_HPP
#define LABELERRORS_REPORT_PAGE_STYLE_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// The style of the page. Nothing is told by colour alone, and text has a contrast of at least 4.5 in both schemes.
inline constexpr std::string_view page_style = R"css(
:root {
    color-scheme: light dark;
    --paper: #f7f6f3; --card: #ffffff; --ink: #1d1c1a; --soft: #5c5851; --line: #d9d5cd; --edge: #7c776e;
    --given: #8f4300; --suggested: #0b559f; --accent: #0b559f; --on-accent: #ffffff; --well: #efede8;
    --l1: #e4eefa; --l2: #c5dbf2; --l3: #98c0e8; --l4: #659fd9; --l5: #1f62a8; --l6: #0a3a6e;
    --t3: #101010; --t4: #000000; --t5: #ffffff;
}
@media (prefers-color-scheme: dark) {
    :root {
        --paper: #141413; --card: #1e1e1c; --ink: #eceae5; --soft: #b0aca3; --line: #393733; --edge: #8d887e;
        --given: #f2b274; --suggested: #8fbef5; --accent: #8fbef5; --on-accent: #0d0d0c; --well: #272624;
        --l1: #1c2936; --l2: #213b56; --l3: #28537f; --l4: #3f7ab8; --l5: #7db1e8; --l6: #b9d7f7;
        --t3: #ffffff; --t4: #000000; --t5: #000000;
    }
}
*, ::before, ::after { box-sizing: border-box; }
body {
    margin: 0; background: var(--paper); color: var(--ink);
    font: 0.9375rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
    font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
header, main, footer { max-width: 96rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 0.25rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.05rem; margin: 0 0 0.6rem; font-weight: 650; }
p { margin: 0 0 0.6rem; }
.soft { color: var(--soft); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.5rem 0.75rem; z-index: 9; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }

.tiles { --least: 8.2rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(var(--least), 1fr)); gap: 0.75rem;
    margin: 1.25rem 0; }
.tiles.broad { --least: 10.8rem; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.7rem 0.9rem; }
.tiles dt { color: var(--soft); font-size: 0.8rem; }
.tiles dd { margin: 0; font-size: 1.35rem; font-weight: 620; line-height: 1.25; letter-spacing: -0.01em; }
.tiles dd small { display: block; font-size: 0.8rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }

.halves { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.25rem; margin-bottom: 1.25rem; }
.panel {
    background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem 1.1rem; min-width: 0;
    margin-bottom: 1.25rem;
}
.halves > .panel { flex: 9 1 34rem; margin-bottom: 0; }
.halves > .map { flex: 1 1 auto; max-width: 100%; }
.scroll { overflow: auto; max-height: 44rem; padding: 3px; scroll-padding: 0 1.5rem 1.5rem 0;
    --right: 0rem; --below: 0rem; }
.map .scroll { scroll-padding-left: min(13rem, 33vw); }
.scroll[data-more~=right] { --right: 1.5rem; }
.scroll[data-more~=below] { --below: 1.5rem; }
@media screen {
    .scroll[data-more]:not(:focus-visible) { mask-composite: intersect;
        mask-image: linear-gradient(to left, transparent, black var(--right)),
            linear-gradient(to top, transparent, black var(--below)); }
}
table { border-collapse: separate; border-spacing: 2px; }
.heat th { font-weight: 450; font-size: 0.8rem; color: var(--ink); padding: 0 0.35rem; white-space: nowrap; }
.heat tbody th { text-align: right; position: sticky; left: -3px; background: var(--card); }
.heat tbody th, .numbers tbody th { max-width: min(12rem, 30vw); overflow: hidden; text-overflow: ellipsis; }
.numbers tbody th { width: 100%; min-width: 6.5rem; max-width: 0; }
.heat thead th.column { vertical-align: bottom; padding: 0.35rem 0; }
.heat thead span { writing-mode: vertical-rl; transform: rotate(180deg); display: inline-block; max-height: 12rem;
    overflow: hidden; text-overflow: ellipsis; }
.heat.short thead span { writing-mode: initial; transform: none; }
.heat td { padding: 0; width: 2.1rem; min-width: 2.1rem; height: 2.1rem; background: var(--well); border-radius: 0.2rem; }
.heat.large td { width: 1.45rem; min-width: 1.45rem; height: 1.45rem; }
.heat td.same {
    background: repeating-linear-gradient(135deg, var(--well) 0 3px, var(--line) 3px 4px); }
.heat button { width: 100%; height: 100%; min-height: 0; border: 0; border-radius: 0.2rem; padding: 0;
    font: inherit; font-size: 0.8rem; cursor: pointer; white-space: nowrap; overflow-wrap: normal; }
.heat.large button { font-size: 0.7rem; }
.l1 { background: var(--l1); color: var(--ink); } .l2 { background: var(--l2); color: var(--ink); }
.l3 { background: var(--l3); color: var(--t3); } .l4 { background: var(--l4); color: var(--t4); }
.l5 { background: var(--l5); color: var(--t5); } .l6 { background: var(--l6); color: var(--t5); }
.heat thead td { background: none; }
.heat button:hover { outline: 2px solid var(--edge); }
.heat button[aria-pressed=true] { outline: 3px solid var(--ink); outline-offset: -1px; font-weight: 700; }
.pairs { list-style: none; margin: 0; padding: 0; columns: 24rem; column-gap: 2rem; }
.pairs li { break-inside: avoid; }
.pairs button { display: grid; grid-template-columns: 1fr 4.5rem 3rem; gap: 0.6rem; align-items: center; width: 100%;
    text-align: left; border-color: transparent; background: none; padding: 0.2rem 0.4rem; min-height: 1.9rem; }
.pairs button[aria-pressed=true] { border-color: var(--ink); font-weight: 650; background: var(--well);
    color: var(--ink); }
.pairs meter { width: 100%; }
.pairs .number { text-align: right; }

.numbers { width: 100%; max-width: 60rem; font-size: 0.85rem; border-spacing: 0; }
.numbers th, .numbers td { text-align: right; overflow-wrap: normal; white-space: nowrap; padding: 0.25rem 0.4rem; border-bottom: 1px solid var(--line); }
.numbers thead th { color: var(--soft); font-weight: 500; position: sticky; top: -3px; background: var(--card); }
.numbers th:first-child { text-align: left; font-weight: 500; }
meter { height: 0.8rem; }
.numbers meter { width: 3.5rem; }
meter::-webkit-meter-bar { background: var(--well); border: 1px solid var(--edge); border-radius: 0.2rem; }
meter::-webkit-meter-optimum-value { background: var(--accent); }
meter::-moz-meter-bar { background: var(--accent); }
.figures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
.figures img { width: 100%; height: auto; background: #ffffff; border-radius: 0.3rem; padding: 0.5rem; }
figure { margin: 0; }

button, input, select {
    font: inherit; font-size: 0.875rem; color: var(--ink); background: var(--card); border: 1px solid var(--edge);
    border-radius: 0.4rem; padding: 0.3rem 0.55rem; min-height: 2.1rem; max-width: 100%;
}
::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; }
button:hover:enabled:not([class]):not([aria-pressed=true]) { background: var(--well); }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button.main:disabled { background: var(--well); color: var(--soft); border-color: var(--line); }
button.main:hover:enabled { background: var(--ink); color: var(--paper); }
kbd { font: inherit; font-size: 0.75rem; border: 1px solid var(--edge); border-radius: 0.25rem; padding: 0 0.3rem; }
.filters { display: flex; flex-wrap: wrap; gap: 0.6rem 0.75rem; align-items: end; }
.filters label { display: grid; gap: 0.15rem; font-size: 0.8rem; color: var(--soft); min-width: 0; }
.filters .search { flex: 1 1 12rem; }
.filters .search input { width: 100%; }
.filters select { width: 8.5rem; }
.filters #sort { width: 11rem; }
.filters input[type=number] { width: 5rem; }
.bar {
    position: sticky; top: 0; z-index: 2; background: var(--paper); display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem;
    align-items: center; padding: 0.6rem 0; margin: 0.4rem 0 0.6rem; border-bottom: 1px solid var(--line);
}
.bar > .count { margin: 0 auto 0 0; }
.pager { display: flex; gap: 0.5rem; align-items: center; }
#figures { margin-top: 1.25rem; }
.after { justify-content: center; margin: 1.25rem 0; }
)css";

/// What the gallery adds to it.
inline constexpr std::string_view page_card_style = R"css(
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem;
    grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); }
.cards.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
.card {
    background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.65rem; display: flex;
    flex-direction: column; gap: 0.5rem; min-width: 0; scroll-margin: 7rem 0 1rem; position: relative;
}
.card[data-mark] { border: 2px solid var(--ink); padding: calc(0.65rem - 1px); }
.item { min-height: 2.5rem; display: flex; flex-direction: column; border-radius: 0.4rem; background: var(--well); }
.item:empty { display: none; }
.item img { width: 100%; height: 11rem; object-fit: contain; border-radius: 0.4rem; }
.item img.pixels { image-rendering: pixelated; }
.item .text { white-space: pre-wrap; padding: 0.5rem 0.6rem; margin: 0; max-height: 24rem; overflow: auto;
    font-size: 0.85rem; }
.item button { align-self: start; margin: 0 0.5rem 0.5rem; min-height: 1.8rem; padding: 0.1rem 0.5rem; }
.item .absent { margin: auto; padding: 0.25rem 0.6rem; font-size: 0.8rem; text-align: center; color: var(--soft); }
.labels { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 0 0.6rem; align-items: baseline; }
.labels dt { font-size: 0.78rem; color: var(--soft); }
.labels dd { margin: 0; font-weight: 620; }
.labels .given { color: var(--given); }
.labels .suggested { color: var(--suggested); }
.facts { display: flex; flex-wrap: wrap; gap: 0.1rem 0.7rem; margin: 0; font-size: 0.78rem; color: var(--soft); }
.votes { margin: 0; font-size: 0.78rem; color: var(--soft); }
.votes b { color: var(--ink); font-weight: 620; }
.stack { display: flex; gap: 2px; height: 0.5rem; margin-bottom: 0.3rem; }
.stack span { flex: 1; border: 1px solid var(--edge); border-radius: 0.15rem; }
.stack .given { background: var(--given); border-color: var(--given); }
.stack .guessed { background: var(--suggested); border-color: var(--suggested); }
.stack .both { background: repeating-linear-gradient(90deg, var(--given) 0 3px, var(--suggested) 3px 6px); }
.marks { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-top: auto; }
.marks button { flex: 1 1 auto; min-height: 1.9rem; padding: 0.1rem 0.25rem; font-size: 0.8rem; }
.marks button[aria-pressed=true] { background: var(--ink); color: var(--paper); border-color: var(--ink);
    font-weight: 650; }
.marks button[aria-pressed=true]::before { content: "\2713"; }
.nothing { grid-column: 1 / -1; padding: 2.5rem 1rem; text-align: center; color: var(--soft); }
dialog { border: 1px solid var(--edge); border-radius: 0.6rem; background: var(--card); color: var(--ink);
    padding: 1.25rem; max-width: min(34rem, 92vw); }
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog p:last-child { display: flex; gap: 0.5rem; justify-content: end; margin: 1rem 0 0; }
dialog label { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.4rem; }
dialog dl { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 1rem; margin: 0 0 0.8rem; }
dialog dd { margin: 0; }
footer { padding: 1.5rem 1.25rem 2.5rem; font-size: 0.8rem; color: var(--soft); }

@media (max-width: 40rem) {
    header, main, footer { padding-left: 0.8rem; padding-right: 0.8rem; }
    .tiles { grid-template-columns: repeat(2, 1fr); gap: 0.5rem; margin: 0.9rem 0; }
    .tiles dd { font-size: 1.15rem; }
    .panel { padding: 0.8rem; margin-bottom: 0.8rem; }
    .filters { display: grid; grid-template-columns: 1fr 1fr; }
    .filters .search { grid-column: 1 / -1; }
    .filters select, .filters #sort, .filters input[type=number], .filters input[type=search] { width: 100%; }
    .filters button { width: 100%; }
    .cards { grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 0.5rem; }
    .labels { display: block; }
    .marks button, .pager button { min-height: 2.4rem; }
    .item img { height: 9rem; }
    .hints { display: none; }
    .card { scroll-margin-top: 11rem; }
}
@media (max-height: 30rem) {
    .bar { position: static; }
}
@media (prefers-reduced-motion: no-preference) {
    button, .card { transition: background-color 0.12s, border-color 0.12s; }
}
@media (forced-colors: active) {
    .heat button, .stack span { forced-color-adjust: none; }
}
@media print {
    :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #333333; --line: #888888; --edge: #555555;
        --given: #8f4300; --suggested: #0b559f; --accent: #0b559f; --well: #ffffff; }
    .filters, .bar button, .pager button, .scroll > button, .skip, .hints, .marks button[aria-pressed=false], .help {
        display: none; }
    .bar { position: static; }
    .halves { display: block; }
    .halves > .panel { margin-bottom: 1.25rem; }
    .heat tbody th, .numbers thead th { position: static; }
    .heat td.same { background: none; }
    .heat button { background: none; color: var(--ink); border: 1px solid var(--edge); }
    .heat.large { width: 100%; border-spacing: 1px; }
    .heat.large th { font-size: 0.6rem; line-height: 1.1; padding: 0 0.1rem; max-width: 8rem; }
    .heat.large td { width: auto; min-width: 0; height: 0.9rem; }
    .heat.large button { border: 0; font-size: 0.6rem; }
    .marks button[aria-pressed=true] { background: none; color: var(--ink); border: 2px solid var(--ink); }
    .stack { print-color-adjust: exact; }
    .scroll, .item .text { max-height: none; overflow: visible; }
    .tiles:not(.broad) { --least: 7rem; }
    .card, figure, .tiles div, tr { break-inside: avoid; }
    h2, .panel > p, .bar { break-after: avoid; }
}
)css";

}  // namespace labelerrors::report::detail

#endif
