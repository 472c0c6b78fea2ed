/** Deutsch: was Maschinen gemessen haben, was daraus folgt, und wie alles zustande kam. */
import type { Words } from '../en.ts'
import { writing } from '../writing.ts'

const { count } = writing('de')

export const findings: Words['findings'] = {
  panel: 'Maschinelle Befunde: was gemessen wurde',
  nothing: 'An diesem Beweisstück ist noch nichts gemessen worden.',
  abstained: (reason) => `Dieses Signal hat sich enthalten: ${reason}`,
  failed: (reason) => `Dieses Signal ist fehlgeschlagen: ${reason}`,
  score: (score) =>
    `Messwert ${score} von 1, nach der Regel dieses Signals. Er ist nicht kalibriert und keine Wahrscheinlichkeit.`,
  calibrated: (score, ratio, low, high, basis) =>
    `Messwert ${score}. Likelihood-Quotient ${ratio} (95-%-Intervall ${low} bis ${high}), angepasst an ${basis}.`,
  observed: 'Beobachtet',
  at: (time) => `bei ${time}`,
  segments: 'Abschnitte',
  from: 'Von',
  to: 'Bis',
  scoreHead: 'Messwert',
  seen: 'Was zu sehen war',
  region: 'Bereich (links, oben, Breite, Höhe)',
  wholePicture: 'ganzes Bild',
  overTime: 'Messung im Zeitverlauf.',
  shaded: 'Hinterlegt: die Abschnitte unten.',
  moreCurves: (n) => `${count(n)} weitere in der Bibliothek.`,
  curves: (names) => `Verlauf über die Zeit: ${names.join(', ')}`,
  captionAt: (caption, time) => `${caption} (bei ${time})`,
  knownFailures: 'Bekannte Schwächen, die auf dieses Material zutreffen',
}

export const priority: Words['priority'] = {
  band: {
    strong: 'starke Hinweise auf Manipulation',
    some: 'einige Hinweise auf Manipulation',
    none: 'keine Hinweise gefunden: Das schließt eine Manipulation nicht aus',
    inconclusive: 'nicht aussagekräftig: Es war zu wenig messbar',
  },
  note: (score) =>
    `Prüfpriorität ${score} von 1. Sie sagt, was zuerst anzusehen ist; sie ist kein Urteil und keine Wahrscheinlichkeit.`,
  carried: 'Was den Ausschlag gab',
  contribution: (signal, share) => `${signal}, ${share}`,
  didNotCount: 'Was nicht zählte',
  wouldChange: 'Was sie ändern würde',
  unknownSignal: 'Dieses Signal gibt es in dieser Version nicht',
  notRun: 'noch nicht gelaufen',
  abstained: (reason) => `hat sich enthalten: ${reason}`,
  failed: (reason) => `fehlgeschlagen: ${reason}`,
  context: 'Kontext: spricht weder für noch gegen Manipulation',
  uncalibrated: 'nicht kalibriert: Der Messwert wird genannt, aber nie gezählt',
  explanation: (strongest) => `Eine harmlose Erklärung dessen, was am meisten zählt, würde sie senken: ${strongest}`,
  closerCopy:
    'Eine Kopie, die näher an der Aufnahme liegt, würde zeigen, ob die Hinweise von einer späteren Neukodierung stammen.',
  betterCopy:
    'Mit einer Kopie, die näher an der Aufnahme liegt (seltener neu kodiert, größeres Bild), könnten die Signale mehr erkennen.',
  oneStrong: 'Eine einzige starke Beobachtung eines gezählten Signals würde sie anheben.',
  signalNotRun: (signal) => `Das Signal „${signal}“ ist noch nicht gelaufen; seine Hinweise würden zählen.`,
  signalCould: (signal, reason) => `Das Signal „${signal}“ würde zählen, wenn es messen könnte (${reason}).`,
  share: (manipulated, among) => `${manipulated} von 100, wo ${among} von 100 manipuliert sind`,
  likelihood: (ratio, low, high, signals, shares) =>
    `Befunde wie diese waren unter den manipulierten Videos der Kalibrierdaten ${ratio}-mal (95-%-Intervall ${low} bis ${high}) so häufig wie unter den übrigen (${signals.join(', ')}). Von den Videos mit solchen Befunden sind manipuliert: ${shares.join(', ')}.`,
}

export const method: Words['method'] = {
  title: 'Methode',
  decoder: 'Decoder',
  library: 'Bibliothek',
  chain:
    'Jede Änderung an der Bibliothek hängt ein Glied an deren Prüfkette: den Hashwert des vorigen Glieds und dessen, was sich geändert hat. Der oben genannte Kopf legt alles bis zu diesem Bericht fest; „assay verify“ geht die Kette der Bibliothek durch und bildet die Hashwerte aller Originale neu.',
  signals: 'Signale',
  signal: 'Signal',
  version: 'Version',
  measures: 'Misst',
  counted: 'Gezählt',
  yes: 'ja',
  uncalibrated: 'nein: nicht kalibriert',
  runs: 'Parameter der Läufe in diesem Bericht',
  parameters: 'Parameter',
  models: 'Modelle',
  model: 'Modell',
  reading: 'Wie dieser Bericht zu lesen ist',
  priority: 'Prüfpriorität',
  from: (threshold, band) => `Ab ${threshold}: ${band}.`,
  fromStrong: (threshold, band) => `Ab ${threshold}, und nur mit mindestens einer starken Beobachtung: ${band}.`,
  below: (band) => `Darunter, wenn mindestens die Hälfte der gezählten Signale messen konnte: ${band}.`,
  otherwise: (band) => `Sonst: ${band}.`,
  caps: 'Was ein einzelnes Signal beiträgt, ist begrenzt; Signale, die dieselben Bytes lesen (Herkunft und Kodierung), teilen sich eine Grenze. Ein Signal, das sich enthalten hat, fehlgeschlagen oder nicht kalibriert ist, zählt nicht. Kein Messwert senkt eine Priorität.',
  traces:
    'Kompression, Schnitt für die Ausstrahlung und der Weg über Plattformen hinterlassen vielfach dieselben Spuren wie eine Manipulation. Ein Hinweis ist ein Grund, genauer hinzusehen, für sich nie ein Schluss. Kein Detektor sagt, wer ein Video hergestellt oder verbreitet hat; jede Zuschreibung in diesem Bericht stammt von einem Analysten.',
  likelihood: 'Begriffe der Wahrscheinlichkeit (ICD 203, D.6.e.2); der Vertrauensgrad ist eine eigene Aussage',
  term: 'Begriff',
  probability: 'Wahrscheinlichkeit',
  admiralty: 'Admiralty-Code (NATO AJP-2.1): Buchstabe für die Quelle, Ziffer für die Information',
  reliability:
    'A uneingeschränkt zuverlässig, B in der Regel zuverlässig, C einigermaßen zuverlässig, D in der Regel nicht zuverlässig, E unzuverlässig, F nicht beurteilbar.',
  credibility:
    '1 durch andere Quellen bestätigt, 2 wahrscheinlich zutreffend, 3 möglicherweise zutreffend, 4 zweifelhaft, 5 unwahrscheinlich, 6 nicht beurteilbar.',
}
