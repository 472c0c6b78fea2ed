/**
 * Traffic Light Protocol marks in STIX. Written as TLP 2.0 (the OASIS common objects repository, extension `tlp-2.0`,
 * October 2022); the four of TLP 1.0 that STIX 2.1 itself defines (section 7.2.1.4) are read as well.
 */
import { TLP_LEVELS, type Tlp } from '../../../contract/common.ts'
import { strictest } from '../../../store/evidence.ts'

const EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'
const OURS: Readonly<Record<Tlp, string>> = {
  CLEAR: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
  RED: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
}
const OLDER: Readonly<Record<string, Tlp>> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'CLEAR',
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'GREEN',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'AMBER',
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'RED',
}

export const markingId = (tlp: Tlp): string => OURS[tlp]

export const markingObject = (tlp: Tlp): Record<string, unknown> => ({
  type: 'marking-definition',
  spec_version: '2.1',
  id: OURS[tlp],
  created: '2022-10-01T00:00:00.000Z',
  name: `TLP:${tlp}`,
  extensions: { [EXTENSION]: { extension_type: 'property-extension', tlp_2_0: tlp.toLowerCase() } },
})

const BY_ID = new Map([...TLP_LEVELS.map((tlp) => [OURS[tlp], tlp] as const), ...Object.entries(OLDER)])

/** The mark of an object, the strictest where it has several; null where it has none of TLP. */
export function tlpOf(refs: unknown): Tlp | null {
  const marks = (Array.isArray(refs) ? refs : []).flatMap((ref) => BY_ID.get(String(ref)) ?? [])
  return marks.length ? strictest(marks) : null
}
