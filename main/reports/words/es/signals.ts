/** Español: las señales del programa. */
import type { Words } from '../en.ts'

export const signals: Words['signals'] = {
  provenance: {
    title: 'Procedencia',
    measures:
      'Lo que el archivo dice de su propia historia: Content Credentials, huellas de los programas, dispositivos y plataformas que lo escribieron, y contradicciones entre sus fechas.',
  },
  encoding: {
    title: 'Codificación',
    measures:
      'Cómo se codificó el flujo de vídeo: estructura de fotogramas clave, ajustes del codificador, marcas de tiempo, partes unidas y picos regulares del tamaño de los fotogramas que deja una codificación anterior.',
  },
  temporal: {
    title: 'Coherencia temporal',
    measures:
      'Tramos congelados y en bucle, cortes y saltos dentro de los planos, y movimiento limitado a una región de una imagen rígida.',
  },
  'face-manipulation': {
    title: 'Manipulación facial',
    measures:
      'Huellas de rostros alterados (intercambiados, reanimados, regenerados, fundidos) y de cabezas generadas, mediante dos redes entrenadas, rostro a rostro.',
  },
  'portrait-animation': {
    title: 'Retrato animado',
    measures:
      'Si los detalles finos de un rostro que habla solo se desplazan, como cuando se anima una única fotografía, o también cambian, como ante una cámara.',
  },
  'synthetic-image': {
    title: 'Imagen sintética',
    measures: 'Huellas de cabezas generadas en sus detalles finos, mediante una red entrenada.',
  },
  'lip-sync': {
    title: 'Sincronía labial',
    measures: 'Si el movimiento de la boca visible sigue el habla, en comparación con el habla de otros momentos.',
  },
  voice: {
    title: 'Voz',
    measures:
      'Huellas de habla generada en cada 4 s de habla, y montajes del sonido: silencio digital, cambios del ruido de fondo, saltos del zumbido de la red eléctrica.',
  },
  'known-footage': {
    title: 'Imágenes conocidas',
    measures:
      'En qué otro lugar de la biblioteca, o de una lista de hashes, se muestran las mismas imágenes, y cómo se cambiaron.',
  },
}
