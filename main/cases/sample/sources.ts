/**
 * What the worked example rests on: public documents, by publisher, title and date. Grades are the example's own, by the
 * Admiralty code. Where a title is a description rather than the document's own, it says so; nothing was archived, so that
 * whoever cites the example must look the document up.
 */
import type { Sourcing } from '../../contract/common.ts'

export interface SampleSource {
  readonly key: string
  readonly name: string
  readonly attributes: Record<string, unknown>
  readonly reliability: Sourcing['reliability']
  readonly credibility: Sourcing['credibility']
}

export const SOURCES: readonly SampleSource[] = [
  {
    key: 'news',
    name: 'News report: Meta removes the accounts of Iran’s Supreme Leader',
    attributes: {
      publisher: 'A news agency; the title is a description, not the article’s own',
      date: '2024-02',
      reliability: 'C',
      language: 'en',
      description:
        'The public news report of February 2024 from which this example starts: the removal and its reason, the accusation of support for Hamas and the Houthis, the researcher, Tehran’s denial.',
    },
    reliability: 'C',
    credibility: '2',
  },
  {
    key: 'meta',
    name: 'Dangerous Organizations and Individuals (Community Standards)',
    attributes: {
      publisher: 'Meta, Transparency Center',
      reliability: 'A',
      language: 'en',
      description: 'The policy that was applied. Reliable on what the rule says; it says nothing of this case.',
    },
    reliability: 'A',
    credibility: '2',
  },
  {
    key: 'microsoft',
    name: 'Iran surges cyber-enabled influence operations in support of Hamas',
    attributes: {
      publisher: 'Microsoft Threat Intelligence',
      author: 'Microsoft Threat Analysis Center (MTAC)',
      date: '2024-02-26',
      reliability: 'B',
      language: 'en',
      description:
        'Published on 26 February 2024; it draws on MTAC’s report of 6 February 2024. A vendor’s own telemetry, which others cannot check.',
    },
    reliability: 'B',
    credibility: '2',
  },
  {
    key: 'fto',
    name: 'Foreign Terrorist Organizations (list)',
    attributes: {
      publisher: 'U.S. Department of State, Bureau of Counterterrorism',
      reliability: 'A',
      language: 'en',
      description:
        'The list itself, with the day of each listing and of each delisting. Authoritative on what is listed.',
    },
    reliability: 'A',
    credibility: '1',
  },
  {
    key: 'sdgt',
    name: 'Terrorist Designation of the Houthis (press statement)',
    attributes: {
      publisher: 'U.S. Department of State',
      date: '2024-01-17',
      reliability: 'A',
      language: 'en',
      description: 'Announces the listing and says that it takes effect thirty days later, on 16 February 2024.',
    },
    reliability: 'A',
    credibility: '1',
  },
  {
    key: 'press',
    name: 'Press reports of 17 January 2024 on the listing of the Houthis',
    attributes: {
      publisher: 'Several; the title is a description',
      date: '2024-01-17',
      reliability: 'C',
      language: 'en',
      description: 'Reports that gave the day of the announcement as the day of the listing.',
    },
    reliability: 'C',
    credibility: '4',
  },
  {
    key: 'state2025',
    name: 'Designation of Ansarallah as a Foreign Terrorist Organization (announcement)',
    attributes: {
      publisher: 'U.S. Department of State; the title is a description',
      date: '2025-03-04',
      reliability: 'A',
      language: 'en',
      description: 'Announced on 4 March 2025. A listing takes effect with its notice in the Federal Register.',
    },
    reliability: 'A',
    credibility: '2',
  },
  {
    key: 'wsj',
    name: 'Iran Helped Plot Attack on Israel Over Several Weeks',
    attributes: {
      publisher: 'The Wall Street Journal',
      date: '2023-10-08',
      reliability: 'B',
      language: 'en',
      description: 'Says, by unnamed members of Hamas and Hezbollah, that Iranian officials helped to plan the attack.',
    },
    reliability: 'B',
    credibility: '4',
  },
  {
    key: 'odni',
    name: 'Joint ODNI, FBI, and CISA Statement on Iranian Election Influence Efforts',
    attributes: {
      publisher: 'Office of the Director of National Intelligence; FBI; CISA',
      date: '2024-08-19',
      reliability: 'B',
      language: 'en',
      description: 'Three agencies of the country concerned attribute activity against presidential campaigns to Iran.',
    },
    reliability: 'B',
    credibility: '2',
  },
]
