import { decodeText } from "./config_text.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Pace, pause } from "./pause.ts";
import type { ConfigSource, ConfigText, SourceDeps } from "./source.ts";
import { SourceError } from "./source_error.ts";
import { type Sighting, steadyWatch } from "./steady_watch.ts";

/** One key of a distributed store. */
export interface RemoteKey {
  /** What to call the text in errors: the backend and the key. */
  readonly file: string;
  /** At least one. */
  readonly endpoints: readonly Endpoint[];
  /**
   * What the key holds now (undefined when there is no such key), then whatever it comes to hold, at least the last of
   * a burst. Connects anew for each call; throws SourceError when the endpoint fails.
   */
  observe(endpoint: Endpoint, pace: Pace): AsyncIterable<Uint8Array | undefined>;
}

/** The least from one sighting to the next: a burst, or a server that answers at once, makes no storm. */
const BREATH_MS = 100;

/** A source of one key. Endpoints stand in for each other; the one that answered last is asked first. */
export function remoteSource(key: RemoteKey, { directory, timers, random }: SourceDeps): ConfigSource {
  const names = key.endpoints.map(({ name }) => name).join(", ");
  let at = 0;
  const current = () => {
    const endpoint = key.endpoints[at % key.endpoints.length];
    if (endpoint === undefined) throw new RangeError(`Cannot read "${key.file}": there are no endpoints`);
    return endpoint;
  };
  const sighting = (value: Uint8Array | undefined): Sighting => {
    if (value === undefined) {
      return new SourceError("missing", `Cannot read "${key.file}" at ${names}: there is no such key`);
    }
    try {
      return decodeText(value, key.file);
    } catch (thrown) {
      return SourceError.from(thrown);
    }
  };
  async function* observe(signal: AbortSignal): AsyncGenerator<Sighting, void, undefined> {
    try {
      for await (const value of key.observe(current(), { timers, signal })) {
        yield sighting(value);
        await pause(BREATH_MS, { timers, signal });
      }
    } catch (thrown) {
      at++;
      throw thrown;
    }
  }
  return {
    origin: `${key.file} at ${names}`,
    baseDir: directory,
    async read(signal) {
      for (let tries = 1;; tries++) {
        try {
          return await first(observe(signal));
        } catch (thrown) {
          signal.throwIfAborted();
          const error = SourceError.from(thrown);
          if (error.failure !== "unreachable" || tries >= key.endpoints.length) throw error;
        }
      }
    },
    watch: (known, signal) => steadyWatch(observe, known, { timers, random, signal }),
  };
}

async function first(sightings: AsyncIterable<Sighting>): Promise<ConfigText> {
  for await (const sighting of sightings) {
    if (sighting instanceof SourceError) throw sighting;
    return sighting;
  }
  throw new SourceError("unreachable", "Cannot read the configuration: the connection ended");
}
