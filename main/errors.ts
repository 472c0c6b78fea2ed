/**
 * Every failure Assay expects, in one place: its code, the sentence a user reads, what they can do about it, and
 * whether trying again unchanged can help. Anything not listed here is a bug and surfaces as `internal`.
 */
export interface FailureKind {
  /** One sentence for the user: what happened. */
  readonly message: string
  /** What the user can do now. */
  readonly remedy: string
  /** True where the same call may succeed later without any change by the user. */
  readonly retryable: boolean
  /** HTTP status used by the browser host. */
  readonly status: number
}

const kind = (message: string, remedy: string, status = 422, retryable = false): FailureKind => ({
  message,
  remedy,
  retryable,
  status,
})

export const FAILURES = {
  'intake.not-regular': kind(
    'This is not a regular file (a folder, link, pipe or device).',
    'Choose the video file itself; to follow a link, give the file it points to.',
  ),
  'intake.not-found': kind('There is no file at this path.', 'Check the path, or plug the drive back in.', 404),
  'intake.unreadable': kind('The file could not be read.', 'Check its permissions, or copy it from a readable medium.'),
  'intake.empty': kind('The file is empty.', 'Fetch it again: the download was probably interrupted.'),
  'intake.too-large': kind(
    'The file is larger than the 64 GiB that one evidence item may have.',
    'Cut the recording into parts with the tool that made it, and add the parts.',
  ),
  'intake.not-video': kind(
    'The contents are not a video or sound container that Assay opens (the name does not matter).',
    'Check what the file really is; playlists, documents and archives are refused by design.',
  ),
  'intake.changed': kind(
    'The file changed while it was being read.',
    'Wait until the program writing it has finished, then add it again.',
    409,
    true,
  ),
  'intake.path-encoding': kind(
    'The file name is not valid text on this system and could not be opened.',
    'Rename the file and add it again.',
  ),
  'media.unreadable': kind(
    'No picture or sound could be decoded from this file.',
    'It may be damaged or incomplete. Fetch it again; the original as received stays in the vault.',
  ),
  'media.limit': kind(
    'The file goes beyond a safety limit (picture size, number of streams, duration or memory).',
    'Re-encode a copy within the limits and add that copy as a derivative.',
  ),
  'media.timeout': kind(
    'Decoding took far longer than the length of this file explains, and was stopped.',
    'Retry when the machine is idle; a file that does this twice is probably damaged.',
    504,
    true,
  ),
  'media.no-ffmpeg': kind(
    'ffmpeg was not found on this machine.',
    'Run `npm run assay -- setup`, install ffmpeg with the system package manager, or set FFMPEG_BIN to its path.',
    503,
  ),
  'worker.crashed': kind(
    'The analysis process ended unexpectedly, twice. Everything else is safe.',
    'Retry the job; if it fails again, keep the file and report its SHA-256 with the log.',
    500,
    true,
  ),
  'job.cancelled': kind('The job was cancelled.', 'Retry it from the board when it is wanted again.', 409),
  'job.not-found': kind('There is no such job.', 'Reload the list.', 404),
  'job.not-retryable': kind('Only a failed or cancelled job can be retried.', 'Wait until the job has ended.', 409),
  'model.untrusted': kind(
    'The model file does not match its card, or uses something Assay does not run.',
    'Fetch the model again from the source its card names, or remove its folder.',
  ),
  'model.failed': kind('The model could not be run on this input.', 'See the model card for what it accepts.', 500),
  'model.package': kind(
    'This is not a model that can be added.',
    'Give a folder or a zip that holds model.onnx, card.json and README.md; docs/models.md shows a card.',
  ),
  'model.limit': kind(
    'The model wanted more time or memory than a model gets here, and was stopped. Nothing was harmed.',
    'Export it with fixed input sizes, without open loops and unused branches, or choose a smaller variant.',
  ),
  'model.exists': kind(
    'There is already a model with this id.',
    'Remove the added one first, or give yours another id in its card.json.',
    409,
  ),
  'model.bundled': kind('This model comes with Assay and stays.', 'Only models that were added can be removed.', 409),
  'model.not-found': kind('There is no such model.', 'See the Models screen or `assay models list` for the ids.', 404),
  'model.no-source': kind(
    'Assay knows no address from which this model could be fetched.',
    'Fetch its folder or zip on a machine with a network, carry it over, and run `assay models add PATH --library DIR`.',
    404,
  ),
  'model.not-fetched': kind(
    'The model could not be fetched.',
    'Check the network; or fetch the file elsewhere, carry it over, and run `assay models add PATH --library DIR`.',
    502,
    true,
  ),
  'matching.stopped': kind(
    'Footage cannot be compared at the moment. Everything that was found before is safe.',
    'Close the library and open it again: what was not compared yet is then taken up.',
    503,
    true,
  ),
  'matching.no-fingerprint': kind(
    'There is no fingerprint of this footage yet.',
    'Wait until its triage has ended, or run the triage again; sound alone has no fingerprint of pictures.',
    409,
  ),
  'matching.list': kind(
    'This hash list cannot be taken in. Nothing of it was kept.',
    'Give PDQ hashes of 64 hex digits as CSV, vPDQ text or exchange JSON; docs/matching.md shows each form.',
  ),
  'matching.list-limit': kind(
    'The hash list is larger than a list may be. Nothing of it was kept.',
    'Divide it, or take out lists that are no longer needed, and import the parts.',
  ),
  'evaluation.material': kind(
    'The labelled material cannot be used.',
    'Give a folder with genuine/ and manipulated/, or a table manifest.tsv with the columns path and label.',
  ),
  'evaluation.subject': kind(
    'There is no such model or signal.',
    'Name a signal, a model whose card has a classifier block, or pipeline; `assay models list` shows the models.',
    404,
  ),
  'store.none': kind('No library is open.', 'Open or create a library first.', 409),
  'store.exists': kind(
    'There is already a library, or something else, in this folder.',
    'Open it instead, or choose an empty folder.',
    409,
  ),
  'store.not-library': kind(
    'There is no Assay library in this folder.',
    'Choose the folder that holds library.json.',
    404,
  ),
  'store.newer': kind(
    'This library was written by a newer version of Assay. It was not touched.',
    'Update Assay, then open it again.',
    409,
  ),
  'store.corrupt': kind(
    'The library database is damaged. Nothing was changed.',
    'Restore the latest backup with `assay library restore DIR`; the originals in the vault are not affected.',
    500,
  ),
  'store.locked': kind(
    'This library is open in another Assay.',
    'Close it there first; a library is written by one process at a time.',
    423,
    true,
  ),
  'store.busy': kind(
    'A large import is being written; until it is done, the library can be read but not changed.',
    'Wait until it is done, or cancel it; then do this again. What you typed is still here.',
    423,
    true,
  ),
  'store.full': kind(
    'The disk is full. What had been saved is safe; this item was not added.',
    'Free some space on the disk that holds the library, then retry.',
    507,
    true,
  ),
  'store.readonly': kind(
    'The library folder cannot be written.',
    'Check its permissions or copy it to a writable disk.',
    403,
  ),
  'vault.altered': kind(
    'The stored original no longer matches its recorded hash, or is missing.',
    'Do not rely on it. Restore the file from a backup; `assay verify` lists every affected item.',
    500,
  ),
  'record.not-found': kind(
    'There is no such record in this library.',
    'Reload the list; it may have been removed.',
    404,
  ),
  'record.conflict': kind(
    'Somebody changed this record since you opened it.',
    'Reload it and apply your change again.',
    409,
  ),
  'record.in-use': kind(
    'Other records cite this one, so it cannot be taken out.',
    'Withdraw what cites it, or merge it into another record.',
    409,
  ),
  'undo.blocked': kind(
    'A later step rests on this one, so it cannot be taken back.',
    'Take the later step back first.',
    409,
  ),
  'undo.done': kind('This step was taken back before.', 'Take its undoing back to do it again.', 409),
  'relation.not-allowed': kind(
    'These two kinds of record cannot be linked this way.',
    'Choose another relation; the form lists the ones that fit.',
  ),
  'exchange.unreadable': kind(
    'This file is not what it should be.',
    'Give a STIX 2.1 bundle, a MISP event in JSON, or a table as CSV with a heading row, in UTF-8.',
  ),
  'exchange.limit': kind(
    'The file is larger, deeper or longer than what is taken in at once.',
    'Export it again in several parts: at most 64 MiB, 64 levels and 100,000 objects each.',
    413,
  ),
  'exchange.changed': kind(
    'The file or the library changed since the preview.',
    'Look at the preview again, then import.',
    409,
    true,
  ),
  'exchange.cancelled': kind(
    'The import was cancelled.',
    'Nothing of it is in the library. Import the file again whenever you like.',
    409,
  ),
  'search.damaged': kind(
    'The search index is damaged. The records themselves are not affected.',
    'Make it anew with `assay library reindex DIR`, or from Settings.',
    500,
  ),
  'report.handling': kind(
    'The report carries a lower handling mark than something in it.',
    'Raise the mark of the report, or leave the listed items out.',
  ),
  'report.withheld': kind(
    'This format carries records whole, and the report withholds some of what they say.',
    'Export it without redaction, or choose a format for people.',
  ),
  'report.redaction': kind(
    'The report cannot be redacted as it was asked.',
    'Change what is redacted as the message says; nothing was written.',
  ),
  'report.no-template': kind(
    'There is no report template of that name.',
    'Choose one of those named, or save one on the Report screen.',
    404,
  ),
  'report.no-verifier': kind(
    'The stand-alone verifier that goes into each bundle is not built.',
    'Run `npm run build` once, then try again.',
    503,
  ),
  'key.exists': kind('This library has a signing key already.', 'Use it, or replace it with a new one.', 409),
  'key.passphrase': kind(
    'The passphrase does not open the signing key.',
    'Try again; if it is lost, replace the key with a new one and tell those who check your bundles its fingerprint.',
    403,
  ),
  'bundle.unsafe': kind(
    'The bundle was refused: it is made in a way that could do harm.',
    'Do not unpack it; ask the sender for it again over a way you trust.',
  ),
  'bundle.damaged': kind('The bundle is damaged and cannot be read.', 'Fetch it again; it is probably incomplete.'),
  'bundle.encrypted': kind(
    'The bundle is encrypted.',
    'Unpack it with its password first (7-Zip opens it), then check what was in it.',
  ),
  'bundle.not-bundle': kind(
    'This is neither a library nor a sealed bundle.',
    'Give the folder of a library, a bundle as zip, or the folder that it was unpacked into.',
  ),
  'bundle.altered': kind(
    'The bundle is not as it was sealed, so nothing of it is taken in.',
    'Check it with `assay verify BUNDLE`, and ask the sender for it again.',
  ),
  'merge.nothing': kind(
    'There are no records in this bundle that could be merged.',
    'Ask for one that was sealed without redaction, by this version of Assay or a later one.',
  ),
  'merge.changed': kind(
    'This is another bundle than the one that was looked at.',
    'Look at it again, then merge.',
    409,
  ),
  'rerun.nothing': kind(
    'There is nothing in it that could be repeated.',
    'Give a sealed bundle with findings, or the method appendix of a report (`assay report CASE --format method`).',
  ),
  'bundle.not-found': kind('There is nothing at this path that could be read.', 'Check the path.', 404),
  'request.invalid': kind('The request is not valid.', 'See what it says about each field.', 400),
  'request.denied': kind('The request was refused.', 'Open the address that `npm start` printed.', 403),
} as const satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

