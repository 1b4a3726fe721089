import { spawn } from 'node:child_process';

/** Runs a program, which must end well. Unlike execFileSync it lets the servers of this process answer. */
export const run = async (...command) => (await runAndShow(...command)).output;

/** The same, with all that the program showed. */
export async function runAndShow(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '', errors = '';
  child.stdout.on('data', data => output += data);
  child.stderr.on('data', data => errors += data);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0)
    throw Object.assign(new Error(`${program} ended with ${code}:\n${output}\n${errors}`), { code, output });
  return { output, shown: output + errors };
}
