/**
 * What an entity kind is: one file in this folder that exports a `Kind`, and one line in `list.ts`. The fields say all:
 * the schema of the attributes and the form are both drawn from them.
 */
import { z } from 'zod'
import type { EntityKind, FieldInfo, KindInfo } from '../../contract/cases.ts'
import { valueSchema, type FieldType } from '../../contract/values.ts'

export interface Kind extends KindInfo {
  readonly kind: EntityKind
  /** What its attributes must be. Unknown names are refused; every field may be left out. */
  readonly attributes: z.ZodType<Record<string, unknown>>
  /** The schema of one value of a field. */
  readonly values: ReadonlyMap<string, z.ZodType>
}

/** Values that one field of one record may hold. */
const MANY_LIMIT = 2000

type Extra = Partial<Pick<FieldInfo, 'many' | 'choices' | 'kinds' | 'endsWith'>>

const field =
  (type: FieldType) =>
  (name: string, label: string, help: string, extra: Extra = {}): FieldInfo => ({
    name,
    label,
    type,
    many: false,
    help,
    ...extra,
  })

export const text = field('text')
export const longText = field('long-text')
export const dated = field('dated')
export const number = field('number')
export const url = field('url')
export const hash = field('hash')
export const country = field('country')
export const aliases = (help: string): FieldInfo => field('alias')('aliases', 'Other names', help, { many: true })
export const observations = (name: string, label: string, help: string): FieldInfo =>
  field('observation')(name, label, help, { many: true })
export const cells = (name: string, label: string, help: string): FieldInfo =>
  field('cell')(name, label, help, { many: true })

export const choice = (
  name: string,
  label: string,
  choices: readonly string[],
  help: string,
  extra: Extra = {},
): FieldInfo => field('choice')(name, label, help, { choices: [...choices], ...extra })

export const reference = (name: string, label: string, kinds: readonly EntityKind[], help: string): FieldInfo =>
  field('reference')(name, label, help, { kinds: [...kinds] })

/** A text that no record of the case should be without. */
export const description = (help = 'What a reader must know.'): FieldInfo =>
  longText('description', 'Description', help)

/** Draws the schema of a kind from its fields. */
export function kind(info: KindInfo): Kind {
  const values = new Map(info.fields.map((one) => [one.name, valueSchema(one.type, one.choices)]))
  const shape = Object.fromEntries(
    info.fields.map(({ name, many }) => [name, many ? z.array(values.get(name)!).max(MANY_LIMIT) : values.get(name)!]),
  )
  return { ...info, values, attributes: attributes(shape) }
}

const isLeftOut = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

/** Attributes of a kind: strict, all optional; empty texts and lists that a form sends count as left out. */
function attributes(shape: z.ZodRawShape): Kind['attributes'] {
  return z.preprocess(
    (given) =>
      given && typeof given === 'object' && !Array.isArray(given)
        ? Object.fromEntries(
            Object.entries(given)
              .map(([name, value]) => [name, Array.isArray(value) ? value.filter((one) => !isLeftOut(one)) : value])
              .filter(([, value]) => !isLeftOut(value) && !(Array.isArray(value) && !value.length)),
          )
        : given,
    z.strictObject(shape).partial(),
  ) as unknown as Kind['attributes']
}
