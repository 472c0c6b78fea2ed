import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pseudoWords } from '../../../test/fixtures/pseudo-words.ts'
import { sampleCase, type SampleCase } from '../../../test/fixtures/sample-case.ts'
import { KINDS } from '../../cases/entities/list.ts'
import { RELATION_RULES } from '../../cases/relations.ts'
import { makeSample } from '../../cases/sample/sample.ts'
import { METHOD } from '../../cases/tradecraft/score.ts'
import { LIKELIHOODS } from '../../contract/common.ts'
import { ReportLanguage } from '../../contract/report-layout.ts'
import { ReportOptions } from '../../contract/reports.ts'
import { BAND_WORDS } from '../../findings/priority.ts'
import { LIBRARY_SIGNALS } from '../../signals/library-signals.ts'
import { SIGNALS, signalInfos } from '../../signals/list.ts'
import { caseUcoReport } from '../case-uco.ts'
import { reportDocument } from '../document.ts'
import { methodReport } from '../method-json.ts'
import { caseSnapshot, type ReportSnapshot } from '../snapshot.ts'
import { en, type Words } from './en.ts'
import { wordsIn } from './words.ts'

type Said = (...args: unknown[]) => unknown

/** What a sentence says of one, of three and of names: each argument is given as what the sentence can take. */
function said(say: Said): string[] {
  const found: string[] = []
  for (const n of [1, 3]) {
    const kinds = [n, 'X', Array.from({ length: n }, () => 'X')]
    const choices = Array.from({ length: kinds.length ** say.length }, (_, i) =>
      Array.from({ length: say.length }, (_, arg) => kinds[Math.floor(i / kinds.length ** arg) % kinds.length]),
    )
    const fits = choices.map((args) => {
      try {
        return String(say(...args))
      } catch {
        return 'NaN'
      }
    })
    const sentence = fits.find((text) => !/NaN|undefined|\[object|function/.test(text))
    expect(sentence, say.toString()).toBeDefined()
    found.push(sentence!)
  }
  return found
}

/** Every text of a language, by its place in the table. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return said(value as Said).map((text) => [path, text])
  return Object.entries(value as object).flatMap(([key, one]) => textsOf(one, `${path}.${key}`))
}
const all = ({ write: _write, language: _language, ...words }: Words): [string, string][] => textsOf(words)

/** Words that would call a video real, or the opposite (DETECTION.md), whatever their ending. */
const NEVER: Readonly<Record<ReportLanguage, RegExp>> = {
  en: /\b(fakes?|faked|real|genuine|authentic|certain|certainly|proven|proof|deepfakes?)\b/iu,
  fr: /(?<!\p{L})(faux|fausses?|truqu\p{L}*|falsifi\p{L}*|vraie?s?|vraiment|véritables?|authenti\p{L}*|certaine?s?|certainement|prouv\p{L}*|deepfakes?|hypertrucages?|réel\p{L}*)(?!\p{L})/iu,
  de: /(?<!\p{L})(fälsch\p{L}*|gefälscht\p{L}*|fake\p{L}*|falsch\p{L}*|echt\p{L}*|authenti\p{L}*|sicher(e|er|es|en|em|lich)?|gewiss\p{L}*|wahr(e|er|es|en|em)?|bewiesen\p{L}*|unecht\p{L}*|real\p{L}*|deepfakes?)(?!\p{L})/iu,
  es: /(?<!\p{L})(fals\p{L}*|trucad\p{L}*|verdader\p{L}*|auténtic\p{L}*|autenticidad|segur\p{L}*|ciert\p{L}*|genuin\p{L}*|real(es|mente)?|probad\p{L}*|demostrad\p{L}*|deepfakes?)(?!\p{L})/iu,
}
/** The one term of ICD 203 that needs such a word, and the one fixed English sentence. */
const ALLOWED = ['.likelihood.almost-certain', '.priority.band.none']

describe.each(ReportLanguage.options)('the words of a report (%s)', (language) => {
  const texts = all(wordsIn(language))

  it('are there, all of them, and no English ones in their place', () => {
    expect(texts.length).toBeGreaterThan(450)
    for (const [path, text] of texts) if (path !== '.frame.quoted') expect(text.trim(), path).not.toBe('')
    expect(wordsIn(language).language).toBe(language)
    if (language === 'en') return
    const english = new Map(all(en))
    const long = texts.filter(([path, text]) => text.length > 24 && english.get(path) === text)
    expect(long).toEqual([])
  })

  it('never call a video real, or the opposite', () => {
    for (const [path, text] of texts) {
      if (path === ALLOWED[0] || (language === 'en' && path === ALLOWED[1])) continue
      expect(text, path).not.toMatch(NEVER[language])
    }
  })

  it('state likelihood and confidence apart', () => {
    const both = {
      en: /likel.*confiden|confiden.*likel/i,
      fr: /probab.*confiance|confiance.*probab/i,
      de: /wahrscheinlich.*vertrauen|vertrauen.*wahrscheinlich/i,
      es: /probab.*confianza|confianza.*probab/i,
    }[language]
    for (const [path, text] of texts) if (path !== '.method.likelihood') expect(text, path).not.toMatch(both)
  })

  it('hold no character that the fonts of a report do not have', () => {
    const { write } = wordsIn(language)
    const numbers = [write.bytes(12_345_678), write.count(1234), write.percent(0.5), write.fixed(-1234.5, 2)]
    for (const text of [...numbers, write.instant('2024-02-09T20:15:03.000Z'), ...texts.map(([, text]) => text)])
      expect(text).toMatch(/^[\x20-\x7e\u00a0-\u017f–‘’“”„…‹›−]*$/u)
  })

  it('are set as the language sets them', () => {
    for (const [path, text] of texts) {
      if (language === 'fr')
        expect(text, path).not.toMatch(/(?<=[\p{L}\d»)]) ?[;!?»]|\p{L} :|« |[^\s\u00a0\u202f{]»|\w'\w/u)
      if (language === 'de') expect(text, path).not.toMatch(/“[^”„]*”|[«»]/u)
      if (language === 'es') expect(text, path).not.toMatch(/^[^¿]*\?|^[^¡]*!|[„“”]/u)
    }
  })
})

describe('the English words', () => {
  it('are those of the forms, the signals and the priority', () => {
    for (const { kind, label, plural, fields } of KINDS) {
      expect(en.kinds[kind]).toEqual({ one: label, many: plural })
      const shown = fields.filter(({ type }) => type !== 'cell')
      expect(en.fields[kind]).toEqual(Object.fromEntries(shown.map(({ name, label }) => [name, label])))
    }
    const choices = KINDS.flatMap(({ fields }) => fields)
      .filter(({ name }) => !['likelihood', 'reliability', 'framework'].includes(name))
      .flatMap((field) => field.choices ?? [])
    expect(Object.entries(en.choices)).toEqual([...new Set(choices)].sort().map((one) => [one, one]))
    expect(en.relations).toEqual(Object.fromEntries(RELATION_RULES.map(({ type, label }) => [type, label])))
    const signals = [...SIGNALS, ...LIBRARY_SIGNALS].map(({ id, title, measures }) => [id, { title, measures }])
    expect(en.signals).toEqual(Object.fromEntries(signals))
    expect(en.likelihood).toEqual(Object.fromEntries(LIKELIHOODS.map(({ id, label }) => [id, label])))
    expect(en.priority.band).toEqual(BAND_WORDS)
    expect(en.analysis.method).toBe(METHOD)
  })
})

describe('a report', () => {
  let sample: SampleCase
  let cases: string[]
  beforeAll(async () => {
    sample = await sampleCase()
    cases = [sample.caseId, makeSample(sample.lib, 'analyst')]
  })
  afterAll(() => sample.remove())
  const signals = [...signalInfos(SIGNALS), ...LIBRARY_SIGNALS]
  const snapshot = (caseId: string, language: ReportLanguage = 'en'): ReportSnapshot =>
    caseSnapshot(sample.lib, ReportOptions.parse({ caseId, language }), {
      signals,
      version: '0.1.0',
      generatedAt: '2024-02-10T12:00:00.000Z',
    })

  it('says of the priority of an item what the program says, told from the findings', () => {
    const item = snapshot(cases[0]!).items.find(({ priority }) => priority)!
    const told = JSON.stringify(reportDocument(snapshot(cases[0]!)))
    for (const text of item.priority!.wouldChange) expect(told).toContain(JSON.stringify(text).slice(1, -1))
    for (const { reason } of item.priority!.notCounted) expect(told).toContain(reason)
  })

  it('is the same for programs, whatever language it was asked for in', () => {
    const files = (language: ReportLanguage): string[] => {
      const taken = snapshot(cases[0]!, language)
      return [methodReport, caseUcoReport].map((render) =>
        Buffer.from(
          render({
            snapshot: taken,
            document: reportDocument(taken),
            pictures: new Map(),
            records: null,
          }) as Uint8Array,
        ).toString('utf8'),
      )
    }
    expect(files('de')).toEqual(files('en'))
  })

  it('takes each of its fixed words from the language: none is left where all of them are marked', () => {
    for (const id of cases) {
      const whole = withheld(snapshot(id))
      const document = reportDocument(cyrillic(whole), pseudoWords)
      const texts = shown(document)
      expect(texts.length).toBeGreaterThan(200)
      const left = texts.filter((text) => /\p{Script=Latin}/u.test(outside(text)))
      expect(left).toEqual([])
    }
  })
})

/** With something of everything withheld, so that the section that tells of it is there. */
const withheld = (taken: ReportSnapshot): ReportSnapshot => ({
  ...taken,
  redaction: {
    names: [
      { label: '[1]', kind: 'person', reason: '' },
      { label: '[2]', kind: 'channel', reason: 'why' },
    ],
    hashes: true,
    pictures: {
      faces: { pictures: 1, places: 2 },
      whole: 1,
      regions: [{ reason: '', places: 1, pictures: 1 }],
    },
    faces: true,
    regions: 1,
    fill: 'mosaic',
    reason: '',
  },
})

/** Codes of the program: what they are called in a report is for the language to say. */
const CODES = new Set([
  'kind', 'type', 'state', 'status', 'tlp', 'band', 'weight', 'precision', 'likelihood', 'confidence', 'words', 'order',
  'omit', 'action', 'field', 'rating', 'outcome', 'machineBand', 'fill', 'frameRateMode', 'of', 'signals',
  'notCounted', 'wouldChange', 'method', 'reliability', 'credibility', 'grade', 'code', 'generatedAt', 'createdAt',
  'updatedAt', 'filedAt', 'acquiredAt', 'at', 'zone', 'version', 'versions', 'disagreements', 'window',
]) // prettier-ignore
const KNOWN = new Set([...Object.keys(en.choices), ...Object.keys(en.signals), ...Object.keys(en.likelihood)])
/** Where a value may be the code of a country. */
const COUNTRIES = new Set(['country', 'countries', 'value'])
const ISO = /^\d{4}(-\d\d(-\d\d(T[\d:.]+(Z|[+-][\d:]+)?)?)?)?$/

/** Letter for letter, so that ids stay what they are to each other. */
const turned = (text: string): string =>
  text
    .replace(/[a-z]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 97 + 0x430))
    .replace(/[A-Z]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 65 + 0x410))
    .replace(/\p{Script=Latin}/gu, 'ж')

