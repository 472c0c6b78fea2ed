/** What ffmpeg may open and run on evidence. Everything else in it stays switched off. */
import { words } from './words.ts'

/**
 * Demuxers: the media containers that intake admits, and only they. No playlist (hls, dash, concat, imf, sdp), no subtitles, no pictures, none that opens
 * a second file or address. `-protocol_whitelist` alone is not enough: a DASH manifest named .mp4 made a request under it.
 */
export const FORMATS: readonly string[] = words(`
  mov mp4 m4a 3gp 3g2 mj2 matroska webm avi mpegts mpeg flv asf ogg wav mp3 flac
`)

const VIDEO = words(`
  h264 hevc vp8 libvpx vp9 libvpx-vp9 av1 libdav1d libaom-av1 vp6 vp6a vp6f mpeg1video mpeg2video mpegvideo
  mpeg4 msmpeg4 msmpeg4v1 msmpeg4v2 h261 h263 h263p h263i flv theora vp3 wmv1 wmv2 wmv3 vc1 rv10 rv20 rv30 rv40
  svq1 svq3 cinepak indeo3 indeo4 indeo5 msvideo1 mjpeg mjpegb dvvideo prores dnxhd cfhd ffv1 huffyuv ffvhuff
  utvideo rawvideo v210 v410 yuv4 qtrle rpza smc png jpeg2000 libopenjpeg
`)
const AUDIO = words(`
  aac aac_fixed aac_latm mp1 mp1float mp2 mp2float mp3 mp3float opus libopus vorbis libvorbis flac alac ac3
  ac3_fixed eac3 dca truehd mlp wmav1 wmav2 wmapro wmalossless wmavoice amrnb amrwb libopencore_amrnb
  libopencore_amrwb speex libspeex gsm gsm_ms libgsm libgsm_ms nellymoser cook sipr ralf qdm2 qdmc qcelp evrc
  mace3 mace6 g722 g723_1 g726 g726le g729 adpcm_ms adpcm_ima_wav adpcm_ima_qt adpcm_swf adpcm_yamaha wavpack
  tta dvaudio s302m pcm_alaw pcm_mulaw pcm_u8 pcm_s8 pcm_u16le pcm_u16be pcm_s16le pcm_s16be pcm_u24le pcm_u24be
  pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le pcm_f64be pcm_bluray pcm_dvd
`)

/**
 * Decoders: what cameras, phones, broadcasters, platforms and editing programs write. ffmpeg has some 500; the rest are
 * codecs of old games and screen recorders, where most of its memory errors are found (CVE-2026-8461 MagicYUV,
 * CVE-2026-65703 TDSC, …). A file in one of those is refused as media.unreadable, with the codec's name.
 */
export const DECODERS: readonly string[] = [...VIDEO, ...AUDIO]
