/** The contract, implemented: each operation is one line into the stage that owns it. Served alike by all four doors. */
import { implement, ORPCError } from '@orpc/server'
import * as caseRecords from './cases/cases.ts'
import { decideMatch } from './cases/decide-match.ts'
import { assertValue, dispute, withdraw } from './cases/assert.ts'
import { designatedOn } from './cases/designated.ts'
import { recordDetail } from './cases/detail.ts'
import { duplicates } from './cases/duplicates.ts'
import { fileEvidence } from './cases/file.ts'
import { disarm, findTechniques } from './cases/disarm/disarm.ts'
import { graphOfCase, neighbours, path } from './cases/graph/graph.ts'
import { countries, metrics, monthly, techniques } from './cases/graph/series.ts'
import { timeline } from './cases/graph/timeline.ts'
import { merge, unmerge } from './cases/merge.ts'
import { deleteEntity } from './cases/records.ts'
import { pick } from './cases/pick.ts'
import { editRelation } from './cases/relate.ts'
import { outdated, restingOn } from './cases/resting.ts'
import { achMatrices, rate } from './cases/tradecraft/ach.ts'
import { disagreements } from './cases/tradecraft/disagreements.ts'
import { forecasts } from './cases/tradecraft/forecasts.ts'
import { addTask, listTasks, updateTask } from './cases/tradecraft/tasks.ts'
import { undo } from './cases/undo.ts'
import { kindInfos } from './cases/entities/list.ts'
import { exportRecords, type GivenFile, givenFile, listExports } from './cases/exchange/exchange.ts'
import { importAside, previewAside } from './cases/exchange/aside.ts'
import { exportContents } from './cases/exchange/contents.ts'
import { makeSample } from './cases/sample/sample.ts'
import { RELATION_RULES } from './cases/relations.ts'
import type { ExchangeSource } from './contract/exchange.ts'
import type { Change } from './contract/library.ts'
import { contract } from './contract/index.ts'
import { Failure, FAILURES, report } from './errors.ts'
import { board } from './findings/board.ts'
import { duplicateGroups, footageOf } from './findings/footage.ts'
import { judge, judgementsFor } from './findings/judge.ts'
import { priority } from './findings/priority.ts'
import { told, type Told } from './jobs/told.ts'
import { packetLane } from './media/packet-lane.ts'
import { decodePackets } from './media/packets.ts'
import { playback } from './media/playback.ts'
import { sealCase } from './reports/bundle/seal.ts'
import { exportReport, listReports } from './reports/export.ts'
import { createKey, listKeys } from './reports/keys.ts'
import { mergeBundle, previewMerge } from './reports/merge/merge.ts'
import { previewReport } from './reports/preview.ts'
import { reportPictures } from './reports/render.ts'
import { listTemplates, removeTemplate, renameTemplate, saveTemplate } from './reports/templates.ts'
import { LIBRARY_SIGNALS } from './signals/library-signals.ts'
import { verifyBundle } from './reports/verify-bundle.ts'
import { signalInfos, SIGNALS } from './signals/list.ts'
import { signalsOf } from './signals/models/added.ts'
import { entries } from './store/audit.ts'
import { listBackups } from './store/backup.ts'
import { custodyOf, describeEvidence, evidenceById } from './store/evidence.ts'
import { caseIdsOf } from './store/cases.ts'
import { kindCounts } from './store/entities.ts'
import { differencesOf } from './store/comparisons.ts'
import { currentFindings } from './store/findings.ts'
import { hashLists } from './store/hash-lists.ts'
import { matchById } from './store/matches.ts'
import { operations } from './store/operations.ts'
import { filmstripOf, mediaFacts, packetsOf, waveformOf } from './store/media.ts'
import { recents, suggestedFolder } from './store/recent.ts'
import { find } from './store/search/find.ts'
import { rebuildIndex } from './store/search/rebuild.ts'
import { removeView, savedViews, saveView } from './store/search/views.ts'
import { verifyLibrary } from './store/verify.ts'
import type { Workbench } from './workbench.ts'
import { basename, join } from 'node:path'

