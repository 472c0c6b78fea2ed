/** Some parts of a PDF, made in a thread of their own. Answers once, with all of them. */
import { parentPort, workerData } from 'node:worker_threads'
import { renderPart } from '../pdf.ts'
import type { PartsOrder } from './beside.ts'

const { document, parts, pictures } = workerData as PartsOrder
const made: Uint8Array[] = []
for (const part of parts) made.push(await renderPart(document, part, pictures))
// A thread's port has no origin; the rule takes it for a window.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(made)
