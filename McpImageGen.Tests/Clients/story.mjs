// What every client is asked for, step by step. An argument may come from what an earlier step's answer showed.
const jobIn = ({ text }) => /"job_id\\*":\s*\\*"([0-9a-f-]{36})/.exec(text)?.[1];

const patient = [
  { step: 'generate', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat on a lake' }) },
  { step: 'edit', tool: 'edit_image_and_wait', arguments: seen => ({ prompt: 'the same boat at night', job_ids: [jobIn(seen.generate)] }) },
  { step: 'list', tool: 'list_generations', arguments: () => ({ limit: 50 }) },

  // No client can know this; what is against a tool's schema, some refuse in their own words.
  { step: 'error', tool: 'generate_image', arguments: () => ({ prompt: 'a paper boat', model: 'flux-schnell', guidance: 7.5 }) },
  { step: 'inline', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat in the rain', inline: true }) },

  // Takes longer than the server waits for an MCP client, and the server waits less than the 60 s for which most clients do.
  { step: 'wait', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat in the fog [latency:55s]' }) },
  { step: 'rest', tool: 'wait_for_completion', arguments: seen => ({ job_id: jobIn(seen.wait) }) },
];

// For a client that gives a call up: the same call again, with the same key, finds the image under way, and a second one is not made.
const dropped = { prompt: 'a paper boat in the fog [latency:15s]', idempotency_key: 'one-boat' };
const impatient = [
  { step: 'lost', tool: 'generate_image_and_wait', arguments: () => dropped },
  { step: 'found', tool: 'generate_image_and_wait', arguments: () => ({ ...dropped, timeout_seconds: 1 }) },
  { step: 'list', tool: 'list_jobs', arguments: () => ({}) },
];

/** For how many milliseconds the client waits for a call; undefined leaves that to the client. */
export const limit = process.argv.includes('--impatient') ? 5000 : undefined;

export const story = limit ? impatient : patient;

/** Said on the error output when the long wait begins: from then on the client needs no processor, and the next one can start. */
export function begin(step) {
  if (step === 'wait' || step === 'lost')
    console.error('The long wait begins.');
}
