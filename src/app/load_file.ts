import { EgressRules } from "../lib/egress_rules.ts";
import type { ModelDeps } from "../model/model.ts";
import { lateFetch } from "./late_fetch.ts";

const FETCH = lateFetch();
/** Callers name these addresses: public ones alone. */
const FILE_POLICY = { rules: new EgressRules([]), timeoutMs: 30_000, maxRedirects: 3 };

/** Gets a file that a message names by its address. */
export const loadFile: NonNullable<ModelDeps["loadFile"]> = async (url, { maxBytes, signal }) => {
  const response = await FETCH({ url, signal }, { ...FILE_POLICY, maxBytes });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`its server says ${response.status}`);
  }
  const bytes = await response.bytes();
  const mediaType = response.headers.get("content-type")?.split(";", 1)[0]?.trim();
  return { bytes, ...(mediaType ? { mediaType } : {}) };
};
