/** The root of every operation: all failures of `errors.ts`, declared as oRPC typed errors. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { FAILURES, type FailureCode } from '../errors.ts'

const FailureData = z.object({ remedy: z.string(), retryable: z.boolean(), detail: z.string().optional() })

type Declared = Record<FailureCode, { status: number; message: string; data: typeof FailureData }>

const declared = Object.fromEntries(
  Object.entries(FAILURES).map(([code, kind]) => [
    code,
    { status: kind.status, message: kind.message, data: FailureData },
  ]),
) as Declared

/** Start an operation with `op.input(schema).output(schema)`. */
export const op = oc.errors(declared)
