#pragma once
// The gallery page's style sheet and script. They stand in the page itself: it needs nothing from elsewhere.

namespace paa::cli {

/// People are told apart by blue, orange, violet and green, levels run from brown to teal: both can be told apart by
/// people with colour-blindness, and no meaning rests on colour alone.
inline constexpr const char* kGalleryStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f5f4f0; --card: #fff; --ink: #1d1e20; --quiet: #5c5e63; --line: #dedcd5; --well: #eceae4;
  --note: #fff6dc; --note-line: #e3c66a;
  --person-0: #1f5fae; --person-1: #b64a10; --person-2: #7a3fa0; --person-3: #2c7038;
  --level-0: #8c510a; --level-1: #dfc27d; --level-2: #d4d4d0; --level-3: #80cdc1; --level-4: #01665e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141517; --card: #1e2023; --ink: #eceae6; --quiet: #a3a6ad; --line: #34373c; --well: #111214;
    --note: #2d2815; --note-line: #7a6828;
    --person-0: #7fb2f5; --person-1: #f2a069; --person-2: #c9a1e6; --person-3: #86cf94;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.45; overflow-wrap: anywhere;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem); }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.5rem); line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.02em; }
h2 { font-size: 1rem; margin: 0 0 .3rem; }
p { margin: 0; }
.quiet { color: var(--quiet); }
.person { --tone: var(--person-0); }
.p1 { --tone: var(--person-1); } .p2 { --tone: var(--person-2); } .p3 { --tone: var(--person-3); }
.people { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: .8rem;
  margin: 1.6rem 0 0; padding: 0; list-style: none; }
.people li { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--tone);
  border-radius: .6rem; padding: .8rem 1rem; }
.name { color: var(--tone); font-weight: 650; }
.note { background: var(--note); border: 1px solid var(--note-line); border-radius: .6rem; padding: .8rem 1rem;
  margin-top: .8rem; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1rem; align-items: center; margin: 1.6rem 0 1rem;
  font-size: .875rem; color: var(--quiet); }
.legend span { display: inline-flex; align-items: center; gap: .35rem; }
.legend i { width: .9rem; height: .9rem; border-radius: .2rem; background: var(--tone); }
.sort { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0 0 1rem; font-size: .875rem; }
.sort[hidden] { display: none; }
.sort button { font: inherit; color: var(--tone); background: var(--card); border: 1px solid var(--line);
  border-radius: 99px; padding: .4rem .9rem; min-height: 2.5rem; cursor: pointer; }
.sort button[aria-pressed=true] { border-color: var(--tone); box-shadow: inset 0 0 0 1px var(--tone);
  font-weight: 650; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.2rem;
  margin: 0; padding: 0; list-style: none; }
.photo { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line);
  border-radius: .9rem; overflow: hidden; break-inside: avoid; content-visibility: auto;
  contain-intrinsic-size: auto 24rem; }
.frame { position: relative; background: var(--well); }
.frame img { display: block; width: 100%; aspect-ratio: 3 / 2; object-fit: contain; }
.rank { position: absolute; top: .6rem; left: .6rem; min-width: 2.1rem; padding: .2rem .55rem; border-radius: 99px;
  background: #141517e0; color: #fff; box-shadow: 0 0 0 1px #ffffff40; font-weight: 700; text-align: center;
  font-variant-numeric: tabular-nums; }
.path { margin: .8rem 1rem 0; font-size: .875rem; }
.path b { font-weight: 650; font-size: 1rem; }
.scores { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .9rem 1.2rem;
  padding: .6rem 1rem 1.1rem; margin-top: auto; }
.scores .name { font-size: .8125rem; line-height: 1.2; }
.value { font-variant-numeric: tabular-nums; }
.value b { font-size: 1.7rem; letter-spacing: -.02em; }
.value span { color: var(--quiet); font-size: .9375rem; }
.track { position: relative; height: .75rem; margin: .15rem .375rem .1rem; }
.track::before { content: ""; position: absolute; inset: .3rem -.375rem; border-radius: 99px; background: var(--line); }
.track i { position: absolute; top: .15rem; bottom: .15rem; left: var(--from); right: var(--to); border-radius: 99px;
  background: var(--tone); opacity: .4; }
.track b { position: absolute; top: 0; left: var(--at); width: .75rem; height: .75rem; margin-left: -.375rem;
  border-radius: 50%; background: var(--tone); box-shadow: 0 0 0 2px var(--card); }
.ends { display: flex; justify-content: space-between; font-size: .75rem; color: var(--quiet); }
.levels { display: flex; height: 1.35rem; margin-top: .45rem; border-radius: .35rem; overflow: hidden; gap: 1px; }
.reasons { list-style: none; margin: .55rem 0 0; padding: 0; font-size: .8125rem; color: var(--quiet); }
.reasons li { display: flex; justify-content: space-between; gap: .75rem; padding: .1rem 0; border-top: 1px solid var(--line); }
.reasons b { font-weight: 600; color: var(--ink); white-space: nowrap; font-variant-numeric: tabular-nums; }
.levels i { flex: var(--share) 1 0; min-width: 0; overflow: hidden; background: var(--tone); color: #1d1e20;
  font-style: normal; font-size: .75rem; line-height: 1.35rem; text-align: center; font-variant-numeric: tabular-nums; }
.l0 { --tone: var(--level-0); } .l1 { --tone: var(--level-1); } .l2 { --tone: var(--level-2); }
.l3 { --tone: var(--level-3); } .l4 { --tone: var(--level-4); }
.levels .l0, .levels .l4 { color: #fff; }
.failures { margin-top: 2rem; }
.failures ul { padding-left: 1.2rem; margin: 0; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem;
  color: var(--quiet); }
:focus-visible { outline: 3px solid var(--person-0); outline-offset: 2px; }
@media print { body { background: #fff; } .sort { display: none; } }
)css";

/// Lets the reader order the photos for each person; without scripts the page keeps the first person's order.
inline constexpr const char* kGalleryScript = R"js(
const list = document.querySelector('.photos');
const buttons = [...document.querySelectorAll('.sort button')];
const rankFor = (photo, person) => Number(photo.dataset.ranks.split(' ')[person]);
const order = (person) => {
  const photos = [...list.children].sort((a, b) => rankFor(a, person) - rankFor(b, person));
  for (const photo of photos) photo.querySelector('.rank').textContent = rankFor(photo, person);
  list.append(...photos);
  buttons.forEach((button, i) => button.setAttribute('aria-pressed', i === person));
};
buttons.forEach((button, i) => button.addEventListener('click', () => order(i)));
document.querySelector('.sort').hidden = false;
)js";

}  // namespace paa::cli
