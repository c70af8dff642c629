#include "rate_page.h"

#include <fmt/format.h>

namespace paa::cli {
namespace {

constexpr const char* kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f5f4f0; --card: #fff; --ink: #1d1e20; --quiet: #5c5e63; --line: #dedcd5; --well: #e6e4dd;
  --tone: #1f5fae; --on-tone: #fff; --bad: #a02c2c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141517; --card: #1e2023; --ink: #eceae6; --quiet: #a3a6ad; --line: #34373c; --well: #0c0d0e;
    --tone: #7fb2f5; --on-tone: #10151c; --bad: #f29a9a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.45; overflow-wrap: anywhere;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.sitting { display: grid; grid-template-columns: minmax(0, 1fr) 21rem; gap: 1.2rem; max-width: 96rem;
  margin: 0 auto; padding: 1rem clamp(.6rem, 2vw, 2rem); min-height: 100vh; align-content: start; }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: baseline; }
h1 { font-size: 1.25rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
p { margin: 0; }
.quiet { color: var(--quiet); font-size: .9rem; }
.trouble { grid-column: 1 / -1; background: var(--card); border: 1px solid var(--bad); color: var(--bad);
  border-radius: .6rem; padding: .7rem 1rem; }
.stage { display: grid; gap: .6rem; }
.stage.two { grid-template-columns: 1fr 1fr; }
.stage figure { margin: 0; background: var(--well); border-radius: .9rem; overflow: hidden; position: relative; }
.stage img { display: block; width: 100%; height: min(56vh, 46rem); object-fit: contain; }
.stage figcaption { padding: .45rem .9rem; background: var(--card); border-top: 1px solid var(--line);
  font-size: .85rem; color: var(--quiet); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.stage button.pick { position: absolute; inset: 0; width: 100%; background: none; border: 0; cursor: pointer;
  border-radius: .9rem; display: flex; align-items: flex-start; padding: .8rem; }
.stage button.pick span { background: #141517d9; color: #fff; border-radius: 99px; padding: .25rem .8rem;
  font-weight: 700; font-size: 1rem; }
.stage button.pick:hover, .stage button.pick:focus-visible { box-shadow: inset 0 0 0 .3rem var(--tone); outline: none; }
.end { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 2rem; display: grid;
  gap: 1rem; justify-items: start; }
.answers { margin-top: .8rem; display: grid; gap: .6rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.stars { display: flex; gap: .4rem; flex: 1 1 24rem; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); cursor: pointer;
  border-radius: .6rem; padding: .5rem .9rem; min-height: 2.75rem; }
button:hover, button:focus-visible { border-color: var(--tone); outline: none; box-shadow: 0 0 0 2px var(--tone); }
button:disabled { opacity: .45; cursor: default; box-shadow: none; border-color: var(--line); }
.stars button { flex: 1 1 0; min-width: 2.4rem; padding: .5rem 0; font-size: 1.15rem; font-weight: 650;
  font-variant-numeric: tabular-nums; }
.stars button:hover { background: var(--tone); color: var(--on-tone); }
kbd { font: inherit; font-size: .75rem; border: 1px solid var(--line); border-radius: .3rem; padding: 0 .3rem;
  color: var(--quiet); margin-left: .35rem; }
.ends { display: flex; justify-content: space-between; font-size: .8rem; color: var(--quiet); }
#last { margin-top: .6rem; min-height: 1.4em; }
aside { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1rem;
  align-self: start; }
.best { list-style: none; margin: 0; padding: 0; display: grid; gap: .7rem; }
.best li { display: grid; grid-template-columns: 5.2rem 1fr; gap: .2rem .7rem; }
.best img { width: 5.2rem; height: 3.9rem; object-fit: cover; border-radius: .4rem; background: var(--well);
  grid-row: span 2; }
.best b { font-size: .9rem; font-variant-numeric: tabular-nums; }
.best span { font-size: .78rem; color: var(--quiet); line-height: 1.3; }
.best .fresh b::after { content: " new"; color: var(--tone); font-weight: 650; }
.talk { display: grid; gap: .8rem; }
.talk .log { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1rem; display: grid;
  gap: .7rem; max-height: 60vh; overflow-y: auto; }
.talk .log p { max-width: 44rem; padding: .5rem .9rem; border-radius: .9rem; white-space: pre-wrap; }
.talk .asked { background: var(--well); justify-self: start; }
.talk .answered { background: var(--tone); color: var(--on-tone); justify-self: end; }
.talk .log .shown { display: flex; gap: .5rem; }
.talk .log img { width: min(14rem, 40vw); height: 10rem; object-fit: cover; border-radius: .6rem; background: var(--well); }
.talk textarea { font: inherit; width: 100%; min-height: 5rem; padding: .7rem .9rem; border-radius: .6rem;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); resize: vertical; }
.talk textarea:focus-visible { outline: none; border-color: var(--tone); box-shadow: 0 0 0 2px var(--tone); }
.heard { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; font-size: .9rem; }
.heard q { display: block; font-size: .8rem; color: var(--quiet); }
@media (max-width: 62rem) {
  .sitting { grid-template-columns: minmax(0, 1fr); }
  .stage img { height: min(48vh, 40rem); }
  .stars button { min-height: 3.1rem; }
  kbd { display: none; }
}
@media (max-width: 34rem) {
  .stage.two { grid-template-columns: 1fr; }
  .stage.two img { height: 30vh; }
}
)css";

