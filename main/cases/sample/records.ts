/**
 * The records of the worked example. Each is said by one source (`by`); null is the analyst of the example. Dates are as
 * exact as the source is: a month where only the month is known.
 */
import type { EntityKind, RelationType } from '../../contract/cases.ts'
import type { Sourcing } from '../../contract/common.ts'
import type { Consistency } from '../../contract/values.ts'

export interface SampleRecord {
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly by: string | null
  readonly attributes?: Record<string, unknown>
  readonly credibility?: Sourcing['credibility']
  /** How sure the example's analyst is: of their own statements only. */
  readonly confidence?: Sourcing['confidence']
  /** Attributes that name another record by its key. */
  readonly references?: Readonly<Record<string, string>>
}

const approximate = (value: string) => ({ value, precision: 'approximate', zone: 'UTC' }) as const

// prettier-ignore
export const RECORDS: readonly SampleRecord[] = [
  { key: 'khamenei', kind: 'identity', name: 'Ali Khamenei', by: 'news',
    attributes: { class: 'person', country: 'IR', role: 'Supreme Leader of Iran', aliases: ['Ayatollah Ali Khamenei', 'علی خامنه‌ای (Persian)', 'علي خامنئي (Arabic)'] } },
  { key: 'iran', kind: 'identity', name: 'Government of Iran', by: 'news',
    attributes: { class: 'government body', country: 'IR', aliases: ['Tehran', 'Islamic Republic of Iran', 'جمهوری اسلامی ایران (Persian)'] } },
  { key: 'irgc', kind: 'identity', name: 'Islamic Revolutionary Guard Corps', by: 'microsoft',
    attributes: { class: 'government body', country: 'IR', aliases: ['IRGC', 'سپاه پاسداران انقلاب اسلامی (Persian)'] } },
  { key: 'meta-platforms', kind: 'identity', name: 'Meta', by: 'news', attributes: { class: 'organisation', country: 'US', description: 'Operator of Facebook and Instagram.' } },
  { key: 'microsoft-corp', kind: 'identity', name: 'Microsoft', by: 'microsoft', attributes: { class: 'organisation', country: 'US' } },
  { key: 'state', kind: 'identity', name: 'U.S. Department of State', by: 'fto', attributes: { class: 'government body', country: 'US' } },
  { key: 'hamas', kind: 'identity', name: 'Hamas', by: 'fto', attributes: { class: 'group', aliases: ['Islamic Resistance Movement', 'حماس (Arabic)'] } },
  { key: 'houthis', kind: 'identity', name: 'Ansarallah (the Houthis)', by: 'sdgt', attributes: { class: 'group', country: 'YE', aliases: ['Houthis', 'Ansarallah', 'أنصار الله (Arabic)'] } },
  { key: 'researcher', kind: 'identity', name: 'Digital-rights researcher quoted in the news report', by: 'news', attributes: { class: 'person', description: 'The example does not name the person.' } },

  { key: 'instagram', kind: 'account', name: 'Instagram account of Ali Khamenei', by: 'news',
    attributes: { platform: 'Instagram', state: 'removed', followers: ['5000000; 2024-02; news report, “over 5 million”'] } },
  { key: 'facebook', kind: 'account', name: 'Facebook account of Ali Khamenei', by: 'news', attributes: { platform: 'Facebook', state: 'removed' } },
  { key: 'removal', kind: 'enforcement', name: 'Removal of Khamenei’s accounts from Facebook and Instagram', by: 'news', references: { by: 'meta-platforms' },
    attributes: { action: 'account removal', policy: 'Dangerous Organizations & Individuals', permanence: 'permanent', date: '2024-02-08', description: 'For repeated violation of the policy, by the company’s own account. The day is that of the report.' } },

  { key: 'hamas-fto', kind: 'designation', name: 'Foreign Terrorist Organization: Hamas', by: 'fto',
    attributes: { list: 'Foreign Terrorist Organization', authority: 'U.S. Department of State', validFrom: '1997-10-08', basis: 'Immigration and Nationality Act, section 219' } },
  { key: 'houthi-fto-2021', kind: 'designation', name: 'Foreign Terrorist Organization: Ansarallah (2021)', by: 'fto',
    attributes: { list: 'Foreign Terrorist Organization', authority: 'U.S. Department of State', validFrom: '2021-01-19', validUntil: '2021-02-16', basis: 'Immigration and Nationality Act, section 219' } },
  { key: 'houthi-sdgt', kind: 'designation', name: 'Specially Designated Global Terrorist: Ansarallah', by: 'sdgt',
    attributes: { list: 'Specially Designated Global Terrorist', authority: 'U.S. Department of State', validFrom: '2024-02-16', description: 'Named on 17 January 2024, in force from 16 February 2024. On 9 February 2024 it was announced and not yet in force.' } },
  { key: 'houthi-fto-2025', kind: 'designation', name: 'Foreign Terrorist Organization: Ansarallah (2025)', by: 'state2025',
    attributes: { list: 'Foreign Terrorist Organization', authority: 'U.S. Department of State', validFrom: approximate('2025-03-04'), description: 'The day is that of the announcement; the listing takes effect with its notice in the Federal Register.' } },

  { key: 'cotton', kind: 'actor', name: 'Cotton Sandstorm', by: 'microsoft', attributes: { aliases: ['NEPTUNIUM (Microsoft, until 2023)'], type: 'state-aligned', country: 'IR' } },
  { key: 'others', kind: 'actor', name: 'Other Iran-affiliated groups, not named here', by: 'microsoft', attributes: { type: 'state-aligned', country: 'IR', description: 'Stands for the several groups whose growing collaboration is reported.' } },
  { key: 'operation', kind: 'operation', name: '“For Humanity” streaming hijack', by: 'microsoft',
    attributes: { phase: 'ended', start: approximate('2023-12'), aliases: ['For Humanity'], description: 'Early December 2023. One operation; the eleven of October 2023 are a count (see the metric), not rows.' } },
  { key: 'incident', kind: 'incident', name: 'Streaming television interrupted to show a fake newscast', by: 'microsoft',
    attributes: { what: 'Streaming television services were interrupted; viewers saw a fake news video with an apparently AI-generated anchor instead.', start: approximate('2023-12'), countries: ['AE', 'GB', 'CA'], method: 'Hijacking of streaming services; how access was gained is not recorded here.', effect: 'Viewers in the United Arab Emirates, the United Kingdom and Canada were reached.' } },
  { key: 'services', kind: 'channel', name: 'Streaming television services that were interrupted', by: 'microsoft', attributes: { type: 'streaming service', description: 'Not named here.' } },
  { key: 'ae', kind: 'location', name: 'United Arab Emirates', by: 'microsoft', attributes: { country: 'AE' } },
  { key: 'gb', kind: 'location', name: 'United Kingdom', by: 'microsoft', attributes: { country: 'GB' } },
  { key: 'ca', kind: 'location', name: 'Canada', by: 'microsoft', attributes: { country: 'CA' } },

  { key: 'narrative', kind: 'narrative', name: 'Intimidation of Israel’s supporters', by: 'microsoft', credibility: '3',
    attributes: { claim: 'Whoever supports Israel will be shown what the war does, and has reason to fear.', audience: 'Viewers in countries that support Israel', aims: ['dismay', 'divide'] } },
  { key: 'claim-support', kind: 'claim', name: 'Iran supports Hamas and the Houthis (accusation)', by: 'news',
    attributes: { stance: 'statement', date: '2024-02', paraphrase: 'Iran is accused of supporting Hamas and the Houthis, both designated.' } },
  { key: 'claim-plot', kind: 'claim', name: 'Iran helped to plan the attack of 7 October 2023 (report)', by: 'wsj',
    attributes: { stance: 'statement', date: '2023-10-08', paraphrase: 'Iranian officials helped to plan the attack.', about: 'The attack on Israel of 7 October 2023' } },
  { key: 'denial', kind: 'claim', name: 'Tehran denies involvement in the attack of 7 October 2023', by: 'news', references: { speaker: 'iran' },
    attributes: { stance: 'denial', date: '2023-10', paraphrase: 'Iran was not involved in the attack.', about: 'The attack on Israel of 7 October 2023' } },
  { key: 'overdue', kind: 'claim', name: 'The removal was overdue', by: 'news', references: { speaker: 'researcher' },
    attributes: { stance: 'statement', date: '2024-02', paraphrase: 'The step was overdue.' } },
  { key: 'collaboration', kind: 'claim', name: 'Collaboration among Iran-affiliated groups is growing', by: 'microsoft', references: { speaker: 'microsoft-corp' },
    attributes: { stance: 'statement', date: '2024-02-26', paraphrase: 'Groups affiliated with Iran work together more than before.' } },

  { key: 'surge', kind: 'metric', name: 'Iranian cyber-enabled influence operations', by: 'microsoft', references: { reportedBy: 'microsoft-corp' },
    attributes: { measures: 'Cyber-enabled influence operations by Iranian actors', unit: 'operations', window: 'month', baseline: 'About one every other month in 2021.',
      values: [{ value: 0.5, at: approximate('2021'), by: 'Microsoft: “about one every other month”, as an average' }, { value: 11, at: { value: '2023-10', precision: 'month', zone: 'UTC' }, by: 'Microsoft' }],
      description: 'A vendor’s count by its own definition. It stands for no rows here.' } },
  { key: 'forecast', kind: 'forecast', name: 'Iranian influence operation against the US election of 2024', by: null, confidence: 'moderate',
    attributes: { event: 'US agencies publicly attribute an influence operation against the presidential election of 5 November 2024 to Iran.', horizon: '2024-11-05', likelihood: 'likely', madeOn: '2024-02-26', basis: 'The surge of October 2023 and the concern that Microsoft states for the election.', criterion: 'A public attribution by ODNI, FBI or CISA before the day of the election.' } },
  { key: 'h-cotton', kind: 'hypothesis', name: 'Cotton Sandstorm ran it', by: null, attributes: { question: 'Who interrupted the streams?', state: 'open', description: 'One would expect a vendor’s attribution on technical grounds, and content that serves Iran’s aims.' } },
  { key: 'h-copy', kind: 'hypothesis', name: 'Somebody else used the name', by: null, attributes: { question: 'Who interrupted the streams?', state: 'open', description: 'One would expect the same content and name, and no technical link.' } },

  { key: 't-video', kind: 'technique', name: 'Develop AI-Generated Videos (Deepfakes)', by: null, attributes: { framework: 'DISARM', techniqueId: 'T0087.001', tactics: ['TA06'] } },
  { key: 't-audio', kind: 'technique', name: 'Develop AI-Generated Audio (Deepfakes)', by: null, attributes: { framework: 'DISARM', techniqueId: 'T0088.001', tactics: ['TA06'] } },
  { key: 't-tv', kind: 'technique', name: 'TV', by: null, attributes: { framework: 'DISARM', techniqueId: 'T0111.001', tactics: ['TA07'] } },
  { key: 't-outlet', kind: 'technique', name: 'News Outlet Persona', by: null, attributes: { framework: 'DISARM', techniqueId: 'T0097.202', tactics: ['TA16'] } },
  { key: 't-deny', kind: 'technique', name: 'Deny Involvement', by: null, attributes: { framework: 'DISARM', techniqueId: 'T0129.006', tactics: ['TA11'] } },
]

