import type { ToolModule } from "./tool_module.ts";
import type { FromWorker, ToWorker } from "./worker_messages.ts";

/**
 * What runs in the worker, as a module of its own. It has no imports: its text travels into the worker, where the
 * permissions of the configuration hold from the first line on. The tool is imported by an address that nothing can know
 * beforehand, so whatever it imports in turn is held to those permissions, too.
 */
export function workerProgram(): string {
  return `(${serve.toString()})(globalThis);`;
}

interface Scope {
  readonly console: Record<"log" | "info" | "debug" | "error", (...data: unknown[]) => void>;
  onmessage: (event: { readonly data: ToWorker }) => void;
  postMessage(message: FromWorker): void;
}

type Call = Extract<ToWorker, { kind: "call" }>;

/** Only names of its own and of the language: the text of this function is all that the worker has. */
function serve(scope: Scope): void {
  // The standard output is for answers.
  const { console: printer } = scope;
  printer.log = printer.info = printer.debug = printer.error;
  const running = new Map<number, AbortController>();
  const messageOf = (thrown: unknown) => thrown instanceof Error ? thrown.message : String(thrown);
  let tool: ToolModule | undefined;
  const load = async (module: string) => {
    try {
      const loaded: ToolModule | undefined = (await import(module)).default;
      if (typeof loaded?.run !== "function") throw new Error("has no default export with a function run");
      tool = loaded;
      const { description, input, replay, needsApproval } = loaded;
      scope.postMessage({ kind: "loaded", description: { description, input, replay, needsApproval } });
    } catch (thrown) {
      scope.postMessage({ kind: "unloadable", message: messageOf(thrown) });
    }
  };
  const call = async ({ id, input, context }: Call) => {
    const controller = new AbortController();
    running.set(id, controller);
    const say = (text: string) => {
      if (running.has(id)) scope.postMessage({ kind: "said", id, text: String(text) });
    };
    try {
      const result = await tool?.run(input, { ...context, signal: controller.signal, say });
      scope.postMessage({ kind: "done", id, result });
    } catch (thrown) {
      scope.postMessage({ kind: "failed", id, message: messageOf(thrown) });
    } finally {
      running.delete(id);
    }
  };
  scope.onmessage = ({ data }) => {
    if (data.kind === "load") load(data.module);
    else if (data.kind === "call") call(data);
    else running.get(data.id)?.abort(new Error("the call is over"));
  };
}
