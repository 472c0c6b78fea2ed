/**
 * Known marks of the cameras, programs, platforms and generators that write video files. A mark says who wrote this
 * file last, or whose text survived; anybody can write any of them. A row needs a source that a reader can look up.
 */

export type MarkKind = 'camera' | 'editor' | 'encoder' | 'muxer' | 'platform' | 'generator'

/**
 * Where a mark stands: `tag` as `key=value`; `encoder` for the names of writing applications, libraries and encoders;
 * `handler` for track handler names; `brand` for file type brands; `box` for box types at the top and in user data;
 * `stream` for text at the head of the coded video; `claim` for the claim generator of Content Credentials.
 */
export type MarkField = 'tag' | 'encoder' | 'handler' | 'brand' | 'box' | 'stream' | 'claim'

export interface Mark {
  readonly id: string
  readonly name: string
  readonly kind: MarkKind
  readonly fields: readonly MarkField[]
  readonly pattern: RegExp
  /** What finding it means, as the end of a sentence that starts with the mark's name. */
  readonly means: string
  /** `explicit`: the mark names its writer; `typical`: this writer is the usual one, others are known or possible. */
  readonly certainty: 'explicit' | 'typical'
  /** `strong` only where the file itself declares that its content was generated. */
  readonly weight: 'strong' | 'some' | 'context'
  readonly source: string
}

const YANG =
  'Yang et al. 2020, "Efficient Video Integrity Analysis Through Container Characterization", IEEE JSTSP 14(5)'
const GLOE = 'Gloe, Fischer, Kirchner 2014, "Forensic analysis of video file formats", Digital Investigation 11(S1)'
const QTFF = 'Apple, QuickTime File Format Specification, "Metadata keys"'

