/** The look of the HTML report, on screen and on paper. One style sheet; its hash stands in the page's own policy. */
import type { Tlp } from '../../contract/common.ts'

/** Colours of TLP 2.0: each on black. */
export const TLP_COLOURS: Readonly<Record<Tlp, string>> = {
  CLEAR: '#ffffff',
  GREEN: '#33ff00',
  AMBER: '#ffc000',
  'AMBER+STRICT': '#ffc000',
  RED: '#ff2b2b',
}

/** `"Page " counter(page) " of " counter(pages)`; what is no number is a CSS string. */
const pageNumber = (template: string): string =>
  template
    .split(/(\{pages?\})/)
    .filter(Boolean)
    .map((part) =>
      part === '{page}' ? 'counter(page)' : part === '{pages}' ? 'counter(pages)' : `"${part.replace(/["\\\n]/g, '')}"`,
    )
    .join(' ')

/** @param page with `{page}` and `{pages}` for the numbers */
export const style = (tlp: Tlp, fontFaces: string, page: string): string => `${fontFaces}
:root {
  --ink: #18202b; --muted: #586473; --rule: #dbe0e6; --paper: #ffffff; --desk: #eef1f4; --accent: #14566b;
  --machine: #3a5a8c; --machine-soft: #f4f7fb; --analyst: #8a5a12; --analyst-soft: #fbf7ef;
  --strong: #a3262a; --some: #8f5b00; --context: #586473;
}
* { box-sizing: border-box; }
html { background: var(--desk); }
body { margin: 0; color: var(--ink); font: 15px/1.5 Report, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.sheet { max-width: 940px; margin: 24px auto; background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; }
.frame { width: 100%; table-layout: fixed; border-collapse: collapse; }
.frame > thead > tr > td, .frame > tfoot > tr > td, .frame > tbody > tr > td { padding: 0; }
.handling { display: flex; justify-content: space-between; align-items: center; gap: 16px; padding: 12px 44px; font-size: 12px; color: var(--muted); }
.frame > thead .handling { border-bottom: 1px solid var(--rule); }
.frame > tfoot .handling { border-top: 1px solid var(--rule); }
.mark { background: #000; color: ${TLP_COLOURS[tlp]}; font-weight: 700; letter-spacing: .03em; padding: 2px 8px; border-radius: 3px; white-space: nowrap; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
main { padding: 20px 44px 44px; }
.kind { margin: 12px 0 2px; color: var(--accent); font-weight: 700; font-size: 13px; letter-spacing: .04em; }
h1 { text-align: left; font-size: 30px; line-height: 1.2; margin: 0 0 10px; text-wrap: balance; }
h2 { font-size: 21px; margin: 40px 0 12px; padding-bottom: 6px; border-bottom: 2px solid var(--ink); }
h3 { font-size: 17px; margin: 28px 0 8px; }
h4 { font-size: 15px; margin: 22px 0 4px; }
h1, h2, h3, h4 { break-after: avoid; overflow-wrap: anywhere; }
.tag { font-weight: 400; color: var(--muted); font-size: 12.5px; margin-inline: 8px; }
h3 > .tag { font-size: inherit; font-weight: 700; margin-inline: 0 8px; }
.lead { font-size: 18px; color: var(--muted); margin: 0 0 16px; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.note { color: var(--muted); font-size: 13px; }
.quote { border-inline-start: 3px solid var(--rule); padding-inline-start: 12px; }
nav { margin: 18px 0 0; font-size: 14px; display: flex; flex-wrap: wrap; gap: 4px 18px; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 3px 18px; margin: 10px 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; text-align: left; }
.mono { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .86em; word-break: break-all; }
.scroll { overflow-x: auto; margin: 10px 0 14px; }
table.data { width: 100%; border-collapse: collapse; font-size: 13.5px; }
table.data caption, .caption { text-align: start; font-weight: 700; font-size: 13px; padding: 4px 0; margin: 10px 0 2px; }
table.data th { text-align: start; color: var(--muted); font-weight: 400; font-size: 12.5px; border-bottom: 1px solid var(--ink); padding: 3px 12px 3px 0; vertical-align: bottom; }
table.data td { border-bottom: 1px solid var(--rule); padding: 4px 12px 4px 0; vertical-align: top; overflow-wrap: break-word; text-align: left; }
table.data td.long { overflow-wrap: anywhere; }
table.data td.short { white-space: nowrap; }
table.data tr { break-inside: avoid; }
ul { margin: 2px 0 10px; padding-inline-start: 18px; }
ul.observed { list-style: none; padding: 0; }
ul.observed li { display: grid; grid-template-columns: 74px 1fr; gap: 0 10px; margin: 3px 0; break-inside: avoid; }
.badge { font-size: 12px; border-radius: 3px; padding: 1px 0; text-align: center; height: 1.6em; border: 1px solid currentColor; }
.badge.strong { color: var(--strong); font-weight: 700; } .badge.some { color: var(--some); } .badge.context { color: var(--context); }
.detail { display: block; color: var(--muted); font-size: 12.5px; overflow-wrap: anywhere; }
.panel { border-inline-start: 4px solid; padding: 10px 18px 14px; margin: 16px 0; border-radius: 0 5px 5px 0; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.panel > .title { font-weight: 700; margin: 0 0 6px; break-after: avoid; }
.panel.machine { border-color: var(--machine); background: var(--machine-soft); } .panel.machine > .title { color: var(--machine); }
.panel.analyst { border-color: var(--analyst); background: var(--analyst-soft); } .panel.analyst > .title { color: var(--analyst); }
.band { display: flex; align-items: baseline; gap: 4px 14px; flex-wrap: wrap; margin: 4px 0 12px; }
.band strong { font-size: 17px; } .band.strong strong { color: var(--strong); } .band.some strong { color: var(--some); }
.band .note { flex-basis: 100%; }
figure { margin: 10px 0; break-inside: avoid; }
figure img { display: block; max-width: 100%; height: auto; border: 1px solid var(--rule); border-radius: 3px; background: #000; }
figure svg { display: block; max-width: 100%; height: auto; background: #fff; }
figcaption { color: var(--muted); font-size: 12.5px; margin-top: 3px; overflow-wrap: anywhere; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 4px 16px; }
bdi { unicode-bidi: isolate; }
@media (max-width: 640px) { main, .handling { padding-inline: 16px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; } .sheet { margin: 0; border: 0; } }
@page { size: A4; margin: 12mm 14mm 14mm; @bottom-right { content: ${pageNumber(page)}; font: 8pt system-ui, sans-serif; color: #586473; } }
@media print {
  html { background: none; } body { font-size: 10pt; }
  .sheet { border: 0; margin: 0; max-width: none; } main { padding: 8px 0; } .handling { padding: 4px 0 6px; }
  nav { display: none; } .page { break-before: page; } .scroll { overflow: visible; }
  .panel, .badge { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  thead { display: table-header-group; } tfoot { display: table-footer-group; }
}
`
