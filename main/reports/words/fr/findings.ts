/** Français : ce que les machines ont mesuré, ce qui en découle, et comment tout a été fait. */
import type { Words } from '../en.ts'
import { writing } from '../writing.ts'

const { plural, count } = writing('fr')

export const findings: Words['findings'] = {
  panel: 'Constatations de la machine\u00a0: ce qui a été mesuré',
  nothing: 'Rien n’a encore été mesuré sur cette pièce.',
  abstained: (reason) => `Ce signal s’est abstenu\u00a0: ${reason}`,
  failed: (reason) => `Ce signal a échoué\u00a0: ${reason}`,
  score: (score) =>
    `Score de ${score} sur 1, selon la règle de ce signal. Il n’est pas étalonné\u00a0: ce n’est pas une probabilité.`,
  calibrated: (score, ratio, low, high, basis) =>
    `Score de ${score}. Rapport de vraisemblance de ${ratio} (intervalle à 95\u00a0%\u00a0: ${low} à ${high}), ajusté sur ${basis}.`,
  observed: 'Observations',
  at: (time) => `à ${time}`,
  segments: 'Segments',
  from: 'Début',
  to: 'Fin',
  scoreHead: 'Score',
  seen: 'Ce qui a été vu',
  region: 'Zone (gauche, haut, largeur, hauteur)',
  wholePicture: 'image entière',
  overTime: 'Mesures au fil du temps.',
  shaded: 'En grisé\u00a0: les segments ci-dessous.',
  moreCurves: (n) => `${count(n)} ${plural(n, 'autre courbe', 'autres courbes')} dans la bibliothèque.`,
  curves: (names) => `Courbes au fil du temps\u00a0: ${names.join(', ')}`,
  captionAt: (caption, time) => `${caption} (à ${time})`,
  knownFailures: 'Défaillances connues qui concernent cette pièce',
}

export const priority: Words['priority'] = {
  band: {
    strong: 'indices forts de manipulation',
    some: 'quelques indices de manipulation',
    none: 'aucun indice relevé\u00a0: cela n’exclut pas une manipulation',
    inconclusive: 'non concluant\u00a0: trop peu d’éléments ont pu être mesurés',
  },
  note: (score) =>
    `Priorité d’examen de ${score} sur 1. Elle indique ce qu’il faut regarder d’abord\u00a0; ce n’est ni un verdict ni une probabilité.`,
  carried: 'Ce qui l’a déterminée',
  contribution: (signal, share) => `${signal}, ${share}`,
  didNotCount: 'Ce qui n’a pas compté',
  wouldChange: 'Ce qui la changerait',
  unknownSignal: 'cette version ne connaît pas ce signal',
  notRun: 'pas encore exécuté',
  abstained: (reason) => `s’est abstenu\u00a0: ${reason}`,
  failed: (reason) => `a échoué\u00a0: ${reason}`,
  context: 'contexte\u00a0: ne parle ni pour ni contre une manipulation',
  uncalibrated: 'non étalonné\u00a0: son score est indiqué mais jamais compté',
  explanation: (strongest) => `Une explication anodine de ce qui pèse le plus l’abaisserait\u00a0: ${strongest}`,
  closerCopy:
    'Une copie plus proche de l’enregistrement montrerait si les indices proviennent d’un réencodage ultérieur.',
  betterCopy:
    'Une copie plus proche de l’enregistrement (moins réencodée, image plus grande) permettrait aux signaux d’en voir davantage.',
  oneStrong: 'Une seule observation forte d’un signal compté l’élèverait.',
  signalNotRun: (signal) =>
    `Le signal «\u00a0${signal}\u00a0» n’a pas encore été exécuté\u00a0; ses indices compteraient.`,
  signalCould: (signal, reason) => `Le signal «\u00a0${signal}\u00a0» compterait s’il pouvait mesurer (${reason}).`,
  share: (manipulated, among) => `${manipulated} sur 100 là où ${among} sur 100 sont manipulées`,
  likelihood: (ratio, low, high, signals, shares) =>
    `De telles constatations étaient ${ratio} fois (intervalle à 95\u00a0%\u00a0: ${low} à ${high}) plus fréquentes parmi les vidéos manipulées des données d’étalonnage que parmi les autres (${signals.join(', ')}). Parmi les vidéos présentant de telles constatations, sont manipulées\u00a0: ${shares.join(', ')}.`,
}

export const method: Words['method'] = {
  title: 'Méthode',
  decoder: 'Décodeur',
  library: 'Bibliothèque',
  chain:
    'Chaque modification de la bibliothèque ajoute un maillon à sa chaîne d’audit\u00a0: l’empreinte du maillon précédent et de ce qui a changé. La tête indiquée ci-dessus fixe tout ce qui précède ce rapport\u00a0; «\u00a0assay verify\u00a0», appliqué à la bibliothèque, parcourt la chaîne et recalcule l’empreinte de chaque original.',
  signals: 'Signaux',
  signal: 'Signal',
  version: 'Version',
  measures: 'Mesure',
  counted: 'Compté',
  yes: 'oui',
  uncalibrated: 'non\u00a0: non étalonné',
  runs: 'Paramètres des exécutions de ce rapport',
  parameters: 'Paramètres',
  models: 'Modèles',
  model: 'Modèle',
  reading: 'Comment lire ce rapport',
  priority: 'Priorité d’examen',
  from: (threshold, band) => `À partir de ${threshold}\u00a0: ${band}.`,
  fromStrong: (threshold, band) =>
    `À partir de ${threshold}, et seulement avec au moins une observation forte\u00a0: ${band}.`,
  below: (band) => `En dessous, si au moins la moitié des signaux comptés ont pu mesurer\u00a0: ${band}.`,
  otherwise: (band) => `Sinon\u00a0: ${band}.`,
  caps: 'La contribution d’un même signal est plafonnée\u00a0; les signaux qui lisent les mêmes octets (provenance et encodage) partagent un seul plafond. Un signal qui s’est abstenu, a échoué ou n’est pas étalonné ne compte pas. Aucune mesure n’abaisse une priorité.',
  traces:
    'La compression, le montage pour la diffusion et le passage par des plateformes laissent bon nombre des mêmes traces qu’une manipulation. Un indice est une raison de regarder, jamais à lui seul une conclusion. Aucun détecteur ne dit qui a fabriqué ou diffusé une vidéo\u00a0; toute attribution figurant ici a été consignée par un analyste.',
  likelihood: 'Termes de probabilité (ICD 203, D.6.e.2)\u00a0; le degré de confiance s’énonce séparément',
  term: 'Terme',
  probability: 'Probabilité',
  admiralty: 'Cote Admiralty (OTAN AJP-2.1)\u00a0: la lettre pour la source, le chiffre pour l’information',
  reliability:
    'A entièrement fiable, B habituellement fiable, C assez fiable, D habituellement peu fiable, E non fiable, F fiabilité impossible à apprécier.',
  credibility:
    '1 confirmée par d’autres sources, 2 probablement exacte, 3 peut-être exacte, 4 douteuse, 5 improbable, 6 impossible à apprécier.',
}
