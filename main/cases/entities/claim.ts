import { choice, dated, description, kind, longText, reference, text } from './kind.ts'

const STANCES = ['statement', 'denial'] as const

/** What somebody said, on the record (extension `claim`, and a STIX `note`). What it denies or supports is a relation. */
export const claim = kind({
  kind: 'claim',
  label: 'Claim',
  plural: 'Claims',
  stix: 'claim',
  help: 'What somebody stated or denied, with who, when and about what. It is recorded as said, not as true.',
  fields: [
    choice('stance', 'Stance', STANCES, 'Whether it states something or denies it.'),
    reference('speaker', 'Speaker', ['identity', 'actor', 'account', 'channel'], 'Who said it.'),
    longText('quote', 'Quote', 'The words as spoken or written, in their language.'),
    longText('paraphrase', 'Paraphrase', 'What it says, in one or two sentences.'),
    dated('date', 'Date', 'When it was said.'),
    text('about', 'About', 'What it is about, where no record stands for it yet.'),
    text('language', 'Language', 'Of the quote.'),
    description(),
  ],
})
