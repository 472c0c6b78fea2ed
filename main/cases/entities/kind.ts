/** What an entity kind is: one file in this folder that exports a `Kind`, and one line in `list.ts`. */
import { z } from 'zod'
import type { EntityKind, KindInfo } from '../../contract/cases.ts'

export interface Kind extends KindInfo {
  readonly kind: EntityKind
  /** What its attributes must be. Unknown names are refused; every field may be left out. */
  readonly attributes: z.ZodType<Record<string, unknown>>
}

export const text = z.string().trim().max(500)
export const longText = z.string().trim().max(20_000)
export const list = z.array(text.min(1)).max(200)
/** ISO 8601 as far as it is known: `2023`, `2023-10`, `2023-10-07`, or with a time and an offset. */
export const date = z
  .string()
  .trim()
  .regex(
    /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/,
    'a date such as 2024, 2024-02 or 2024-02-09',
  )
/** A web address, with or without its scheme. It is shown as text and never opened by Assay. */
export const url = z
  .string()
  .trim()
  .max(2000)
  .regex(/^(?!(?:javascript|data|file|vbscript):)\S+$/i, 'a web address without spaces')

/** Attributes of a kind: strict, all optional; empty texts and lists that a form sends count as left out. */
export function attributes<T extends z.ZodRawShape>(shape: T): Kind['attributes'] {
  return z.preprocess(
    (value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value).filter(
              ([, v]) =>
                v !== null &&
                v !== undefined &&
                !(typeof v === 'string' && v.trim() === '') &&
                !(Array.isArray(v) && !v.length),
            ),
          )
        : value,
    z.strictObject(shape).partial(),
  ) as unknown as Kind['attributes']
}
