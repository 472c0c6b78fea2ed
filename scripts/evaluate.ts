/**
 * `npm run evaluate`: the standing evaluation. Every signal, the pipeline and, where they were converted, the open
 * detectors of others, on all material that is there, as it is and re-compressed, in one table.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { join, resolve } from 'node:path'
import { copyTitle, CLEAN } from '../main/evaluation/copies.ts'
import { CACHE, evaluate, type Evaluation } from '../main/evaluation/evaluate.ts'
import { classifierIds, PIPELINE } from '../main/evaluation/subjects.ts'
import { cells, HEAD } from '../main/evaluation/table.ts'
import { writeEvaluation } from '../main/evaluation/write.ts'
import { counterLine } from '../main/hosts/cli/progress-count.ts'
import { table, visible } from '../main/hosts/cli/terminal.ts'
import { readModel } from '../main/signals/model-card.ts'
import { SIGNALS } from '../main/signals/list.ts'
import { standingSets, type StandingSet } from './evaluate-sets.ts'
import { ROOT } from './node24.mjs'

/** Every how manieth file `--quick` takes. */
const SAMPLE = 5

const HELP = `Usage: npm run evaluate -- [options]

  --data DIR     labelled media (default ../shared/data)
  --models DIR   further models to run beside ours (default .cache/peers, see scripts/models/convert-peers.py)
  --out DIR      results.tsv, results.json and plots (default .cache/evaluate/report)
  --sets LIST    only these sets, by name, with commas
  --only LIST    only these signals and models
  --clean        no re-compressed copies
  --quick        every fifth file, no copies
  --fresh        measure again what is known from an earlier run`

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(ROOT, '..', 'shared', 'data') },
    models: { type: 'string', default: join(ROOT, '.cache', 'peers') },
    out: { type: 'string', default: join(CACHE, 'report') },
    sets: { type: 'string' },
    only: { type: 'string' },
    clean: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const listed = (list: string | undefined): string[] | null => list?.split(',').map((name) => name.trim()) ?? null
const wanted = listed(values.sets)
const only = listed(values.only)
// What no network that is asked about was trained on.
const { sets, missing } = await standingSets(
  resolve(values.data),
  CACHE,
  only?.includes(PIPELINE) ? undefined : (only ?? undefined),
)
const peers = existsSync(values.models) ? await classifierIds(values.models) : []
if (!peers.length) missing.push(`open detectors of others: there are no models in ${values.models}`)
for (const line of missing) console.log(`Not there: ${visible(line)}`)

/** What can say something about these files: everything on videos but others' sound models, only sound models on sound. */
async function subjectsFor({ of }: StandingSet): Promise<string[]> {
  const ours = SIGNALS.filter(({ needs, needsFaces, needsSound }) =>
    of === 'sound' ? needsSound && !needs.length && !needsFaces : true,
  ).map(({ id }) => id)
  const theirs = []
  for (const id of peers) {
    const takes = (await readModel(values.models, id)).card.classifier?.takes
    if ((takes === 'sound') === (of === 'sound')) theirs.push(id)
  }
  return [...ours, ...(of === 'video' ? [PIPELINE] : []), ...theirs].filter((id) => !only || only.includes(id))
}

/** Some of each source. */
const sample = (set: StandingSet): StandingSet => ({
  ...set,
  files: [...Map.groupBy(set.files, ({ source, manipulated }) => `${source} ${manipulated}`).values()].flatMap(
    (files) => files.filter((_, i) => i % SAMPLE === 0),
  ),
})

const found: Evaluation[] = []
for (const whole of sets.filter(({ name }) => !wanted || wanted.includes(name))) {
  const set = values.quick ? sample(whole) : whole
  const subjects = await subjectsFor(set)
  if (!subjects.length) continue
  const progress = counterLine(`files of ${set.name}`)
  const evaluation = await evaluate(subjects, set, {
    copies: !values.clean && !values.quick,
    fresh: values.fresh,
    onProgress: progress.tell,
    ...(peers.length && { models: [resolve(values.models)] }),
  })
  progress.stop()
  found.push(evaluation)
  print(evaluation, set)
}
const written = await writeEvaluation(resolve(values.out), found)
console.log(`\n${written.length} files in ${values.out}. In brackets 95 % intervals over groups (persons, sentences).`)

function print({ set, files, rows, failures }: Evaluation, { files: all }: StandingSet): void {
  const groups = new Set(all.map(({ group, manipulated }) => `${manipulated} ${group}`)).size
  console.log(`\n── ${set}: ${files.genuine} genuine and ${files.manipulated} manipulated files in ${groups} groups`)
  const overall = rows.filter(({ source }) => source === null)
  const bySource = rows.filter(({ source, copy }) => source !== null && copy === CLEAN)
  console.log(table([HEAD, ...overall.map(cells)]))
  if (bySource.length) console.log(`\nPer source, ${copyTitle(CLEAN)}:\n${table([HEAD, ...bySource.map(cells)])}`)
  const silent = overall
    .filter(({ copy }) => copy === CLEAN)
    .flatMap(({ subject, abstained }) => abstained.reasons.map(({ reason, files: n }) => [subject, String(n), reason]))
  if (silent.length) console.log(`\nNot measured, ${copyTitle(CLEAN)}:\n${table(silent)}`)
  for (const { file, copy, error } of failures)
    console.log(visible(`could not be read: ${file}, ${copyTitle(copy)}: ${error.message} ${error.detail ?? ''}`))
}
