/** `assay search TEXT`. */
import { Command, Option } from 'commander'
import { SearchKind } from '../../contract/search.ts'
import { inLibrary } from './session.ts'
import { jsonLine, table } from './terminal.ts'

interface Options {
  library: string
  kind?: SearchKind[]
  limit: string
  json: boolean
}

export function searchCommand(): Command {
  return new Command('search')
    .description('find records, items, judgements and findings by any of their words, in any script')
    .argument('<text...>', 'every word must be found; the beginning of a word is enough')
    .requiredOption('--library <dir>', 'the library')
    .addOption(new Option('--kind <kind...>', 'only these').choices(SearchKind.options))
    .option('--limit <n>', 'how many at most', '30')
    .option('--json', 'one JSON document per hit and line', false)
    .action((words: string[], { library, kind = [], limit, json }: Options) =>
      inLibrary({ folder: library }, async ({ client }) => {
        const found = await client.search.find({ text: words.join(' '), kinds: kind, limit: Number(limit) })
        if (json) return found.hits.forEach((hit) => console.log(jsonLine(hit)))
        if (!found.hits.length) return console.error('Nothing has these words.')
        console.log(table(found.hits.map((hit) => [hit.kind, hit.title.text, hit.snippet?.text ?? ''])))
        if (found.more) console.error('There are more; give --limit or another word.')
      }),
    )
}
