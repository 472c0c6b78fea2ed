/**
 * A real host for the crash tests: opens a library, admits the clips it is given unless an earlier life already wrote
 * them down, and works until nothing is left. Usage: host.ts LIBRARY CLIP…
 */
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { AcquisitionDetails } from '../../main/contract/intake.ts'
import { createWorkbench } from '../../main/workbench.ts'

const [library = '', ...clips] = process.argv.slice(2)
const bench = createWorkbench({
  host: 'command-line',
  spawner: forkSpawner(new URL('../../main/worker.ts', import.meta.url)),
  actor: 'cli',
  concurrency: 2,
  threads: 1,
  ephemeral: true,
})
await bench.open(library)
const { intake, queue, matching } = bench.current()
process.stdout.write('opened\n')
if (!intake.list().length)
  await intake.add({
    files: clips.map((path) => ({ path })),
    storage: 'copy',
    details: AcquisitionDetails.parse({}),
    caseId: null,
  })
await intake.idle()
await queue.idle()
// A job whose worker was killed in both of its attempts has failed, and says so; a person would press retry.
for (let again = 0; again < 5; again += 1) {
  const crashed = queue.list().filter((job) => job.error?.code === 'worker.crashed')
  if (!crashed.length) break
  queue.retry(crashed.map((job) => job.id))
  await queue.idle()
}
await matching.idle()
await bench.close()
process.stdout.write('finished\n')
