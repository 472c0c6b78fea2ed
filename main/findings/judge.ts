/** The analyst's own judgement, recorded beside the findings and never drawn from them. */
import { randomUUID } from 'node:crypto'
import { LIKELIHOODS } from '../contract/common.ts'
import type { Band, Judgement, JudgementInput } from '../contract/findings.ts'
import { Failure } from '../errors.ts'
import { signalsOf } from '../signals/models/added.ts'
import { caseById } from '../store/cases.ts'
import { evidenceById } from '../store/evidence.ts'
import { findingById } from '../store/findings.ts'
import { insertJudgement, judgementsOf } from '../store/judgements.ts'
import type { Actor, Library } from '../store/library.ts'
import { prioritiesOf } from './measured.ts'

/**
 * Records a judgement with the band that the machine showed at that moment.
 *
 * @throws Failure record.not-found for an unknown item, case or finding; request.invalid for a finding of another item
 */
export function judge(lib: Library, input: JudgementInput, actor: Actor): Judgement {
  return lib.change(actor, (record) => {
    evidenceById(lib, input.evidenceId)
    if (input.caseId) caseById(lib, input.caseId)
    for (const id of input.findingIds) {
      const cited = findingById(lib, id)
      if (!cited) throw new Failure('record.not-found', `There is no finding ${id}.`)
      if (cited.evidenceId !== input.evidenceId)
        throw new Failure('request.invalid', `The finding ${id} is about another item.`)
    }
    const measured = prioritiesOf(lib, [input.evidenceId], signalsOf(lib)).get(input.evidenceId)
    const machineBand = measured?.band ?? 'inconclusive'
    const judgement: Judgement = {
      id: randomUUID(),
      evidenceId: input.evidenceId,
      caseId: input.caseId,
      statement: input.statement,
      likelihood: input.likelihood,
      confidence: input.confidence,
      reasoning: input.reasoning,
      findingIds: [...new Set(input.findingIds)],
      machineBand,
      disagrees: disagrees(input.statement, input.likelihood, machineBand),
      author: input.author,
      at: new Date().toISOString(),
    }
    insertJudgement(lib, judgement)
    record('judgement.recorded', judgement.evidenceId, judgement)
    return judgement
  })
}

/** Judgements about one item, newest first. */
export const judgementsFor = (lib: Library, evidenceId: string): Judgement[] => judgementsOf(lib, evidenceId)

/** Words by which a statement speaks of manipulation, in the languages that analysts of the field write most. */
const MANIPULATION =
  /manipulat|alter|tamper|doctored|synthe|generat|deepfake|\bfake|splice|edited|forge|تلاعب|معد[ّ]?ل|مفبرك|مزي[ّ]?ف|مصطنع|مول[ّ]?د|دستکاری|جعل|ساختگی|מניפול|זויף|מזויף|נערך|подде|монтаж|изменен|truqu|manipul/iu
const NEGATION =
  /\bnot?\b|n[’']t\b|\bnever\b|\bnone\b|\bwithout\b|\bun(?:altered|edited|manipulated|tampered)|(?:^|\s)(?:لم|ليس|ليست|غير|لا)\s|نشده|نیست|(?:^|\s)(?:לא|אין|ללא)\s|(?:^|\s)(?:не|нет|без)\s/iu

/**
 * Whether judgement and band point opposite ways. For a statement that the item was manipulated: at least `likely` while
 * no indicators were found, or at most `unlikely` while there are strong ones. For a statement that it was not, the
 * other way round. Statements about anything else, and judgements without a likelihood, never disagree with a band.
 */
export function disagrees(statement: string, likelihood: string | null, band: Band): boolean {
  if (!likelihood || !MANIPULATION.test(statement)) return false
  const place = LIKELIHOODS.findIndex((term) => term.id === likelihood)
  const likely = place >= LIKELIHOODS.findIndex((term) => term.id === 'likely')
  const unlikely = place <= LIKELIHOODS.findIndex((term) => term.id === 'unlikely')
  const [holds, fails] = NEGATION.test(statement) ? [unlikely, likely] : [likely, unlikely]
  return (holds && band === 'none') || (fails && band === 'strong')
}
