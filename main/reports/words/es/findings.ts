/** Español: lo que midieron las máquinas, lo que se sigue de ello y cómo se hizo todo. */
import type { Words } from '../en.ts'
import { writing } from '../writing.ts'

const { count } = writing('es')

export const findings: Words['findings'] = {
  panel: 'Hallazgos de la máquina: lo que se midió',
  nothing: 'Todavía no se ha medido nada en esta evidencia.',
  abstained: (reason) => `Esta señal se abstuvo: ${reason}`,
  failed: (reason) => `Esta señal falló: ${reason}`,
  score: (score) =>
    `Puntuación de ${score} sobre 1, según la regla de esta señal. No está calibrada: no es una probabilidad.`,
  calibrated: (score, ratio, low, high, basis) =>
    `Puntuación de ${score}. Razón de verosimilitud de ${ratio} (intervalo del 95\u00a0%: ${low} a ${high}), ajustada con ${basis}.`,
  observed: 'Observado',
  at: (time) => `en ${time}`,
  segments: 'Segmentos',
  from: 'Inicio',
  to: 'Fin',
  scoreHead: 'Puntuación',
  seen: 'Lo que se vio',
  region: 'Región (izquierda, arriba, ancho, alto)',
  wholePicture: 'imagen completa',
  overTime: 'Lo medido a lo largo del tiempo.',
  shaded: 'Sombreado: los segmentos de abajo.',
  moreCurves: (n) => `${count(n)} más en la biblioteca.`,
  curves: (names) => `Curvas a lo largo del tiempo: ${names.join(', ')}`,
  captionAt: (caption, time) => `${caption} (en ${time})`,
  knownFailures: 'Fallos conocidos que atañen a esta evidencia',
}

export const priority: Words['priority'] = {
  band: {
    strong: 'indicios fuertes de manipulación',
    some: 'algunos indicios de manipulación',
    none: 'no se hallaron indicios: esto no excluye una manipulación',
    inconclusive: 'no concluyente: se pudo medir demasiado poco',
  },
  note: (score) =>
    `Prioridad de revisión de ${score} sobre 1. Indica qué conviene mirar primero; no es un veredicto ni una probabilidad.`,
  carried: 'Lo que la determinó',
  contribution: (signal, share) => `${signal}, ${share}`,
  didNotCount: 'Lo que no contó',
  wouldChange: 'Lo que la cambiaría',
  unknownSignal: 'esta versión no tiene esa señal',
  notRun: 'aún no se ha ejecutado',
  abstained: (reason) => `se abstuvo: ${reason}`,
  failed: (reason) => `falló: ${reason}`,
  context: 'contexto: no habla ni a favor ni en contra de una manipulación',
  uncalibrated: 'sin calibrar: su puntuación se indica, pero nunca cuenta',
  explanation: (strongest) => `La bajaría una explicación inocua de lo que más pesa: ${strongest}`,
  closerCopy:
    'Una copia más próxima a la grabación mostraría si los indicios provienen de una recodificación posterior.',
  betterCopy:
    'Una copia más próxima a la grabación (menos recodificada, imagen más grande) permitiría a las señales ver más.',
  oneStrong: 'Una sola observación fuerte de cualquier señal contada la elevaría.',
  signalNotRun: (signal) => `La señal «${signal}» aún no se ha ejecutado; sus indicios contarían.`,
  signalCould: (signal, reason) => `La señal «${signal}» contaría si pudiera medir (${reason}).`,
  share: (manipulated, among) => `${manipulated} de cada 100 donde ${among} de cada 100 están manipulados`,
  likelihood: (ratio, low, high, signals, shares) =>
    `Hallazgos como estos fueron ${ratio} veces (intervalo del 95\u00a0%: ${low} a ${high}) más frecuentes entre los vídeos manipulados de los datos de calibración que entre los demás (${signals.join(', ')}). De los vídeos con tales hallazgos están manipulados: ${shares.join(', ')}.`,
}

export const method: Words['method'] = {
  title: 'Método',
  decoder: 'Decodificador',
  library: 'Biblioteca',
  chain:
    'Cada cambio en la biblioteca añade un eslabón a su cadena de auditoría: el hash del eslabón anterior y de lo que cambió. La cabeza indicada arriba fija todo lo anterior a este informe; «assay verify», aplicado a la biblioteca, recorre la cadena y vuelve a calcular el hash de cada original.',
  signals: 'Señales',
  signal: 'Señal',
  version: 'Versión',
  measures: 'Mide',
  counted: 'Cuenta',
  yes: 'sí',
  uncalibrated: 'no: sin calibrar',
  runs: 'Parámetros de las ejecuciones de este informe',
  parameters: 'Parámetros',
  models: 'Modelos',
  model: 'Modelo',
  reading: 'Cómo leer este informe',
  priority: 'Prioridad de revisión',
  from: (threshold, band) => `A partir de ${threshold}: ${band}.`,
  fromStrong: (threshold, band) => `A partir de ${threshold}, y solo con al menos una observación fuerte: ${band}.`,
  below: (band) => `Por debajo, si al menos la mitad de las señales contadas pudo medir: ${band}.`,
  otherwise: (band) => `En los demás casos: ${band}.`,
  caps: 'Lo que aporta una misma señal tiene un tope; las señales que leen los mismos bytes (procedencia y codificación) comparten uno solo. Una señal que se abstuvo, falló o está sin calibrar no cuenta. Nada de lo medido baja una prioridad.',
  traces:
    'La compresión, el montaje para la emisión y el paso por plataformas causan muchas de las mismas huellas que una manipulación. Un indicio es una razón para mirar, nunca por sí solo una conclusión. Ningún detector dice quién hizo o difundió un vídeo; toda atribución que figura aquí la anotó un analista.',
  likelihood: 'Términos de probabilidad (ICD 203, D.6.e.2); el nivel de confianza se enuncia aparte',
  term: 'Término',
  probability: 'Probabilidad',
  admiralty: 'Código Admiralty (OTAN AJP-2.1): la letra para la fuente, la cifra para la información',
  reliability:
    'A totalmente fiable, B habitualmente fiable, C bastante fiable, D habitualmente no fiable, E no fiable, F no se puede valorar.',
  credibility:
    '1 confirmada por otras fuentes, 2 probablemente exacta, 3 posiblemente exacta, 4 dudosa, 5 improbable, 6 no se puede valorar.',
}
