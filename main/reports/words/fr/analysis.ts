/** Français : l’analyse faite par des personnes, ce qui est tracé des fiches, et ce qui a été occulté. */
import type { Words } from '../en.ts'
import { writing } from '../writing.ts'

const { plural, count, and } = writing('fr')

const leading = (leaders: readonly string[]): string =>
  `${plural(leaders.length, 'l’hypothèse la moins contredite est', 'les hypothèses les moins contredites sont')} ${and(leaders.map((name) => `«\u00a0${name}\u00a0»`))}`

export const analysis: Words['analysis'] = {
  title: 'Analyse',
  abcde: { actor: 'Acteur', behaviour: 'Comportement', content: 'Contenu', degree: 'Ampleur', effect: 'Effet' },
  open: 'Questions et tâches en suspens',
  question: (text) => `Question\u00a0: ${text}`,
  task: (text) => `Tâche\u00a0: ${text}`,
  due: (date) => `échéance\u00a0: ${date}`,
  differ: 'Là où les sources et les analystes divergent',
  noneChosen: 'Chaque version est consignée\u00a0; aucune n’est retenue ici.',
  about: 'Au sujet de',
  what: 'Objet',
  side: 'Une version',
  source: 'Source',
  code: 'Cote',
  values: (field, n) => `${field}\u00a0: ${count(n)} ${plural(n, 'valeur', 'valeurs')}`,
  fieldDisputed: (field) => `${field}\u00a0: contesté`,
  attribution: 'Attribution',
  denied: 'Démenti ou contredit',
  relationDisputed: (relation) => `«\u00a0${relation}\u00a0»\u00a0: contesté`,
  relation: (from, relation, to) => `«\u00a0${from}\u00a0» ${relation} «\u00a0${to}\u00a0»`,
  designations: 'Inscriptions sur des listes',
  subject: 'Sujet',
  list: 'Liste',
  authority: 'Autorité',
  inForceFrom: 'En vigueur depuis',
  until: 'Jusqu’à',
  notRecorded: 'non consigné',
  noEnd: 'pas de fin consignée',
  hypotheses: (question) => `Hypothèses concurrentes\u00a0: ${question}`,
  noQuestion: 'aucune question énoncée',
  ranking:
    'La moins contredite d’abord. L’ordre dit ce qui parle contre chacune\u00a0; il ne mesure pas la probabilité d’aucune.',
  notRated: 'Rien n’a encore été coté.',
  rank: 'Rang',
  hypothesis: 'Hypothèse',
  inconsistency: 'Contradiction',
  setAside: 'écartée',
  numbered: (number, title) => `${number}\u00a0: ${title}`,
  numberedAside: (number, title) => `${number}\u00a0: ${title} (écartée)`,
  ratings: 'Cotation\u00a0: CC très compatible, C compatible, N neutre, I incompatible, II très incompatible.',
  item: 'Élément',
  diagnosticity: 'Pouvoir discriminant',
  ratingDiffers: (rating) => `${rating} (divergent)`,
  itemOf: (item, signal) => `${item}\u00a0: ${signal}`,
  valueOf: (record, field, value) => `«\u00a0${record}\u00a0»\u00a0: ${field}\u00a0: ${value}`,
  relationOf: (from, relation, to) => `«\u00a0${from}\u00a0» ${relation} «\u00a0${to}\u00a0»`,
  hangsOn: 'Ce dont dépend l’ordre',
  withoutSource: (source, leaders) => `Sans tout ce que dit «\u00a0${source}\u00a0», ${leading(leaders)}.`,
  withoutItem: (item, leaders) => `Sans l’élément «\u00a0${item}\u00a0», ${leading(leaders)}.`,
  sourceUnrated: (source) => `Sans tout ce que dit «\u00a0${source}\u00a0», rien n’est coté.`,
  itemUnrated: (item) => `Sans l’élément «\u00a0${item}\u00a0», rien n’est coté.`,
  method:
    'Heuer (1999), chap. 8. Contradiction d’une hypothèse\u00a0: la somme, sur ses éléments, de 1 pour I et de 2 pour II, multipliés par le poids de l’élément\u00a0; moins vaut mieux. Poids\u00a0: le produit des échelons de sa cote Admiralty (A ou 1\u00a0: 1\u00a0; B ou 2\u00a0: 0,8\u00a0; C ou 3\u00a0: 0,6\u00a0; D ou 4\u00a0: 0,4\u00a0; E ou 5\u00a0: 0,2\u00a0; F ou 6\u00a0: 0,6). Pouvoir discriminant\u00a0: l’écart absolu moyen des cotations d’un élément sur toutes les paires d’hypothèses, sur l’échelle de II −2 à CC +2, divisé par 4. Il ordonne les hypothèses pour le lecteur\u00a0; ce n’est pas une probabilité.',
  forecasts: 'Prévisions',
  event: 'Événement',
  horizon: 'Horizon',
  likelihood: 'Probabilité',
  outcome: 'Issue',
  brier: 'Score de Brier',
  openDue: 'en suspens, échue',
  noneResolved: 'Aucune prévision n’est encore résolue.',
  meanBrier: (n, score) =>
    `Score de Brier moyen de ${count(n)} ${plural(n, 'prévision résolue', 'prévisions résolues')}\u00a0: ${score}.`,
  brierScale:
    '0 est le meilleur, 1 le pire\u00a0; chaque intervalle de l’ICD 203 compte pour son milieu (G. Brier, 1950).',
}

