/** One server-sent event as it stands on the wire. */
export interface RawEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

/** A body's events. Not the product's own reader: that would share its misreadings with the writer. */
export async function* readSse(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<RawEvent> {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = new Map<string, string>();
      for (const line of text.slice(0, end).split("\n")) {
        const colon = line.indexOf(":");
        if (colon <= 0) continue;
        // One event is one `data:` line: the reference client joins none.
        const name = line.slice(0, colon);
        if (fields.has(name)) throw new Error(`A second ${name} line: ${line}`);
        fields.set(name, line.slice(colon + 1).trimStart());
      }
      text = text.slice(end + 2);
      const data = fields.get("data");
      if (data !== undefined) yield { id: fields.get("id"), event: fields.get("event"), data };
    }
  }
  if (text.trim() !== "") throw new Error(`The stream ends within an event: ${text}`);
}
