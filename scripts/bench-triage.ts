/**
 * One triage in a library that is thrown away, for `npm run bench`: `bench-triage.ts FILE [--without-fingerprint]` prints
 * seconds of the job as JSON. The command line has no way to leave the fingerprint out.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AcquisitionDetails } from '../main/contract/intake.ts'
import { forkSpawner } from '../main/jobs/spawn-node.ts'
import { createWorkbench } from '../main/workbench.ts'

const [file = '', option] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
const bench = createWorkbench({
  host: 'command-line',
  spawner: forkSpawner(new URL('../main/worker.ts', import.meta.url)),
  actor: 'cli',
  ephemeral: true,
  leaveOutFingerprint: option === '--without-fingerprint',
})
try {
  await bench.create(join(folder, 'library'), 'Bench')
  const { intake, queue, matching } = bench.current()
  const details = AcquisitionDetails.parse({})
  await intake.add({ files: [{ path: file }], storage: 'reference', details, caseId: null })
  await intake.idle()
  await queue.idle()
  await matching.idle()
  const [job] = queue.list()
  if (job?.state !== 'succeeded') throw new Error(`the triage ${job?.state}: ${job?.error?.message}`)
  console.log(JSON.stringify(queue.timings(job.id)))
} finally {
  await bench.close()
  rmSync(folder, { recursive: true, force: true })
}
