import type { StreamDialect } from "../dialects/dialect.ts";
import type { EventFrames, Frame } from "./event_stream.ts";

/** Begins a stream in a dialect that tells events in the light of those before; `wrap` makes a payload a frame's data. */
export function framesOf(dialect: StreamDialect, wrap: (payload: unknown) => string): EventFrames["event"] {
  const write = dialect.openStream();
  return (event, last) =>
    write(event, last).map(({ event: name, data }): Frame => ({
      ...(name === undefined ? {} : { event: name }),
      data: typeof data === "string" ? data : wrap(data),
    }));
}
