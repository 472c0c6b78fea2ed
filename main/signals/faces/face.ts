/** A face found in one frame of the `detail` stream. Lengths in pixels of that frame. */

/** What decides whether a face is good enough to be judged. */
export interface FaceQuality {
  /** Shorter side of the box, pixels. */
  readonly size: number
  /** Mean square of the Laplacian over the aligned face, squared grey levels: low for blur and heavy compression. */
  readonly sharpness: number
  /** -1 (turned fully to the picture's left) to 1; 0 is frontal. From the nose's place between the eyes. */
  readonly yaw: number
}

export interface Face {
  /** Number of its track within the video, from 0; the same person in the next shot is another track. */
  readonly track: number
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /**
   * Five points as x, y pairs, 10 numbers: eye on the picture's left, eye on the right, nose tip, mouth corner on the
   * left, mouth corner on the right.
   */
  readonly landmarks: Float32Array
  /** Detector confidence, 0 to 1. */
  readonly score: number
  readonly quality: FaceQuality
}

/** Finds and tracks the faces of the `detail` frames, given in time order. */
export interface FaceFinder {
  find(frame: { data: Uint8Array; width: number; height: number; time: number }): Promise<Face[]>
}
