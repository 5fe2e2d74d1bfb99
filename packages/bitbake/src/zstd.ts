import { ZSTDDecoder } from "zstddec";

/** Unpacks one file. */
export type Unzstd = (packed: Uint8Array) => UnzstdResult;

export type UnzstdResult =
  | { readonly bytes: Uint8Array }
  | { readonly problem: "foreign" | "truncated" | "damaged" | "too large" };

/**
 * Opens zstd's decoder. What it unpacks is bounded, whatever the header of the frame claims: a file that unpacks to more is
 * `too large`.
 *
 * @param limit bytes, unpacked
 */
export async function openUnzstd(limit: number): Promise<Unzstd> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (packed) => {
    if (!isZstd(packed)) return { problem: "foreign" };
    const most = unpackedSizeAtMost(packed);
    if (most === undefined) return { problem: "truncated" };
    // The decoder gives nothing where it fails: too little room is one of the reasons.
    const bytes = decoder.decode(packed, Math.max(1, Math.min(most, limit)));
    if (bytes.length > 0) return { bytes };
    return { problem: most > limit ? "too large" : "damaged" };
  };
}

/** Whether bytes begin as a zstd frame does (RFC 8878 section 3.1.1). */
function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

const MAX_BLOCK = 128 * 1024;

/**
 * How much the frame can unpack to at most, from the headers of its blocks (RFC 8878 sections 3.1.1.1 and 3.1.1.2).
 *
 * @returns `undefined` if the frame does not end within the bytes
 */
function unpackedSizeAtMost(frame: Uint8Array): number | undefined {
  const descriptor = frame[4];
  if (descriptor === undefined) return undefined;
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const hasChecksum = (descriptor & 4) !== 0;
  let at = 5 + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  let most = 0;
  for (let last = false; !last; ) {
    if (at + 3 > frame.length) return undefined;
    const header = (frame[at] as number) | ((frame[at + 1] as number) << 8) | ((frame[at + 2] as number) << 16);
    const [type, size] = [(header >> 1) & 3, header >> 3];
    last = (header & 1) !== 0;
    at += 3 + (type === RUN_LENGTH ? 1 : size);
    most += type === COMPRESSED ? MAX_BLOCK : size;
  }
  return at + (hasChecksum ? 4 : 0) > frame.length ? undefined : most;
}

/** Types of blocks. */
const RUN_LENGTH = 1;
const COMPRESSED = 2;
