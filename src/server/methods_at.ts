interface FixedRoute {
  readonly method: string;
  /** `/agents/:agent` */
  readonly path: string;
}

/** The methods that fixed routes take at a path, each once; what stands for every path or every method is none of them. */
export function methodsAt(routes: readonly FixedRoute[], pathname: string): readonly string[] {
  const steps = pathname.replace(/(?<=.)\/$/, "").split("/");
  const taken = routes.filter(({ method, path }) => method !== "ALL" && isAt(path.split("/"), steps));
  return [...new Set(taken.map(({ method }) => method))];
}

function isAt(pattern: readonly string[], steps: readonly string[]): boolean {
  return pattern.length === steps.length &&
    pattern.every((step, at) => step.startsWith(":") ? steps[at] !== "" : step === steps[at]);
}
