// The argument says whose API opencode speaks to its model.
import { mkdirSync, writeFileSync } from 'node:fs';
import { headers, model, prompt, tell, url, versionOf } from './assistants.mjs';
import { runAndShow } from './run.mjs';

// Providers that opencode has in itself; only the address is another.
const providers = {
  openai: { address: `${model.url}/v1`, name: 'gpt-5' },
  google: { address: `${model.url}/v1beta`, name: 'gemini-2.5-flash' },
};
const vendor = process.argv[2];
const { address, name } = providers[vendor];

const home = `${process.env.HOME}/.config/opencode`;
mkdirSync(home, { recursive: true });
writeFileSync(`${home}/opencode.json`, JSON.stringify({
  autoupdate: false,
  share: 'disabled',
  provider: { [vendor]: { options: { baseURL: address, apiKey: 'none' }, models: { [name]: {} } } },
  mcp: { 'image-generator': { type: 'remote', url, headers, oauth: false } },
}));
const { shown } = await runAndShow(
  'node_modules/opencode-linux-x64-baseline/bin/opencode', ['run', '--model', `${vendor}/${name}`, prompt], { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' });
tell({ version: versionOf('opencode-linux-x64-baseline'), shown });
