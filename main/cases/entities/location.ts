import { aliases, country, description, kind, text } from './kind.ts'

/** A country, region or place (STIX `location`). */
export const location = kind({
  kind: 'location',
  label: 'Location',
  plural: 'Locations',
  stix: 'location',
  help: 'A country, region or place.',
  fields: [
    country('country', 'Country', 'A name or a two-letter code.'),
    text('region', 'Region', 'Province, state, or a region of the world.'),
    text('place', 'Place', 'City, site, address.'),
    aliases('Other spellings and scripts, one per line.'),
    description(),
  ],
})
