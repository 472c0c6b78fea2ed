/**
 * The fixed words of a report in English, and with them what a language must say: each other one is a file beside this
 * that satisfies `Words`, so that a missing word is an error of types. What depends on a value is a function, which
 * puts the value where the language wants it.
 *
 * The rules of DETECTION.md hold in every language: no word that calls a video real, or the opposite; likelihood and
 * confidence apart. A test reads all of them.
 */
import type { Likelihood, Tlp } from '../../contract/common.ts'
import type { Band } from '../../contract/findings.ts'
import type { ReportLanguage } from '../../contract/report-layout.ts'
import type { PrecisionName } from '../../contract/time.ts'
import { analysis, figures, redactions } from './en/analysis.ts'
import { findings, method, priority } from './en/findings.ts'
import { choices, fields, kinds, relations } from './en/records.ts'
import { signals } from './en/signals.ts'
import { writing } from './writing.ts'

const write = writing('en')
const { plural, count } = write

export const en = {
  language: 'en' as ReportLanguage,
  write,
  /** What stands around the contents, written by the formats themselves. */
  frame: {
    kind: 'Case report',
    subject: (mark: string) => `Case report, ${mark}`,
    made: (producer: string, at: string) => `${producer}, ${at}`,
    /** `{page}` and `{pages}` stand for the numbers. */
    page: 'Page {page} of {pages}',
    sections: 'Sections',
    /** Between a label and its value in plain text. */
    colon: ': ',
    /** After the caption of a picture that is not there. */
    pictureGone: ': the picture is not in the library any more',
    /** Said once where something is quoted in another language than the report; empty where nothing is. */
    quoted: '',
    badge: { strong: 'strong', some: 'some', context: 'context' },
  },
  /** TLP 2.0 (FIRST, 2022), in one sentence each. The marks themselves are the same in every language. */
  handling: {
    CLEAR: 'Recipients may share this without limit.',
    GREEN: 'Recipients may share this within their community, but not publicly.',
    AMBER: 'Recipients may share this within their organisation and with its clients, as far as they need to know it.',
    'AMBER+STRICT': 'Recipients may share this within their organisation only, as far as they need to know it.',
    RED: 'For the eyes and ears of the individual recipients only; no further sharing.',
  } satisfies Record<Tlp, string> as Record<Tlp, string>,
  /** ICD 203 (2015), D.6.e.2. The range of probability stands beside each wherever one is said. */
  likelihood: {
    'almost-no-chance': 'almost no chance',
    'very-unlikely': 'very unlikely',
    unlikely: 'unlikely',
    'roughly-even': 'roughly even chance',
    likely: 'likely',
    'very-likely': 'very likely',
    'almost-certain': 'almost certain',
  } satisfies Record<Likelihood, string> as Record<Likelihood, string>,
  /** Both ends as percentages. */
  range: (low: string, high: string) => `${low} to ${high}`,
  withRange: (term: string, range: string) => `${term} (${range})`,
  confidence: { low: 'low', moderate: 'moderate', high: 'high' },
  /** How exactly a date is known. */
  precision: {
    exact: 'as given',
    minute: 'minute',
    hour: 'hour',
    day: 'day',
    month: 'month',
    year: 'year',
    approximate: 'approximate',
    unknown: 'unknown',
  } satisfies Record<PrecisionName, string> as Record<PrecisionName, string>,
  from: (date: string) => `from ${date}`,
  until: (date: string) => `until ${date}`,
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  /** Something that a long table leaves out. */
  more: (left: number, all: number) => `${count(left)} more of ${count(all)} are in the library and left out here.`,
  notStated: 'not stated',
  unknownDate: 'unknown',
  none: 'none',
  disputed: 'disputed',
  isDisputed: (text: string) => `${text} (disputed)`,
  analyst: 'the analyst',
  label: (label: string, value: string) => `${label}: ${value}`,

  cover: {
    case: 'Case',
    status: 'Status',
    statuses: { open: 'open', watching: 'watching', closed: 'closed' },
    owner: 'Owner',
    made: 'Report made',
    opened: 'Case opened',
    changed: 'Last changed',
    revision: (at: string, revision: number) => `${at}, revision ${revision}`,
    contents: 'Contents',
    items: (n: number) => `${count(n)} ${plural(n, 'evidence item', 'evidence items')}`,
    judgements: (n: number) => `${count(n)} ${plural(n, 'judgement', 'judgements')}`,
    records: (n: number) => `${count(n)} ${plural(n, 'record', 'records')}`,
    library: 'Library',
    auditHead: 'Audit chain head',
    auditEmpty: 'empty',
  },

  summary: {
    title: 'Summary',
    evidence: 'Evidence',
    mark: 'Mark',
    length: 'Length',
    machine: 'Machine: indicators',
    analyst: 'Analyst: likelihood',
    apart:
      'Findings are what detectors measured; judgements are what analysts concluded. The two are kept apart in this report, and neither follows from the other.',
    nothingFiled: 'No evidence has been filed into this case yet.',
    lengthUnknown: 'not known',
    notMeasured: 'not measured yet',
    noJudgement: 'no judgement',
    newestOf: (likelihood: string, judgements: number) => `${likelihood} (newest of ${judgements})`,
    /** Short for the cells of a table; the full words stand with the priority itself. */
    band: {
      strong: 'strong indicators',
      some: 'some indicators',
      none: 'no indicators found',
      inconclusive: 'inconclusive',
    } satisfies Record<Band, string> as Record<Band, string>,
  },

  evidence: {
    title: 'Evidence',
    titleWithFindings: 'Evidence and findings',
    cameIn: 'How it came in',
    received: 'Received',
    fileName: 'File name',
    source: 'Source',
    claimed: 'Claimed date and place',
    language: 'Language',
    mark: 'Mark',
    oneFrame: (at: string) => `One frame, at ${at}`,
    frames: (n: number, from: string, to: string) => `${n} frames, evenly spaced from ${from} to ${to}`,
    hashes: 'Hashes',
    withheld: 'withheld in this report',
    size: 'Size',
    about: (size: string) => `about ${size}`,
    container: 'Container',
    filed: 'Filed',
    duration: 'Length',
    picture: 'Picture',
    frameRate: (rate: string) => `${rate} frames a second`,
    variableRate: 'variable frame rate',
    bits: (depth: number) => `${depth} bit`,
    rotated: (degrees: number) => `rotated ${degrees}°`,
    sound: 'Sound',
    noSound: 'none',
    channels: (n: number) => `${n} ${plural(n, 'channel', 'channels')}`,
    writtenBy: 'Written by',
    asTheFileSays: (program: string) => `${program} (as the file says)`,
    sameFootage: 'Shows the same footage as (accepted by an analyst)',
    item: 'Item',
    here: 'Here',
    there: 'There',
    shared: 'What is shared',
    reason: 'Reason',
    footageWithheld: (n: number) =>
      `It also shows the same footage as ${plural(n, 'an item', `${count(n)} items`)} that the mark of this report does not carry.`,
    footageFinding: (n: number) =>
      `Footage of it is shown in ${plural(n, 'an item', `${count(n)} items`)} of this library that the mark of this report does not carry. That footage is shown elsewhere is no manipulation by itself.`,
    custody: 'Chain of custody',
    when: 'When',
    by: 'By',
    what: 'What',
    detail: 'Detail',
    /** By the name under which the log keeps it; one that is not here stands as it is kept. */
    action: {
      acquired: 'acquired',
      hashed: 'hashed',
      stored: 'stored',
      described: 'described',
      received: 'received',
      'duplicate-received': 'received again',
      filed: 'filed',
      'removed-from-case': 'removed from a case',
      analysed: 'analysed',
      matched: 'matched',
      compared: 'compared',
      'proxy-made': 'copy for viewing made',
      exported: 'exported',
    },
  },

  judgements: {
    title: 'Analytic judgements',
    none: 'No analyst has recorded a judgement in this case yet.',
    replaced: 'a finding since replaced by a later run',
    likelihood: 'Likelihood',
    confidence: 'Analytic confidence',
    by: 'Judged by',
    when: 'When',
    cited: 'Findings cited',
    machine: 'Machine showed',
    opposite: 'Judgement and machine point opposite ways here. Both are kept as they were.',
  },

  records: {
    title: 'Records and relations',
    relations: 'Relations',
    from: 'From',
    relation: 'Relation',
    to: 'To',
    source: 'Source',
    code: 'Code',
    note: 'Note',
    differing: (field: string) => `${field} (sources differ)`,
    outside: 'a record outside this case',
    sourceOutside: 'a source outside this case',
    disputedBecause: (why: string) => `disputed: ${why}`,
    restsOn: (what: string) => `rests on ${what}`,
    replaced: 'the finding cited was replaced by a later run',
    admiralty: 'Admiralty code',
    likelihood: 'Likelihood',
    confidence: 'Analytic confidence',
    firstSeen: 'First seen',
    lastSeen: 'Last seen',
    rests: 'Rests on',
    at: (time: string) => `at ${time}`,
    atTo: (from: string, to: string) => `at ${from} to ${to}`,
    page: (n: number) => `page ${n}`,
    capture: (address: string) => `the captured page ${address}`,
  },

  kinds,
  fields,
  choices,
  relations,
  signals,
  findings,
  priority,
  method,
  analysis,
  figures,
  redactions,
}

/** Everything that a report says in a language. */
export type Words = typeof en
