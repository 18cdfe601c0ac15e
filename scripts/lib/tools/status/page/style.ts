// The page's own style and its few lines of script: no framework, no font, nothing that is fetched.

export const style = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#4d5866;--paper:#fff;--card:#f5f7fa;--line:#c9d1db;
--link:#0b57a4;--good:#176639;--bad:#b3261e;--warn:#8a5300;--curve:#0b57a4;--gap:#8894a4}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#aeb9c6;--paper:#12171e;--card:#1c232d;
--line:#3b4654;--link:#8ec2ff;--good:#7ddba1;--bad:#ff9d94;--warn:#ffca7a;--curve:#8ec2ff;--gap:#7c8898}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;
overflow-wrap:break-word}
header,main,footer{max-width:70rem;margin:0 auto;padding:1rem}
header{padding-bottom:0}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0}
h2{font-size:1.2rem;margin:2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1rem 0 .3rem}.card h3{margin-top:0}
p{margin:.3rem 0}
a{color:var(--link)}
ul,ol{margin:.3rem 0;padding-left:1.3rem}
li{margin:.25rem 0}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.6rem;background:var(--card);border:1px solid var(--line);border-radius:.3rem;
white-space:pre-wrap}
.soft{color:var(--soft)}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.mark{font-weight:600}
.owed{border-left:.3rem solid var(--warn);background:var(--card);padding:.5rem 1rem}
.owed h2{border:0;margin:.2rem 0}
.owed.none{border-color:var(--good)}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem}
.version{font-size:1.4rem;font-weight:600;overflow-wrap:anywhere}
.phases{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}
.phases li{margin:0;padding:.3rem .7rem;border:1px solid var(--line);border-radius:1rem;background:var(--card)}
.phases .begun{border:2px solid var(--link);font-weight:600}
.plot{margin:1rem 0}
.plot .frame{display:grid;grid-template-columns:auto 1fr;column-gap:.5rem}
.plot .scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;
font-size:.85rem;color:var(--soft)}
.plot .times{grid-column:2;display:flex;justify-content:space-between;font-size:.85rem;color:var(--soft)}
.plot svg{width:100%;height:11rem;background:var(--card);border:1px solid var(--line);display:block}
.plot svg *{vector-effect:non-scaling-stroke}
.plot .curve{fill:none;stroke:var(--curve);stroke-width:2.5;stroke-linejoin:round}
.plot .dot{stroke:var(--curve);stroke-width:6;stroke-linecap:round}
.plot .limit{stroke:var(--bad);stroke-width:2;stroke-dasharray:7 5}
.plot .zero{stroke:var(--good);stroke-width:2;stroke-dasharray:2 3}
.plot .gap{fill:var(--gap);opacity:.45}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;font-size:.9rem}
.legend span{display:inline-block;width:1.6rem;vertical-align:middle;border-top:3px solid;margin-right:.4rem}
.legend .is-curve{color:var(--curve)}.legend .is-limit{color:var(--bad);border-top-style:dashed}
.legend .is-zero{color:var(--good);border-top-style:dotted}
.legend .is-gap{color:var(--gap);border-top-width:.8rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{padding:.35rem .8rem .35rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
thead th{white-space:nowrap}
td,.history th{white-space:nowrap}
summary{cursor:pointer}
button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.3rem;
padding:.2rem .7rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
@media (max-width:40rem){.history thead{display:none}.history tr{display:block;padding:.5rem 0;
border-bottom:1px solid var(--line)}.history th,.history td{display:inline;border:0;padding:0;white-space:normal}
.history td:not(:empty)::before{content:' · ';color:var(--soft)}
.history .named:not(:empty)::before{content:' · ' attr(data-name) ' : '}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--card:#fff;--line:#999;--link:#000;
--good:#0b4d28;--bad:#8c1d18;--warn:#6b4100;--curve:#000;--gap:#888}
button{display:none}.card,.plot,.owed,tr{break-inside:avoid}a[href]::after{content:' (' attr(href) ')'}
h2{break-after:avoid}.scroll{overflow:visible}td{white-space:normal}}
`

/** Shows each time in the reader's own zone as well. */
export const localTimes = `
for (const at of document.querySelectorAll('time')) {
  const date = new Date(at.dateTime)
  const own = date.toLocaleString(document.documentElement.lang, {dateStyle: 'medium', timeStyle: 'short'})
  if (date.getTimezoneOffset() !== 0) at.after(' (' + own + ')')
}
`

/** Reads the page again, unless its reader stopped that, or has something open. */
export const refreshing = (everySeconds: number): string => `
const button = document.querySelector('#refresh')
let on = true
button.hidden = false
button.addEventListener('click', () => {
  on = !on
  button.textContent = on ? button.dataset.stop : button.dataset.start
})
setInterval(() => {
  const reading = document.querySelector('details[open]') || String(document.getSelection())
  if (on && !reading && document.visibilityState === 'visible') location.reload()
}, ${everySeconds * 1_000})
`
