/** The text that was packed into the page: base64 of what deflate (raw) made of it. @throws when it is not that */
export async function unpackText(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed), (it) => it.charCodeAt(0));
  return readStream(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")));
}

/** The text of a file, gzip or plain. @throws when it is neither */
export async function readFileText(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isGzip = first === 0x1f && second === 0x8b;
  return isGzip ? readStream(file.stream().pipeThrough(new DecompressionStream("gzip"))) : file.text();
}

async function readStream(stream: ReadableStream): Promise<string> {
  try {
    return await new Response(stream).text();
  } catch (cause) {
    throw new Error("expected whole compressed data, found a part, or something else", { cause });
  }
}
