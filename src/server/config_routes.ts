import { readBody } from "../a2a/bindings/read_body.ts";
import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { A2AError } from "../a2a/errors.ts";
import type { Caller } from "../a2a/service.ts";
import { isRecord } from "../lib/json.ts";
import { type ConfigDesk, ConfigRefusal, type Served } from "./config_desk.ts";
import type { Face, FaceContext } from "./face.ts";
import { requireRole } from "./require_role.ts";

/** Who may see and change the configuration. */
export interface Studio {
  readonly desk: ConfigDesk;
  /** One of them is needed; absent where nobody is asked who calls. */
  readonly roles: readonly string[] | undefined;
}

export interface ConfigRoutesOptions {
  /** Absent: the configuration is nobody's business over HTTP. */
  readonly studio: Studio | undefined;
  readonly body: Pick<BindingDeps, "body" | "timers">;
  /** Throws A2AError for a page of a foreign site. */
  readonly checkOrigin: (request: Request) => void;
}

const MAX_TEXT_BYTES = 1_048_576;
const YAML = "application/yaml; charset=utf-8";
/** Types that no page can send without asking first (Fetch §4.10), so that a foreign site cannot write. */
const TEXT_TYPES = /^(?:application\/(?:x-)?yaml|text\/(?:x-)?yaml|application\/json)\s*(?:;|$)/i;

/** The configuration over HTTP: read, write, compare, go back. */
export function addConfigRoutes(app: Face, options: ConfigRoutesOptions): void {
  const at = (act: (desk: ConfigDesk, context: FaceContext) => Promise<Response>) => async (context: FaceContext) => {
    try {
      return await act(deskFor(context.var.identity.caller, context.req.raw, options), context);
    } catch (thrown) {
      if (thrown instanceof ConfigRefusal) return refusal(thrown);
      throw thrown;
    }
  };
  const body = (request: Request) => readText(request, options);
  app.get("/api/config", at(async (desk) => await textResponse(desk)));
  app.post("/api/config", at(async (desk, { req }) => saved(await desk.save(await body(req.raw), tagOf(req.raw)))));
  app.get("/api/config/state", at((desk) => Promise.resolve(Response.json(desk.state()))));
  app.get("/api/config/history", at(async (desk) => Response.json({ revisions: await desk.history() })));
  app.get(
    "/api/config/diff/:revision",
    at(async (desk, { req }) => Response.json({ changes: await desk.differencesTo(req.param("revision") ?? "") })),
  );
  app.post(
    "/api/config/diff",
    at(async (desk, { req }) => Response.json({ changes: await desk.differencesToText(await body(req.raw)) })),
  );
  app.post(
    "/api/config/rollback",
    at(async (desk, { req }) => outcome(await desk.rollback(revisionIn(await body(req.raw))))),
  );
}

function deskFor(caller: Caller, request: Request, { studio, checkOrigin }: ConfigRoutesOptions): ConfigDesk {
  if (studio === undefined) {
    throw new ConfigRefusal(
      403,
      "The configuration cannot be seen here: server.studio is not enabled (hector serve --studio)",
    );
  }
  checkOrigin(request);
  requireRole(caller, studio.roles, "the configuration");
  return studio.desk;
}

async function readText(request: Request, { body }: ConfigRoutesOptions): Promise<string> {
  const type = request.headers.get("content-type") ?? "";
  if (!TEXT_TYPES.test(type)) {
    const message = `Cannot read a configuration of type ${JSON.stringify(type)}: send application/yaml`;
    throw new A2AError("UNSUPPORTED_MEDIA_TYPE", message);
  }
  return await readBody(request, { ...body.body, maxBytes: MAX_TEXT_BYTES }, body.timers);
}

/** RFC 9110 §13.1.1, for one tag: who changed the file meanwhile must not be overwritten. */
function tagOf({ headers }: Request): string | undefined {
  const given = headers.get("if-match")?.trim();
  return given === undefined || given === "*" ? undefined : given.replace(/^"|"$/g, "");
}

function revisionIn(text: string): string {
  const found = parse(text);
  if (isRecord(found) && typeof found.revision === "string") return found.revision;
  throw new ConfigRefusal(400, 'Cannot go back: expected {"revision": "…"}');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textResponse(desk: ConfigDesk): Promise<Response> {
  const { text, tag } = await desk.text();
  return new Response(text, { headers: { "content-type": YAML, etag: `"${tag}"`, "cache-control": "no-store" } });
}

function saved(served: Served): Response {
  const message = served.kind === "served"
    ? "Configuration saved. Reloading..."
    : "Configuration saved. Nothing to reload.";
  return Response.json({ status: "saved", message, reload: reloadOf(served) });
}

function outcome(served: Served): Response {
  return Response.json({ status: served.kind, reload: reloadOf(served) });
}

function reloadOf({ kind, revision, waiting }: Served) {
  return { outcome: kind === "served" ? "applied" : kind, revision, waiting_for_restart: waiting };
}

function refusal({ status, message, problems }: ConfigRefusal): Response {
  const body = { status: "refused", message, ...(problems.length === 0 ? {} : { problems }) };
  return Response.json(body, { status });
}
