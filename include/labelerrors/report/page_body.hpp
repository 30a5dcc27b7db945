#ifndef LABELERRORS_REPORT_PAGE_BODY_HPP
#define LABELERRORS_REPORT_PAGE_BODY_HPP

#include <string_view>

namespace labelerrors::report::detail
{

/// What stands between the page's heading and its data: what page_script fills.
inline constexpr std::string_view page_body = R"html(<main>
<section aria-labelledby="summary-heading">
<h2 id="summary-heading" class="unseen">Summary</h2>
<dl id="tiles" class="tiles"></dl>
</section>
<div class="halves">
<section class="panel" aria-labelledby="pairs-heading">
<h2 id="pairs-heading">Given and suggested labels</h2>
<p class="soft" id="pairs-note"></p>
<div id="pairs" class="scroll" tabindex="-1"></div>
</section>
<section class="panel" id="health" aria-labelledby="health-heading" hidden>
<h2 id="health-heading">Health of the classes</h2>
<p class="soft">The share of each class's given labels that are likely right, the worst first.</p>
<div id="classes" class="scroll" tabindex="0" role="group" aria-labelledby="health-heading"></div>
</section>
</div>
<section id="gallery" aria-labelledby="gallery-heading" tabindex="-1">
<h2 id="gallery-heading">Errors</h2>
<form id="filters" class="filters" role="search" aria-label="Filter the errors" autocomplete="off">
<label class="search">Search <input id="text" type="search" placeholder="row, item, label or text"></label>
<label>Given label <select id="given"></select></label>
<label>Suggested label <select id="suggested"></select></label>
<label id="crowd-field">Crowd's decision <select id="crowd"></select></label>
<label>Your mark <select id="mark"></select></label>
<label>Score from <input id="low" type="number" step="any" inputmode="decimal"></label>
<label>to <input id="high" type="number" step="any" inputmode="decimal" aria-label="Score up to"></label>
<label>Sort by <select id="sort"></select></label>
<button id="reset" type="button">Reset</button>
</form>
<div class="bar" role="group" aria-label="Pages and decisions">
<p class="count" id="count" role="status" aria-live="polite"></p>
<nav class="pager" aria-label="Pages"><button type="button" class="previous">Previous</button>
<span class="place"></span><button type="button" class="next">Next</button></nav>
<button type="button" id="import">Import</button>
<input id="file" type="file" accept=".jsonl,.json,.txt" hidden aria-label="File of decisions">
<button type="button" id="export" class="main">Export decisions</button>
<button type="button" id="help" class="help" aria-label="Help with the keyboard">?</button>
</div>
<p class="soft hints">In a chosen error <kbd>arrows</kbd> move, <kbd>1</kbd> keep, <kbd>2</kbd> relabel, <kbd>3</kbd>
drop, <span class="one-label"><kbd>4</kbd> another label, </span><kbd>0</kbd> unmark; anywhere <kbd>/</kbd> search,
<kbd>?</kbd> help</p>
<p class="unseen" id="said" role="status" aria-live="polite"></p>
<ul id="cards" class="cards" aria-label="Errors on this page"></ul>
<nav class="pager after" aria-label="Pages, below the errors"><button type="button" class="previous">Previous</button>
<span class="place"></span><button type="button" class="next">Next</button></nav>
</section>
<section class="panel" id="figures" aria-labelledby="figures-heading" hidden>
<h2 id="figures-heading">Figures</h2>
<div id="figure-list" class="figures"></div>
</section>
<dialog id="relabel-dialog" aria-labelledby="relabel-heading">
<form method="dialog">
<h2 id="relabel-heading">Give another label</h2>
<p><label>Label <select id="relabel-to"></select></label></p>
<p><button value="cancel">Cancel</button><button value="relabel" class="main">Relabel</button></p>
</form>
</dialog>
<dialog id="help-dialog" aria-labelledby="help-heading">
<form method="dialog">
<h2 id="help-heading" tabindex="-1">Keyboard</h2>
<dl>
<dt><kbd>Tab</kbd></dt><dd>to the chosen error, in which the arrows and the digits work; a click chooses one</dd>
<dt><kbd>arrows</kbd></dt><dd>to the next error, over the end of a page to the next page</dd>
<dt><kbd>Home</kbd> <kbd>End</kbd></dt><dd>to the first or last error of the page</dd>
<dt><kbd>n</kbd> <kbd>p</kbd></dt><dd>next page, previous page</dd>
<dt><kbd>1</kbd></dt><dd>keep: the given label is right</dd>
<dt><kbd>2</kbd></dt><dd>relabel: the suggested label is right</dd>
<dt><kbd>3</kbd></dt><dd>drop: leave the example out</dd>
<dt class="one-label"><kbd>4</kbd></dt><dd class="one-label">give another label</dd>
<dt><kbd>0</kbd></dt><dd>take the mark away</dd>
<dt><kbd>/</kbd></dt><dd>search</dd>
</dl>
<p class="soft" id="kept-note"></p>
<p><button class="main">Close</button></p>
</form>
</dialog>
</main>
<footer>Made by labelerrors. This file needs no network. <code>labelerrors correct --decisions-from FILE</code> applies
exported decisions.</footer>
<noscript><p class="nothing">The list of errors needs JavaScript, which is switched off.</p></noscript>
)html";

}  // namespace labelerrors::report::detail

#endif
