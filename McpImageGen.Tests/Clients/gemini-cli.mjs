import { mkdirSync, writeFileSync } from 'node:fs';
import { headers, limit, model, prompt, tell, url, versionOf } from './assistants.mjs';
import { runAndShow } from './run.mjs';

const home = `${process.env.HOME}/.gemini`;
mkdirSync(home);
writeFileSync(`${home}/settings.json`, JSON.stringify({
  mcpServers: { 'image-generator': { httpUrl: url, headers, timeout: limit } },
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { disableAutoUpdate: true, enableAutoUpdate: false },
  privacy: { usageStatisticsEnabled: false },
}));
const { shown } = await runAndShow('gemini', ['--yolo', '--skip-trust', '--model', 'gemini-2.5-flash', '--prompt', prompt], {
  GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: model.url });
tell({ version: versionOf('@google/gemini-cli'), shown });
