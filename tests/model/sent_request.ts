import assert from "node:assert/strict";
import { isRecord } from "../../src/lib/json.ts";
import type { ModelRequest } from "../../src/model/model.ts";
import type { ModelPlugin } from "../../src/model/plugin.ts";
import { ask, fakeDeps, textOfEvents } from "./model_fakes.ts";
import { rawServer, sse } from "./raw_server.ts";

export interface Sending {
  readonly options: Record<string, unknown>;
  readonly env?: Readonly<Record<string, string>>;
  readonly over?: Partial<ModelRequest>;
  /** The whole stream of an answer that says "ok". */
  readonly answer: string;
}

/** What a provider's model sends, and where it means to send it: a server of ours stands in for all of them. */
export async function sentRequest(plugin: Pick<ModelPlugin, "create">, { options, env, over, answer }: Sending) {
  await using server = rawServer(() => sse(answer));
  const urls: string[] = [];
  const deps = {
    ...fakeDeps(env),
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      urls.push(input instanceof Request ? input.url : String(input));
      return fetch(server.url, init);
    },
  };
  assert.equal(textOfEvents(await ask(plugin.create(options, deps), over)), "ok");
  const [body] = server.bodies;
  if (!isRecord(body)) throw new Error("no body");
  return { body, url: urls[0], headers: server.headers[0] };
}
