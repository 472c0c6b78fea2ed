/**
 * A reporter for vitest beside its own: writes down what went wrong outside of any test, which the JSON report leaves
 * out. `ASSAY_TEST_CRASHES` names the file.
 */
import { writeFileSync } from 'node:fs'

export default class Crashes {
  onTestRunEnd(_modules, errors) {
    const file = process.env.ASSAY_TEST_CRASHES
    if (!file) return
    const words = (error) => [error?.message ?? String(error), ...(error?.cause ? words(error.cause) : [])]
    writeFileSync(file, JSON.stringify(errors.map((error) => words(error).join('\n'))))
  }
}
