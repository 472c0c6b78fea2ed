/** Folders of model folders that a command was given besides the bundled one. */
import { join, resolve } from 'node:path'

export const modelFolders = ({ library, models }: { library?: string; models?: string }): string[] => [
  ...(library === undefined ? [] : [join(resolve(library), 'models')]),
  ...(models === undefined ? [] : [resolve(models)]),
]
