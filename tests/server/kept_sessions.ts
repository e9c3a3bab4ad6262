import type { Session, Sessions } from "../../src/server/sessions.ts";

/** Sessions in a list, for one caller. */
export function keptSessions(sessions: Session[] = []): Sessions {
  return {
    create: ({ agent, metadata }) => {
      const session = { id: `s${sessions.length + 1}`, agent, metadata, createdAt: "2026-01-02T03:04:05.000Z" };
      sessions.unshift(session);
      return Promise.resolve(session);
    },
    get: ({ id, agents }) =>
      Promise.resolve(sessions.find((session) => session.id === id && agents.includes(session.agent))),
    list: ({ agents, after, limit }) => {
      const all = sessions.filter(({ agent }) => agents.includes(agent));
      const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const page = all.slice(from, from + limit);
      return Promise.resolve({ sessions: page, next: from + limit < all.length ? page.at(-1)?.id : undefined });
    },
    delete: (session) => {
      sessions.splice(sessions.indexOf(session), 1);
      return Promise.resolve();
    },
  };
}
