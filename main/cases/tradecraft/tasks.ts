/** Open questions and tasks of a case. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Task, TaskFields } from '../../contract/tradecraft.ts'
import { Failure } from '../../errors.ts'
import { caseById } from '../../store/cases.ts'
import type { Actor, Library } from '../../store/library.ts'
import { operate } from '../../store/operations.ts'
import { putTask, taskById, tasksOf } from '../../store/tasks.ts'

type Fields = z.infer<typeof TaskFields>

/** Open ones first. @throws Failure record.not-found */
export function listTasks(lib: Library, caseId: string): Task[] {
  caseById(lib, caseId)
  return tasksOf(lib, caseId)
}

/** @throws Failure record.not-found */
export function addTask(lib: Library, caseId: string, fields: Fields, actor: Actor): Task {
  const step = (made: Task) => ({
    action: 'task.added',
    title: `noted the ${made.kind} “${made.text}”`,
    subject: caseId,
  })
  return operate(lib, actor, step, (record) => {
    caseById(lib, caseId)
    const at = new Date().toISOString()
    const made: Task = { ...fields, id: randomUUID(), caseId, createdAt: at, updatedAt: at, revision: 1 }
    putTask(lib, made)
    record('task.added', caseId, made)
    return made
  })
}

/** @throws Failure record.not-found | record.conflict */
export function updateTask(lib: Library, id: string, revision: number, fields: Partial<Fields>, actor: Actor): Task {
  const step = (after: Task) => ({
    action: 'task.updated',
    title: `changed the ${after.kind} “${after.text}”`,
    subject: after.caseId,
  })
  return operate(lib, actor, step, (record) => {
    const before = taskById(lib, id)
    if (before.revision !== revision) throw new Failure('record.conflict', before.text)
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    const after: Task = { ...before, ...given, revision: revision + 1, updatedAt: new Date().toISOString() }
    putTask(lib, after)
    record('task.updated', before.caseId, { id, revision: after.revision, fields: given })
    return after
  })
}
