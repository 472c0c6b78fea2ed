/** “Was it on a list on this date?”, answered only from what is recorded, and as precisely as that is. */
import type { DatedValue } from '../contract/common.ts'
import type { DesignatedOn, Listing } from '../contract/records.ts'
import { boundsOf, datedText, heldDuring, type Within } from '../contract/time.ts'
import { Failure } from '../errors.ts'
import { standingOf, type StoredAssertion } from '../store/assertions.ts'
import { entityById } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { relationsOf } from '../store/relations.ts'
import { entityView, readValue } from './view.ts'
import { fieldOf } from './entities/list.ts'

/** A start that nobody recorded can be any time; an end that nobody recorded has not come. */
const UNKNOWN: DatedValue = { value: '', precision: 'unknown', zone: 'UTC' }
const ORDER: readonly Within[] = ['yes', 'possibly', 'no']

/**
 * The listings of a subject as they stood on a day (or in the month or year that `date` names).
 *
 * @throws Failure record.not-found; request.invalid for a date that is none
 */
export function designatedOn(lib: Library, subjectId: string, date: DatedValue): DesignatedOn {
  const moment = boundsOf(date)
  if (!Number.isFinite(moment.earliest)) throw new Failure('request.invalid', 'Give a date, such as 2024-02-09.')
  const { id, kind, name } = entityById(lib, subjectId)
  const listings = relationsOf(lib, id)
    .filter(({ type, from }) => type === 'designated-by' && from.id === id)
    .map((relation): Listing => {
      const designation = entityView(lib, relation.to.id)
      const from = bound(lib, designation.id, 'validFrom')
      const until = bound(lib, designation.id, 'validUntil')
      const starts = from.values.length ? from.values : [UNKNOWN]
      const ends = until.values.length ? until.values : [null]
      const outcomes = starts.flatMap((start) => ends.map((end) => heldDuring(moment, start, end)))
      const agreed = new Set(outcomes).size === 1 ? outcomes[0]! : 'possibly'
      const disputed = relation.disputed || from.disputed || until.disputed
      const held: Within = disputed && agreed === 'yes' ? 'possibly' : agreed
      return {
        designation,
        relation,
        held,
        list: String(designation.attributes['list'] ?? designation.name),
        authority: String(designation.attributes['authority'] ?? ''),
        validFrom: from.values[0] ?? null,
        validUntil: until.values[0] ?? null,
        caveats: [
          ...(from.values.length ? [] : ['The day on which it took effect is not recorded.']),
          ...(from.values.length > 1 ? [`Sources differ on its start: ${from.values.map(datedText).join(', ')}.`] : []),
          ...(until.values.length > 1 ? [`Sources differ on its end: ${until.values.map(datedText).join(', ')}.`] : []),
          ...(agreed === 'possibly' && from.values.length === 1 && until.values.length <= 1
            ? [`The day lies within what is known only as ${within(moment, from.values[0]!, until.values[0])}.`]
            : []),
          ...(disputed ? ['It is disputed.'] : []),
        ],
      }
    })
    .sort((a, b) => ORDER.indexOf(a.held) - ORDER.indexOf(b.held) || begin(a) - begin(b) || (a.list < b.list ? -1 : 1))
  const held = listings.filter((one) => one.held === 'yes')
  const possibly = listings.filter((one) => one.held === 'possibly')
  const answer = held.length ? 'listed' : possibly.length ? 'possibly' : 'not-recorded'
  return {
    subject: { kind, id, name },
    date,
    answer,
    words: words(name, date, answer, answer === 'listed' ? held : possibly),
    listings,
  }
}

const begin = ({ validFrom }: Listing): number => (validFrom ? boundsOf(validFrom).earliest : -Infinity)

/** Every date that stands for one bound; an undisputed one before disputed ones. */
function bound(lib: Library, designationId: string, name: string): { values: DatedValue[]; disputed: boolean } {
  const field = fieldOf('designation', name)
  const said: StoredAssertion[] = standingOf(lib, designationId, name)
  const undisputed = said.filter((one) => !one.disputed)
  const counted = undisputed.length ? undisputed : said
  const values = counted.map((one) => readValue('designation', field, one.untrustedValue) as DatedValue)
  const texts = new Map(values.map((value) => [datedText(value), value]))
  return { values: [...texts.values()], disputed: said.length > 0 && undisputed.length === 0 }
}

function within(moment: { earliest: number; latest: number }, from: DatedValue, until: DatedValue | undefined): string {
  const start = boundsOf(from)
  return !until || (moment.latest > start.earliest && moment.earliest < start.latest)
    ? datedText(from)
    : datedText(until)
}

function words(name: string, date: DatedValue, answer: DesignatedOn['answer'], listings: readonly Listing[]): string {
  const day = datedText(date)
  if (answer === 'not-recorded') return `On ${day}, ${name} was not on any list recorded here.`
  const lists = listings.map(
    ({ list, authority, validFrom, validUntil }) =>
      `${list}${authority ? ` (${authority})` : ''}, from ${validFrom ? datedText(validFrom) : 'an unknown date'}${
        validUntil ? ` until ${datedText(validUntil)}` : ''
      }`,
  )
  return answer === 'listed'
    ? `On ${day}, ${name} was listed: ${lists.join('; ')}.`
    : `On ${day}, ${name} may have been listed; what is recorded does not settle it: ${lists.join('; ')}.`
}
