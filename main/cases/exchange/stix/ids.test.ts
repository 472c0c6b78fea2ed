import { describe, expect, it } from 'vitest'
import { TLP_LEVELS } from '../../../contract/common.ts'
import { observableId, typeOf, uuid5, uuidOf } from './ids.ts'
import { markingId, markingObject, tlpOf } from './tlp.ts'

describe('ids', () => {
  it('by name are those of RFC 9562 (DNS namespace)', () => {
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })

  it('of observables follow from their contributing properties alone, in any order', () => {
    const id = observableId('user-account', { account_type: 'x', account_login: 'y' })
    expect(observableId('user-account', { account_login: 'y', account_type: 'x' })).toBe(id)
    expect(id).toMatch(/^user-account--[0-9a-f]{8}-[0-9a-f]{4}-5/)
    expect(typeOf(id)).toBe('user-account')
    expect(uuidOf(id)).toHaveLength(36)
    for (const none of ['user-account', '--', 'x--1', 7, null]) expect(uuidOf(none)).toBeNull()
  })
})

describe('TLP', () => {
  it('marks are told by their published ids, those of TLP 1.0 too, and the strictest counts', () => {
    for (const level of TLP_LEVELS) expect(tlpOf([markingId(level)])).toBe(level)
    expect(tlpOf(['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9'])).toBe('CLEAR')
    expect(tlpOf([markingId('GREEN'), 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'else'])).toBe('RED')
    expect([tlpOf(undefined), tlpOf([]), tlpOf(['else'])]).toEqual([null, null, null])
    expect(markingObject('AMBER+STRICT')).toMatchObject({ id: 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', name: 'TLP:AMBER+STRICT' }) // prettier-ignore
  })
})