/** The snapshot with every Latin letter that came from people, evidence or detectors turned into a Cyrillic one. */
function cyrillic<T>(value: T, key = '', within = ''): T {
  if (key === 'disagreements') return named(value)
  if (CODES.has(key) && typeof value !== 'object') return value
  if (key === 'versions' || key === 'notCounted' || key === 'wouldChange' || key === 'order' || key === 'omit')
    return value
  if (typeof value === 'string') {
    const own = KNOWN.has(value) || ISO.test(value) || (COUNTRIES.has(key) && /^[A-Z]{2}$/.test(value))
    // Labels of the timeline and names of what is weighed are sentences of the program, made where there is no report.
    return own || (key === 'label' && within === 'timeline') ? value : (turned(value) as T)
  }
  if (Array.isArray(value)) return value.map((one) => cyrillic(one, key, within)) as T
  if (!value || typeof value !== 'object') return value
  if (key === 'signals') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      /^[0-9a-f]{8}-/.test(name) ? turned(name) : name,
      cyrillic(one, name, name === 'timeline' ? name : within),
    ]),
  ) as T
}

/** Only the names of subjects and the ids of statements: all else of a disagreement is said by the report. */
const named = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) =>
      typeof one === 'string' && (key === 'name' || key === 'id' || key.endsWith('Id')) ? turned(one) : one,
    ),
  ) as T

/** Marks, grades, ratings and references, hashes and products by their names, and the names of parameters. */
const NAMES =
  /TLP:[A-Z+]+|\b[EH]\d+\b|\b[A-F][1-6]\b|\b(CC|II|C|N|I)\b|SHA-256|BLAKE3|Assay|Node|\bv?\d[\d.]*\b|\bHz\b|\b\w+(?= = )|\{\w+\}|[\w./-]*\b(provenance|encoding|temporal|synthetic-image)\b[\w.-]*|Asia\/Tehran|UTC/g
const outside = (text: string): string => text.replace(/⟦[^⟧]*⟧/gu, '').replace(NAMES, '')

/** Every text that a reader of the document reads or hears. */
function shown(value: unknown, key = ''): string[] {
  const silent = ['id', 'type', 'tone', 'by', 'tlp', 'badge', 'band', 'sha256', 'd', 'fill', 'stroke', 'anchor']
  if (typeof value === 'string') return [...silent, 'colour', 'generatedAt', 'language'].includes(key) ? [] : [value]
  if (Array.isArray(value)) return value.flatMap((one) => shown(one, key))
  if (!value || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, one]) => shown(one, name))
}
