// The story, told to a client by the model that it asks.
import { startModel } from './Model/model.mjs';
import { limit } from './story.mjs';
import { report, url, headers, authorization, versionOf } from './visit.mjs';

export { authorization, headers, limit, url, versionOf };
export const model = await startModel();
export const prompt = 'Show me what the image generator can do.';

/** What came of it; `shown` is what the client printed for its user. */
export function tell(facts) {
  report({ ...model.facts(), ...facts });
  model.close();
}
