import type { Session, Sessions } from "../../src/server/sessions.ts";

/** Sessions in a list, for one caller. */
export function keptSessions(sessions: Session[] = []): Sessions {
  return {
    create: ({ agent, metadata }) => {
      const session = { id: `s${sessions.length + 1}`, agent, metadata, createdAt: "2026-01-02T03:04:05.000Z" };
      sessions.unshift(session);
      return Promise.resolve(session);
    },
    get: (id) => Promise.resolve(sessions.find((session) => session.id === id)),
    list: () => Promise.resolve(sessions),
    delete: (session) => {
      sessions.splice(sessions.indexOf(session), 1);
      return Promise.resolve();
    },
  };
}
