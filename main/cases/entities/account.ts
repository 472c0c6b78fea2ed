import { z } from 'zod'
import { attributes, list, longText, text, url, type Kind } from './kind.ts'

const STATES = ['active', 'restricted', 'removed', 'unknown'] as const
/** `value; date; source`: a number that held on one day, and who says so. */
const observation = text.regex(
  /^\d[\d,. ]*\s*;\s*\d{4}(-\d{2}(-\d{2})?)?\s*;\s*\S.*$/,
  'number; date; source, such as 5000000; 2024-02-08; Meta',
)

/** An account on a platform (STIX `user-account`). */
export const account: Kind = {
  kind: 'account',
  label: 'Account',
  plural: 'Accounts',
  stix: 'user-account',
  help: 'An account on a platform, with the state in which it was last seen.',
  attributes: attributes({
    platform: text,
    handle: text,
    url,
    language: text,
    state: z.enum(STATES),
    followers: list.pipe(z.array(observation)),
    description: longText,
  }),
  fields: [
    { name: 'platform', label: 'Platform', type: 'text', help: 'Instagram, Telegram, X, YouTube, …' },
    { name: 'handle', label: 'Handle', type: 'text', help: 'As the platform writes it, with or without @.' },
    { name: 'url', label: 'Address', type: 'url', help: 'Shown as text; Assay never opens it.' },
    { name: 'language', label: 'Language', type: 'text', help: 'Main language of what it posts.' },
    { name: 'state', label: 'State', type: 'choice', choices: [...STATES], help: 'As last seen.' },
    {
      name: 'followers',
      label: 'Follower counts',
      type: 'list',
      help: 'One observation per line: number; date; source. For example 5000000; 2024-02-08; news report.',
    },
    { name: 'description', label: 'Description', type: 'long-text', help: 'What it posts, who is said to run it.' },
  ],
}
