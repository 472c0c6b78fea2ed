/** What the C2PA thread and its caller share. */
import { z } from 'zod'

export interface ThreadInput {
  /** Descriptor of the open file; shared by the threads of a process. */
  readonly fd: number
  readonly size: number
  readonly mime: string
}
/** The manifest store as c2pa-rs writes it, or the text of its error. */
export const ThreadOutput = z.union([z.object({ store: z.string() }), z.object({ error: z.string() })])
export type ThreadOutput = z.infer<typeof ThreadOutput>

/** Most bytes handed to the reader at once where it reads piece by piece. */
export const CHUNK = 4 * 1024 * 1024
/** Largest file that is handed over as a whole; the reader asks for that up to 50 MiB. */
export const WHOLE = 64 * 1024 * 1024
/** The moment at which certificates without a trusted time stamp are judged; see c2pa-thread.ts. */
export const REFERENCE_TIME = Date.UTC(2026, 0, 1)
/**
 * c2pa-rs settings: hashes and signatures are verified, trust is not, since no trust list is shipped; nothing is
 * fetched; a compressed manifest may not grow beyond 32 MB.
 */
export const READER_SETTINGS = JSON.stringify({
  verify: {
    verify_after_reading: true,
    verify_trust: false,
    verify_timestamp_trust: false,
    ocsp_fetch: false,
    remote_manifest_fetch: false,
  },
  core: {
    decode_identity_assertions: false,
    allowed_network_hosts: [],
    max_decompressed_manifest_size_in_mb: 32,
  },
})
