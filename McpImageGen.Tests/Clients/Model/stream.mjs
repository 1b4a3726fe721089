import { randomUUID } from 'node:crypto';

/** An id of its own for every answer: LangChain puts an answer in the place of an earlier one that has the same. */
export const newId = kind => `${kind}_${randomUUID()}`;

/** Sends server-sent events, each with its type as name where the API names them, and ends. */
export function stream(response, events, { named = false, last = '' } = {}) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of events)
    response.write(`${named ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
  response.end(last);
}

export function json(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
