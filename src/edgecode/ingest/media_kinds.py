"""Which files count as media by their suffix, and which of them can be frames of a sequence. Everything else is counted and left alone."""

from edgecode.events.kinds import MediaClass


def _suffixes(words: str) -> frozenset[str]:
    return frozenset(words.split())


FRAME_SUFFIXES = _suffixes(
    "exr sxr mxr dpx cin png jpg jpeg tif tiff tga sgi rgb rgba bw webp avif bmp hdr jp2 j2k j2c jxl dng ari arx rat iff"
)
"""Pictures that are rendered or shot frame by frame: only these are ever grouped into sequences."""

STILL_SUFFIXES = _suffixes("apng gif heic heif psd psb svg jpe jfif cr2 cr3 nef arw raf orf rw2 pic ktx2 targa tx")
VIDEO_SUFFIXES = _suffixes(
    "mov mp4 m4v mxf mkv webm avi mpg mpeg m2v mts m2ts vob r3d nev braw crm 3gp wmv ogv y4m dv mj2 ivf"
)
AUDIO_SUFFIXES = _suffixes(
    "wav wave bwf w64 rf64 aif aiff aifc mp3 m4a aac flac ogg oga opus caf wma ac3 ec3 eac3 dts amr atmos sd2"
)
MODEL_SUFFIXES = _suffixes("safetensors sft ckpt pt pth gguf ggml onnx")
DATASET_SUFFIXES = _suffixes("parquet arrow tfrecord")
CAPTURE_SUFFIXES = _suffixes("c3d bvh")
"""Recordings of bodies and faces: neither picture nor sound, so of class ``other``, and read like media."""

_CLASSES: dict[str, MediaClass] = {
    **dict.fromkeys(FRAME_SUFFIXES | STILL_SUFFIXES, "still"),
    **dict.fromkeys(VIDEO_SUFFIXES, "video"),
    **dict.fromkeys(AUDIO_SUFFIXES, "audio"),
    **dict.fromkeys(MODEL_SUFFIXES, "model"),
    **dict.fromkeys(DATASET_SUFFIXES, "dataset"),
    **dict.fromkeys(CAPTURE_SUFFIXES, "other"),
}


def suffix_of(name: str) -> str:
    """What stands after the last dot, in lower case; "" when there is none or the name only begins with one."""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem else ""


def media_class_of(name: str) -> MediaClass | None:
    """The class that a file's suffix promises (its header may know better); None: not media."""
    return _CLASSES.get(suffix_of(name))


def can_be_frame(name: str) -> bool:
    """Whether files of this suffix are grouped into sequences. Numbered sound and video files never are."""
    return suffix_of(name) in FRAME_SUFFIXES
