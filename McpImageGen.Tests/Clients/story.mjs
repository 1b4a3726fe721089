// What every client is asked for, in this order. An argument may come from what an earlier step's answer showed.
const jobIn = ({ text }) => /"job_id\\*":\s*\\*"([0-9a-f-]{36})/.exec(text)?.[1];

export const story = [
  { step: 'generate', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat on a lake' }) },
  { step: 'edit', tool: 'edit_image_and_wait', arguments: seen => ({ prompt: 'the same boat at night', job_ids: [jobIn(seen.generate)] }) },
  { step: 'list', tool: 'list_generations', arguments: () => ({ limit: 50 }) },
  { step: 'error', tool: 'generate_image', arguments: () => ({ prompt: 'a paper boat', count: 21 }) },
  { step: 'inline', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat in the rain', inline: true }) },

  // Takes longer than the server waits for an MCP client, and the server waits less than the 60 s for which most clients do.
  { step: 'wait', tool: 'generate_image_and_wait', arguments: () => ({ prompt: 'a paper boat in the fog [latency:55s]' }) },
  { step: 'rest', tool: 'wait_for_completion', arguments: seen => ({ job_id: jobIn(seen.wait) }) },
];

/** Said on the error output when the long wait begins: from then on the client needs no processor, and the next one can start. */
export function begin(step) {
  if (step === 'wait')
    console.error('The long wait begins.');
}