constexpr const char* kBody = R"html(
<main class="sitting">
  <header>
    <h1 id="title">Rate your photos</h1>
    <p class="quiet" id="progress"></p>
    <p class="quiet">What you say stays in one file on this machine.</p>
    <button id="view">Talk about what you like</button>
  </header>
  <p class="trouble" id="trouble" role="alert" hidden></p>
  <section class="talk" id="talk" aria-label="Interview" hidden>
    <div class="log" id="log" role="log" aria-live="polite"></div>
    <div id="begin-box" class="row"><button id="begin">Begin</button></div>
    <form id="reply" hidden>
      <textarea id="answer" aria-label="Your answer" placeholder="Your answer; Enter sends it, Shift+Enter begins a new line"></textarea>
      <div class="row">
        <button type="submit" id="send">Send</button>
        <button type="button" id="talk-skip">Skip the question</button>
        <button type="button" id="talk-back">Back</button>
        <button type="button" id="talk-stop">That is enough</button>
      </div>
    </form>
  </section>
  <section aria-labelledby="title" id="rating">
    <div class="stage" id="stage"></div>
    <div class="answers" id="answers" hidden>
      <div id="for-stars">
        <div class="row"><div class="stars" id="stars" role="group" aria-label="How much do you like it?"></div></div>
        <div class="ends"><span>not at all</span><span>very much</span></div>
      </div>
      <p class="quiet" id="for-pairs" hidden>Which of the two do you like more?</p>
      <div class="row">
        <button id="keep">Keep<kbd>K</kbd></button>
        <button id="reject">Throw away<kbd>R</kbd></button>
        <button id="skip">Skip<kbd>space</kbd></button>
        <button id="undo">Undo<kbd>U</kbd></button>
        <button id="mode">Compare two photos instead<kbd>P</kbd></button>
      </div>
    </div>
    <p class="quiet" id="last" role="status" aria-live="polite"></p>
  </section>
  <aside aria-labelledby="learned" id="best-box">
    <h2 id="learned">What you would like best</h2>
    <ol class="best" id="best"></ol>
  </aside>
  <aside aria-labelledby="heard-title" id="heard-box" hidden>
    <h2 id="heard-title">What I understood</h2>
    <ul class="heard" id="heard"></ul>
    <p class="quiet" id="reading"></p>
  </aside>
</main>
<noscript><p class="trouble">This page needs its script to run.</p></noscript>
)html";

constexpr const char* kScript = R"js(
'use strict';
const token = new URLSearchParams(location.search).get('token');
const $ = id => document.getElementById(id);
let state = null, busy = false, pairs = false, anyway = false, bestBefore = [], looker = 0;

const photo = (id, side) => `/photo/${id}?side=${side}&token=${token}`;
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

async function ask(path, body) {
  const options = {headers: {'X-Paa-Token': token}};
  if (body) Object.assign(options, {method: 'POST', body: JSON.stringify(body)});
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error('The program that serves this page has ended. What you said is safe; start it again to go on.');
  }
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error);
  return json;
}

function tell(trouble) {
  $('trouble').hidden = !trouble;
  $('trouble').textContent = trouble || '';
}

function figure(id, name, label) {
  const image = make('img', {src: photo(id, 1600), alt: name});
  const frame = make('figure', {}, image);
  if (label) {
    const pick = make('button', {class: 'pick', 'aria-label': `I like ${name} more`}, make('span', {}, label));
    pick.addEventListener('click', () => prefer(label));
    frame.append(pick);
  }
  frame.append(make('figcaption', {}, name));
  return frame;
}

function showQuestion() {
  const question = state.question, two = question && question.kind === 'preference';
  $('stage').className = two ? 'stage two' : 'stage';
  $('answers').hidden = false;
  $('for-stars').hidden = !question || two;
  $('for-pairs').hidden = !two;
  for (const id of ['keep', 'reject']) $(id).hidden = !question || two;
  $('skip').hidden = !question;
  $('undo').disabled = !state.can_undo;
  $('mode').firstChild.textContent = pairs ? 'Rate one photo instead' : 'Compare two photos instead';
  if (!question) return showEnd();
  const figures = two ? [figure(question.photo, question.name, 'A'), figure(question.other, question.other_name, 'B')]
                      : [figure(question.photo, question.name)];
  $('stage').replaceChildren(...figures);
  for (const id of state.next) new Image().src = photo(id, 1600);
}