/** What waits for its turn while a thread writes an import. Whatever else would write then is refused (`store.busy`). */
const WRITES: ReadonlySet<string> = new Set(
  [
    'library.close library.open library.create library.restore intake.add intake.describe jobs.cancel jobs.retry',
    'matching.decide matching.compare matching.importList matching.removeList matching.exportFingerprints',
    'findings.judge findings.rerun cases.create cases.update cases.addEvidence cases.removeEvidence cases.file',
    'cases.createEntity cases.updateEntity cases.removeEntity cases.relate cases.unrelate records.assert',
    'records.editRelation records.dispute records.withdraw records.merge records.unmerge records.remove records.undo',
    'tradecraft.rate tradecraft.addTask tradecraft.updateTask reports.export reports.saveTemplate reports.renameTemplate',
    'reports.removeTemplate bundles.seal bundles.merge bundles.createKey search.rebuild search.saveView search.removeView',
    'exchange.export exchange.sample models.add models.remove media.playback',
  ].flatMap((line) => line.split(' ')),
)

/** Logs a bug where a developer can find it; the user is told only that there is one. */
export type BugLog = (error: unknown) => void

export function createRouter(bench: Workbench, logBug: BugLog) {
  const os = implement(contract).use(async ({ next, path }) => {
    try {
      if (bench.info() && WRITES.has(path.join('.'))) await bench.current().lib.free()
      return await next()
    } catch (error) {
      throw asTyped(error, logBug)
    }
  })
  const actor = bench.options.actor
  const lib = () => bench.current().lib
  const changedCase = <T>(id: string | null, value: T): T => {
    if (id) bench.publish({ kind: 'case', id })
    return value
  }
  const changedEvidence = (ids: readonly string[]): void => {
    for (const id of ids) bench.publish({ kind: 'evidence', id })
  }

  const placeOf = (source: ExchangeSource): string => ('path' in source ? source.path : bench.uploadPath(source.upload))

  /** Failures of long work are typed as those of other operations are. */
  async function* streamed<T>(...work: Parameters<typeof told<T>>): AsyncGenerator<Told<T>, void> {
    try {
      yield* told(...work)
    } catch (error) {
      throw asTyped(error, logBug)
    }
  }

  /** An upload stays until it was imported, so that its preview can be looked at again. */
  const given = async (source: ExchangeSource): Promise<GivenFile> =>
    'path' in source
      ? givenFile(source.path, basename(source.path))
      : givenFile(bench.uploadPath(source.upload), source.name)

  const changedRecord = <T>(id: string, value: T): T => {
    bench.publish({ kind: 'record', id })
    return value
  }

  return os.router({
    library: {
      state: os.library.state.handler(() => ({
        open: bench.info(),
        recent: recents(),
        suggestedFolder: suggestedFolder(),
      })),
      create: os.library.create.handler(({ input }) => bench.create(input.folder, input.name)),
      open: os.library.open.handler(({ input }) => bench.open(input.folder)),
      close: os.library.close.handler(async () => {
        await bench.close()
        return {}
      }),
      verify: os.library.verify.handler(() => verifyLibrary(lib())),
      backups: os.library.backups.handler(({ input }) => listBackups(join(input.folder, 'backups'))),
      restore: os.library.restore.handler(({ input }) => bench.restore(input.folder, input.file)),
      activity: os.library.activity.handler(({ input }) => entries(lib().db, input.limit, input.subject)),
      health: os.library.health.handler(() => bench.health()),
      changes: os.library.changes.handler(({ signal }) => changes(bench, signal)),
    },
    intake: {
      add: os.intake.add.handler(async ({ input }) => ({ items: await bench.current().intake.add(input) })),
      list: os.intake.list.handler(() => bench.current().intake.list()),
      describe: os.intake.describe.handler(({ input }) => {
        const described = describeEvidence(lib(), input.evidenceIds, input.details, actor)
        changedEvidence(input.evidenceIds)
        return described
      }),
      evidence: os.intake.evidence.handler(({ input }) => ({
        evidence: evidenceById(lib(), input.id),
        custody: custodyOf(lib(), input.id),
        caseIds: caseIdsOf(lib(), input.id),
      })),
    },
    media: {
      facts: os.media.facts.handler(({ input }) => mediaFacts(lib(), input.evidenceId)),
      playback: os.media.playback.handler(({ input }) => {
        const { lib, queue } = bench.current()
        return playback(lib, queue, input.evidenceId)
      }),
      filmstrip: os.media.filmstrip.handler(({ input }) => {
        const strip = filmstripOf(lib(), input.evidenceId)
        return strip && { ...strip, url: `/file/derived/${strip.sha256}` }
      }),
      packets: os.media.packets.handler(({ input }) => {
        const stored = packetsOf(lib(), input.evidenceId)
        return stored ? packetLane(decodePackets(stored), input.limit) : { total: 0, time: [], size: [], key: [] }
      }),
      waveform: os.media.waveform.handler(({ input }) => waveformOf(lib(), input.evidenceId)),
    },
    signals: {
      list: os.signals.list.handler(() =>
        bench.info() ? signalsOf(lib()) : [...signalInfos(SIGNALS), ...LIBRARY_SIGNALS],
      ),
    },
    models: {
      list: os.models.list.handler(() => bench.models.list()),
      get: os.models.get.handler(({ input }) => bench.models.get(input.id)),
      add: os.models.add.handler(({ input }) => bench.models.add(input)),
      remove: os.models.remove.handler(async ({ input }) => {
        await bench.models.remove(input.id)
        return {}
      }),
      verify: os.models.verify.handler(({ input }) => bench.models.verify(input.ids)),
      catalogue: os.models.catalogue.handler(() => bench.models.catalogue()),
    },
    jobs: {
      list: os.jobs.list.handler(({ input }) => bench.current().queue.list(input.evidenceId)),
      cancel: os.jobs.cancel.handler(({ input }) => bench.current().queue.cancel(input.ids)),
      retry: os.jobs.retry.handler(({ input }) => bench.current().queue.retry(input.ids)),
    },
    matching: {
      state: os.matching.state.handler(() => bench.current().matching.state()),
      forEvidence: os.matching.forEvidence.handler(({ input }) => footageOf(lib(), input.evidenceId)),
      get: os.matching.get.handler(({ input }) => matchById(lib(), input.id)),
      decide: os.matching.decide.handler(({ input }) => {
        const match = decideMatch(lib(), input, actor)
        changedEvidence([match.fresh.evidenceId, match.known.evidenceId])
        return changedCase(input.caseId, match)
      }),
      compare: os.matching.compare.handler(({ input }) => {
        const { id, fresh } = matchById(lib(), input.id)
        return bench.current().queue.enqueue('compare', fresh.evidenceId, id)
      }),
      differences: os.matching.differences.handler(({ input }) =>
        differencesOf(lib(), bench.current().queue.list, input.id),
      ),
      groups: os.matching.groups.handler(() => duplicateGroups(lib())),
      matchFile: os.matching.matchFile.handler(({ input }) => bench.footage.matchFile(input.path)),
      lists: os.matching.lists.handler(() => hashLists(lib())),
      importList: os.matching.importList.handler(({ input }) => bench.footage.importList(input)),
      removeList: os.matching.removeList.handler(async ({ input }) => {
        await bench.footage.removeList(input.id)
        return {}
      }),
      exportFingerprints: os.matching.exportFingerprints.handler(({ input }) =>
        bench.footage.export(input.format, input.evidenceIds),
      ),
    },
    findings: {
      board: os.findings.board.handler(() => {
        const { lib, queue } = bench.current()
        return board(lib, queue.list(), signalsOf(lib))
      }),
      forEvidence: os.findings.forEvidence.handler(({ input }) => {
        const { lib, queue } = bench.current()
        const infos = signalsOf(lib)
        const order = infos.map(({ id }) => id)
        const found = currentFindings(lib, input.evidenceId, order)
        // While signals are still to come, "none found" would be said of what nobody has looked at yet.
        const pending =
          found.length < infos.length &&
          queue
            .list(input.evidenceId)
            .some((job) => job.kind === 'triage' && (job.state === 'queued' || job.state === 'running'))
        return {
          findings: found,
          priority:
            found.length && !pending
              ? priority(
                  found.map((f) => f.output),
                  infos,
                )
              : null,
          judgements: judgementsFor(lib, input.evidenceId),
        }
      }),
      judge: os.findings.judge.handler(({ input }) => {
        const judgement = judge(lib(), input, actor)
        changedEvidence([input.evidenceId])
        return changedCase(input.caseId, judgement)
      }),
      rerun: os.findings.rerun.handler(({ input }) => {
        evidenceById(lib(), input.evidenceId)
        return bench.current().queue.enqueue('triage', input.evidenceId)
      }),
    },
    cases: {
      list: os.cases.list.handler(() => caseRecords.listCases(lib())),
      create: os.cases.create.handler(({ input }) => {
        const made = caseRecords.createCase(lib(), input, actor)
        return changedCase(made.id, made)
      }),
      update: os.cases.update.handler(({ input }) =>
        changedCase(input.id, caseRecords.updateCase(lib(), input.id, input.revision, input.fields, actor)),
      ),
      get: os.cases.get.handler(({ input }) => caseRecords.getCase(lib(), input.id)),
      addEvidence: os.cases.addEvidence.handler(({ input }) => {
        const detail = caseRecords.addEvidence(lib(), input.caseId, input.evidenceIds, actor)
        changedEvidence(input.evidenceIds)
        return changedCase(input.caseId, detail)
      }),
      removeEvidence: os.cases.removeEvidence.handler(({ input }) => {
        const detail = caseRecords.removeEvidence(lib(), input.caseId, input.evidenceId, actor)
        changedEvidence([input.evidenceId])
        return changedCase(input.caseId, detail)
      }),
      file: os.cases.file.handler(({ input }) => {
        const detail = fileEvidence(lib(), input, actor)
        changedEvidence([input.evidenceId])
        return changedCase(detail.case.id, detail)
      }),
      kinds: os.cases.kinds.handler(() => ({ kinds: kindInfos(), relations: RELATION_RULES })),
      entities: os.cases.entities.handler(({ input }) => caseRecords.listEntities(lib(), input)),
      createEntity: os.cases.createEntity.handler(({ input: { caseId, ...fields } }) =>
        changedCase(caseId, caseRecords.createEntity(lib(), fields, caseId, actor)),
      ),
      updateEntity: os.cases.updateEntity.handler(({ input }) =>
        changedRecord(input.id, caseRecords.updateEntity(lib(), input.id, input.revision, input.fields, actor)),
      ),
      removeEntity: os.cases.removeEntity.handler(({ input }) => {
        caseRecords.removeEntity(lib(), input.caseId, input.entityId, actor)
        return changedCase(input.caseId, {})
      }),
      relate: os.cases.relate.handler(({ input: { caseId, ...relation } }) =>
        changedCase(caseId, caseRecords.relate(lib(), relation, caseId, actor)),
      ),
      unrelate: os.cases.unrelate.handler(({ input }) => {
        caseRecords.unrelate(lib(), input.relationId, actor)
        return changedRecord(input.relationId, {})
      }),
    },
    records: {
      get: os.records.get.handler(({ input }) => recordDetail(lib(), input.id)),
      assert: os.records.assert.handler(({ input }) => {
        assertValue(lib(), input, actor)
        return changedRecord(input.entityId, recordDetail(lib(), input.entityId))
      }),
      editRelation: os.records.editRelation.handler(({ input }) =>
        changedRecord(input.id, editRelation(lib(), input.id, input.fields, actor)),
      ),
      dispute: os.records.dispute.handler(({ input }) => {
        const operation = dispute(lib(), input.of, input.disputed, input.reason, actor)
        return changedRecord(operation.subject, { operation })
      }),
      withdraw: os.records.withdraw.handler(({ input }) => {
        const operation = withdraw(lib(), input.of, input.reason, actor)
        return changedRecord(operation.subject, { operation })
      }),
      merge: os.records.merge.handler(({ input }) => {
        const { id } = merge(lib(), input.into, input.from, input.reason, actor)
        return changedRecord(id, recordDetail(lib(), id))
      }),
      unmerge: os.records.unmerge.handler(({ input }) => {
        const { id } = unmerge(lib(), input.id, actor)
        return changedRecord(id, recordDetail(lib(), id))
      }),
      remove: os.records.remove.handler(({ input }) =>
        changedRecord(input.id, { operation: deleteEntity(lib(), input.id, input.revision, actor) }),
      ),
      operations: os.records.operations.handler(({ input }) => operations(lib(), input)),
      undo: os.records.undo.handler(({ input }) => {
        const { operation, filed, caseIds } = undo(lib(), input.operationId, actor)
        changedEvidence(filed.map(({ evidenceId }) => evidenceId))
        for (const id of caseIds) bench.publish({ kind: 'case', id })
        return changedRecord(operation.subject, { operation })
      }),
      pick: os.records.pick.handler(({ input }) => pick(lib(), input)),
      restingOn: os.records.restingOn.handler(({ input }) => restingOn(lib(), input)),
      outdated: os.records.outdated.handler(({ input }) => outdated(lib(), input.caseId)),
      designatedOn: os.records.designatedOn.handler(({ input }) => designatedOn(lib(), input.subjectId, input.date)),
      duplicates: os.records.duplicates.handler(({ input }) => duplicates(lib(), input)),
    },
    graph: {
      neighbours: os.graph.neighbours.handler(({ input }) => neighbours(lib(), input.id, input)),
      path: os.graph.path.handler(({ input }) => path(lib(), input.from, input.to, input.longest)),
      ofCase: os.graph.ofCase.handler(({ input }) => graphOfCase(lib(), input.caseId, input.limit)),
      counts: os.graph.counts.handler(({ input }) => kindCounts(lib(), input.caseId)),
      timeline: os.graph.timeline.handler(({ input }) => timeline(lib(), input.caseId)),
      metrics: os.graph.metrics.handler(({ input }) => metrics(lib(), input.caseId)),
      monthly: os.graph.monthly.handler(({ input }) => monthly(lib(), input.caseId, input.kind, input.by)),
      countries: os.graph.countries.handler(({ input }) => countries(lib(), input.caseId)),
      techniques: os.graph.techniques.handler(({ input }) => techniques(lib(), input.caseId, input.actorId)),
    },
    tradecraft: {
      ach: os.tradecraft.ach.handler(({ input }) => achMatrices(lib(), input.caseId)),
      rate: os.tradecraft.rate.handler(({ input }) => {
        rate(lib(), input, actor)
        return changedRecord(input.hypothesisId, {})
      }),
      forecasts: os.tradecraft.forecasts.handler(({ input }) => forecasts(lib(), input.caseId, Date.now())),
      disagreements: os.tradecraft.disagreements.handler(({ input }) => disagreements(lib(), input.caseId)),
      tasks: os.tradecraft.tasks.handler(({ input }) => listTasks(lib(), input.caseId)),
      addTask: os.tradecraft.addTask.handler(({ input }) =>
        changedCase(input.caseId, addTask(lib(), input.caseId, input.task, actor)),
      ),
      updateTask: os.tradecraft.updateTask.handler(({ input }) => {
        const task = updateTask(lib(), input.id, input.revision, input.task, actor)
        return changedCase(task.caseId, task)
      }),
    },
    reports: {
      preview: os.reports.preview.handler(({ input }) => previewReport(lib(), input)),
      export: os.reports.export.handler(({ input }) => exportReport(lib(), input, actor)),
      list: os.reports.list.handler(({ input }) => listReports(lib(), input.caseId)),
      pictures: os.reports.pictures.handler(({ input }) => reportPictures(lib(), input)),
      templates: os.reports.templates.handler(() => listTemplates(lib())),
      saveTemplate: os.reports.saveTemplate.handler(({ input }) => saveTemplate(lib(), input, actor)),
      renameTemplate: os.reports.renameTemplate.handler(({ input }) =>
        renameTemplate(lib(), input.id, input.name, actor),
      ),
      removeTemplate: os.reports.removeTemplate.handler(({ input }) => {
        removeTemplate(lib(), input.id, actor)
        return {}
      }),
    },
    search: {
      find: os.search.find.handler(({ input }) => find(lib(), input)),
      rebuild: os.search.rebuild.handler(() => ({ indexed: rebuildIndex(lib()) })),
      views: os.search.views.handler(({ input }) => savedViews(lib(), input.screen)),
      saveView: os.search.saveView.handler(({ input }) => saveView(lib(), input, actor)),
      removeView: os.search.removeView.handler(({ input }) => {
        removeView(lib(), input.id, actor)
        return {}
      }),
    },
    exchange: {
      preview: os.exchange.preview.handler(async ({ input: { source, mapping, run } }) =>
        bench.exchange.follow(run, async (follow) => previewAside(lib(), await given(source), mapping, follow)),
      ),
      import: os.exchange.import.handler(async ({ input: { source, run, ...options } }) => {
        const imported = await bench.exchange.follow(run, async (follow) =>
          importAside(lib(), await given(source), options, actor, follow),
        )
        if ('upload' in source) await bench.abortUpload(source.upload)
        // Too many records to name each: everything that is shown is asked for again.
        bench.publish({ kind: 'library' })
        for (const id of imported.caseIds) bench.publish({ kind: 'case', id })
        return imported
      }),
      cancel: os.exchange.cancel.handler(({ input }) => {
        bench.exchange.cancel(input.run)
        return {}
      }),
      contents: os.exchange.contents.handler(({ input }) => exportContents(lib(), input.caseIds)),
      export: os.exchange.export.handler(({ input }) => exportRecords(lib(), input, actor)),
      list: os.exchange.list.handler(() => listExports(lib())),
      sample: os.exchange.sample.handler(async ({ input }) => {
        await bench.create(input.folder, 'Worked example')
        const caseId = makeSample(lib(), actor)
        bench.publish({ kind: 'case', id: caseId })
        return { library: bench.info()!, caseId }
      }),
    },
    disarm: {
      tactics: os.disarm.tactics.handler(() => {
        const { tactics, attribution, asOf } = disarm()
        return { tactics, attribution, asOf }
      }),
      techniques: os.disarm.techniques.handler(({ input }) => findTechniques(input.text, input.limit)),
    },
    bundles: {
      seal: os.bundles.seal.handler(({ input, signal }) => {
        // A page, whoever wrote it, names no places on this machine.
        if (input.out && bench.options.host !== 'command-line') throw new Failure('request.denied')
        return streamed(signal, (tell, cancelled) => sealCase(lib(), input, actor, { onProgress: tell, cancelled }))
      }),
      previewMerge: os.bundles.previewMerge.handler(({ input: { source, ...order }, signal }) =>
        streamed(signal, (onProgress, cancelled) =>
          previewMerge(lib(), { ...order, path: placeOf(source) }, { onProgress, cancelled }),
        ),
      ),
      merge: os.bundles.merge.handler(({ input: { source, ...order }, signal }) =>
        streamed(signal, async (onProgress, cancelled) => {
          const merged = await mergeBundle(lib(), { ...order, path: placeOf(source) }, { onProgress, cancelled }, actor)
          bench.publish({ kind: 'library' })
          changedEvidence(merged.evidenceIds)
          return changedCase(merged.caseId, merged)
        }),
      ),
      rerun: os.bundles.rerun.handler(({ input: { source, ...order }, signal }) =>
        streamed(signal, (tell, cancelled) => bench.rerun({ ...order, path: placeOf(source) }, tell, cancelled)),
      ),
      verify: os.bundles.verify.handler(({ input }) => verifyBundle(input.path, input.fingerprint, input.passphrase)),
      keys: os.bundles.keys.handler(() => listKeys(lib())),
      createKey: os.bundles.createKey.handler(({ input }) => createKey(lib(), input, actor)),
    },
  })
}

