import type { Connection } from "./connection.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { Wire } from "./resilient.ts";

/** A resilient model whose protocol is loaded by its first question. `open` is called once. */
export function lateModel(to: Connection, deps: Pick<ModelDeps, "random" | "sleep">, open: () => Promise<Wire>): Model {
  let opening: Promise<Model> | undefined;
  const load = async () => {
    const [{ resilient }, wire] = await Promise.all([import("./resilient.ts"), open()]);
    return resilient(wire, to, deps);
  };
  return {
    id: to.model,
    async *stream(request) {
      yield* (await (opening ??= load())).stream(request);
    },
  };
}
