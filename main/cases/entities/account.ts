import { choice, dated, description, kind, observations, text, url } from './kind.ts'

const STATES = ['active', 'restricted', 'removed', 'unknown'] as const

/** An account on a platform (STIX `user-account`). */
export const account = kind({
  kind: 'account',
  label: 'Account',
  plural: 'Accounts',
  stix: 'user-account',
  help: 'An account on a platform, with the state in which it was last seen.',
  fields: [
    text('platform', 'Platform', 'Instagram, Telegram, X, YouTube, …'),
    text('handle', 'Handle', 'As the platform writes it, with or without @.'),
    url('url', 'Address', 'Shown as text; Assay never opens it.'),
    text('language', 'Language', 'Main language of what it posts.'),
    choice('state', 'State', STATES, 'As last seen.'),
    dated('created', 'Created', 'When the platform says that it was opened.'),
    observations(
      'followers',
      'Follower counts',
      'One observation per line: number; date; source. For example 5000000; 2024-02-08; news report.',
    ),
    description('What it posts, who is said to run it.'),
  ],
})
