/** Français : les signaux du programme. */
import type { Words } from '../en.ts'

export const signals: Words['signals'] = {
  provenance: {
    title: 'Provenance',
    measures:
      'Ce que le fichier dit de sa propre histoire\u00a0: Content Credentials, traces des programmes, appareils et plateformes qui l’ont écrit, et contradictions entre ses dates.',
  },
  encoding: {
    title: 'Encodage',
    measures:
      'Comment le flux vidéo a été codé\u00a0: structure des images clés, réglages de l’encodeur, horodatages, parties jointes, et pics réguliers de la taille des images que laisse un encodage antérieur.',
  },
  temporal: {
    title: 'Cohérence temporelle',
    measures:
      'Passages figés ou en boucle, coupes et sauts à l’intérieur des plans, et mouvement limité à une zone d’une image rigide.',
  },
  'face-manipulation': {
    title: 'Manipulation du visage',
    measures:
      'Traces de visages altérés (échangés, réanimés, régénérés, incrustés) et de têtes générées, par deux réseaux entraînés, visage par visage.',
  },
  'portrait-animation': {
    title: 'Portrait animé',
    measures:
      'Si les détails fins d’un visage qui parle ne font que se déplacer, comme lorsqu’une seule photographie est animée, ou changent aussi, comme devant une caméra.',
  },
  'synthetic-image': {
    title: 'Image de synthèse',
    measures: 'Traces de têtes générées dans leurs détails fins, par un réseau entraîné.',
  },
  'lip-sync': {
    title: 'Synchronisation labiale',
    measures: 'Si le mouvement de la bouche visible suit la parole, par comparaison avec la parole d’autres moments.',
  },
  voice: {
    title: 'Voix',
    measures:
      'Traces de parole générée par tranches de 4 s de parole, et montages du son\u00a0: silence numérique, changements du bruit de fond, sauts du ronflement du secteur.',
  },
  'known-footage': {
    title: 'Images connues',
    measures:
      'Où, ailleurs dans la bibliothèque ou sur une liste d’empreintes, les mêmes images sont montrées, et comment elles ont été modifiées.',
  },
}