export interface SampleLink {
  readonly from: string
  readonly type: RelationType
  readonly to: string
  readonly by: string | null
  readonly note?: string
  readonly credibility?: Sourcing['credibility']
  readonly validFrom?: string
}

// prettier-ignore
export const LINKS: readonly SampleLink[] = [
  { from: 'instagram', type: 'belongs-to', to: 'khamenei', by: 'news' },
  { from: 'facebook', type: 'belongs-to', to: 'khamenei', by: 'news' },
  { from: 'khamenei', type: 'belongs-to', to: 'iran', by: 'news', note: 'as its Supreme Leader' },
  { from: 'removal', type: 'enforced-against', to: 'instagram', by: 'news', validFrom: '2024-02-08' },
  { from: 'removal', type: 'enforced-against', to: 'facebook', by: 'news', validFrom: '2024-02-08' },
  { from: 'meta', type: 'corroborates', to: 'removal', by: 'meta', note: 'that there is such a rule; not that it was applied rightly', credibility: '3' },
  { from: 'hamas', type: 'designated-by', to: 'hamas-fto', by: 'fto' },
  { from: 'houthis', type: 'designated-by', to: 'houthi-fto-2021', by: 'fto' },
  { from: 'houthis', type: 'designated-by', to: 'houthi-sdgt', by: 'sdgt' },
  { from: 'houthis', type: 'designated-by', to: 'houthi-fto-2025', by: 'state2025' },
  { from: 'iran', type: 'supports', to: 'hamas', by: 'news', note: 'an accusation, as reported', credibility: '3' },
  { from: 'iran', type: 'supports', to: 'houthis', by: 'news', note: 'an accusation, as reported', credibility: '3' },
  { from: 'incident', type: 'part-of', to: 'operation', by: 'microsoft' },
  { from: 'operation', type: 'attributed-to', to: 'cotton', by: 'microsoft', note: 'a vendor’s attribution; its technical grounds are not public' },
  { from: 'cotton', type: 'sponsored-by', to: 'irgc', by: 'microsoft', credibility: '3', note: 'as Microsoft groups it' },
  { from: 'irgc', type: 'belongs-to', to: 'iran', by: 'microsoft' },
  { from: 'cotton', type: 'cooperates-with', to: 'others', by: 'microsoft', credibility: '3' },
  { from: 'incident', type: 'compromises', to: 'services', by: 'microsoft' },
  { from: 'incident', type: 'located-at', to: 'ae', by: 'microsoft', note: 'viewers there' },
  { from: 'incident', type: 'located-at', to: 'gb', by: 'microsoft', note: 'viewers there' },
  { from: 'incident', type: 'located-at', to: 'ca', by: 'microsoft', note: 'viewers there' },
  { from: 'incident', type: 'uses', to: 't-video', by: 'microsoft', note: 'an apparently AI-generated anchor' },
  { from: 'incident', type: 'uses', to: 't-audio', by: null, note: 'follows from the video only if the voice was made too, which no source here says', credibility: '4' },
  { from: 'incident', type: 'uses', to: 't-tv', by: 'microsoft' },
  { from: 'incident', type: 'uses', to: 't-outlet', by: 'microsoft', note: 'a fake newscast' },
  { from: 'operation', type: 'amplifies', to: 'narrative', by: 'microsoft', credibility: '3' },
  { from: 'denial', type: 'contradicts', to: 'claim-plot', by: null, note: 'kept side by side: nothing here decides between them' },
  { from: 'iran', type: 'publishes', to: 'denial', by: 'news' },
  { from: 'denial', type: 'related-to', to: 't-deny', by: null, credibility: '4', note: 'an instance of it only if Iran was involved, on which the sources differ' },
  { from: 'researcher', type: 'publishes', to: 'overdue', by: 'news' },
  { from: 'surge', type: 'derived-from', to: 'microsoft', by: 'microsoft' },
  { from: 'forecast', type: 'derived-from', to: 'surge', by: null, note: 'the surge is what it rests on' },
]

/** How the items weigh on “who interrupted the streams?”, on Heuer’s scale. */
export const CELLS: readonly { hypothesis: string; of: string; rating: Consistency; note: string }[] = [
  { hypothesis: 'h-cotton', of: 'microsoft', rating: 'CC', note: 'the vendor attributes it' },
  { hypothesis: 'h-copy', of: 'microsoft', rating: 'I', note: 'the vendor sees a technical link' },
  { hypothesis: 'h-cotton', of: 'incident', rating: 'C', note: 'fits the actor’s earlier ways' },
  { hypothesis: 'h-copy', of: 'incident', rating: 'C', note: 'anybody could show such a video' },
  { hypothesis: 'h-cotton', of: 'narrative', rating: 'C', note: 'serves Iran’s aims' },
  { hypothesis: 'h-copy', of: 'narrative', rating: 'N', note: 'many share these aims' },
]
