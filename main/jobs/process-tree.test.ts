import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { descendants, groupMembers, isAlive, residentBytes, signalProcess } from './process-tree.ts'

describe.skipIf(process.platform !== 'linux')('what /proc says', () => {
  it('finds what a process started, also in another group, and tells when it is gone', async () => {
    const shell = spawn('/bin/sh', ['-c', 'setsid sleep 600 & echo started; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    await once(shell.stdout, 'data')
    const pid = shell.pid!
    let found = descendants(pid)
    for (let i = 0; i < 100 && !found.length; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      found = descendants(pid)
    }
    expect(found).toHaveLength(1)
    expect(groupMembers(pid)).toContain(pid)
    expect(residentBytes(pid)).toBeGreaterThan(0)
    for (const one of found) signalProcess(one.pid, 'SIGKILL')
    signalProcess(-pid, 'SIGKILL')
    await once(shell, 'exit')
    const lingers = (): boolean => groupMembers(pid).length > 0 || found.some(isAlive)
    for (let i = 0; i < 200 && lingers(); i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(groupMembers(pid)).toEqual([])
    expect(found.map(isAlive)).toEqual([false])
    expect(residentBytes(pid)).toBeNull()
  })

  it('does not take a later process of the same id for the one it knew', () => {
    expect(isAlive({ pid: process.pid, startTime: '1' })).toBe(false)
  })

  it('makes no fuss about signalling what is already gone', () => {
    expect(() => signalProcess(2 ** 22 + 12345, 'SIGKILL')).not.toThrow()
  })
})
