/** What stands at head and foot of every page: the handling mark, the title, who made it when, and the page's number. */
import type { ReportDocument } from '../document.ts'
import { TLP_COLOURS } from '../html/style.ts'
import type { Margins, Paper } from './paper.ts'
import { textsOf } from './place.ts'
import { look, oneLine, points, type SetText } from './setting.ts'
import { FOOT, HEAD, MUTED, PAGE, RULE, SIZE, WIDTH } from './style.ts'

const SMALL = look({ size: SIZE.small, colour: MUTED })
/** Room for the title beside the mark, and for the number of the page. */
const ROOM = { title: 380, number: 90 } as const
/** Inside the mark. */
const INSET = { side: 5, above: 1 } as const

export function marginsOf(document: ReportDocument): Margins {
  const own = look({ size: SIZE.small, bold: true, colour: TLP_COLOURS[document.tlp] })
  const mark = oneLine(`TLP:${document.tlp}`, own, WIDTH, 'left')
  const title = oneLine(document.title, SMALL, ROOM.title, 'right')
  const middle = oneLine(document.words.made, SMALL, WIDTH / 2, 'middle')
  const numbers = new Map<string, SetText>()
  return {
    draw(paper) {
      for (const { top, height } of [HEAD, FOOT]) drawMark(paper, mark, top, height)
      textsOf(paper, title, PAGE.width - PAGE.side - ROOM.title, HEAD.top + INSET.above)
      textsOf(paper, middle, PAGE.side + WIDTH / 4, FOOT.top + INSET.above)
      for (const y of [HEAD.rule, FOOT.rule]) paper.rule({ x: PAGE.side, y, width: WIDTH, height: 0.5 }, RULE)
    },
    number(paper, page, pages) {
      const words = document.words.page.replace('{page}', String(page)).replace('{pages}', String(pages))
      const set = numbers.get(words) ?? oneLine(words, SMALL, ROOM.number, 'right')
      if (pages === 1) numbers.set(words, set)
      paper.within(null, () => textsOf(paper, set, PAGE.width - PAGE.side - ROOM.number, FOOT.top + INSET.above))
    },
  }
}

function drawMark(paper: Paper, mark: SetText, top: number, height: number): void {
  const width = points(mark.lines[0]?.width ?? 0, mark.look) + 2 * INSET.side
  paper.block({ x: PAGE.side, y: top, width, height }, '#000000')
  textsOf(paper, mark, PAGE.side + INSET.side, top + INSET.above)
}