export const figures: Words['figures'] = {
  title: 'Liens, chronologie et tendances',
  evidence: { one: 'Pièce', many: 'Pièces' },
  links: 'Liens entre les fiches',
  graph: (n) => `Graphe de ${count(n)} ${plural(n, 'fiche', 'fiches')} et de leurs liens`,
  arrows:
    'Les flèches suivent le sens de lecture des relations. Rouge tireté\u00a0: contesté. Les noms sans place figurent avec les fiches.',
  mostLinked: (drawn, left) =>
    `Les ${drawn} fiches qui ont le plus de liens sont tracées\u00a0; ${count(left)} ${plural(left, 'autre a', 'autres ont')} des liens.`,
  unlinked: (n) => `${count(n)} sans liens ${plural(n, 'n’est pas tracée', 'ne sont pas tracées')}.`,
  timeline: 'Chronologie',
  timelineOf: 'Chronologie de tout ce qui porte une date, par nature',
  noRoom: (n) =>
    `${count(n)} ${plural(n, 'autre n’a pas trouvé', 'autres n’ont pas trouvé')} place ici\u00a0; le tableau ci-dessous continue.`,
  reading:
    'Heures en UTC. Aussi large que la date est incertaine\u00a0; tireté\u00a0: approximatif, ou sans fin connue\u00a0; ‹\u00a0: commencé plus tôt.',
  when: 'Date',
  what: 'Fait',
  of: 'Sujet',
  claimedDate: 'date alléguée',
  relation: (relation, to) => `${relation} ${to}`,
  unnamed: 'source non nommée',
  others: 'autres sources',
  monthly: (metric, unit) => [metric, unit, 'mois par mois'].filter(Boolean).join(', '),
  range: (low, high, unit) => [`${low} à ${high}`, unit].filter(Boolean).join(' '),
  ofStretch: (date, value, by) => `${date}\u00a0: ${value} (${by})`,
  per: {
    day: 'par jour',
    week: 'par semaine',
    month: 'par mois',
    quarter: 'par trimestre',
    year: 'par an',
    other: 'par période',
  },
  reported: (unit, per) =>
    `${unit || 'Valeurs'} ${per}, d’après les sources\u00a0; les mois sans barre n’ont pas de relevé.`,
  compared: (baseline) => `Comparé à\u00a0: ${baseline}.`,
  value: 'Valeur',
  reportedBy: 'Relevé par',
}

export const redactions: Words['redactions'] = {
  title: 'Éléments occultés dans ce rapport',
  lead: 'Des parties de ce rapport ont été occultées avant qu’il ne soit établi, les mêmes dans tous les formats. Les originaux et les fiches de la bibliothèque sont restés tels quels.',
  what: 'Quoi',
  shownAs: 'Remplacé par',
  where: 'Où',
  reason: 'Motif',
  places: (n) => `${count(n)} ${plural(n, 'endroit', 'endroits')}`,
  placesIn: (places, pictures) =>
    `${count(places)} ${plural(places, 'endroit', 'endroits')} dans ${count(pictures)} ${plural(pictures, 'image', 'images')}`,
  wholePictures: (n) => `${count(n)} ${plural(n, 'image entière', 'images entières')}`,
  hashes: 'Empreintes et tailles exactes',
  leftOut: 'omises',
  allOriginals: 'tous les originaux',
  records:
    'Pour les fiches dont le nom est occulté, les adresses, les autres noms, les descriptions et les textes libres sont omis également.',
  detector:
    'Les visages ont été recherchés par un détecteur, qui peut en manquer et prendre autre chose pour un visage.',
  black: 'zones noires',
  mosaic: 'mosaïque grossière',
  faces: 'Visages',
  closeUps: 'Images montrant un visage de près',
  regions: 'Zones choisies par un analyste',
  person: 'Personne',
  name: 'Nom',
  analyst: 'Analyste',
  numbered: (kind, n) => `${kind} ${n}`,
  hashWithheld: 'empreinte occultée',
}
