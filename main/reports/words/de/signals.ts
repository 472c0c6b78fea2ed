/** Deutsch: die Signale des Programms. */
import type { Words } from '../en.ts'

export const signals: Words['signals'] = {
  provenance: {
    title: 'Herkunft',
    measures:
      'Was die Datei über ihre eigene Geschichte sagt: Content Credentials, Spuren der Programme, Geräte und Plattformen, die sie geschrieben haben, und Widersprüche zwischen ihren Zeitangaben.',
  },
  encoding: {
    title: 'Kodierung',
    measures:
      'Wie der Videostrom kodiert wurde: Abfolge der Schlüsselbilder, Einstellungen des Encoders, Zeitstempel, zusammengefügte Teile und regelmäßige Spitzen der Bildgröße, wie sie eine frühere Kodierung hinterlässt.',
  },
  temporal: {
    title: 'Zeitliche Stimmigkeit',
    measures:
      'Eingefrorene und wiederholte Strecken, Schnitte und Sprünge innerhalb von Einstellungen, und Bewegung, die in einem starren Bild auf einen Bereich beschränkt ist.',
  },
  'face-manipulation': {
    title: 'Gesichtsmanipulation',
    measures:
      'Spuren veränderter Gesichter (ausgetauscht, nachgestellt, neu erzeugt, eingeblendet) und erzeugter Köpfe, durch zwei trainierte Netze, Gesicht für Gesicht.',
  },
  'portrait-animation': {
    title: 'Animiertes Porträt',
    measures:
      'Ob sich die feinen Einzelheiten eines sprechenden Gesichts nur verschieben, wie wenn ein einziges Foto animiert wird, oder auch verändern, wie vor einer Kamera.',
  },
  'synthetic-image': {
    title: 'Synthetisches Bild',
    measures: 'Spuren erzeugter Köpfe in ihren feinen Details, durch ein trainiertes Netz.',
  },
  'lip-sync': {
    title: 'Lippensynchronität',
    measures:
      'Ob die Bewegung des sichtbaren Mundes dem Gesprochenen folgt, verglichen mit Gesprochenem aus anderen Momenten.',
  },
  voice: {
    title: 'Stimme',
    measures:
      'Spuren erzeugter Sprache in je 4 s Gesprochenem, und Eingriffe in den Ton: digitale Stille, Wechsel des Grundrauschens, Sprünge des Netzbrummens.',
  },
  'known-footage': {
    title: 'Bekanntes Material',
    measures:
      'Wo sonst in der Bibliothek oder auf einer Hashliste dasselbe Material gezeigt wird, und wie es verändert wurde.',
  },
}