export type Router = ReturnType<typeof createRouter>

/** A failure becomes the contract's typed error of the same code; input that does not parse becomes `request.invalid`. */
function asTyped(error: unknown, logBug: BugLog): ORPCError<string, unknown> {
  if (error instanceof ORPCError) {
    if (error.code !== 'BAD_REQUEST') return error
    return failure('request.invalid', explain(error.data))
  }
  const told = report(error)
  if (told.code === 'internal') {
    logBug(error)
    return new ORPCError('INTERNAL_SERVER_ERROR', { message: told.message, cause: error })
  }
  return failure(told.code, told.detail)
}

function failure(code: keyof typeof FAILURES, detail: string | undefined): ORPCError<string, unknown> {
  const { status, message, remedy, retryable } = FAILURES[code]
  return new ORPCError(code, { defined: true, status, message, data: { remedy, retryable, detail } })
}

/** Names the fields that did not parse. */
function explain(data: unknown): string {
  const issues = (data as { issues?: { path?: (string | number)[]; message?: string }[] } | undefined)?.issues ?? []
  return issues.map((issue) => `${issue.path?.join('.') || 'request'}: ${issue.message}`).join('; ')
}

/**
 * Changes as they happen, for one listener. A slow listener gets the latest state of each thing rather than every step:
 * changes of the same subject that it has not taken yet are replaced.
 */
async function* changes(bench: Workbench, signal: AbortSignal | undefined): AsyncGenerator<Change> {
  const waiting = new Map<string, Change>()
  let wake = (): void => {}
  const stop = bench.subscribe((change) => {
    const subject =
      'id' in change ? change.id : 'job' in change ? change.job.id : 'item' in change ? change.item.id : ''
    waiting.delete(`${change.kind}:${subject}`)
    waiting.set(`${change.kind}:${subject}`, change)
    wake()
  })
  const aborted = (): void => wake()
  signal?.addEventListener('abort', aborted)
  try {
    yield { kind: 'library' }
    while (!signal?.aborted) {
      const [next] = waiting
      if (next) {
        waiting.delete(next[0])
        yield next[1]
      } else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', aborted)
    stop()
  }
}