export const MARKS: readonly Mark[] = [
  // Generators: the file says of itself that its content was generated.
  {
    id: 'iptc-generated',
    name: 'IPTC digital source type "trained algorithmic media"',
    kind: 'generator',
    fields: ['tag'],
    pattern: /DigitalSourceType=.*\/(?:trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)\b/u,
    means: 'declares that the content was made, wholly or in part, by a generative model',
    certainty: 'explicit',
    weight: 'strong',
    source: 'IPTC NewsCodes, Digital Source Type vocabulary (cv.iptc.org/newscodes/digitalsourcetype)',
  },
  {
    id: 'aigc-gb45438',
    name: 'AIGC label after GB 45438-2025',
    kind: 'generator',
    fields: ['tag'],
    pattern: /^(?:.*[:.])?AIGC=.*"?(?:ContentProducer|ProduceID|Label)"?/u,
    means: 'is the label that China requires of services whose content was generated or synthesised',
    certainty: 'explicit',
    weight: 'strong',
    source: 'GB 45438-2025 and the TC260 practice guide for implicit labels in video files of 28 August 2025',
  },
  {
    id: 'tiktok-aigc',
    name: 'TikTok label "AI-generated"',
    kind: 'generator',
    fields: ['tag'],
    pattern: /aigc_label_type"?\s*[:=]\s*"?[1-9]/u,
    means: 'says that the uploader or the platform labelled this video as AI-generated',
    certainty: 'explicit',
    weight: 'strong',
    source: 'github.com/Q-Bukold/TikTok-Content-Scraper/pull/9 (value 1: labelled by its creator)',
  },
  {
    id: 'comfyui',
    name: 'ComfyUI workflow',
    kind: 'generator',
    fields: ['tag'],
    pattern: /(?:"class_type"\s*:\s*"|\\"class_type\\"\s*:|^(?:prompt|workflow)=\{.*"(?:inputs|nodes)"\s*:)/u,
    means: 'is the recipe that ComfyUI, a program that runs generative models, stores in the videos it saves',
    certainty: 'explicit',
    weight: 'strong',
    source:
      'github.com/Comfy-Org/docs/pull/1371 (SaveVideo, SaveWEBM) and Kosinkadink/ComfyUI-VideoHelperSuite issue 434',
  },
  {
    id: 'openai-sora',
    name: 'OpenAI Sora',
    kind: 'generator',
    fields: ['claim'],
    pattern: /\bSora\b|\bOpenAI\b/u,
    means: 'is named as the maker in the Content Credentials',
    certainty: 'explicit',
    weight: 'strong',
    source: 'Washington Post, 22 October 2025: a Sora video carried Content Credentials that mark it as AI-generated',
  },
  {
    id: 'remotion',
    name: 'Remotion',
    kind: 'editor',
    fields: ['tag'],
    pattern: /=Made with Remotion\b/u,
    means: 'renders videos from program code, graphics and stock material',
    certainty: 'explicit',
    weight: 'context',
    source: 'Remotion writes the comment "Made with Remotion <version>" (remotion.dev documentation, metadata)',
  },

  // Editors
  {
    id: 'capcut',
    name: 'CapCut or Jianying (ByteDance)',
    kind: 'editor',
    fields: ['tag'],
    pattern: /"(?:source_type|product)"\s*:\s*"(?:vicut|lv|capcut)"/u,
    means: 'exported this file; the tag is its list of what was used in the edit',
    certainty: 'explicit',
    weight: 'context',
    source:
      'Published ExifTool listings of CapCut exports ({"source_type":"vicut","data":{"appVersion":…,"draftInfo":…}})',
  },
  {
    id: 'dreamina',
    name: 'Dreamina (ByteDance)',
    kind: 'generator',
    fields: ['tag'],
    pattern: /"(?:product|source_info)"\s*:\s*"dreamina"/u,
    means: 'is an image and video generator that writes its name into what it exports',
    certainty: 'explicit',
    weight: 'strong',
    source: 'Published parsers of Dreamina exports ({"product":"dreamina","exportType":"generation"})',
  },
  {
    id: 'adobe',
    name: 'Adobe video software',
    kind: 'editor',
    fields: ['tag', 'encoder'],
    pattern: /\bAdobe (?:Premiere|After Effects|Media Encoder)[^"<]{0,40}/u,
    means: 'wrote or edited this file',
    certainty: 'explicit',
    weight: 'context',
    source: `XMP property stEvt:softwareAgent, observed in vectors/c2pa/video1.mp4; ${YANG}`,
  },
  {
    id: 'mainconcept',
    name: 'MainConcept writer',
    kind: 'muxer',
    fields: ['handler'],
    pattern: /^\W?Mainconcept (?:Video Media Handler|MP4 (?:Video|Sound) Media Handler)/iu,
    means: 'is the MP4 writer inside Adobe Premiere and other professional software',
    certainty: 'typical',
    weight: 'context',
    source: 'observed in vectors/c2pa/video1.mp4 beside Adobe Premiere Rush in its XMP',
  },
  {
    id: 'resolve',
    name: 'DaVinci Resolve',
    kind: 'editor',
    fields: ['encoder', 'tag'],
    pattern: /\bDaVinci Resolve\b/u,
    means: 'exported this file',
    certainty: 'explicit',
    weight: 'context',
    source:
      'The export names itself "Blackmagic Design DaVinci Resolve" in its encoder tag (published ffprobe listings)',
  },
  {
    id: 'handbrake',
    name: 'HandBrake',
    kind: 'encoder',
    fields: ['encoder', 'tag'],
    pattern: /\bHandBrake \d[\w.]*(?: \d{10})?/u,
    means: 're-encoded this file',
    certainty: 'explicit',
    weight: 'context',
    source: 'HandBrake writes "HandBrake <version> <build>" as encoder (published ffprobe listings)',
  },

  // Encoders and muxers
  {
    id: 'x264',
    name: 'x264',
    kind: 'encoder',
    fields: ['stream', 'encoder'],
    pattern: /\bx264(?: - core \d+(?: r\d+)?)?/u,
    means: 'is a software encoder: the picture was encoded on a computer or server, not by a camera chip',
    certainty: 'explicit',
    weight: 'context',
    source: 'x264, encoder/set.c, x264_sei_version_write; observed in vectors/vpdq/*.mp4',
  },
  {
    id: 'x265',
    name: 'x265',
    kind: 'encoder',
    fields: ['stream', 'encoder'],
    pattern: /\bx265 (?:- |\(build )[\d.+]+/u,
    means: 'is a software encoder: the picture was encoded on a computer or server, not by a camera chip',
    certainty: 'explicit',
    weight: 'context',
    source: 'x265, source/encoder/encoder.cpp: "x265 (build %d) - …" as user data SEI',
  },
  {
    id: 'lavf',
    name: 'FFmpeg (libavformat)',
    kind: 'muxer',
    fields: ['encoder', 'tag'],
    pattern: /\bLavf\d+\.\d+\.\d+/u,
    means: 'wrote the container; many editors, platforms and research programs use it',
    certainty: 'explicit',
    weight: 'context',
    source: `FFmpeg, libavformat/movenc.c: "©too" = LIBAVFORMAT_IDENT; observed in vectors/vpdq/*.mp4; ${YANG}`,
  },
  {
    id: 'lavc',
    name: 'FFmpeg (libavcodec)',
    kind: 'encoder',
    fields: ['encoder', 'tag', 'stream'],
    pattern: /\bLavc\d+\.\d+\.\d+(?: \w+)?/u,
    means: 'encoded a stream',
    certainty: 'explicit',
    weight: 'context',
    source: 'FFmpeg, libavcodec/version.h: LIBAVCODEC_IDENT; observed in video/HDTF/*.mp4',
  },
  {
    id: 'gpac',
    name: 'GPAC (MP4Box)',
    kind: 'muxer',
    fields: ['handler', 'encoder'],
    pattern: /\bGPAC ISO (?:Video|Audio) Handler|\bGPAC-\d/u,
    means: 'wrote the container',
    certainty: 'explicit',
    weight: 'context',
    source: 'GPAC track handler names (published ffprobe listings)',
  },
  {
    id: 'l-smash',
    name: 'L-SMASH',
    kind: 'muxer',
    fields: ['handler'],
    pattern: /\bL-SMASH (?:Video|Audio|Sound) Handler/u,
    means: 'wrote the container; x264 and many online services use it',
    certainty: 'explicit',
    weight: 'context',
    source: 'x264, output/mp4_lsmash.c: media_handler_name = "L-SMASH Video Handler"',
  },
  {
    id: 'bento4',
    name: 'Bento4',
    kind: 'muxer',
    fields: ['handler'],
    pattern: /\bBento4 (?:Video|Sound) Handler/u,
    means: 'wrote the container, usually on a server',
    certainty: 'explicit',
    weight: 'context',
    source: 'Bento4, Ap4TrakAtom / Ap4Track: hdlr_name = "Bento4 Video Handler"',
  },
  {
    id: 'matroska-webm',
    name: 'libwebm or mkvmerge',
    kind: 'muxer',
    fields: ['encoder'],
    pattern: /\b(?:libwebm-[\d.]+|mkvmerge v[\d.]+|libmatroska v?[\d.]+)/u,
    means: 'wrote the container',
    certainty: 'explicit',
    weight: 'context',
    source: 'RFC 9559 (Matroska), elements MuxingApp and WritingApp; observed in vectors/containers/MediaConch/*.mkv',
  },

  // Platforms
  {
    id: 'youtube',
    name: 'YouTube or Google',
    kind: 'platform',
    fields: ['handler'],
    pattern: /ISO Media file produced by Google(?:,)? Inc/u,
    means: 'served this file; YouTube re-encodes every upload',
    certainty: 'explicit',
    weight: 'context',
    source: 'ffmpeg logs of YouTube downloads, github.com/yt-dlp/yt-dlp/issues/5698 and 10692',
  },
  {
    id: 'x-twitter',
    name: 'X (Twitter)',
    kind: 'platform',
    fields: ['handler'],
    pattern: /\bTwitter-vork muxer/u,
    means: 'served this file; X re-encodes every upload',
    certainty: 'explicit',
    weight: 'context',
    source: 'github.com/govdbot/govd/issues/29 (ffprobe of an X download)',
  },
  {
    id: 'vimeo',
    name: 'Vimeo',
    kind: 'platform',
    fields: ['handler'],
    pattern: /\bVimeo Artax (?:Video|Audio) Handler/u,
    means: 'served this file; stock sites also use it',
    certainty: 'explicit',
    weight: 'context',
    source: 'Handler names in published ffprobe listings of Vimeo, Pexels and Pixabay downloads',
  },
  {
    id: 'tiktok',
    name: 'TikTok or Douyin',
    kind: 'platform',
    fields: ['tag'],
    pattern: /(?:^(?:©cmt|comment|Comment)=vid:v\d|com\.bytedance\.info|^aigc_info=|"aigc_label_type")/u,
    means: 'served this file or prepared it for upload; TikTok re-encodes uploads',
    certainty: 'explicit',
    weight: 'context',
    source: 'ffprobe listings of TikTok and Douyin downloads (comment "vid:v0…", information "com.bytedance.info")',
  },
  {
    id: 'whatsapp',
    name: 'WhatsApp',
    kind: 'platform',
    fields: ['box'],
    pattern: /^beam$/u,
    means: 'wrote this file; WhatsApp re-encodes videos before sending',
    certainty: 'typical',
    weight: 'context',
    source: 'Hex dump of a WhatsApp file with a "beam" box after ftyp, stackoverflow.com/questions/44893316',
  },

  // Cameras and phones
  {
    id: 'apple-device',
    name: 'Apple device',
    kind: 'camera',
    fields: ['tag'],
    pattern: /^com\.apple\.quicktime\.model=.+/u,
    means: 'is named as the recorder',
    certainty: 'explicit',
    weight: 'context',
    source: QTFF,
  },
  {
    id: 'apple-writer',
    name: 'Apple media writer',
    kind: 'muxer',
    fields: ['handler'],
    pattern: /^Core Media (?:Video|Audio)$/u,
    means: 'wrote the tracks (iOS and macOS)',
    certainty: 'typical',
    weight: 'context',
    source: `AVFoundation handler names; ${GLOE}`,
  },
  {
    id: 'android-device',
    name: 'Android device',
    kind: 'camera',
    fields: ['tag'],
    pattern: /^com\.android\.(?:version|model|manufacturer)=.+/u,
    means: 'recorded or exported this file',
    certainty: 'explicit',
    weight: 'context',
    source: 'Android Open Source Project, MPEG4Writer.cpp and ExifTool, QuickTime Keys tags',
  },
  {
    id: 'android-writer',
    name: 'Android media writer',
    kind: 'muxer',
    fields: ['handler'],
    pattern: /^(?:Video|Sound)Handle$/u,
    means: 'wrote the tracks: a phone, or an app on it',
    certainty: 'typical',
    weight: 'context',
    source: 'Android Open Source Project, MPEG4Writer.cpp, writeHdlrBox: "VideoHandle"',
  },
  {
    id: 'gopro',
    name: 'GoPro',
    kind: 'camera',
    fields: ['handler', 'encoder', 'box'],
    pattern: /\bGoPro (?:AVC|H\.265|MET|TCD)|^GPMF$/u,
    means: 'recorded this file',
    certainty: 'explicit',
    weight: 'context',
    source: 'github.com/gopro/gpmf-parser; ExifTool, GoPro tags',
  },
  {
    id: 'dji',
    name: 'DJI',
    kind: 'camera',
    fields: ['handler'],
    pattern: /\bDJI\.(?:AVC|HEVC|Meta|AAC|Subtitle)/u,
    means: 'recorded this file',
    certainty: 'explicit',
    weight: 'context',
    source: 'Handler "DJI.AVC" of DJI recordings (published hdlr dumps of DJI_0007.MP4)',
  },
]