function showEnd() {
  const words = anyway ? 'Every photo has been asked about.'
      : 'Nothing is left that is worth asking: another answer would hardly make the predictions surer.';
  const end = make('div', {class: 'end', id: 'end'}, make('p', {}, words));
  if (!anyway) {
    const more = make('button', {id: 'anyway'}, 'Go on anyway');
    more.addEventListener('click', () => { anyway = true; refresh(); });
    end.append(more);
  }
  $('stage').replaceChildren(end);
}

function showStars() {
  const [low, high] = state.scale, count = Math.min(11, Math.round(high - low) + 1);
  $('stars').replaceChildren(...Array.from({length: count}, (_, i) => {
    const value = low + (high - low) * i / (count - 1), text = String(Math.round(value * 100) / 100);
    const button = make('button', {'data-stars': value, 'aria-label': `${text} of ${high}`}, text);
    button.addEventListener('click', () => stars(value));
    return button;
  }));
}

function showBest() {
  $('best').replaceChildren(...state.best.map(one => make('li', bestBefore.length && !bestBefore.includes(one.photo) ? {class: 'fresh'} : {},
    make('img', {src: photo(one.photo, 240), alt: '', loading: 'lazy'}),
    make('b', {}, `${one.stars.toFixed(1)} · ${one.name}`), make('span', {}, one.reasons))));
  bestBefore = state.best.map(one => one.photo);
}

function showLast() {
  const last = state.last;
  if (!last) return void ($('last').textContent = '');
  const said = {stars: `${Math.round(last.stars * 100) / 100} stars`, preference: 'liked more', keep: 'kept', reject: 'thrown away'}[last.said];
  $('last').textContent = `${last.name}: ${said}; ${last.expected.toFixed(1)} was expected.`;
}

function showProgress() {
  $('progress').textContent = `${state.verdicts} said so far, ${state.photos} photos`
      + (state.looking ? `; looking at them again after the interview: ${state.looking.done} of ${state.looking.of}` : '');
}

function show() {
  $('title').textContent = `Photos for ${state.person}`;
  document.title = `${state.verdicts} said, ${state.person}`;
  showProgress();
  showStars();
  showQuestion();
  showLast();
  showBest();
}

const present = () => ask(`/state?mode=${pairs ? 'pairs' : 'stars'}${anyway ? '&anyway=1' : ''}`);

async function refresh() {
  state = await present();
  show();
  if (state.looking) lookOn();
}

// After an interview the photos are looked at again. The question stays meanwhile and after it: a key must not answer for
// a photo that took another's place.
function lookOn(wait = 500) {
  clearTimeout(looker);
  looker = setTimeout(async () => {
    try {
      const looking = await ask('/state?looking=1');
      const seen = looking ? null : await present();
      state.looking = looking;
      showProgress();
      if (looking) return lookOn();
      state.best = seen.best;
      showBest();
      if (!state.question && !busy) during(refresh);  // there may be something to ask now
    } catch (error) {
      tell(error.message);
      lookOn(5000);
    }
  }, wait);
}

// One thing at a time: a key held down must not answer for photos that were not seen.
async function during(work) {
  if (busy) return;
  busy = true;
  document.body.dataset.busy = 'yes';
  try {
    await work();
    tell('');
  } catch (error) {
    tell(error.message);
  }
  busy = false;
  delete document.body.dataset.busy;
}

// A photo that has gone meanwhile cannot be answered for; then something else is asked.
const say = body => during(async () => {
  let trouble = null;
  await ask('/say', body).catch(error => { trouble = error; });
  await refresh();
  if (trouble) throw trouble;
});
const stars = value => state && state.question && state.question.kind === 'stars' && say({kind: 'stars', photo: state.question.photo, stars: value});
const plain = kind => state && state.question && state.question.kind === 'stars' && say({kind, photo: state.question.photo});

function prefer(label) {
  const question = state && state.question;
  if (!question || question.kind !== 'preference') return;
  const [better, worse] = label === 'A' ? [question.photo, question.other] : [question.other, question.photo];
  say({kind: 'preference', photo: better, other: worse});
}

function skip() {
  const question = state && state.question;
  if (!question) return;
  say(question.other ? {kind: 'skip', photo: question.photo, other: question.other} : {kind: 'skip', photo: question.photo});
}