/** What crosses a process or network boundary about a failure: never a stack, never a path of the program. */
export interface FailureReport {
  readonly code: FailureCode | 'internal'
  readonly message: string
  readonly remedy: string
  readonly retryable: boolean
  /** What exactly: a field, a limit and the value found, a file's own name. Plain text, already neutralised. */
  readonly detail?: string | undefined
}

/** An expected failure. Throw it anywhere; the doors turn it into the contract's typed error of the same code. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly detail: string | undefined

  constructor(code: FailureCode, detail?: string, options?: ErrorOptions) {
    super(detail ? `${FAILURES[code].message} ${detail}` : FAILURES[code].message, options)
    this.name = 'Failure'
    this.code = code
    this.detail = detail
  }

  get remedy(): string {
    return FAILURES[this.code].remedy
  }
}

/** Turns anything thrown into what may be shown. Bugs become `internal` with no detail; the log keeps the rest. */
export function report(error: unknown): FailureReport {
  if (error instanceof Failure) {
    const { message, remedy, retryable } = FAILURES[error.code]
    return { code: error.code, message, remedy, retryable, detail: error.detail }
  }
  return {
    code: 'internal',
    message: 'Something went wrong inside Assay. This is a defect, not your file.',
    remedy: 'Retry once; then report it with the log from Settings.',
    retryable: true,
  }
}
