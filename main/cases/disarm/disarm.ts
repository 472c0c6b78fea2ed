/**
 * Techniques of the DISARM Framework (DISARM Foundation, CC BY-SA 4.0): ids, names and tactics, for looking up and for
 * exchange. The list beside this file is made by scripts/make-disarm.ts from DISARM's own bundle.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { DisarmTactic, DisarmTechnique } from '../../contract/disarm.ts'
import { fold } from '../../store/search/fold.ts'

const File = z.object({
  attribution: z.string(),
  licence: z.string(),
  asOf: z.string(),
  tactics: z.array(DisarmTactic),
  techniques: z.array(DisarmTechnique),
})
type File = z.infer<typeof File>

let loaded: File | null = null
/** The whole list; read when first wanted. */
export const disarm = (): File =>
  (loaded ??= File.parse(JSON.parse(readFileSync(new URL('techniques.json', import.meta.url), 'utf8'))))

/** What STIX calls the kill chain: DISARM's own bundle says `mitre-attack`; Assay reads both and writes the first. */
export const KILL_CHAINS = ['disarm', 'mitre-attack'] as const

/** DISARM's own ids, such as `T0088` and `T0088.001`. */
export const DISARM_ID = /^T\d{4}(\.\d{3})?$/
/** A desk's own sub-technique below one of DISARM's: `T0088.L01`. The letter keeps it apart from any later id of DISARM. */
export const LOCAL_ID = /^T\d{4}\.L\d{2}$/

export const isLocal = (id: string): boolean => LOCAL_ID.test(id)

/** DISARM's technique of that id; undefined for one that is local or not known. */
export const techniqueById = (id: string): DisarmTechnique | undefined =>
  disarm().techniques.find((one) => one.id === id)

/** The technique of that name, whatever its case. MISP's galaxy names techniques by this. */
export function techniqueByName(name: string): DisarmTechnique | undefined {
  const folded = fold(name)
  return disarm().techniques.find((one) => fold(one.name) === folded)
}

/** A local sub-technique has the tactics of the technique it stands below. */
export const tacticsOf = (id: string): DisarmTactic[] => {
  const tactics = techniqueById(id)?.tactics ?? techniqueById(id.replace(/\.(L\d{2}|\d{3})$/, ''))?.tactics ?? []
  return disarm().tactics.filter((tactic) => tactics.includes(tactic.id))
}

/** Techniques whose id or name holds every word of the text, those of which the name begins with it first. */
export function findTechniques(text: string, limit: number): DisarmTechnique[] {
  const words = fold(text).split(' ').filter(Boolean)
  const [first = ''] = words
  return disarm()
    .techniques.map((one) => ({ one, folded: fold(`${one.id} ${one.name}`) }))
    .filter(({ folded }) => words.every((word) => folded.includes(word)))
    .sort((a, b) => Number(b.folded.includes(` ${first}`)) - Number(a.folded.includes(` ${first}`)))
    .slice(0, limit)
    .map(({ one }) => one)
}