const undo = () => state && state.can_undo && say({kind: 'undo'});
const turn = () => during(async () => { pairs = !pairs; anyway = false; await refresh(); });

for (const [id, work] of [['keep', () => plain('keep')], ['reject', () => plain('reject')], ['skip', skip], ['undo', undo], ['mode', turn]]) {
  $(id).addEventListener('click', work);
}

// --- the interview ---

let talking = false, talk = null, talks = 0;

function shown(photos) {
  return make('div', {class: 'shown'}, ...photos.map(id => make('img', {src: photo(id, 480), alt: 'a photo of yours'})));
}

function showTalk() {
  const lines = [];
  const add = turn => {
    if (turn.photos.length) lines.push(shown(turn.photos));
    lines.push(make('p', {class: 'asked'}, turn.question));
    if ('answer' in turn) lines.push(make('p', {class: 'answered'}, turn.answer || '(skipped)'));
  };
  if (talk.begun) {
    lines.push(make('p', {class: 'asked'}, talk.opening));
    talk.turns.forEach(add);
    if (talk.open) add(talk.open);
    if (talk.over) {
      lines.push(make('p', {class: 'asked'}, talk.closing));
      lines.push(make('p', {class: 'asked', id: 'concepts'}, `Your photos are now looked at for these too: ${talk.concepts.join(', ')}.`));
    }
  } else {
    lines.push(make('p', {class: 'asked'}, talk.waiting ? 'An interview was left before it ended. Shall we go on?'
        : 'A few questions about photos you like and dislike. It takes ten minutes, and you can stop at any time.'));
  }
  $('log').replaceChildren(...lines);
  $('log').scrollTop = $('log').scrollHeight;
  $('begin-box').hidden = talk.begun;
  $('begin').textContent = talk.waiting ? 'Go on' : 'Begin';
  $('reply').hidden = !talk.open || talk.over;
  $('talk-back').disabled = !talk.begun || !talk.turns.length;
  const heard = talk.understood || [];
  $('heard').replaceChildren(...heard.map(one => make('li', {},
    `You ${one.polarity} ${one.subject}`, make('q', {}, one.quote))));
  $('reading').textContent = talk.reading ? 'still reading …' : heard.length ? '' : 'Nothing yet.';
  if (talk.open) $('answer').focus();
}

// What is understood comes a moment after the answer. It is asked for beside everything else, or an Enter would be lost.
async function refreshTalk() {
  const mine = ++talks;
  const now = await ask('/state?interview=1');
  if (mine !== talks) return;  // a later one is on its way
  talk = now;
  showTalk();
  if (talking && talk.reading && !talk.faults.length) setTimeout(hearOn, 700);
}

function hearOn() {
  if (talking && !busy && $('answer').value === '') refreshTalk().catch(error => tell(error.message));
}

const converse = (what, text) => during(async () => {
  await ask('/say', text === undefined ? {interview: what} : {interview: what, text});
  $('answer').value = '';
  await refreshTalk();
});

function view() {
  talking = !talking;
  for (const id of ['rating', 'best-box']) $(id).hidden = talking;
  for (const id of ['talk', 'heard-box']) $(id).hidden = !talking;
  $('view').textContent = talking ? 'Rate photos' : 'Talk about what you like';
  during(talking ? refreshTalk : refresh);
}

$('view').addEventListener('click', view);
$('begin').addEventListener('click', () => converse('begin'));
$('reply').addEventListener('submit', event => { event.preventDefault(); converse('answer', $('answer').value); });
$('talk-skip').addEventListener('click', () => converse('skip'));
$('talk-back').addEventListener('click', () => converse('back'));
$('talk-stop').addEventListener('click', () => converse('stop'));
$('answer').addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!event.repeat) converse('answer', $('answer').value);
});

addEventListener('keydown', event => {
  if (talking) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !state) return;
  const key = event.key.toLowerCase();
  const works = {k: () => plain('keep'), r: () => plain('reject'), s: skip, ' ': skip, u: undo, backspace: undo, p: turn,
                 a: () => prefer('A'), b: () => prefer('B'), arrowleft: () => prefer('A'), arrowright: () => prefer('B')};
  if (/^[0-9]$/.test(key)) {
    const value = Number(key);
    if (value >= state.scale[0] && value <= state.scale[1]) stars(value);
  } else if (works[key]) {
    works[key]();
  } else {
    return;
  }
  event.preventDefault();
});

during(refresh);
)js";

}  // namespace

std::string rate_page(const std::string& nonce) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>Rate your photos</title>\n<style nonce=\"{0}\">{1}</style>\n"
      "</head>\n<body>{2}<script nonce=\"{0}\">{3}</script>\n</body>\n</html>\n",
      nonce, kStyle, kBody, kScript);
}

}  // namespace paa::cli
